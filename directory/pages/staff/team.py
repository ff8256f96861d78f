"""/network/proposals/…: one proposal with everything on a page, for the network team."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug import Response as BaseResponse

from directory.actors import Role
from directory.admission.limits import TooManyRequests
from directory.cases.attachments import KindNotAllowed, TooLarge
from directory.cases.casework import Desk
from directory.cases.queue import load_desk
from directory.db import transaction
from directory.errors import InvalidRequest, RevisionConflict, TransitionNotAllowed
from directory.listings.checking import LONGEST_NAME
from directory.models import Channel, MessageKind, Proposal, Settlement
from directory.pages.staff.frame import Shown, StaffPages, later, reader_language
from directory.pages.staff.keeping import file_lost, shows_again
from directory.pages.staff.officer import LARGEST_FORM, choices
from directory.pages.staff.proposal_forms import (
    faults_by_field,
    is_sure,
    known_fault,
    read_alike,
    read_given,
    read_revision,
)
from directory.pages.staff.proposal_words import proposal_words
from directory.pages.staff.provider_map import draw, map_file
from directory.pages.staff.queue_filters import kept_filters
from directory.proposals import acting, checklist, correcting, proposing, reading, rules, words, writing
from directory.proposals.around import find_around
from directory.proposals.patients import MayNamePatient
from directory.proposals.placing import locate
from directory.proposals.rules import DECLINE_REASONS, NEXT_STEPS, PROPOSALS, QUESTIONS
from directory.proposals.viewing import LIST, check_open_points, load_view
from directory.search.look_alikes import Looked
from directory.web.access import allowed, current_actor
from directory.web.proposals.asking import pick_listings
from directory.web.proposals.limits import count_file, count_message
from directory.web.proposals.render import render_hints, render_proposal
from directory.web.render import render_item
from directory.wording.catalogue import phrase
from geodata.gazetteer import get_gazetteer

blueprint = StaffPages("team", __name__, url_prefix="/network")
blueprint.context_processor(proposal_words)


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
    view = load_view(current_actor(), proposal_id)
    with transaction() as session:
        team, theirs = load_team(session), reading.load_officer_language(session, view.proposal)
    one = render_proposal(view, lang)
    chosen = _chosen_step(one, tried)
    return render_template(
        "staff/network_proposal.html", one=one, around=_around(view.proposal, lang), team=team, chosen=chosen,
        owner_id=str(view.proposal.case.owner_id or ""), not_same=view.proposal.not_same, kept_filters=kept_filters(),
        decline_reasons=[(code, words.label(lang, "decline", code)) for code in DECLINE_REASONS],
        channels=[(each.value, words.label(lang, "channel", each)) for each in Channel],
        kinds=[(each.value, words.label(lang, "message", each)) for each in MessageKind],
        settlements=[each.value for each in Settlement], today=view.reader.today.isoformat(),
        takes_of={a.name: a.takes for a in PROPOSALS.actions.values()},
        needs_of={a.name: a.needs for a in PROPOSALS.actions.values()},
        questions=_questions(theirs, lang), done=request.args.get("done"), fault=fault or known_fault(),
        written=request.form, tried=tried, lost=file_lost(), asked_pick="",
        picked=_pick(view.proposal, "", lang) if chosen and "listing_id" in PROPOSALS.action(chosen).takes else (),
        map_file=map_file(), correctable=correcting.editable(view.proposal.case.state, by_desk=True),
        **{"faults": {}, "hints": (), **more}, **choices(lang),
    )  # fmt: skip


def _chosen_step(one: Mapping[str, Any], tried: str | None) -> str | None:
    """The step whose form is open: the one that was tried, or asked for, or that is likely next."""
    wanted = (tried, request.args.get("step"), NEXT_STEPS.get(one["state"]))
    return next((name for name in wanted if name in one["actions"]), None)


def _questions(theirs: str, mine: str) -> list[tuple[str, str, str]]:
    """Questions that are asked often: code, in the reader's language, and in the officer's."""
    key = "proposals.question.{}".format
    return [(code, phrase(mine, key(code)), phrase(theirs, key(code))) for code in QUESTIONS]


def _pick(proposal: Proposal, typed: str, lang: str) -> list[dict[str, Any]]:
    """Listings to choose one of: by what is typed, else by the proposal's own names and the one that it is about."""
    names = (typed,) if typed else tuple(filter(None, (proposal.name, proposal.name_local)))
    where = locate(proposing.draft_of(proposal).provider, get_gazetteer())
    looked = Looked(names, proposal.country, where.point, proposal.id, where.around)
    return pick_listings(looked, None if typed else proposal.reason_listing_id, lang)


@blueprint.get("/proposals/<uuid:proposal_id>/pick")
@allowed(Role.network)
def pick(proposal_id: UUID) -> str:
    """Listings by what is typed, a name or a number, to choose one of: a part of the page."""
    typed = request.args.get("pick", "").strip()[:LONGEST_NAME]
    with transaction() as session:
        proposal = reading.load_proposal(session, proposal_id, current_actor())
    items = _pick(proposal, typed, reader_language())
    return render_template("staff/picked.html", items=items, chosen=request.args.get("listing_id"))


@blueprint.post("/proposals/<uuid:proposal_id>/not-same")
@allowed(Role.network)
def say_another(proposal_id: UUID) -> BaseResponse:
    """A look-alike is another provider: it is not asked about again."""
    with transaction() as session:
        checklist.say_another(rules.desk(session, current_actor()), proposal_id, read_alike(request.form))
    return _back(proposal_id, done="done", _anchor="duplicates")


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
        if name == LIST:
            check_open_points(current_actor(), proposal_id, given, read_revision(request.form))
        with transaction() as session:
            desk = rules.desk(session, current_actor())
            state = acting.act(desk, proposal_id, name, given, read_revision(request.form), sure=is_sure()).case.state
    except (TransitionNotAllowed, RevisionConflict):
        return _show(proposal_id, "proposals.changed", name), 409
    except MayNamePatient as error:
        return _show(proposal_id, "proposals.ask", name, hints=render_hints(error.hints, lang)), 422
    except InvalidRequest as error:
        return _show(proposal_id, "proposals.missing", name, faults=faults_by_field(error, lang)), 422
    return _back(proposal_id, done="ended" if state in PROPOSALS.ends else "done")


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
        proposing.take_over(desk, proposal_id, chosen_owner(desk))
    return _back(proposal_id, done="done")


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


def _back(
    proposal_id: UUID, *, done: str | None = None, fault: str | None = None, _anchor: str | None = None
) -> BaseResponse:
    where = {**kept_filters(), "done": done, "fault": fault}
    return redirect(url_for("team.show_one", proposal_id=proposal_id, _anchor=_anchor, **where), 303)


def load_team(session: Session) -> list[tuple[str, str]]:
    """Who can own a proposal: id and name."""
    return [(str(each.id), each.display_name or each.email) for each in load_desk(session, PROPOSALS)]


def chosen_owner(desk: Desk) -> UUID | None:
    """Who a form gives proposals to; nobody, where it is none of the team."""
    # A button of the form means oneself, whatever its list shows.
    chosen = request.form.getlist("owner")
    if "me" in chosen:
        return desk.actor.account_id
    return next((each.id for each in load_desk(desk.session, PROPOSALS) if str(each.id) in chosen), None)


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
