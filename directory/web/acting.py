"""Requests that change something: done once, answered with what came of it, and held against what was seen."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import marshmallow as ma
import orjson
from flask import Response
from sqlalchemy.orm import Session

from directory.admission import repeating
from directory.admission.repeating import Answer
from directory.db import transaction
from directory.web.answers import JSON
from directory.web.sending import sent_by_key

_JSON_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NAIVE_UTC

# What is done in a transaction gives the id of what it made or changed; what is shown of that is loaded after it.
Work = Callable[[Session], object]
Show = Callable[[str], dict[str, Any]]


class IfMatchHeader(ma.Schema):
    """The revision that the sender saw."""

    if_match = ma.fields.String(
        data_key="If-Match", metadata={"description": "The ETag that came with what the sender saw."}
    )


def answer_once(
    headers: Mapping[str, Any],
    sender: UUID | None,
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
    sent = sent_by_key(headers, sender, content)
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


def read_revision(headers: Mapping[str, Any]) -> int | None:
    """The revision of If-Match; None where any will do. What is no ETag of ours matches nothing."""
    text = headers.get("if_match", "").strip()
    if not text or text == "*":
        return None
    plain = text.removeprefix("W/").strip('"')
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 19 else -1


def _respond(answer: Answer) -> Response:
    response = Response(answer.body, status=answer.status, mimetype=JSON)
    response.headers["Cache-Control"] = "no-store"
    revision = orjson.loads(answer.body).get("revision")
    if revision is not None:
        response.set_etag(str(revision))
    return response
