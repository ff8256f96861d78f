"""The staff pages' navigation, as data: where each entry leads, what it is called, and for whom it is."""

from dataclasses import dataclass
from typing import Any

from flask import current_app, request

from directory.actors import Actor, Role

TEAM = (Role.network, Role.admin)


@dataclass(frozen=True, slots=True)
class NavItem:
    """An entry. `more`: it stands behind "More", for what is opened less often."""

    path: str
    phrase: str
    roles: tuple[Role, ...]
    more: bool = False


NAVIGATION = (
    NavItem("/hr/", "proposals.mine", (Role.hr,)),
    NavItem("/network/proposals", "proposals.queue", TEAM),
    NavItem("/network/listings", "listings.title", TEAM),
    NavItem("/network/imports", "frame.imports", TEAM),
    NavItem("/care/calls", "care.desk_calls", (Role.care,)),
    NavItem("/care/refusals", "care.desk_refusals", (Role.care,)),
    NavItem("/care/contact", "care.desk_contact", (Role.care,)),
    NavItem("/care/refusals", "care.desk_refusals", (Role.network,), more=True),
    NavItem("/network/changes", "frame.changes", TEAM, more=True),
)


def navigation_of(actor: Actor | None) -> list[dict[str, Any]]:
    """The entries of somebody, in order: `path`, `phrase`, `more`, and `here`, which is what `aria-current` says."""
    if actor is None:
        return []
    return [
        {"path": item.path, "phrase": item.phrase, "more": item.more, "here": _here(item.path)}
        for item in NAVIGATION
        if actor.role in item.roles and opens(item.path)
    ]


def opens(path: str) -> bool:
    """Whether there is a page at a path of ours."""
    return current_app.url_map.bind("").test(path, "GET")


def _here(path: str) -> str | None:
    """`page` on the entry's own page, `true` on those below it."""
    if request.path == path:
        return "page"
    return "true" if request.path.startswith(f"{path.rstrip('/')}/") else None
