"""The pages as a browser without script has them."""

import re
from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


class Page:
    """A browser without script, signed in."""

    def __init__(self, client: FlaskClient) -> None:
        self._client = client

    def get(self, path: str, status: int = 200) -> str:
        """A page."""
        answer = self._client.get(path)
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer.get_data(as_text=True)

    def status_of(self, path: str) -> int:
        """How a page is answered."""
        return self._client.get(path).status_code

    def led_to(self, path: str, **asked: str) -> str:
        """Where a page sends one on to."""
        answer = self._client.get(path, query_string=asked)
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return answer.headers["Location"]

    def send(self, path: str, /, **said: Any) -> TestResponse:
        """A form of ours."""
        found = re.search(r'name="csrf_token" value="([0-9a-f]+)"', self.get("/account"))
        assert found
        return self._client.post(path, data={**said, "csrf_token": found[1]})

    def refused(self, path: str, status: int, /, **said: Any) -> str:
        """The page that a form leads to which is not taken."""
        answer = self.send(path, **said)
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer.get_data(as_text=True)

    def led_to_by_form(self, path: str, /, **said: Any) -> str:
        """Where a form that works leads to."""
        answer = self.send(path, **said)
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return answer.headers["Location"]

    def follow(self, path: str, /, **said: Any) -> str:
        """A form that works, and the page that it leads to."""
        answer = self.send(path, **said)
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return self.get(answer.headers["Location"])


Enter = Callable[[str], Page]
