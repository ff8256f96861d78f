"""/network/proposals/…/edit: the team puts right what was proposed and what was agreed, until it is listed."""

from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for

from directory.actors import Role
from directory.db import transaction
from directory.errors import InvalidRequest, RevisionConflict, TransitionNotAllowed
from directory.models import Proposal, Settlement
from directory.pages.staff.frame import Shown, reader_language
from directory.pages.staff.keeping import shows_again
from directory.pages.staff.officer import choices, find_box
from directory.pages.staff.proposal_forms import (
    Filled,
    faults_by_field,
    fill,
    fill_terms,
    is_sure,
    keep,
    read_draft,
    read_revision,
    read_terms,
)
from directory.pages.staff.provider_map import map_file, pick_words
from directory.pages.staff.team import blueprint as blueprint  # noqa: PLC0414 - queue.py goes on with it
from directory.proposals import correcting, proposing, reading, rules
from directory.proposals.correcting import AGREED, Correction
from directory.proposals.patients import MayNamePatient
from directory.proposals.viewing import load_view
from directory.search.look_alikes import Looked
from directory.web.access import allowed, current_actor
from directory.web.proposals.asking import pick_listings
from directory.web.proposals.render import render_hints, render_proposal

__all__ = ["blueprint"]


@blueprint.get("/proposals/<uuid:proposal_id>/edit")
@allowed(Role.network)
def show_edit(proposal_id: UUID) -> str:
    """The form, filled in with what stands there now."""
    with transaction() as session:
        proposal = reading.load_proposal(session, proposal_id, current_actor())
        filled, revision = fill(proposing.draft_of(proposal)), proposal.case.revision
        if proposal.agreement:
            filled = fill_terms(filled, proposal.agreement)
    return _form(proposal_id, filled, revision)


@blueprint.get("/where")
@allowed(Role.network)
def show_where() -> dict[str, Any]:
    """What the map of this form shows before it has a point."""
    return find_box()


def _again(proposal_id: UUID, fault: str) -> str:
    return _form(proposal_id, keep(request.form), read_revision(request.form), fault=fault)


@blueprint.post("/proposals/<uuid:proposal_id>/edit")
@allowed(Role.network)
@shows_again(_again)
def edit(proposal_id: UUID) -> Shown:
    """Put it right, on the revision that the page showed."""
    filled, revision, lang = keep(request.form), read_revision(request.form), reader_language()
    try:
        with transaction() as session:
            desk = rules.desk(session, current_actor())
            correction = _read(proposal_id)
            correcting.edit(desk, proposal_id, correction, revision, sure=is_sure())
    except MayNamePatient as error:
        return _form(proposal_id, filled, revision, hints=render_hints(error.hints, lang)), 422
    except InvalidRequest as error:
        return _form(proposal_id, filled, revision, faults=faults_by_field(error, lang)), 422
    except TransitionNotAllowed:
        return _form(proposal_id, filled, revision, fault="proposals.closed_meanwhile"), 409
    except RevisionConflict as conflict:
        return _form(proposal_id, filled, conflict.revision, fault="proposals.changed_meanwhile"), 409
    return redirect(url_for("team.show_one", proposal_id=proposal_id, done="done"), 303)


def _read(proposal_id: UUID) -> Correction:
    """What the form says; what it has no field for stays: the kind of provider, and what the client consented to."""
    with transaction() as session:
        known = proposing.draft_of(reading.load_proposal(session, proposal_id, current_actor()))
    draft = read_draft(request.form, known)
    return Correction(draft, read_terms(request.form) if "network" in request.form else None)


def _about(proposal: Proposal, lang: str) -> list[dict[str, Any]]:
    """The listing that the reason is about, for the form to keep."""
    about = proposal.reason_listing_id
    return pick_listings(Looked((), proposal.country), about, lang) if about else []


def _form(proposal_id: UUID, filled: Filled, revision: int, **more: Any) -> str:
    lang = reader_language()
    view = load_view(current_actor(), proposal_id)
    name, agreed = view.proposal.name, view.proposal.case.state in AGREED
    return render_template(
        "staff/network_edit.html", proposal_id=proposal_id, name=name, agreed=agreed, filled=filled,
        one=render_proposal(view, lang), picked=_about(view.proposal, lang), pick_at=None,
        revision=revision, settlements=[each.value for each in Settlement],
        map={"file": map_file(), "words": pick_words(lang)}, looks_at=url_for("team.show_where"),
        **{"fault": None, "faults": {}, "hints": (), **more}, **choices(lang),
    )  # fmt: skip
