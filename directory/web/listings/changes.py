"""What is shown of a change."""

from typing import Any

from directory.changes.leaving import CODES, Left
from directory.changes.reading import ChangeView, Previewed
from directory.models import Change, ManyChange
from directory.vocabulary.codes import load_codes
from directory.web.listings.render import action_label, field_label, render_differences
from directory.web.render import code_label
from directory.wording.catalogue import has_phrase, phrase


def render_change(view: ChangeView, lang: str) -> dict[str, Any]:
    """A change, as `schemas.ListingChangeAnswer` describes it."""
    change, many = view.change, view.many
    return {
        "id": str(change.id),
        "revision": many.revision if many else 1,
        "state": view.state,
        **_what(change, lang),
        "search": many.search if many else None,
        "set": many.wanted if many else {},
        "needs_approval": view.needs_approval,
        "approved_by": many.approver if many else None,
        "total": view.total,
        "done": view.done,
        "left": [{"id": str(id_), "code": left.code, "why": say_left(left, lang)} for id_, left in view.left],
        "left_total": view.left_total,
        "preview": [_render_previewed(each, lang) for each in view.preview],
        "import_id": _id(change.import_id),
        "undoes": _id(change.undoes),
        "undone_by": _id(view.undone_by),
        "actions": list(view.actions),
    }


def render_summary(change: Change, many: ManyChange | None, lang: str) -> dict[str, Any]:
    """A change in a list."""
    return {
        "id": str(change.id),
        **_what(change, lang),
        "state": many.status if many else "applied",
        "total": many.total if many else None,
        "import_id": _id(change.import_id),
    }


def _what(change: Change, lang: str) -> dict[str, Any]:
    return {
        "at": change.at,
        "actor": {"role": change.role, "name": change.actor},
        "action": change.action,
        "action_label": action_label(change.action, lang),
        "reason": change.reason,
    }


def _render_previewed(previewed: Previewed, lang: str) -> dict[str, Any]:
    return {
        "id": str(previewed.listing_id),
        "name": previewed.name,
        "fields": render_differences(previewed.fields, lang),
        "why": say_left(previewed.why, lang) if previewed.why else None,
    }


def say_left(left: Left, lang: str) -> str:
    """Why a listing was left, in words."""
    return phrase(lang, f"listing.left_{left.code if left.code in CODES else 'other'}", about=_say_about(left, lang))


def _say_about(left: Left, lang: str) -> str:
    parts = [part for part in left.about.split(",") if part]
    if left.code == "state":
        return " ".join(phrase(lang, f"listings.status_{part}") for part in parts)
    if left.code == "terms":
        return " ".join(code_label(load_codes().networks, part, lang) for part in parts)
    if left.code == "fault":
        return " · ".join(field_label(part, lang) if has_phrase(f"listing.field_{part}") else part for part in parts)
    return ", ".join(parts)


def _id(number: int | None) -> str | None:
    return None if number is None else str(number)
