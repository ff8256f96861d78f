"""The history of a listing as pages show it, and the line that says what was just done, with its undo."""

from collections.abc import Sequence
from typing import Any

from flask import request
from sqlalchemy.orm import Session

from directory.errors import ListingNotFound
from directory.listings.changing import driver_of
from directory.listings.history import Step, load_history
from directory.listings.undoing import blocked_by, find_void
from directory.pages.staff.listings.told import tell
from directory.web.listings.render import action_label
from directory.wording.catalogue import has_phrase, phrase

# What those who act without an account are called.
_NOBODY = ("system", "command")


def show_steps(chosen: Sequence[Step], steps: Sequence[Step], lang: str) -> list[dict[str, Any]]:
    """Some steps of a history, each in words; `steps` is all of it, the latest first."""
    void = find_void(steps)
    at = {step.change_id: step.at for step in steps}
    return [_show(step, steps, void, at, lang) for step in chosen]


def _show(step: Step, steps: Sequence[Step], void: set[int], at: dict[int, Any], lang: str) -> dict[str, Any]:
    undone = step.change_id in void
    blocking = [] if undone else blocked_by(steps, step)
    return {
        "change": step.change_id,
        "at": step.at,
        "actor": phrase(lang, "listing.by_itself") if step.role in _NOBODY and not step.actor else step.actor,
        "action": step.action,
        "label": action_label(step.action, lang),
        "reason": step.reason,
        "revision": step.revision,
        "made": step.before is None,
        "fields": tell(step.fields, lang) if step.before is not None else [],
        "undoes": step.undoes,
        "undone_by": step.undone_by if undone else None,
        "undoable": not undone and step.undone_by is None and not blocking,
        "blocked_by": [{"change": each, "at": at.get(each)} for each in blocking],
    }


def load_flash(session: Session, listing_id: int, steps: Sequence[Step], lang: str) -> dict[str, Any] | None:
    """What the address says was just done, here or at another listing, and whether it can be taken back."""
    change, other = request.args.get("did", type=int), request.args.get("of", listing_id, type=int)
    if change is None:
        return None
    if other != listing_id:
        try:
            steps = load_history(driver_of(session), other)
        except ListingNotFound:
            return None
    step = next((each for each in steps if each.change_id == change), None)
    if step is None:
        return None
    words = f"listing.did_{step.action}"
    return {
        "words": phrase(lang, words) if has_phrase(words) else action_label(step.action, lang),
        "name": step.after["provider"]["name"] if other != listing_id else None,
        "listing": other,
        **show_steps([step], steps, lang)[0],
    }
