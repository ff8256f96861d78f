"""/network/proposals: the network team's queue, and one proposal with everything on a page."""

from typing import Any
from uuid import UUID

from flask import Response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug import Response as BaseResponse

from directory.actors import Role
from directory.admission.limits import TooManyRequests
from directory.cases.attachments import KindNotAllowed, TooLarge
from directory.cases.casework import Desk
from directory.cases.queue import PAGE, count_queue, load_desk
from directory.db import transaction
from directory.errors import Fault, InvalidRequest, RevisionConflict, TransitionNotAllowed
from directory.models import Channel, MessageKind, Proposal, Settlement
from directory.pages.staff.frame import Shown, StaffPages, later, reader_language
from directory.pages.staff.keeping import file_lost, shows_again
from directory.pages.staff.officer import LARGEST_FORM, choices
from directory.pages.staff.proposal_forms import (
    faults_by_field,
    is_sure,
    known_fault,
    read_given,
    read_proposal_id,
    read_revision,
)
from directory.pages.staff.proposal_words import proposal_words
from directory.pages.staff.provider_map import draw
from directory.proposals import acting, correcting, proposing, reading, rules, words, writing
from directory.proposals.around import find_around
from directory.proposals.export import write_csv
from directory.proposals.patients import MayNamePatient
from directory.proposals.placing import locate
from directory.proposals.reading import QueueSort
from directory.proposals.rules import DECLINE_REASONS, PROPOSALS
from directory.proposals.viewing import load_view
from directory.web.access import allowed, current_actor
from directory.web.proposals.asking import read_filter
from directory.web.proposals.limits import count_file, count_message
from directory.web.proposals.render import render_hints, render_proposal, render_summary
from directory.web.render import render_item
from geodata.gazetteer import get_gazetteer

blueprint = StaffPages("team", __name__, url_prefix="/network")
blueprint.context_processor(proposal_words)

_FILTERS = ("state", "country", "urgency", "owner", "overdue", "sort")
_MOST_EXPORTED = 10_000


@blueprint.get("/proposals")
@allowed(Role.network)
def show_queue() -> str:
    """What waits, what is due first first; filters stay in the address."""
    lang = reader_language()
    filters = _asked()
    with transaction() as session:
        desk = rules.desk(session, current_actor())
        page = reading.load_queue(desk, read_filter(filters, desk.actor))
        rows = [render_summary(row, desk.reader, lang) for row in page.rows]
        counts = count_queue(desk)
        team = _team(session)
    states = [(state, words.label(lang, "state", state)) for state in _in_order()]
    return render_template(
        "staff/network_queue.html", rows=rows, total=page.total, counts=counts, filters=filters, states=states,
        sorts=[each.value for each in QueueSort], page_size=PAGE, kept=_kept(), team=team,
        handed=request.args.get("handed", type=int), fault=request.args.get("fault"), **choices(lang),
    )  # fmt: skip


@blueprint.get("/proposals.csv")
@allowed(Role.network)
def export() -> Response:
    """The same as a file."""
    filters = {**_asked(), "limit": _MOST_EXPORTED, "offset": 0}
    with transaction() as session:
        desk = rules.desk(session, current_actor())
        text = write_csv(reading.load_queue(desk, read_filter(filters, desk.actor)).rows)
    response = Response(text, mimetype="text/csv")
    response.headers["Content-Disposition"] = "attachment; filename=proposals.csv"
    return response


@blueprint.get("/proposals/<uuid:proposal_id>")
@allowed(Role.network)
def show_one(proposal_id: UUID) -> str:
    """Everything about one."""
    return _show(proposal_id)


def _show(proposal_id: UUID, fault: str | None = None, tried: str | None = None, **more: Any) -> str:
    """The page of one; what was sent and not taken, by a message or the action `tried`, stands in its fields again.

    `more`: `faults` by field, and `hints` of what may name a patient.
    """
    lang = reader_language()
    with transaction() as session:
        team = _team(session)
    view = load_view(current_actor(), proposal_id)
    return render_template(
        "staff/network_proposal.html", one=render_proposal(view, lang), around=_around(view.proposal, lang), team=team,
        owner_id=str(view.proposal.case.owner_id or ""),
        decline_reasons=[(code, words.label(lang, "decline", code)) for code in DECLINE_REASONS],
        channels=[(each.value, words.label(lang, "channel", each)) for each in Channel],
        kinds=[(each.value, words.label(lang, "message", each)) for each in MessageKind],
        settlements=[each.value for each in Settlement], takes={a.name: a.takes for a in PROPOSALS.actions.values()},
        needs={a.name: a.needs for a in PROPOSALS.actions.values()}, today=view.reader.today.isoformat(),
        done=request.args.get("done"), fault=fault or known_fault(), written=request.form, tried=tried,
        correctable=correcting.editable(view.proposal.case.state, by_desk=True), lost=file_lost(),
        **{"faults": {}, "hints": (), **more}, **choices(lang),
    )  # fmt: skip


def _act_again(proposal_id: UUID, name: str, fault: str) -> str:
    return _show(proposal_id, fault, name)


@blueprint.post("/proposals/<uuid:proposal_id>/actions/<name>")
@allowed(Role.network)
@shows_again(_act_again)
def act(proposal_id: UUID, name: str) -> Shown:
    """Take an action, on the revision that the page showed."""
    lang = reader_language()
    try:
        given = read_given(name, request.form)
        with transaction() as session:
            desk = rules.desk(session, current_actor())
            acting.act(desk, proposal_id, name, given, read_revision(request.form), sure=is_sure())
    except (TransitionNotAllowed, RevisionConflict):
        return _show(proposal_id, "proposals.changed", name), 409
    except MayNamePatient as error:
        return _show(proposal_id, "proposals.ask", name, hints=render_hints(error.hints, lang)), 422
    except InvalidRequest as error:
        return _show(proposal_id, "proposals.missing", name, faults=faults_by_field(error, lang)), 422
    return _back(proposal_id, done="done")


def _write_again(proposal_id: UUID, fault: str) -> str:
    return _show(proposal_id, fault, "write")


@blueprint.post("/proposals/<uuid:proposal_id>/messages")
@allowed(Role.network)
@shows_again(_write_again)
def write(proposal_id: UUID) -> Shown:
    """A message, a note, or a contact with the provider."""
    form, lang = request.form, reader_language()
    kind = MessageKind(form["kind"]) if form.get("kind") in tuple(MessageKind) else MessageKind.note
    channel = Channel(form["channel"]) if form.get("channel") in tuple(Channel) else None
    try:
        count_message()
        with transaction() as session:
            desk = rules.desk(session, current_actor())
            how = channel if kind is MessageKind.contact else None
            writing.write(desk, proposal_id, form.get("text", ""), kind, how, sure=is_sure())
    except MayNamePatient as error:
        return _show(proposal_id, "proposals.ask", "write", hints=render_hints(error.hints, lang)), 422
    except InvalidRequest as error:
        return _show(proposal_id, "proposals.missing", "write", faults=faults_by_field(error, lang)), 422
    except TooManyRequests as error:
        return later(_show(proposal_id, "proposals.too_many", "write"), error)
    return _back(proposal_id, done="done")


@blueprint.post("/proposals/<uuid:proposal_id>/owner")
@allowed(Role.network)
def take(proposal_id: UUID) -> BaseResponse:
    """Take it over, or hand it to a colleague."""
    with transaction() as session:
        desk = rules.desk(session, current_actor())
        proposing.take_over(desk, proposal_id, _chosen_owner(desk))
    return _back(proposal_id, done="done")


@blueprint.post("/proposals/owner")
@allowed(Role.network)
def take_many() -> BaseResponse:
    """The same for all that are ticked in the queue, or for none of them."""
    ticked, owners = request.form.getlist("proposal"), request.form.getlist("owner")
    if not ticked or not any(owners):
        return redirect(url_for("team.show_queue", **_kept(), fault="ticked_nothing"), 303)
    if len(ticked) > PAGE:
        raise InvalidRequest(Fault("/proposal", f"At most {PAGE} at once."))
    with transaction() as session:
        desk = rules.desk(session, current_actor())
        handed = proposing.take_over_many(desk, [read_proposal_id(each) for each in ticked], _chosen_owner(desk))
    return redirect(url_for("team.show_queue", **_kept(), handed=handed), 303)


def _file_again(proposal_id: UUID, fault: str) -> str:
    return _show(proposal_id, fault, "file")


@blueprint.post("/proposals/<uuid:proposal_id>/attachments")
@allowed(Role.network, largest_body=LARGEST_FORM)
@shows_again(_file_again)
def add_file(proposal_id: UUID) -> Shown:
    """A file of the team's, which the officer does not see."""
    sent, lang = request.files.get("file"), reader_language()
    if sent is None or not sent.filename:
        return _show(proposal_id, "proposals.missing", "file"), 422
    try:
        count_file()
        with transaction() as session:
            desk = rules.desk(session, current_actor())
            writing.attach_file(desk, proposal_id, sent.filename, sent.read())
    except InvalidRequest as error:
        return _show(proposal_id, "proposals.missing", "file", faults=faults_by_field(error, lang)), 422
    except (KindNotAllowed, TooLarge):
        return _back(proposal_id, fault="file_refused")
    except TooManyRequests as error:
        return later(_show(proposal_id, "proposals.too_many", "file"), error)
    return _back(proposal_id, done="done")


def _back(proposal_id: UUID, *, done: str | None = None, fault: str | None = None) -> BaseResponse:
    return redirect(url_for("team.show_one", proposal_id=proposal_id, done=done, fault=fault), 303)


def _team(session: Session) -> list[tuple[str, str]]:
    """Who can own a proposal: id and name."""
    return [(str(each.id), each.display_name or each.email) for each in load_desk(session, PROPOSALS)]


def _chosen_owner(desk: Desk) -> UUID | None:
    """Who a form gives proposals to; nobody, where it is none of the team."""
    # A button of the form means oneself, whatever its list shows.
    chosen = request.form.getlist("owner")
    if "me" in chosen:
        return desk.actor.account_id
    return next((each.id for each in load_desk(desk.session, PROPOSALS) if str(each.id) in chosen), None)


def _kept() -> dict[str, Any]:
    """What the address says of the queue, for addresses that lead back to it."""
    return {name: request.args[name] for name in (*_FILTERS, "offset") if request.args.get(name)}


def _asked() -> dict[str, Any]:
    """The filters of the address; what is empty asks for nothing, what is none of ours is dropped."""
    filters: dict[str, Any] = {name: text for name in _FILTERS if (text := request.args.get(name, "").strip())}
    filters["overdue"] = bool(filters.get("overdue"))
    if filters.get("sort") not in tuple(QueueSort):
        filters.pop("sort", None)
    start = request.args.get("offset", "0")
    return {**filters, "limit": PAGE, "offset": int(start) if start.isdecimal() and len(start) < 7 else 0}


def _in_order() -> list[str]:
    """States in the order in which a proposal goes through them."""
    order = [action.target for action in PROPOSALS.actions.values()]
    return list(dict.fromkeys(state for state in order if state != PROPOSALS.start))


def _around(proposal: Proposal, lang: str) -> dict[str, Any] | None:
    """The map: listings nearby, numbered; None where nothing is known of the place."""
    where = locate(proposing.draft_of(proposal).provider, get_gazetteer())
    if where.around is None:
        return None
    around = find_around(where.around)
    spots = [
        {"item": render_item(spot.shown, lang, spot.distance_m), "x": spot.x, "y": -spot.y, "number": spot.number}
        for spot in around.spots
        if spot.shown["id"] != proposal.listing_id
    ]
    exact = where.point is not None
    return {
        "radius_km": around.radius_km,
        "spots": spots,
        "exact": exact,
        "map": draw(where.around, exact, spots, lang),
    }
