"""A provider refused the card: what is said, kept, done about it. Nothing here ever suspends anything by itself."""

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from babel.numbers import list_currencies
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.languages import LANGUAGES
from directory.actors import Actor
from directory.care.desks import desk
from directory.care.kinds import CONFIRMING, REFUSALS, REFUSALS_AT_DESK
from directory.care.numbers import read_phone
from directory.care.telling import tell_of_outcome
from directory.cases import casework, vault
from directory.cases.casework import CaseNotFound, Desk
from directory.cases.following import let_follow
from directory.errors import Fault, InvalidRequest
from directory.listings.curating import Curator
from directory.listings.shown import load_public_listing
from directory.listings.terms import suspend_agreement
from directory.models import (
    Agreement,
    AgreementStatus,
    Channel,
    Listing,
    ListingStatus,
    MessageKind,
    Network,
    Refusal,
    Settlement,
)

LONGEST_TEXT = 2000
LONGEST_CONTACT = 200
LONGEST_REASON = 500
MOST_ALTERNATIVES = 3
LONGEST_SUSPENSION_DAYS = 180
# How long ago it may have been.
OLDEST_DAYS = 400
CARES = ("consultation", "medicine", "laboratory", "imaging", "day_surgery", "stay", "emergency", "other")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True, slots=True)
class RefusalDraft:
    """What somebody says. `phone`, `contact` and `text` are the person's, and sealed."""

    listing_id: int
    at_desk: bool
    lang: str = "en"
    network: str | None = None
    happened_on: dt.date | None = None
    care: str | None = None
    asked_cash: bool | None = None
    paid_amount: Decimal | None = None
    paid_currency: str | None = None
    phone: str | None = None
    contact: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What comes with an action on a refusal; which of it an action takes and needs is said in kinds.py."""

    message: str | None = None
    note: str | None = None
    channel: str | None = None
    reason: str | None = None
    confirmed: bool | None = None
    listing_ids: tuple[int, ...] = ()
    telehealth: bool | None = None
    begins: dt.date | None = None
    until: dt.date | None = None
    instead: str | None = None
    agreement_id: int | None = None


_NOTHING = Outcome()
# What a part is called on the wire, where that is another word.
_CALLED = {"begins": "from"}


def refuse(session: Session, actor: Actor, draft: RefusalDraft, sender: str, now: dt.datetime | None = None) -> Refusal:
    """Keep that a provider refused the card; whoever has no account may follow it. `sender`: who, and tells nobody.

    Raises InvalidRequest, ListingNotFound, ListingGone, VaultClosed where there is something to seal and no key.
    """
    at = desk(session, REFUSALS_AT_DESK if draft.at_desk else REFUSALS, actor, now)
    listing = load_public_listing(draft.listing_id, session.connection())
    said = _check(session, draft, listing["country"], at)
    case = casework.open_case(at)
    refusal = Refusal(
        id=case.id,
        case=case,
        listing_id=draft.listing_id,
        network=draft.network,
        at_desk=draft.at_desk,
        happened_on=draft.happened_on or at.today,
        received_at=case.received_at,
        care=draft.care,
        asked_cash=draft.asked_cash,
        paid_amount=draft.paid_amount,
        paid_currency=draft.paid_currency,
        lang=draft.lang,
        sender=f"member:{actor.member_id}" if actor.member_id else sender,
        verified_on=session.scalar(select(Listing.verified_on).where(Listing.id == draft.listing_id)),
    )
    session.add(refusal)
    if said:
        vault.seal(session, case.id, said)
    let_follow(case)
    session.flush()
    return refusal


def refuse_plainly(  # noqa: PLR0917 (as a sentence: who says what of which listing)
    session: Session, actor: Actor, listing_id: int, text: str | None, contact: str | None, sender: str
) -> Refusal:
    """Keep what came by a report, which has the words too: here they are sealed, where they can be."""
    listing = load_public_listing(listing_id, session.connection())
    reachable = contact and (_EMAIL.fullmatch(contact) or _is_number(contact, listing["country"]))
    if not vault.is_open():
        text = reachable = None
    draft = RefusalDraft(
        listing_id, at_desk=False, lang=actor.lang, text=text, contact=contact if reachable else None
    )  # fmt: skip
    return refuse(session, actor, draft, sender)


def act(  # noqa: PLR0917 (as a sentence: who does what to which, with what)
    session: Session,
    actor: Actor,
    refusal_id: UUID,
    name: str,
    given: Outcome = _NOTHING,
    revision: int | None = None,
    now: dt.datetime | None = None,
) -> Refusal:
    """Take one action. Raises CaseNotFound, UnknownAction, NotAllowed, TransitionNotAllowed, RevisionConflict, …"""
    at = desk(session, REFUSALS, actor, now)
    case = casework.lock_case(at, refusal_id)
    refusal = session.scalar(select(Refusal).where(Refusal.id == case.id))
    if refusal is None or not at.reader.may_see(case):
        raise CaseNotFound("There is nothing under this id.")
    at = desk(session, REFUSALS_AT_DESK if refusal.at_desk else REFUSALS, actor, now)
    casework.check_action(at, case, name, revision)
    check_given(name, given)
    told = _EFFECTS[name](at, refusal, given) if name in _EFFECTS else {}
    if name in CONFIRMING or given.confirmed:
        refusal.confirmed = True
    if case.owner_id is None and at.is_desk:
        case.owner_id = actor.account_id
    casework.take_action(at, case, name, **told)
    _write_words(at, refusal, given)
    session.flush()
    if case.state in REFUSALS.ends and at.is_desk:
        tell_of_outcome(session, case, refusal.lang)
    return refusal


def load(session: Session, actor: Actor, refusal_id: UUID) -> Refusal:
    """One that the actor may see. Raises CaseNotFound."""
    at = desk(session, REFUSALS, actor)
    casework.load_case(at, refusal_id)
    return session.get_one(Refusal, refusal_id)


def check_given(name: str, given: Outcome) -> None:
    """Raises InvalidRequest where something is missing, or is not what the action takes."""
    action, faults = REFUSALS.actions[name], []
    for part in Outcome.__dataclass_fields__:
        called, value = _CALLED.get(part, part), getattr(given, part)
        empty = value in (None, ()) or (isinstance(value, str) and not value.strip())
        if empty and called in action.needs:
            faults.append(Fault(f"/{called}", f"{name} needs it."))
        elif not empty and called not in action.takes:
            faults.append(Fault(f"/{called}", f"{name} takes no such thing.", tuple(sorted(action.takes))))
    if given.reason and len(given.reason) > LONGEST_REASON:
        faults.append(Fault("/reason", f"At most {LONGEST_REASON} characters.", most=LONGEST_REASON))
    if name == "alternative" and not given.listing_ids and not given.telehealth:
        faults.append(Fault("/listing_ids", "Name one to three listings, or telehealth.", most=MOST_ALTERNATIVES))
    if len(given.listing_ids) > MOST_ALTERNATIVES:
        faults.append(Fault("/listing_ids", f"At most {MOST_ALTERNATIVES}.", most=MOST_ALTERNATIVES))
    if faults:
        raise InvalidRequest(*faults)


def _check(session: Session, draft: RefusalDraft, country: str, at: Desk) -> dict[str, Any]:
    """What there is to seal, cleaned. Raises InvalidRequest with all that is wrong."""
    faults = []
    if draft.lang not in LANGUAGES:
        faults.append(Fault("/lang", "This is not one of the languages.", tuple(LANGUAGES)))
    if draft.care is not None and draft.care not in CARES:
        faults.append(Fault("/care", "This is not one of the codes.", CARES))
    if draft.network is not None and session.get(Network, draft.network) is None:
        faults.append(Fault("/network", "There is no such network."))
    day = draft.happened_on
    if day and not at.today - dt.timedelta(OLDEST_DAYS) <= day <= at.today + dt.timedelta(1):
        faults.append(Fault("/happened_on", f"A day of the last {OLDEST_DAYS} days.", most=OLDEST_DAYS))
    faults += _check_amount(draft)
    phone, wrong = read_phone(draft.phone, country, "/phone")
    faults += wrong
    if draft.at_desk and not (draft.phone or "").strip():
        faults.append(Fault("/phone", "Needed at the desk: we may have to call you back while you stand there."))
    contact = (draft.contact or "").strip() or None
    if contact and (len(contact) > LONGEST_CONTACT or not (_EMAIL.fullmatch(contact) or _is_number(contact, country))):
        faults.append(Fault("/contact", "An e-mail address or a phone number."))
    text = None
    if (draft.text or "").strip():
        if len(draft.text or "") > LONGEST_TEXT:
            faults.append(Fault("/text", f"At most {LONGEST_TEXT} characters.", most=LONGEST_TEXT))
        else:
            text = casework.clean_message(draft.text or "")
    if faults:
        raise InvalidRequest(*faults)
    return {name: said for name, said in (("phone", phone), ("contact", contact), ("text", text)) if said}


def _is_number(contact: str, country: str) -> bool:
    return read_phone(contact, country, "/contact")[0] is not None


def _check_amount(draft: RefusalDraft) -> list[Fault]:
    amount, currency = draft.paid_amount, draft.paid_currency
    if (amount is None) != (currency is None):
        return [Fault("/paid_currency" if currency is None else "/paid_amount", "Amount and currency, or neither.")]
    faults = []
    if amount is not None and not (Decimal(0) < amount < Decimal(10) ** 10):
        faults.append(Fault("/paid_amount", "An amount of more than 0, with two decimals at most."))
    if currency is not None and currency not in list_currencies():
        faults.append(Fault("/paid_currency", "A currency of ISO 4217, such as USD."))
    return faults


def _alternative(at: Desk, refusal: Refusal, given: Outcome) -> dict[str, object]:
    known = set(
        at.session.scalars(
            select(Listing.id).where(Listing.id.in_(given.listing_ids), Listing.status == ListingStatus.active)
        )
    )
    wrong = [str(each) for each in given.listing_ids if each not in known or each == refusal.listing_id]
    if wrong:
        raise InvalidRequest(Fault("/listing_ids", f"No other listing that members see: {', '.join(wrong)}."))
    refusal.alternatives = list(given.listing_ids)
    refusal.telehealth = bool(given.telehealth)
    return {}


def _dismiss(_at: Desk, refusal: Refusal, given: Outcome) -> dict[str, object]:
    refusal.reason = (given.reason or "").strip()
    refusal.confirmed = False
    return {}


def _suspend(at: Desk, refusal: Refusal, given: Outcome) -> dict[str, object]:
    """Suspend the agreement that was refused: a step of the network team's, with its own change and audit."""
    longest = at.today + dt.timedelta(LONGEST_SUSPENSION_DAYS)
    if given.until and not at.today < given.until <= longest:
        rule = f"A day from tomorrow to {longest.isoformat()}: {LONGEST_SUSPENSION_DAYS} days at most."
        raise InvalidRequest(Fault("/until", rule, most=LONGEST_SUSPENSION_DAYS))
    curator = Curator(at.session, at.actor, at.today)
    agreements = _agreements(at, refusal, given.agreement_id)
    for agreement_id in agreements:
        suspend_agreement(
            curator,
            refusal.listing_id,
            agreement_id,
            given.reason,
            begins=given.begins,
            ends=given.until,
            instead=given.instead,
        )
    refusal.reason = (given.reason or "").strip()
    return {"agreement_id": agreements[0]}


def _agreements(at: Desk, refusal: Refusal, agreement_id: int | None) -> list[int]:
    """The one that is named, else that of the refusal's network, else all that promise the card."""
    active = select(Agreement).where(
        Agreement.listing_id == refusal.listing_id, Agreement.status == AgreementStatus.active
    )
    found = list(at.session.scalars(active.order_by(Agreement.id)))
    if agreement_id is not None:
        return [agreement_id]
    if refusal.network:
        found = [each for each in found if each.network == refusal.network]
    card = [each.id for each in found if Settlement.card in (each.outpatient, each.inpatient)]
    if not card and not found:
        raise InvalidRequest(Fault("/agreement_id", "This listing has no agreement that could be suspended."))
    return card or [each.id for each in found]


_EFFECTS = {"alternative": _alternative, "dismiss": _dismiss, "suspend": _suspend}


def _write_words(at: Desk, refusal: Refusal, given: Outcome) -> None:
    if given.message and given.message.strip():
        casework.write_message(at, refusal.case, given.message)
    if given.note and given.note.strip():
        kind = MessageKind.contact if given.channel else MessageKind.note
        casework.write_message(at, refusal.case, given.note, kind, Channel(given.channel) if given.channel else None)
