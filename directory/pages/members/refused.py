"""/search/<id>/refused: the card was refused. What helps at once stands before any field; then a form that tells us."""

import datetime as dt
import uuid
from decimal import Decimal, InvalidOperation
from typing import Any

from babel.numbers import list_currencies
from flask import redirect, request
from werkzeug import Response as BaseResponse

from directory.admission.limits import TooManyRequests
from directory.care.refusals import CARES, RefusalDraft
from directory.care.telling import follow_url
from directory.cases.vault import VaultClosed
from directory.db import transaction
from directory.errors import Fault, IdempotencyKeyReused, InvalidRequest
from directory.listings.shown import load_public_listing
from directory.models import CaseFile
from directory.pages.members.frame import reader_words, show
from directory.pages.members.helping import explain
from directory.pages.members.search import blueprint, hours_of, ours
from directory.pages.members.words import Words, phone_link
from directory.web.admission import LARGEST_BODY, require_own_origin
from directory.web.care.now import render_now
from directory.web.care.sending import send_refusal
from directory.web.parameters import parse_listing_id
from directory.web.render import render_item

__all__ = ["blueprint"]

_FIELDS = (
    "when", "happened_on", "care", "asked_cash", "paid_amount", "paid_currency", "phone", "contact", "text",
    "idempotency_key",
)  # fmt: skip


@blueprint.get("/<listing_id>/refused")
def show_refused(listing_id: str) -> BaseResponse:
    """Whom to call, what to show at the desk, where else; and the form."""
    return _show(listing_id, reader_words())


@blueprint.post("/<listing_id>/refused")
def send_refused(listing_id: str) -> BaseResponse:
    """Receive the form; what was typed is kept where something is wrong."""
    request.max_content_length = LARGEST_BODY
    require_own_origin()
    words = reader_words()
    draft = {name: request.form.get(name, "").strip() for name in _FIELDS}
    try:
        made = send_refusal(_read(listing_id, draft, words), ours(draft["idempotency_key"]))
    except InvalidRequest as error:
        return _show(listing_id, words, status=400, draft=draft, faults=explain(error, words))
    except TooManyRequests as error:
        faults = [{"field": "", "said": words.t("care.limit")}]
        page = _show(listing_id, words, status=429, draft=draft, faults=faults)
        page.headers["Retry-After"] = str(error.allowance.retry_after_s)
        return page
    except IdempotencyKeyReused:
        fresh = {**draft, "idempotency_key": str(uuid.uuid4())}
        return _show(listing_id, words, status=422, draft=fresh, faults=[{"field": "", "said": words.t("care.again")}])
    except VaultClosed:
        return _show(listing_id, words, status=503, draft=draft, faults=[{"field": "", "said": words.t("care.closed")}])
    with transaction() as session:
        link = follow_url(session.get_one(CaseFile, made))
    return redirect(f"/{link.split('/', 3)[3]}?lang={words.language}&sent=yes", 303)


def _read(listing_id: str, draft: dict[str, str], words: Words) -> RefusalDraft:
    """What the fields say. Raises InvalidRequest."""
    faults = []
    if draft["when"] not in ("now", "earlier"):
        faults.append(Fault("/at_desk", "Now, or earlier."))
    day = amount = None
    try:
        day = dt.date.fromisoformat(draft["happened_on"]) if draft["happened_on"] else None
    except ValueError:
        faults.append(Fault("/happened_on", "A day."))
    try:
        amount = Decimal(draft["paid_amount"].replace(",", ".")) if draft["paid_amount"] else None
    except InvalidOperation:
        faults.append(Fault("/paid_amount", "An amount."))
    if faults:
        raise InvalidRequest(*faults)
    return RefusalDraft(
        listing_id=parse_listing_id(listing_id),
        at_desk=draft["when"] == "now",
        lang=words.language,
        happened_on=day,
        care=draft["care"] or None,
        asked_cash=True if draft["asked_cash"] else None,
        paid_amount=amount,
        paid_currency=draft["paid_currency"].upper() or None if amount is not None else None,
        phone=draft["phone"] or None,
        contact=draft["contact"] or None,
        text=draft["text"] or None,
    )


def _show(
    listing_id: str, words: Words, *, status: int = 200, draft: dict[str, str] | None = None, faults: Any = ()
) -> BaseResponse:
    number = parse_listing_id(listing_id)
    shown = load_public_listing(number)
    now = render_now(shown, words.language)
    item = render_item(shown, words.language)
    own = now["sheet"]["lang"] == words.language
    return show(
        "members/refused.html",
        words,
        status=status,
        item=item,
        now=now,
        sheet_in_own=None if own else _sheet(words, now),
        open_hours={each["id"]: hours_of(words, each) for each in now["nearest"]},
        cares=CARES,
        currencies=sorted(list_currencies()),
        today=dt.datetime.now(dt.UTC).date().isoformat(),
        draft=draft or {"idempotency_key": str(uuid.uuid4())},
        faults=faults,
        looked_at=shown["country"],
    )


def _sheet(words: Words, now: dict[str, Any]) -> list[Any]:
    """What the sheet says, in the reader's own language."""
    line = now["provider_call"]
    called = [words.t("care.sheet_call", phone=phone_link(line["number_shown"]))] if line else []
    return [words.t("care.sheet_insured"), *called, words.t("care.sheet_cash")]
