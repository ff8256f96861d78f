"""/hr/: an officer's proposals. Propose in two minutes, follow, answer, back what others proposed."""

from typing import Any
from uuid import UUID, uuid4

from flask import redirect, render_template, request, url_for
from werkzeug import Response as BaseResponse

from directory.actors import Role
from directory.admission import repeating
from directory.admission.limits import TooManyRequests
from directory.cases.attachments import (
    LARGEST_FILE,
    AttachmentNotFound,
    KindNotAllowed,
    TooLarge,
    attach,
    read_attachment,
)
from directory.cases.casework import CaseNotFound, Desk
from directory.cases.workflow import TransitionNotAllowed
from directory.db import transaction
from directory.errors import IdempotencyKeyReused, InvalidRequest, RevisionConflict
from directory.models import CareSetting, NeedReason, Proposal, Urgency
from directory.pages.staff.frame import NavItem, Shown, StaffPages, later, reader_language
from directory.pages.staff.proposal_forms import (
    Filled,
    faults_by_field,
    fill,
    keep,
    read_draft,
    read_given,
    read_revision,
)
from directory.pages.staff.proposal_words import proposal_words
from directory.pages.staff.provider_map import map_file, pick_words
from directory.proposals import acting, proposing, reading, rules, words
from directory.proposals.draft import check_draft
from directory.proposals.placing import find_view
from directory.proposals.rules import EDITABLE
from directory.proposals.viewing import load_view
from directory.vocabulary.codes import load_codes
from directory.web.access import allowed, current_actor
from directory.web.proposals.asking import as_same, look_up, send_attachment
from directory.web.proposals.limits import count_file, count_message, count_proposal
from directory.web.proposals.render import render_hints, render_proposal, render_same_proposal, render_summary, texts_of
from directory.web.sending import sent_by_form
from geodata.countries import country_name, load_countries
from geodata.gazetteer import get_gazetteer

blueprint = StaffPages(
    "officer", __name__, url_prefix="/hr", nav=(NavItem("officer.show_mine", "proposals.mine", (Role.hr,)),)
)

blueprint.context_processor(proposal_words)

# A file, and all that is said beside it.
LARGEST_FORM = LARGEST_FILE + 256 * 1024


@blueprint.get("/")
@allowed(Role.hr)
def show_mine() -> str:
    """My client's proposals, and what I back elsewhere."""
    lang = reader_language()
    with transaction() as session:
        desk = rules.desk(session, current_actor())
        rows = reading.load_own(session, desk.actor, limit=100).rows
        mine = [render_summary(row, desk.reader, lang) for row in rows]
        backed = [
            render_same_proposal(as_same(row.proposal, row.supporters), lang)
            for row in reading.load_backed(session, desk.actor)
        ]
    return render_template("staff/hr_mine.html", mine=mine, backed=backed, done=request.args.get("done"))


@blueprint.get("/proposals/new")
@allowed(Role.hr)
def show_new() -> str:
    """The form; what an address says already is filled in (a link of the search)."""
    return _form(keep(request.args))


@blueprint.post("/proposals")
@allowed(Role.hr, largest_body=LARGEST_FORM)
def propose() -> Shown:
    """Look for look-alikes, save as a draft, or send."""
    step, filled = request.form.get("step"), keep(request.form)
    if step == "look":
        return _form(filled, found=_look())
    try:
        count_proposal()
        return _propose(step, filled)
    except InvalidRequest as error:
        return _form(filled, faults=faults_by_field(error)), 422
    except (KindNotAllowed, TooLarge):
        return _form(filled, faults={"file": "proposals.file_refused"}), 415
    except TooManyRequests as error:
        return later(_form(filled, fault="too_many"), error)
    except IdempotencyKeyReused:
        fresh = Filled({**filled.values, "once": str(uuid4())}, filled.several)
        return _form(fresh, fault="sent_before"), 422


def _propose(step: str | None, filled: Filled) -> Shown:
    draft = check_draft(read_draft(request.form))
    hints = render_hints(texts_of(draft.provider), reader_language())
    if step == "send" and hints and not request.form.get("sure"):
        return _form(filled, hints=hints, found=_look()), 422
    actor = current_actor()
    with transaction() as session:
        desk = rules.desk(session, actor)

        def work() -> UUID:
            proposal = proposing.propose(desk, draft)
            _attach_sent(desk, proposal)
            if step == "send":
                acting.act(desk, proposal.id, "submit")
            return proposal.id

        # Sent twice, by an impatient finger or by going back, it is proposed once.
        made = UUID(repeating.do_once(session, sent_by_form(actor.account_id), work).made)
    done = "sent" if step == "send" else "saved"
    return redirect(url_for("officer.show_one", proposal_id=made, done=done), 303)


@blueprint.get("/look")
@allowed(Role.hr)
def look() -> str:
    """What may be the same as what is being typed: a part of the form's page."""
    return render_template("staff/look_alikes.html", found=_look())


@blueprint.get("/where")
@allowed(Role.hr)
def show_where() -> dict[str, Any]:
    """What the form's map shows before it has a point: `bbox` of the city, else of the country, else null."""
    country, city = request.args.get("country", ""), request.args.get("city", "").strip()[:200]
    box = find_view(country, city, get_gazetteer())
    return {"bbox": box and [box.west, box.south, box.east, box.north]}


@blueprint.get("/proposals/<uuid:proposal_id>")
@allowed(Role.hr)
def show_one(proposal_id: UUID) -> str:
    """One proposal."""
    return _show(proposal_id)


def _show(proposal_id: UUID, fault: str | None = None) -> str:
    """The page of one; words that were not taken stand in the field for messages again."""
    lang = reader_language()
    view = load_view(current_actor(), proposal_id)
    editable = view.proposal.case.state in EDITABLE
    return render_template(
        "staff/hr_proposal.html", one=render_proposal(view, lang), editable=editable, done=request.args.get("done"),
        fault=fault or request.args.get("fault"), written=request.form.get("text") or request.form.get("message", ""),
    )  # fmt: skip


@blueprint.get("/proposals/<uuid:proposal_id>/edit")
@allowed(Role.hr)
def show_edit(proposal_id: UUID) -> str:
    """The form again, filled in."""
    with transaction() as session:
        proposal = reading.load_proposal(session, proposal_id, current_actor())
        filled, revision = fill(proposing.draft_of(proposal)), proposal.case.revision
    return _form(filled, proposal_id=proposal_id, revision=revision)


@blueprint.post("/proposals/<uuid:proposal_id>/edit")
@allowed(Role.hr)
def edit(proposal_id: UUID) -> BaseResponse | str | tuple[str, int]:
    """Say it otherwise."""
    filled, revision = keep(request.form), read_revision(request.form)
    if request.form.get("step") == "look":
        return _form(filled, found=_look(), proposal_id=proposal_id, revision=revision)
    try:
        with transaction() as session:
            proposing.edit(rules.desk(session, current_actor()), proposal_id, read_draft(request.form), revision)
    except InvalidRequest as error:
        return _form(filled, faults=faults_by_field(error), proposal_id=proposal_id, revision=revision), 422
    except TransitionNotAllowed:
        return _form(filled, fault="closed_meanwhile", proposal_id=proposal_id, revision=revision), 409
    except RevisionConflict as conflict:
        return _form(filled, fault="changed_meanwhile", proposal_id=proposal_id, revision=conflict.revision), 409
    return _back(proposal_id, done="done")


@blueprint.post("/proposals/<uuid:proposal_id>/actions/<name>")
@allowed(Role.hr)
def act(proposal_id: UUID, name: str) -> Shown:
    """Send, or withdraw."""
    try:
        with transaction() as session:
            given = read_given(name, request.form)
            acting.act(rules.desk(session, current_actor()), proposal_id, name, given)
    except TransitionNotAllowed:
        return _show(proposal_id, "changed"), 409
    except InvalidRequest:
        return _show(proposal_id, "missing"), 422
    return _back(proposal_id, done="sent" if name == "submit" else "done")


@blueprint.post("/proposals/<uuid:proposal_id>/messages")
@allowed(Role.hr)
def write(proposal_id: UUID) -> Shown:
    """A message to the team."""
    try:
        count_message()
        with transaction() as session:
            proposing.write(rules.desk(session, current_actor()), proposal_id, request.form.get("text", ""))
    except InvalidRequest:
        return _show(proposal_id, "missing"), 422
    except TooManyRequests as error:
        return later(_show(proposal_id, "too_many"), error)
    return _back(proposal_id, done="done")


@blueprint.post("/proposals/<uuid:proposal_id>/attachments")
@allowed(Role.hr, largest_body=LARGEST_FORM)
def add_file(proposal_id: UUID) -> Shown:
    """A file."""
    try:
        count_file()
        with transaction() as session:
            desk = rules.desk(session, current_actor())
            _attach_sent(desk, reading.lock_proposal(desk, proposal_id))
    except (KindNotAllowed, TooLarge, InvalidRequest):
        return _back(proposal_id, fault="file_refused")
    except TooManyRequests as error:
        return later(_show(proposal_id, "too_many"), error)
    return _back(proposal_id, done="done")


@blueprint.get("/proposals/<uuid:proposal_id>/attachments/<uuid:attachment_id>")
@allowed(Role.hr, Role.network)
def fetch_file(proposal_id: UUID, attachment_id: UUID) -> BaseResponse:
    """A file, to be saved."""
    try:
        with transaction() as session:
            reading.load_proposal(session, proposal_id, current_actor())
            desk = rules.desk(session, current_actor())
            attachment, content = read_attachment(desk, proposal_id, attachment_id)
    except AttachmentNotFound:
        raise CaseNotFound("There is no such file.") from None
    return send_attachment(attachment.name, attachment.media_type, content)


@blueprint.post("/proposals/<uuid:proposal_id>/supporters")
@allowed(Role.hr, largest_body=LARGEST_FORM)
def support(proposal_id: UUID) -> BaseResponse:
    """Back it."""
    try:
        with transaction() as session:
            proposing.support(rules.desk(session, current_actor()), proposal_id)
    except TransitionNotAllowed:
        return redirect(url_for("officer.show_mine", done="backed_not"), 303)
    return redirect(url_for("officer.show_mine", done="backed_now"), 303)


def _back(proposal_id: UUID, *, done: str | None = None, fault: str | None = None) -> BaseResponse:
    return redirect(url_for("officer.show_one", proposal_id=proposal_id, done=done, fault=fault), 303)


def _attach_sent(desk: Desk, proposal: Proposal) -> None:
    for sent in request.files.getlist("file"):
        if sent.filename:
            attach(desk, proposal.case, sent.filename, sent.read())


def _look() -> dict[str, Any] | None:
    """Look-alikes of what is filled in so far; None before a country is chosen."""
    said = request.values
    if said.get("country", "").upper() not in load_countries():
        return None
    names = ("name", "name_local", "country", "city", "type")
    asked = {name: said.get(name, "").strip()[:300] for name in names}
    if asked["type"] not in load_codes().types:
        asked["type"] = ""
    return look_up(current_actor(), asked, reader_language())


def _form(filled: Filled, **more: Any) -> str:
    lang = reader_language()
    shown = {"faults": {}, "fault": None, "hints": (), "found": None, "proposal_id": None, "revision": None, **more}
    once = filled.values.get("once") or str(uuid4())
    the_map = {"file": map_file(), "words": pick_words(lang)}
    return render_template("staff/hr_form.html", filled=filled, once=once, map=the_map, **shown, **choices(lang))


def choices(lang: str) -> dict[str, list[tuple[str, str]]]:
    """What can be chosen, labelled: pairs of code and label."""
    codes = load_codes()
    return {
        "countries": _by_label((code, country_name(code, lang)) for code in load_countries()),
        "types": _by_label((code.code, code.label(lang)) for code in codes.types.values()),
        "specialties": _by_label((code.code, code.label(lang)) for code in codes.specialties.values()),
        "networks": [(code.code, code.label(lang)) for code in codes.networks.values()],
        "reasons": [(each.value, words.label(lang, "reason", each)) for each in NeedReason],
        "urgencies": [(each.value, words.label(lang, "urgency", each)) for each in Urgency],
        "care_settings": [(each.value, words.label(lang, "setting", each)) for each in CareSetting],
    }


def _by_label(pairs: Any) -> list[tuple[str, str]]:
    return sorted(pairs, key=lambda pair: pair[1])
