"""Who asks about one case of customer service: an account of a desk, or whoever holds its link; and lists of them."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import orjson
from flask import Response
from sqlalchemy.orm import Session

from directory.actors import Actor, Role
from directory.care.desks import desk
from directory.care.queues import find_row, load_queue
from directory.cases.casework import CaseNotFound
from directory.cases.following import follow
from directory.cases.queue import CaseFilter
from directory.cases.workflow import Workflow
from directory.db import transaction
from directory.errors import Fault, InvalidRequest
from directory.web.access import current_actor, require
from directory.web.acting import answer_own
from directory.web.answers import reader_language
from directory.web.care.limits import count_following
from directory.web.care.render import render_case, render_rows

SCOPE = "care"
DESKS = {"refusal": (Role.care, Role.network), "call": (Role.care,), "contact": (Role.care,)}
_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NAIVE_UTC


def who_asks(workflow: Workflow, query: Mapping[str, Any], case_id: UUID) -> Actor:
    """Raises SignInNeeded, NotAllowed, CaseNotFound."""
    if secret := query.get("follow"):
        count_following()
        lang = reader_language(query.get("lang"))
        with transaction() as session:
            case, holder = follow(session, workflow, secret, lang, dt.datetime.now(dt.UTC))
        if case.id != case_id:
            raise CaseNotFound("There is nothing under this link, or no longer.")
        return holder
    require(*DESKS[workflow.kind], scope=SCOPE)
    actor = current_actor()
    if actor.role not in DESKS[workflow.kind]:
        # An admin may do what the network team may, and yet reads no case of customer service.
        raise CaseNotFound("There is nothing under this id.")
    return actor


def show(
    workflow: Workflow, actor: Actor, case_id: UUID, lang: str, *, status: int = 200, link: bool = False
) -> Response:
    """One case as it is now."""
    with transaction() as session:
        row = find_row(session, workflow.kind, case_id)
        if row is None or not desk(session, workflow, actor).reader.may_see(row.case):
            raise CaseNotFound("There is nothing under this id.")
        return answer_own(render_case(session, actor, row, lang, link=link), status)


def show_queue(workflow: Workflow, query: Mapping[str, Any]) -> Response:
    """What waits at the desk."""
    require(*DESKS[workflow.kind], scope=SCOPE)
    actor = current_actor()
    if actor.role not in DESKS[workflow.kind]:
        raise CaseNotFound("There is nothing here.")
    state = query.get("state")
    if state is not None and state not in workflow.states:
        raise InvalidRequest(Fault("state", "There is no such state.", tuple(sorted(workflow.states))))
    filters = CaseFilter(
        states=(state,) if state else (),
        owner=actor.account_id if query.get("owner") == "me" else None,
        unowned=query.get("owner") == "none",
        overdue=bool(query.get("overdue")),
        limit=query["limit"],
        offset=query["offset"],
    )
    lang = reader_language(query.get("lang") or actor.lang)
    with transaction() as session:
        at = desk(session, workflow, actor)
        rows, total = load_queue(at, filters)
        return answer_own({"items": render_rows(at, rows, lang), "total": total})


def do(work: Callable[[Session], object]) -> None:
    """In one transaction."""
    with transaction() as session:
        work(session)
