"""Answers to those who have an account: what is sent twice is done once, and the revision is the ETag."""

from collections.abc import Callable, Mapping
from typing import Any

import orjson
from flask import Response
from sqlalchemy.orm import Session

from directory.admission import repeating
from directory.admission.repeating import Answer
from directory.db import transaction
from directory.web.access import current_actor
from directory.web.answers import JSON
from directory.web.sending import sent_by_key

_JSON_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NAIVE_UTC


def answer_once(
    headers: Mapping[str, Any],
    work: Callable[[Session], object],
    show: Callable[[str], dict[str, Any]],
    *,
    status: int = 200,
    content: tuple[bytes, ...] | None = None,
) -> Response:
    """Do the work in one transaction and show, after it, what it made or changed, by the id that the work gives.

    With an Idempotency-Key that came before, nothing is done, and the first answer comes again. `content`: what tells
    this request from another one to its address, by default its body.
    """
    sent = sent_by_key(headers, current_actor().account_id, content)
    with transaction() as session:
        done = repeating.do_once(session, sent, lambda: work(session))
    if done.answer:
        return _respond(done.answer)
    answer = Answer(status, orjson.dumps(show(done.made), option=_JSON_OPTIONS))
    if sent:
        with transaction() as session:
            answer = repeating.keep_answer(session, sent, answer)
    return _respond(answer)


def respond(status: int, body: dict[str, Any]) -> Response:
    """An answer that nobody else may keep."""
    return _respond(Answer(status, orjson.dumps(body, option=_JSON_OPTIONS)))


def _respond(answer: Answer) -> Response:
    response = Response(answer.body, status=answer.status, mimetype=JSON)
    response.headers["Cache-Control"] = "no-store"
    revision = orjson.loads(answer.body).get("revision")
    if revision is not None:
        response.set_etag(str(revision))
    return response
