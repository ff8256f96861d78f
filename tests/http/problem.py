"""What every error of the interface must look like."""

from typing import Any

from werkzeug.test import TestResponse


def problem_of(answer: TestResponse, status: int, slug: str = "invalid-request") -> dict[str, Any]:
    """The body of an error, once it has shown itself to be a problem of this status and kind."""
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.mimetype == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    body: dict[str, Any] = answer.get_json()
    assert body["type"] == f"/docs#problem-{slug}"
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    return body


def fault_of(answer: TestResponse, parameter: str) -> dict[str, Any]:
    """What a 400 says of the one parameter that was wrong."""
    [fault] = problem_of(answer, 400)["errors"]
    assert fault["parameter"] == parameter
    assert fault["message"]
    return dict(fault)
