"""What the address of the queue asks for, and what of it is carried from page to page."""

from typing import Any

from flask import request

from directory.cases.queue import PAGE
from directory.proposals.reading import QueueSort
from directory.proposals.rules import PROPOSALS

_FILTERS = ("q", "state", "country", "urgency", "owner", "overdue", "sort")
_LONGEST = 200


def kept_filters() -> dict[str, Any]:
    """What the address says of the queue, for addresses that lead back to it."""
    return {name: request.args[name] for name in (*_FILTERS, "offset") if request.args.get(name)}


def asked_filters() -> dict[str, Any]:
    """The filters of the address; what is empty asks for nothing, what is none of ours is dropped."""
    filters: dict[str, Any] = {
        name: text[:_LONGEST] for name in _FILTERS if (text := request.args.get(name, "").strip())
    }
    filters["overdue"] = bool(filters.get("overdue"))
    if filters.get("sort") not in tuple(QueueSort):
        filters.pop("sort", None)
    start = request.args.get("offset", "0")
    return {**filters, "limit": PAGE, "offset": int(start) if start.isdecimal() and len(start) < 7 else 0}


def states_in_order() -> list[str]:
    """States in the order in which a proposal goes through them."""
    order = [action.target for action in PROPOSALS.actions.values()]
    return list(dict.fromkeys(state for state in order if state != PROPOSALS.start))
