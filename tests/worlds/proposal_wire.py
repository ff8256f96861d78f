"""The interface of proposals as each of the people asks it."""

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.worlds.proposal_people import People

HEAL_AFRICA = {
    "name": "Hôpital Heal Africa",
    "type": "hospital",
    "country": "CD",
    "city": "Goma",
    "lat": -1.6735,
    "lon": 29.2261,
    "specialties": ["cardiology"],
    "phone": "+243 998 765 432",
    "email": "direction@heal.example.org",
}
BODY = {
    "provider": HEAL_AFRICA,
    "need": {"reason": "none_nearby", "people": 40, "urgency": "high", "settings": ["inpatient"]},
    "consent_named": True,
    "submit": True,
}
AGREEMENT = {
    "network": "worldwide",
    "outpatient": "card",
    "inpatient": "guarantee_letter",
    "tariff": True,
    "notice_days": 3,
}
# What each action needs.
NEEDED: dict[str, Any] = {
    "ask_information": {"message": "Which ward do you mean?"},
    "agree": {"agreement": AGREEMENT},
    "decline": {"reason": "enough_nearby", "message": "Three others are near."},
    # Tests before this one may have listed another of its name.
    "list": {"passed_over": "The others of its name have closed."},
}


class Wire:
    """Requests of the people of a test, by bearer token."""

    def __init__(self, client: FlaskClient, tokens: dict[str, str], people: People) -> None:
        self._client = client
        self._tokens = tokens
        self.people = people

    def ask(self, who: str | None, method: str, path: str, json: Any = None, **headers: str) -> TestResponse:
        """One request; `If_Match="5"` is a header."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if who:
            sent["Authorization"] = f"Bearer {self._tokens[who]}"
        return self._client.open(f"/v1/proposals{path}", method=method, json=json, headers=sent)

    def get(self, who: str | None, path: str = "") -> Any:
        """The body of an answer that must be 200."""
        answer = self.ask(who, "GET", path)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_json()

    def propose(self, who: str = "amina", **changes: Any) -> Any:
        """A new proposal; its answer."""
        answer = self.ask(who, "POST", "", {**BODY, **changes})
        assert answer.status_code == 201, answer.get_data(as_text=True)
        return answer.get_json()

    def act(self, who: str, proposal: str, name: str, body: Any = None, **headers: str) -> TestResponse:
        """Take an action."""
        sent = NEEDED.get(name) if body is None else body
        return self.ask(who, "POST", f"/{proposal}/actions/{name}", sent, **headers)

    def walk(self, proposal: str, *names: str) -> Any:
        """Take actions that must work, each by one who may; the last answer."""
        body: Any = None
        for name in names:
            answer = self.act("amina" if name in ("submit", "withdraw") else "nadia", proposal, name)
            assert answer.status_code == 200, answer.get_data(as_text=True)
            body = answer.get_json()
        return body

    def upload(self, who: str, proposal: str, name: str, content: bytes, **headers: str) -> TestResponse:
        """Attach a file."""
        sent = {field.replace("_", "-"): value for field, value in headers.items()}
        sent["Authorization"] = f"Bearer {self._tokens[who]}"
        from io import BytesIO

        return self._client.post(
            f"/v1/proposals/{proposal}/attachments",
            data={"file": (BytesIO(content), name)},
            content_type="multipart/form-data",
            headers=sent,
        )
