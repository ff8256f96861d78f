"""/contact and /follow: ask something, the addresses, the numbers, call me; and how it goes on. No script is needed."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, request, url_for
from werkzeug import Response as BaseResponse

from directory.actors import Actor
from directory.admission.limits import TooManyRequests
from directory.care import calls, questions, refusals
from directory.care.calls import CallDraft
from directory.care.contacts import load_contacts
from directory.care.kinds import CALLS, CONTACTS, KINDS, TOPICS
from directory.care.numbers import NumberRefused
from directory.care.questions import Question
from directory.care.queues import find_row
from directory.care.telling import follow_url
from directory.cases import vault
from directory.cases.attachments import LARGEST_FILE
from directory.cases.casework import CaseNotFound
from directory.cases.following import follow
from directory.cases.sealed_files import SentFile
from directory.cases.vault import VaultClosed
from directory.db import transaction
from directory.errors import Fault, IdempotencyKeyReused, InvalidRequest, TransitionNotAllowed
from directory.models import CaseFile
from directory.pages.members.frame import reader_words, show, show_problems_as_pages
from directory.pages.members.helping import chosen, countries, explain, explain_number
from directory.pages.members.search import ours
from directory.pages.members.words import Words
from directory.web.access import public
from directory.web.admission import LARGEST_BODY, require_own_origin
from directory.web.care.limits import count_following, count_number
from directory.web.care.now import render_line, spaced
from directory.web.care.render import render_case
from directory.web.care.sending import send_call, send_question
from geodata.countries import load_countries

blueprint = public(Blueprint("contact", __name__, template_folder="templates"))

# Five photographs of a telephone, and the words with them.
LARGEST_FORM = 2 * LARGEST_FILE + LARGEST_BODY
TABS = ("form", "details", "numbers", "call")
_FORM = ("topic", "text", "email", "phone", "country", "reference_number", "listing", "idempotency_key")
_CALL = ("country", "number", "topic", "urgent", "listing", "confirmed", "idempotency_key")


@blueprint.get("/contact")
def show_contact() -> BaseResponse:
    """One of four: a form, addresses, toll-free numbers, call me."""
    words = reader_words()
    tab = chosen(request.args.get("tab", ""), TABS) or "form"
    given = {name: request.args.get(name, "").strip()[:60] for name in ("country", "listing", "topic", "urgent")}
    return _show(words, tab, {**given, "idempotency_key": str(uuid.uuid4())})


@blueprint.post("/contact")
def send_form() -> BaseResponse:
    """The form, or a wish to be called; a number is shown back before it is kept."""
    request.max_content_length = LARGEST_FORM
    require_own_origin()
    words = reader_words()
    tab = "call" if request.form.get("tab") == "call" else "form"
    draft = {name: request.form.get(name, "").strip() for name in (_CALL if tab == "call" else _FORM)}
    try:
        return _call(words, draft) if tab == "call" else _ask(words, draft)
    except InvalidRequest as error:
        return _show(words, tab, {**draft, "confirmed": ""}, status=400, faults=explain(error, words))
    except TooManyRequests as error:
        page = _show(words, tab, draft, status=429, faults=[{"field": "", "said": words.t("care.limit")}])
        page.headers["Retry-After"] = str(error.allowance.retry_after_s)
        return page
    except IdempotencyKeyReused:
        fresh = {**draft, "idempotency_key": str(uuid.uuid4())}
        return _show(words, tab, fresh, status=422, faults=[{"field": "", "said": words.t("care.again")}])
    except VaultClosed:
        return _show(words, tab, draft, status=503, faults=[{"field": "", "said": words.t("care.closed")}])


def _ask(words: Words, draft: dict[str, str]) -> BaseResponse:
    question = Question(
        topic=draft["topic"],
        text=draft["text"],
        email=draft["email"] or None,
        phone=draft["phone"] or None,
        country=chosen(draft["country"], load_countries()),
        reference_number=draft["reference_number"] or None,
        lang=words.language,
        listing_id=_listing(draft["listing"]),
    )
    sent = [SentFile(each.filename, each.read()) for each in request.files.getlist("files") if each.filename]
    return _on(words, send_question(question, ours(draft["idempotency_key"]), sent))


def _call(words: Words, draft: dict[str, str]) -> BaseResponse:
    country = chosen(draft["country"], load_countries())
    if country is None:
        raise InvalidRequest(Fault("/country", "Choose one."))
    if not draft["confirmed"]:
        return _confirm(words, draft, country)
    wish = CallDraft(
        country=country,
        number=draft["confirmed"],
        lang=words.language,
        topic=chosen(draft["topic"], TOPICS) or "other",
        urgent=bool(draft["urgent"]),
        listing_id=_listing(draft["listing"]),
    )
    made, _ = send_call(wish, draft["confirmed"], ours(draft["idempotency_key"]))
    return _on(words, made)


def _confirm(words: Words, draft: dict[str, str], country: str) -> BaseResponse:
    """The number as we would call it: a slip is found by reading."""
    count_number()
    with transaction() as session:
        try:
            read = calls.check_number(session, country, draft["number"])
        except NumberRefused as error:
            faults = [{"field": "number", "said": explain_number(error, words)}]
            return _show(words, "call", draft, status=400, faults=faults)
    said = [words.t(f"care.warning_{warning}") for warning in read.warnings]
    return _show(words, "call", draft, read={"number": read.e164, "shown": spaced(read.e164), "warnings": said})


def _on(words: Words, made: uuid.UUID) -> BaseResponse:
    with transaction() as session:
        link = follow_url(session.get_one(CaseFile, made))
    return redirect(f"/{link.split('/', 3)[3]}?lang={words.language}&sent=yes", 303)


def _listing(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def _show(
    words: Words, tab: str, draft: dict[str, str], *, status: int = 200, faults: Any = (), read: Any = None
) -> BaseResponse:
    contacts, country = load_contacts(), chosen(draft.get("country", "").upper(), load_countries())
    every = [render_line(line, words.language) for line in contacts.lines if line.kind == "members"]
    return show(
        "members/contact.html",
        words,
        status=status,
        tab=tab,
        tabs=TABS,
        draft={**draft, "country": country or ""},
        faults=faults,
        read=read,
        countries=countries(words),
        topics=TOPICS,
        lines=[render_line(line, words.language) for line in contacts.find(country)],
        toll_free=[line for line in every if line["toll_free"]],
        mailboxes={name: address for name, address in contacts.mailboxes.items() if name != "care_lead"},
        invented=contacts.invented,
        is_open=vault.is_open(),
        looked_at=country,
    )


@blueprint.get("/follow/<link>")
def show_followed(link: str) -> BaseResponse:
    """How a case goes on, for whoever holds its link."""
    words = reader_words()
    count_following()
    return _show_followed(words, link)


@blueprint.post("/follow/<link>")
def act_followed(link: str) -> BaseResponse:
    """Take it back."""
    require_own_origin()
    words = reader_words()
    count_following()
    case, holder = _find(link, words)
    name = request.form.get("action", "")
    try:
        with transaction() as session:
            if name in ("cancel", "withdraw"):
                _ACTS[case.kind](session, holder, case.id, name)
    except TransitionNotAllowed:
        return _show_followed(words, link, status=409, late=True)
    return redirect(url_for("contact.show_followed", link=link, lang=words.language), 303)


_ACTS: dict[str, Callable[..., object]] = {"refusal": refusals.act, "call": calls.act, "contact": questions.act}


def _find(link: str, words: Words) -> tuple[CaseFile, Actor]:
    """The case of a link, whatever it is about. Raises CaseNotFound."""
    now = dt.datetime.now(dt.UTC)
    with transaction() as session:
        for workflow in KINDS.values():
            try:
                return follow(session, workflow, link, words.language, now)
            except CaseNotFound:
                continue
    raise CaseNotFound("There is nothing under this link, or no longer.")


def _show_followed(words: Words, link: str, *, status: int = 200, late: bool = False) -> BaseResponse:
    case, holder = _find(link, words)
    with transaction() as session:
        row = find_row(session, case.kind, case.id)
        if row is None:
            raise CaseNotFound("There is nothing under this link, or no longer.")
        one = render_case(session, holder, row, words.language)
    page = show(
        "members/followed.html",
        words,
        status=status,
        one=one,
        number=one.get("number") and spaced(one["number"]),
        sent=request.args.get("sent") == "yes",
        late=late,
        link=link,
        is_call=case.kind == CALLS.kind,
        is_question=case.kind == CONTACTS.kind,
        looked_at=one["listing"]["country"] if one["listing"] else one["country"],
    )
    # The address is a secret: no other page learns it.
    page.headers["Referrer-Policy"] = "same-origin"
    return page


show_problems_as_pages(blueprint, lambda _words, _slug: {"form": None, "again": None})
