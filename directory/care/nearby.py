"""Where else the card is taken: the nearest three, those that are open now first."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from directory.care.cautions import cautions
from directory.errors import SearchUnavailable
from directory.listings.hours import openness_at, parse_hours, wall_clock
from directory.search.agreements import AgreementFilter
from directory.search.answering import search_providers
from directory.search.request import ANYWHERE_M, Circle, SearchRequest, Sort
from directory.search.results import Hit
from geodata.points import Point

MOST = 3
# Of so many that are nearest those that are open come first: one that is far away helps nobody who stands at a desk.
_LOOKED_AT = 12
# Whoever offers these offers what the others of the same name do; a pharmacy is no help where a hospital refused.
_LIKE = {"hospital": ("hospital", "clinic"), "clinic": ("clinic", "hospital"), "doctor": ("doctor", "clinic")}


def find_others(shown: Mapping[str, Any], networks: tuple[str, ...] = (), now: dt.datetime | None = None) -> list[Hit]:
    """The nearest others of its type that take the card; none where nobody can say, or where it has no point."""
    location = shown.get("location")
    if not location:
        return []
    center = Point(lat=location["lat"], lon=location["lon"])
    request = SearchRequest(
        circle=Circle(center, ANYWHERE_M),
        types=_LIKE.get(shown["type"], (shown["type"],)),
        agreement=AgreementFilter(networks, ("outpatient:card",)),
        sort=Sort.distance,
        facets=(),
        limit=_LOOKED_AT,
    )
    try:
        hits = search_providers(request).hits
    except SearchUnavailable:
        return []
    moment = now or dt.datetime.now(dt.UTC)
    others = [hit for hit in hits if hit.shown["id"] != shown["id"] and cautions().of(hit.shown["id"]) is None]
    return sorted(others, key=lambda hit: not is_open(hit.shown, moment))[:MOST]


def is_open(shown: Mapping[str, Any], now: dt.datetime) -> bool:
    """Whether it is known to be open at this moment."""
    hours, zone = shown.get("hours"), shown.get("time_zone")
    week = parse_hours(hours) if hours else None
    if week and week.always:
        return True
    clock = wall_clock(now, zone) if week and zone else None
    return bool(week and clock and openness_at(week, *clock).is_open)
