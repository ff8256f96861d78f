"""Proposals in the reader's language: states, reasons, what is due, from config/proposals.toml."""

import datetime as dt
import tomllib
from functools import lru_cache
from typing import Any

from babel.dates import format_skeleton

from config.settings import PROJECT_ROOT
from directory.models import Proposal
from directory.proposals.rules import DECLINE_REASONS, PROPOSALS

# Arabic as most international organisations write it, with the digits that phones and dates of birth have there too.
_LOCALES = {"en": "en_GB", "fr": "fr", "es": "es", "ar": "ar"}


def label(lang: str, *path: str) -> str:
    """The words at `path`; the last step itself where there are none."""
    found: Any = _words()[lang]
    for step in path:
        found = found.get(step, path[-1]) if isinstance(found, dict) else found
    return str(found)


def decline_reason(lang: str, reason: str | None) -> str | None:
    """Why the network team declined: the sentence of a code, or the team's own words."""
    return label(lang, "decline", reason) if reason in DECLINE_REASONS else reason


def end_reason(proposal: Proposal, lang: str) -> str | None:
    """Why it ended, in a sentence; None while it has not."""
    state = proposal.case.state
    if state not in PROPOSALS.ends:
        return None
    return decline_reason(lang, proposal.end_reason) or label(lang, "explained", state)


def progress(proposal: Proposal, lang: str, today: dt.date) -> str:
    """Where it stands and what comes next: "Negotiating — next word by 4 December"."""
    case = proposal.case
    state = label(lang, "state", case.state)
    if case.state == PROPOSALS.waiting:
        return f"{state} — {label(lang, 'due', 'information')}"
    if case.due_what is None or case.due_on is None:
        return state
    what = "overdue" if case.due_on < today else case.due_what
    return f"{state} — {label(lang, 'due', what).format(date=day(case.due_on, lang))}"


def day(date: dt.date, lang: str) -> str:
    """A day and its month in words, the way the language writes them."""
    return str(format_skeleton("MMMMd", date, locale=_LOCALES[lang]))


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    return tomllib.loads((PROJECT_ROOT / "config" / "proposals.toml").read_text(encoding="utf-8"))
