"""The network team's interface to listings as each of the people asks it."""

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.http.problem import problem_of

MERCY = {
    "name": "Mercy Clinic",
    "type": "clinic",
    "country": "KE",
    "city": "Nairobi",
    "lat": -1.29,
    "lon": 36.82,
    "phones": ["+254 20 366 2000"],
    "specialties": ["cardiology"],
    "hours": "Mo-Fr 08:00-17:00",
    "agreements": [{"network": "worldwide", "outpatient": "card", "inpatient": "guarantee_letter", "notice_days": 12}],
}


class ListingWire:
    """Requests of the people of a test, by bearer token."""

    def __init__(self, client: FlaskClient, tokens: dict[str, str]) -> None:
        self._client = client
        self._tokens = tokens

    def ask(self, method: str, path: str, json: Any = None, who: str | None = "nadia", **headers: str) -> TestResponse:
        """One request below /v1; `If_Match="5"` is a header."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if who:
            sent["Authorization"] = f"Bearer {self._tokens[who]}"
        return self._client.open(f"/v1{path}", method=method, json=json, headers=sent)

    def good(self, method: str, path: str, json: Any = None, who: str = "nadia", **headers: str) -> Any:
        """The body of an answer that must be good."""
        answer = self.ask(method, path, json, who, **headers)
        assert answer.status_code < 300, answer.get_data(as_text=True)
        return answer.get_json()

    def make(self, **changes: Any) -> Any:
        """A new listing."""
        return self.good("POST", "/listings", {**MERCY, **changes})

    def get(self, listing: str, query: str = "") -> Any:
        """A listing as it is, or was."""
        return self.good("GET", f"/listings/{listing}{query}")

    def edit(self, listing: dict[str, Any], who: str = "nadia", **patch: Any) -> TestResponse:
        """An edit by one who saw `listing`."""
        return self.ask("PATCH", f"/listings/{listing['id']}", patch, who, If_Match=f'"{listing["revision"]}"')

    def act(self, listing: str, name: str, who: str = "nadia", **body: Any) -> TestResponse:
        """Take an action; `from_` is `from`."""
        said = {key.rstrip("_"): value for key, value in body.items()}
        return self.ask("POST", f"/listings/{listing}/actions/{name}", said, who)

    def history(self, listing: str) -> list[dict[str, Any]]:
        """What was done, the latest first."""
        items: list[dict[str, Any]] = self.good("GET", f"/listings/{listing}/history")["items"]
        return items

    def undo(self, change: str, who: str = "nadia") -> TestResponse:
        """Undo a change."""
        return self.ask("POST", f"/changes/{change}/actions/undo", {}, who)


_SLUGS = {
    400: ("invalid-request",),
    401: ("sign-in-needed",),
    403: ("not-allowed",),
    404: ("not-found",),
    409: ("transition-not-allowed", "terms-overlap", "undo-blocked"),
    410: ("listing-gone",),
    412: ("revision-conflict",),
    428: ("if-match-needed",),
}


def refused(answer: TestResponse, status: int) -> dict[str, Any]:
    """The body of a refusal, once it has shown itself to be a problem of this status."""
    assert answer.status_code == status, answer.get_data(as_text=True)
    kind = answer.get_json()["type"].removeprefix("/docs#problem-")
    assert kind in _SLUGS[status]
    return problem_of(answer, status, kind)
