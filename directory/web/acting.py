"""Requests that change something: done once, and answered with what came of it."""

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

# What is done in a transaction gives the id of what it made or changed; what is shown of that is loaded after it.
Work = Callable[[Session], object]
Show = Callable[[str], dict[str, Any]]


def answer_once(
    headers: Mapping[str, Any],
    work: Work,
    show: Show,
    *,
    status: int = 200,
    content: tuple[bytes, ...] | None = None,
) -> Response:
    """Do the work in one transaction and show, after it, what it made or changed.

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


def answer_own(body: dict[str, Any], status: int = 200) -> Response:
    """An answer that nobody but its reader may keep, with its revision as ETag where it has one."""
    return _respond(Answer(status, orjson.dumps(body, option=_JSON_OPTIONS)))


def _respond(answer: Answer) -> Response:
    response = Response(answer.body, status=answer.status, mimetype=JSON)
    response.headers["Cache-Control"] = "no-store"
    revision = orjson.loads(answer.body).get("revision")
    if revision is not None:
        response.set_etag(str(revision))
    return response
