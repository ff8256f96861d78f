"""What is shown of a change."""

from typing import Any

from directory.changes.reading import ChangeView, Previewed
from directory.models import Change, ManyChange
from directory.web.listings.render import action_label, render_differences


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
        "left": [{"id": str(id_), "why": why} for id_, why in view.left],
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
        "why": previewed.why,
    }


def _id(number: int | None) -> str | None:
    return None if number is None else str(number)
