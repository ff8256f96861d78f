"""Proposals in the reader's language: states, reasons, what is due, and whom it waits for."""

import datetime as dt

from directory.actors import Actor, Role
from directory.cases.clocks import is_overdue
from directory.models import CaseFile, Proposal
from directory.proposals.promises import Kept
from directory.proposals.reading import Row
from directory.proposals.rules import DECLINE_REASONS, PROPOSALS
from directory.vocabulary.codes import load_codes
from directory.wording.catalogue import has_phrase, phrase
from directory.wording.formats import day_and_month, number
from geodata.countries import country_name


def label(lang: str, kind: str, code: str) -> str:
    """What a code of one kind is called: "state", "event", "decline" …; the code itself where nobody named it."""
    key = f"proposals.{kind}.{code}"
    return phrase(lang, key) if has_phrase(key) else code


def decline_reason(lang: str, reason: str | None) -> str | None:
    """Why the network team declined: the sentence of a code, or the team's own words."""
    return label(lang, "decline", reason) if reason in DECLINE_REASONS else reason


def end_reason(proposal: Proposal, lang: str) -> str | None:
    """Why it ended, in a sentence; None while it has not."""
    state = proposal.case.state
    if state not in PROPOSALS.ends:
        return None
    return decline_reason(lang, proposal.end_reason) or label(lang, "explained", state)


def waits_for(case: CaseFile, reader: Actor) -> str | None:
    """Whom it waits for, as the reader sees it: `you`, a `colleague`, the `officer`, the `team`; None: for nobody."""
    if case.state == PROPOSALS.waiting:
        if reader.has_role(Role.network):
            return "officer"
        return "you" if case.opened_by == reader.account_id else "colleague"
    if case.state not in PROPOSALS.open_states:
        return None
    return "you" if case.owner_id is not None and case.owner_id == reader.account_id else "team"


def state(row: Row, lang: str, reader: Actor) -> str:
    """Its state; that it waits for you is said to the one who is waited for, to a colleague who that is."""
    case = row.proposal.case
    if case.state == PROPOSALS.waiting and not reader.has_role(Role.network):
        return phrase(lang, f"proposals.waits.{waits_for(case, reader)}", name=row.opener)
    return label(lang, "state", case.state)


def explained(row: Row, lang: str, reader: Actor) -> str:
    """The same in a sentence."""
    case = row.proposal.case
    if case.state == PROPOSALS.waiting and not reader.has_role(Role.network):
        return phrase(lang, f"proposals.waits_explained.{waits_for(case, reader)}", name=row.opener)
    return label(lang, "explained", case.state)


def progress(row: Row, lang: str, reader: Actor, now: dt.datetime) -> str:
    """Where it stands and what comes next: "Negotiating — next word by 4 December"."""
    case, standing = row.proposal.case, state(row, lang, reader)
    if case.state == PROPOSALS.waiting:
        for_you = waits_for(case, reader) == "you"
        return f"{standing} — {label(lang, 'due', 'information')}" if for_you else standing
    if case.due_what is None or case.due_on is None:
        return standing
    return f"{standing} — {due(lang, 'overdue' if is_overdue(case.due_at, now) else case.due_what, case.due_on)}"


def promise_kept(kept: Kept | None, type_: str, country: str, lang: str) -> str | None:
    """How it went with such proposals: "Hospital, South Sudan: typically 34 days …; 6 of 10 agreed."."""
    if kept is None:
        return None
    types = load_codes().types
    values = {
        "kind": types[type_].label(lang) if type_ in types else type_,
        "country": country_name(country, lang),
        "agreed": number(lang, kept.agreed),
        "ended": number(lang, kept.ended),
    }
    if kept.days is None:
        return phrase(lang, "proposals.kept_none", **values)
    return phrase(lang, "proposals.kept_days", days=phrase(lang, "proposals.days", count=kept.days), **values)


def due(lang: str, what: str, on: dt.date) -> str:
    """What is promised for a day: "next word by 4 December"."""
    return phrase(lang, f"proposals.due.{what}", date=day_and_month(lang, on))
