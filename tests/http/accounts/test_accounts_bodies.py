"""No page reads more of a body than it can need, whoever sends it."""

import pytest
from flask import Flask

from directory.web.access import LARGEST_BODY


@pytest.mark.parametrize("page", ["/sign-in", "/forgotten", "/language", "/welcome"])
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"])
def test_body_that_is_too_large_is_refused(app: Flask, page: str, kind: str) -> None:
    headers = {"Origin": "https://directory.example", "Content-Type": kind}
    body = b"email=" + b"a" * LARGEST_BODY
    answer = app.test_client().post(page, data=body, headers=headers, base_url="https://directory.example")
    assert answer.status_code == 413
