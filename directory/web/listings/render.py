"""What is shown of a listing to the network team, and of what was done to it."""

from collections.abc import Mapping, Sequence
from typing import Any

from directory.listings.facts import further_name
from directory.listings.history import Step
from directory.listings.shown import holds_on
from directory.listings.terms import allowed_actions
from directory.listings.undoing import blocked_by, find_void
from directory.listings.whole import WholeListing
from directory.vocabulary.codes import load_codes
from directory.web.render import code_label, render_item
from directory.wording.catalogue import phrase
from geodata.countries import country_name

# What follows from other fields, and is not told beside them.
_FOLLOWS = frozenset({"place_id", "time_zone", "confirmed"})


def render_whole(whole: WholeListing, lang: str, change_id: int | None = None) -> dict[str, Any]:
    """One listing, as `schemas.WholeAnswer` describes it."""
    facts, codes = whole.facts, load_codes()
    listing, location, provider = facts["listing"], facts["location"], facts["provider"]
    return {
        "id": str(whole.listing_id),
        "status": listing["status"],
        "status_reason": listing["status_reason"],
        "suspended_from": listing["suspended_from"],
        "suspended_until": listing["suspended_until"],
        "merged_into": _id(listing["merged_into"]),
        "merged": [{**each, "id": str(each["id"])} for each in whole.merged],
        "revision": whole.revision,
        "name": provider["name"],
        "names": [further_name(provider["name"], provider["lang"]), *facts["names"]],
        "kind": provider["kind"],
        "type": listing["type"],
        "type_label": code_label(codes.types, listing["type"], lang),
        "specialties": facts["specialties"],
        "specialty_labels": [code_label(codes.specialties, each, lang) for each in facts["specialties"]],
        **{name: location[name] for name in _LOCATION},
        "country_label": country_name(location["country"], lang),
        "place": _id(location["place_id"]),
        "languages": listing["languages"],
        "hours": listing["hours"],
        "verified_on": listing["verified_on"],
        "verified_by": listing["verified_by"] if listing["verified_on"] else None,
        "agreements": [render_agreement(each, whole) for each in facts["agreements"]],
        "facts": dict(whole.groups),
        "source": whole.source,
        "external_id": whole.external_id,
        "updated_at": whole.changed_at,
        "as_of": whole.as_of,
        "actions": list(whole.actions),
        "change_id": _id(change_id),
        "shown": whole.shown and render_item(whole.shown, lang),
    }


_LOCATION = (
    "address", "postal_code", "city", "region", "country", "lat", "lon", "precision", "time_zone", "phones", "email",
    "website",
)  # fmt: skip


def render_agreement(agreement: Mapping[str, Any], whole: WholeListing) -> dict[str, Any]:
    """An agreement, whenever it holds."""
    plain = ("network", "outpatient", "inpatient", "tariff", "notice_days", "status")
    suspension = ("suspended_from", "suspended_until", "suspension_reason", "instead")
    return {
        "id": str(agreement["id"]),
        **{name: agreement[name] for name in (*plain, *suspension)},
        "effective_from": agreement["from"],
        "effective_to": agreement["to"],
        "in_force": holds_on(agreement, whole.day.isoformat()),
        "actions": list(allowed_actions(agreement)) if "edit" in whole.actions else [],
    }


def render_history(steps: Sequence[Step], lang: str, limit: int) -> dict[str, Any]:
    """What was done to a listing, as `schemas.HistoryAnswer` describes it."""
    void = find_void(steps)
    return {"items": [_render_step(steps, step, lang, void) for step in steps[:limit]], "total": len(steps)}


def _render_step(steps: Sequence[Step], step: Step, lang: str, void: set[int]) -> dict[str, Any]:
    undone = step.change_id in void
    blocking = [] if undone else blocked_by(steps, step)
    return {
        "change_id": str(step.change_id),
        "at": step.at,
        "actor": {"role": step.role, "name": step.actor},
        "action": step.action,
        "action_label": action_label(step.action, lang),
        "reason": step.reason,
        "revision": step.revision,
        "fields": render_differences(step.fields if step.before is not None else {}, lang),
        "undoes": _id(step.undoes),
        "undone_by": _id(step.undone_by),
        "undoable": not undone and step.undone_by is None and not blocking,
        "blocked_by": [str(each) for each in blocking],
    }


def render_differences(fields: Mapping[str, tuple[Any, Any]], lang: str) -> list[dict[str, Any]]:
    """What differs, a field at a time; what follows from another field is not told beside it."""
    return [
        {"field": name, "label": field_label(name, lang), "before": before, "after": after}
        for name, (before, after) in fields.items()
        if name not in _FOLLOWS
    ]


def action_label(action: str, lang: str) -> str:
    """What was done, in words."""
    try:
        return phrase(lang, f"listing.action_{action}")
    except KeyError:  # one of a later or an earlier version
        return action


def field_label(name: str, lang: str) -> str:
    """What a field is called."""
    return phrase(lang, f"listing.field_{'agreement' if name.startswith('agreement:') else name}")


def _id(number: int | None) -> str | None:
    return None if number is None else str(number)
