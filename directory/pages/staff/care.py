"""/care: the desk of customer service: what waits, by kind; one case, its steps, the number to dial."""

import datetime as dt
from functools import partial
from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from werkzeug import Response as BaseResponse

from directory.actors import Actor, Role
from directory.care import calls, questions, refusals
from directory.care.desks import desk
from directory.care.kinds import CALLS, CONTACTS, REFUSALS
from directory.care.queues import find_row, load_queue
from directory.care.refusals import Outcome
from directory.cases import casework
from directory.cases.attachments import AttachmentNotFound
from directory.cases.casework import CaseNotFound
from directory.cases.queue import PAGE, CaseFilter, count_queue
from directory.cases.vault import VaultClosed
from directory.cases.workflow import Workflow
from directory.db import transaction
from directory.errors import Fault, InvalidRequest, TransitionNotAllowed
from directory.models import Channel
from directory.pages.staff.frame import Shown, StaffPages, moment, reader_language
from directory.web.access import allowed, current_actor
from directory.web.care.now import spaced
from directory.web.care.render import render_case, render_rows
from directory.web.saved_files import send_attachment
from directory.wording import formats
from directory.wording.catalogue import phrase

blueprint = StaffPages("care_desk", __name__, url_prefix="/care")

# By the last word of the address.
_KINDS = {"calls": CALLS, "refusals": REFUSALS, "contact": CONTACTS}
_WORDS = ("message", "note", "reason", "instead")
# The step that is likely next, in each state.
_NEXT = {
    "received": ("contact", "claim"),
    "requested": ("claim",),
    "calling": ("reached",),
    "contacting": ("persuaded",),
    "at_work": ("answer",),
}


@blueprint.get("/<any(calls, refusals, contact):what>")
@allowed(Role.care, Role.network)
def show_queue(what: str) -> str:
    """What waits, what is due first first."""
    workflow, actor, lang = _KINDS[what], current_actor(), reader_language()
    _require_desk(workflow, actor)
    state = request.args.get("state", "")
    state = state if state in workflow.states else ""
    mine = request.args.get("owner") == "me"
    offset = max(request.args.get("offset", 0, type=int), 0)
    filters = CaseFilter(
        states=(state,) if state else (),
        owner=actor.account_id if mine else None,
        overdue=request.args.get("overdue") == "true",
        offset=min(offset, 100_000),
    )
    with transaction() as session:
        at = desk(session, workflow, actor)
        rows, total = load_queue(at, filters)
        shown = render_rows(at, rows, lang)
        counts = count_queue(at)
    return render_template(
        "staff/care_queue.html", what=what, rows=shown, total=total, counts=counts, state=state, mine=mine,
        overdue=filters.overdue, states=[(each, phrase(lang, f"care.state_{each}")) for each in _ordered(workflow)],
        moment=lambda at: moment(at, lang), left=lambda due: _left(due, lang), offset=filters.offset, page_size=PAGE,
    )  # fmt: skip


@blueprint.get("/<any(calls, refusals, contact):what>/<uuid:case_id>")
@allowed(Role.care, Role.network)
def show_one(what: str, case_id: UUID) -> Shown:
    """One case."""
    return _show(what, case_id)


@blueprint.post("/<any(calls, refusals, contact):what>/<uuid:case_id>")
@allowed(Role.care, Role.network)
def act(what: str, case_id: UUID) -> Shown:
    """Take a step; what was typed is kept where it cannot be taken."""
    workflow, actor = _KINDS[what], current_actor()
    _require_desk(workflow, actor)
    name = request.form.get("action", "")
    kept = {field: request.form.get(field, "") for field in (*_WORDS, "listing_ids", "until", "from", "channel")}
    try:
        with transaction() as session:
            if name == "take_over":
                at = desk(session, workflow, actor)
                case = casework.lock_case(at, case_id)
                casework.hand_over(at, case, actor.account_id)
            elif workflow is REFUSALS:
                refusals.act(session, actor, case_id, name, _outcome(name, kept), _revision())
            elif workflow is CALLS:
                calls.act(session, actor, case_id, name, _given(name, kept, CALLS).get("note"), _revision())
            else:
                given = _given(name, kept, CONTACTS)
                questions.act(
                    session, actor, case_id, name, message=given.get("message"), note=given.get("note"),
                    revision=_revision(),
                )  # fmt: skip
    except InvalidRequest as error:
        return _show(what, case_id, tried=name, kept=kept, faults=error.faults), 422
    except TransitionNotAllowed:
        return _show(what, case_id, late=True), 409
    return redirect(url_for("care_desk.show_one", what=what, case_id=case_id, done=name), 303)


@blueprint.get("/contact/<uuid:case_id>/files/<uuid:file_id>")
@allowed(Role.care)
def fetch_file(case_id: UUID, file_id: UUID) -> BaseResponse:
    """A file that came with a question, to be saved."""
    actor = current_actor()
    _require_desk(CONTACTS, actor)
    try:
        with transaction() as session:
            file, content = questions.open_file(session, actor, case_id, file_id)
    except (AttachmentNotFound, VaultClosed):
        raise CaseNotFound("There is no such file.") from None
    return send_attachment(file.name, file.media_type, content)


def _revision() -> int | None:
    return request.form.get("revision", type=int)


def _given(name: str, kept: dict[str, str], workflow: Workflow) -> dict[str, str]:
    """Of what the form holds that which the step takes."""
    takes = workflow.action(name).takes
    return {field: text.strip() for field, text in kept.items() if field in takes and text.strip()}


def _outcome(name: str, kept: dict[str, str]) -> Outcome:
    given: dict[str, Any] = _given(name, kept, REFUSALS)
    takes = REFUSALS.action(name).takes
    for field, called in (("until", "until"), ("from", "begins")):
        if text := given.pop(field, None):
            try:
                given[called] = dt.date.fromisoformat(text)
            except ValueError:
                raise InvalidRequest(Fault(f"/{field}", "A day.")) from None
    if "listing_ids" in given:
        several = given["listing_ids"].replace(",", " ").split()
        if not all(each.isascii() and each.isdigit() and len(each) <= 18 for each in several):
            raise InvalidRequest(Fault("/listing_ids", "Numbers of listings."))
        given["listing_ids"] = tuple(map(int, several))
    for field in ("confirmed", "telehealth"):
        if field in takes and request.form.get(field):
            given[field] = True
    if given.get("channel") and given["channel"] not in list(Channel):
        raise InvalidRequest(Fault("/channel", "This is not one of the codes."))
    if given.get("channel") and not given.get("note"):
        del given["channel"]
    return Outcome(**given)


def _show(
    what: str,
    case_id: UUID,
    *,
    tried: str = "",
    kept: dict[str, str] | None = None,
    faults: tuple[Fault, ...] = (),
    late: bool = False,
) -> str:
    workflow, actor, lang = _KINDS[what], current_actor(), reader_language()
    _require_desk(workflow, actor)
    with transaction() as session:
        row = find_row(session, workflow.kind, case_id)
        if row is None:
            raise CaseNotFound("There is nothing under this id.")
        one = render_case(session, actor, row, lang)
    likely = next((each for each in _NEXT.get(one["state"], ()) if each in one["actions"]), None)
    return render_template(
        "staff/care_case.html", what=what, one=one, likely=likely, takes={
            name: workflow.action(name).takes for name in one["actions"]
        }, needs={name: workflow.action(name).needs for name in one["actions"]},
        number=one.get("number") and spaced(one["number"]), moment=lambda at: moment(at, lang),
        left=lambda due: _left(due, lang), tried=tried, kept=kept or {}, late=late,
        wrong={fault.where.strip("/") for fault in faults}, done=request.args.get("done", ""),
        channels=[each.value for each in Channel], spaced=spaced, day=partial(formats.date, lang),
    )  # fmt: skip


def _require_desk(workflow: Workflow, actor: Actor) -> None:
    """An admin may do what the network team may, and yet reads no case of customer service."""
    if actor.role not in workflow.reads.desks:
        raise CaseNotFound("There is nothing here.")


def _ordered(workflow: Workflow) -> list[str]:
    return [*sorted(workflow.open_states), *sorted(workflow.ends)]


def _left(due: dict[str, Any], lang: str) -> str:
    """How long it still is, or for how long it has been due, as one reads it on a clock."""
    minutes = round((due["at"] - dt.datetime.now(dt.UTC)).total_seconds() / 60)
    late, minutes = minutes < 0, abs(minutes)
    if minutes < 120:
        amount = phrase(lang, "care.minutes", count=minutes)
    elif minutes < 48 * 60:
        amount = phrase(lang, "care.hours", count=minutes // 60)
    else:
        amount = phrase(lang, "care.days", count=minutes // (24 * 60))
    return phrase(lang, "care.late_by" if late else "care.left", amount=amount)
