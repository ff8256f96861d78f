"""Proposals in the reader's language: states, reasons, what is due."""

import datetime as dt

from directory.cases.clocks import is_overdue
from directory.models import Proposal
from directory.proposals.rules import DECLINE_REASONS, PROPOSALS
from directory.wording.catalogue import has_phrase, phrase
from directory.wording.formats import day_and_month


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


def progress(proposal: Proposal, lang: str, now: dt.datetime) -> str:
    """Where it stands and what comes next: "Negotiating — next word by 4 December"."""
    case = proposal.case
    state = label(lang, "state", case.state)
    if case.state == PROPOSALS.waiting:
        return f"{state} — {label(lang, 'due', 'information')}"
    if case.due_what is None or case.due_on is None:
        return state
    return f"{state} — {due(lang, 'overdue' if is_overdue(case.due_at, now) else case.due_what, case.due_on)}"


def due(lang: str, what: str, on: dt.date) -> str:
    """What is promised for a day: "next word by 4 December"."""
    return phrase(lang, f"proposals.due.{what}", date=day_and_month(lang, on))
