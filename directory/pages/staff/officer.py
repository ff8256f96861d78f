"""/hr/: an officer's proposals. Propose in two minutes, follow, answer, back what others proposed."""

from typing import Any
from uuid import UUID, uuid4

from flask import redirect, render_template, request, url_for
from werkzeug import Response as BaseResponse

from directory.actors import Actor, Role
from directory.admission import repeating
from directory.admission.limits import TooManyRequests
from directory.cases.attachments import (
    LARGEST_FILE,
    AttachmentNotFound,
    KindNotAllowed,
    TooLarge,
    read_attachment,
)
from directory.cases.casework import CaseNotFound, Desk
from directory.db import transaction
from directory.errors import IdempotencyKeyReused, InvalidRequest, RevisionConflict, TransitionNotAllowed
from directory.listings.checking import LONGEST_NAME
from directory.models import CareSetting, NeedReason, Urgency
from directory.pages.staff.frame import Shown, StaffPages, later, reader_language
from directory.pages.staff.keeping import file_lost, shows_again
from directory.pages.staff.proposal_forms import (
    ABOUT_LISTING,
    Filled,
    faults_by_field,
    fill,
    fill_station,
    is_sure,
    keep,
    known_fault,
    read_draft,
    read_given,
    read_revision,
)
from directory.pages.staff.proposal_words import proposal_words
from directory.pages.staff.provider_map import map_file, pick_words
from directory.proposals import acting, correcting, promises, proposing, reading, rules, words, writing
from directory.proposals.colleagues import message_to_colleagues
from directory.proposals.correcting import Correction
from directory.proposals.draft import Draft, ProposedProvider
from directory.proposals.matches import as_same
from directory.proposals.patients import MayNamePatient
from directory.proposals.placing import find_view, locate
from directory.proposals.rules import PROPOSALS
from directory.proposals.viewing import load_view
from directory.search.look_alikes import Looked
from directory.vocabulary.codes import load_codes
from directory.web.access import allowed, current_actor
from directory.web.proposals.asking import look_up, pick_listings
from directory.web.proposals.limits import count_file, count_message, count_proposal
from directory.web.proposals.render import render_hints, render_proposal, render_same_proposal, render_summary
from directory.web.saved_files import send_attachment
from directory.web.sending import sent_by_form
from directory.wording.catalogue import phrase
from geodata.countries import country_name, load_countries
from geodata.gazetteer import get_gazetteer

blueprint = StaffPages("officer", __name__, url_prefix="/hr")

blueprint.context_processor(proposal_words)

# Reasons that are about a listing which is there.
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
        waiting = reading.count_waiting(session, desk.actor)
    done = request.args.get("done")
    return render_template("staff/hr_mine.html", mine=mine, backed=backed, waiting=waiting, done=done)


@blueprint.get("/proposals/new")
@allowed(Role.hr)
def show_new() -> str:
    """The form; what an address says already is filled in (a link of the search), else where one's last was."""
    if any(request.args.values()):
        return _form(keep(request.args))
    with transaction() as session:
        last = reading.load_last_own(session, current_actor())
        filled = fill_station(proposing.draft_of(last)) if last else keep(request.args)
    return _form(filled, from_last=last is not None)


def _new_again(fault: str) -> str:
    return _form(keep(request.form), fault=fault)


@blueprint.post("/proposals")
@allowed(Role.hr, largest_body=LARGEST_FORM)
@shows_again(_new_again)
def propose() -> Shown:
    """Look for look-alikes, save as a draft, or send."""
    step, filled = request.form.get("step"), keep(request.form)
    if step == "look":
        return _form(filled, look_alikes=_look())
    try:
        count_proposal()
        return _propose(step)
    except MayNamePatient as error:
        return _form(filled, hints=render_hints(error.hints, reader_language()), look_alikes=_look()), 422
    except InvalidRequest as error:
        return _form(filled, faults=faults_by_field(error, reader_language())), 422
    except (KindNotAllowed, TooLarge):
        return _form(filled, faults=_file_refused()), 415
    except TooManyRequests as error:
        return later(_form(filled, fault="proposals.too_many"), error)


def _propose(step: str | None) -> Shown:
    draft = read_draft(request.form)
    actor = current_actor()
    try:
        made = _propose_once(actor, draft, step)
    except IdempotencyKeyReused:
        filled = keep(request.form)
        fresh = Filled({**filled.values, "once": str(uuid4())}, filled.several)
        return _form(fresh, fault="proposals.sent_before"), 422
    done = "sent" if step == "send" else "saved"
    return redirect(url_for("officer.show_one", proposal_id=made, done=done), 303)


def _propose_once(actor: Actor, draft: Draft, step: str | None) -> UUID:
    """Sent twice, by an impatient finger or by going back, it is proposed once."""
    with transaction() as session:
        desk = rules.desk(session, actor)

        def work() -> UUID:
            proposal = proposing.propose(desk, draft)
            if step == "send":
                acting.act(desk, proposal.id, "submit", sure=is_sure())
            _attach_sent(desk, proposal.id)
            return proposal.id

        return UUID(repeating.do_once(session, sent_by_form(actor.account_id), work).made)


@blueprint.get("/look")
@allowed(Role.hr)
def look() -> str:
    """What may be the same as what is being typed: a part of the form's page."""
    return render_template(
        "staff/look_alikes.html", look_alikes=_look(), chosen_listing=request.args.get("listing_id", "")
    )


@blueprint.get("/cities")
@allowed(Role.hr, Role.network)
def complete_city() -> str:
    """Cities that start with what is typed, in the chosen country: options of a list."""
    typed, country = request.args.get("city", "").strip()[:100], request.args.get("country", "").upper()
    if len(typed) < 2 or country not in load_countries():
        return ""
    places = get_gazetteer().complete(typed, (country,), limit=8)
    names = dict.fromkeys(place.matched or place.name for place in places)
    return render_template("staff/cities.html", names=names)


@blueprint.get("/pick")
@allowed(Role.hr)
def pick() -> str:
    """Listings that the reason may be about, by what is filled in so far: a part of the form."""
    items = _picked(keep(request.args))
    return render_template("staff/picked.html", items=items, chosen=request.args.get("listing_id"))


def _picked(filled: Filled) -> list[dict[str, Any]]:
    values = filled.values
    country, name = values.get("country", "").upper(), values.get("name", "").strip()[:LONGEST_NAME]
    # What was chosen stays while another reason is tried: it is only hidden, and counts again with the first one.
    asked = values.get("reason") in ABOUT_LISTING or values.get("listing_id")
    if not asked or country not in load_countries() or not name:
        return []
    where = locate(ProposedProvider("", "", country, city=values.get("city", "")[:200] or None), get_gazetteer())
    about = values.get("listing_id", "")
    looked = Looked((name,), country, around=where.around)
    return pick_listings(looked, int(about) if about.isdecimal() and len(about) < 19 else None, reader_language())


@blueprint.get("/where")
@allowed(Role.hr)
def show_where() -> dict[str, Any]:
    """What the form's map shows before it has a point."""
    return find_box()


def find_box() -> dict[str, Any]:
    """`bbox` of the city that the address names, else of the country, else null."""
    country, city = request.args.get("country", ""), request.args.get("city", "").strip()[:200]
    box = find_view(country, city, get_gazetteer())
    return {"bbox": box and [box.west, box.south, box.east, box.north]}


@blueprint.get("/proposals/<uuid:proposal_id>")
@allowed(Role.hr)
def show_one(proposal_id: UUID) -> str:
    """One proposal."""
    return _show(proposal_id)


def _show(proposal_id: UUID, fault: str | None = None, tried: str | None = None, **more: Any) -> str:
    """The page of one. What was sent and not taken, by the form `tried`, stands in its fields again.

    `more`: `faults` by field, and `hints` of what may name a patient.
    """
    lang = reader_language()
    view = load_view(current_actor(), proposal_id)
    listed, is_open = view.proposal.case.state == "listed", view.proposal.case.state in PROPOSALS.open_states
    return render_template(
        "staff/hr_proposal.html", one=render_proposal(view, lang),
        for_colleagues=message_to_colleagues(view.proposal, lang) if listed else None,
        kept=words.promise_kept(view.kept, view.proposal.type, view.proposal.country, lang) if is_open else None,
        editable=correcting.editable(view.proposal.case.state, by_desk=False),
        done=request.args.get("done"), fault=fault or known_fault(), tried=tried, written=request.form,
        lost=file_lost(), **{"faults": {}, "hints": (), **more},
    )  # fmt: skip


def _edit_again(proposal_id: UUID, fault: str) -> str:
    return _form(keep(request.form), fault=fault, **_of_edit(proposal_id))


def _of_edit(proposal_id: UUID) -> dict[str, Any]:
    """What the form for changes is about."""
    with transaction() as session:
        proposal = reading.load_proposal(session, proposal_id, current_actor())
        waits = proposal.case.state == PROPOSALS.waiting
    return {"proposal_id": proposal_id, "revision": read_revision(request.form), "waits": waits}


@blueprint.get("/proposals/<uuid:proposal_id>/edit")
@allowed(Role.hr)
def show_edit(proposal_id: UUID) -> str:
    """The form again, filled in."""
    with transaction() as session:
        proposal = reading.load_proposal(session, proposal_id, current_actor())
        filled, revision = fill(proposing.draft_of(proposal)), proposal.case.revision
    return _form(filled, **{**_of_edit(proposal_id), "revision": revision})


@blueprint.post("/proposals/<uuid:proposal_id>/edit")
@allowed(Role.hr)
@shows_again(_edit_again)
def edit(proposal_id: UUID) -> Shown:
    """Say it otherwise, and, where the team waits for it, send it back at once."""
    filled, of_edit, step = keep(request.form), _of_edit(proposal_id), request.form.get("step")
    if step == "look":
        return _form(filled, look_alikes=_look(), **of_edit)
    try:
        with transaction() as session:
            desk = rules.desk(session, current_actor())
            correction = Correction(read_draft(request.form))
            correcting.edit(desk, proposal_id, correction, of_edit["revision"], sure=is_sure())
            if step == "send":
                acting.act(desk, proposal_id, "submit", sure=is_sure())
    except MayNamePatient as error:
        return _form(filled, hints=render_hints(error.hints, reader_language()), **of_edit), 422
    except InvalidRequest as error:
        return _form(filled, faults=faults_by_field(error, reader_language()), **of_edit), 422
    except TransitionNotAllowed:
        return _form(filled, fault="proposals.closed_meanwhile", **of_edit), 409
    except RevisionConflict as conflict:
        return _form(filled, fault="proposals.changed_meanwhile", **{**of_edit, "revision": conflict.revision}), 409
    return _back(proposal_id, done="answered_now" if step == "send" else "done")


def _act_again(proposal_id: UUID, name: str, fault: str) -> str:
    return _show(proposal_id, fault, name)


@blueprint.post("/proposals/<uuid:proposal_id>/actions/<name>")
@allowed(Role.hr)
@shows_again(_act_again)
def act(proposal_id: UUID, name: str) -> Shown:
    """Send, or withdraw."""
    lang = reader_language()
    try:
        with transaction() as session:
            given = read_given(name, request.form)
            acting.act(rules.desk(session, current_actor()), proposal_id, name, given, sure=is_sure())
    except TransitionNotAllowed:
        return _show(proposal_id, "proposals.changed", name), 409
    except MayNamePatient as error:
        return _show(proposal_id, "proposals.ask", name, hints=render_hints(error.hints, lang)), 422
    except InvalidRequest as error:
        return _show(proposal_id, "proposals.missing", name, faults=faults_by_field(error, lang)), 422
    return _back(proposal_id, done="sent" if name == "submit" else "done")


def _write_again(proposal_id: UUID, fault: str) -> str:
    return _show(proposal_id, fault, "write")


@blueprint.post("/proposals/<uuid:proposal_id>/messages")
@allowed(Role.hr)
@shows_again(_write_again)
def write(proposal_id: UUID) -> Shown:
    """A message to the team; where it waits for one, the answer."""
    lang = reader_language()
    try:
        count_message()
        with transaction() as session:
            desk = rules.desk(session, current_actor())
            answers = reading.load_proposal(session, proposal_id, desk.actor).case.state == PROPOSALS.waiting
            writing.write(desk, proposal_id, request.form.get("text", ""), sure=is_sure())
    except MayNamePatient as error:
        return _show(proposal_id, "proposals.ask", "write", hints=render_hints(error.hints, lang)), 422
    except InvalidRequest as error:
        return _show(proposal_id, "proposals.missing", "write", faults=faults_by_field(error, lang)), 422
    except TooManyRequests as error:
        return later(_show(proposal_id, "proposals.too_many", "write"), error)
    return _back(proposal_id, done="answered_now" if answers else "done")


def _file_again(proposal_id: UUID, fault: str) -> str:
    return _show(proposal_id, fault, "file")


@blueprint.post("/proposals/<uuid:proposal_id>/attachments")
@allowed(Role.hr, largest_body=LARGEST_FORM)
@shows_again(_file_again)
def add_file(proposal_id: UUID) -> Shown:
    """A file."""
    lang = reader_language()
    try:
        count_file()
        with transaction() as session:
            _attach_sent(rules.desk(session, current_actor()), proposal_id)
    except MayNamePatient as error:
        return _show(proposal_id, "proposals.ask", "file", hints=render_hints(error.hints, lang)), 422
    except InvalidRequest as error:
        return _show(proposal_id, "proposals.missing", "file", faults=faults_by_field(error, lang)), 422
    except (KindNotAllowed, TooLarge):
        return _back(proposal_id, fault="file_refused")
    except TooManyRequests as error:
        return later(_show(proposal_id, "proposals.too_many", "file"), error)
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


def _support_again(proposal_id: UUID, fault: str) -> str:
    return _form(keep(request.form), fault=fault, look_alikes=_look())


@blueprint.post("/proposals/<uuid:proposal_id>/supporters")
@allowed(Role.hr, largest_body=LARGEST_FORM)
@shows_again(_support_again)
def support(proposal_id: UUID) -> Shown:
    """Back it. What was typed of another one stays in its form, where this cannot be backed."""
    try:
        with transaction() as session:
            proposing.support(rules.desk(session, current_actor()), proposal_id)
    except TransitionNotAllowed:
        return _support_again(proposal_id, "proposals.backed_not"), 409
    return redirect(url_for("officer.show_mine", done="backed_now"), 303)


def _back(proposal_id: UUID, *, done: str | None = None, fault: str | None = None) -> BaseResponse:
    return redirect(url_for("officer.show_one", proposal_id=proposal_id, done=done, fault=fault), 303)


def _file_refused() -> dict[str, str]:
    return {"file": phrase(reader_language(), "proposals.file_refused")}


def _attach_sent(desk: Desk, proposal_id: UUID) -> None:
    for sent in request.files.getlist("file"):
        if sent.filename:
            writing.attach_file(desk, proposal_id, sent.filename, sent.read(), sure=is_sure())


def _look() -> dict[str, Any] | None:
    """Look-alikes of what is filled in so far; None before a country is chosen."""
    form = request.values
    if form.get("country", "").upper() not in load_countries():
        return None
    names = ("name", "name_local", "country", "city", "type")
    provider = {name: form.get(name, "").strip()[:300] for name in names}
    if provider["type"] not in load_codes().types:
        provider["type"] = ""
    look_alikes = look_up(current_actor(), provider, reader_language())
    return {**look_alikes, "kept": _kept_promise(provider["type"], provider["country"].upper())}


def _kept_promise(type_: str, country: str) -> str | None:
    if not type_:
        return None
    with transaction() as session:
        kept = promises.find_kept(session, type_, country)
    return words.promise_kept(kept, type_, country, reader_language())


def _form(filled: Filled, **more: Any) -> str:
    lang = reader_language()
    nothing = dict.fromkeys(("fault", "look_alikes", "proposal_id", "revision", "waits", "from_last"))
    shown = {**nothing, "faults": {}, "hints": (), "lost": file_lost(), **more}
    once = filled.values.get("once") or str(uuid4())
    looks_at = url_for("officer.show_where")
    the_map = {"file": map_file(), "words": pick_words(lang)}
    return render_template(
        "staff/hr_form.html", filled=filled, once=once, map=the_map, looks_at=looks_at, picked=_picked(filled),
        pick_at=url_for("officer.pick"), chosen_listing=filled.values.get("listing_id", ""), **shown, **choices(lang),
    )  # fmt: skip


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
