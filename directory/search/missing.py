"""Why a listing is missing from a search: each thing that is asked and that it does not meet, or what keeps it away.

What is asked of facts is held against the database, which is the truth; its words against the engine that answers the
search, which also knows what is spelled nearly so.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from directory.listings.hours import wall_clock
from directory.listings.rows import ListingRow
from directory.search.agreements import AgreementFilter
from directory.search.opening import is_open
from directory.search.request import SearchRequest, needed
from directory.search.words import how_many_must
from geodata.points import Point, distance_m

# Among so many hits a listing's place is looked for.
MOST_RANKED = 500


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason by its code; `parameter`: what of the search asks for it; `said`: what its words tell."""

    code: str
    parameter: str | None = None
    said: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the outbox says of a listing: whether its last change waits for the index, or why it was set aside."""

    waits: bool = False
    set_aside: str | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """What the database says of a listing: which conditions of the request it meets, and what the outbox holds.

    `met`: by the parameter. `agreed`: by what is asked of an agreement, each by itself. `units`: of those needed, one
    truth each.
    """

    met: Mapping[str, bool]
    agreed: Mapping[str, bool]
    units: Sequence[bool]
    waiting: Waiting


@dataclass(frozen=True, slots=True)
class Indexed:
    """What the index says of a listing: whether the whole search finds it, and which of the units needed it has."""

    found: bool = False
    units: Sequence[bool] = ()


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Whether a search finds a listing, at which place (None: after MOST_RANKED), and if not, why."""

    found: bool
    rank: int | None
    total: int
    at_least: bool
    reasons: tuple[Reason, ...]
    degraded: bool


def agreement_parts(asked: AgreementFilter) -> dict[str, AgreementFilter]:
    """What is asked of an agreement, each thing by itself, by what it is called in the search."""
    scope = asked.scope
    parts = {"network": AgreementFilter(networks=asked.networks, scope=scope)} if asked.networks else {}
    parts |= {f"settlement {value}": AgreementFilter(settlements=(value,), scope=scope) for value in asked.settlements}
    parts |= {"tariff true": AgreementFilter(tariff=True, scope=scope)} if asked.tariff else {}
    either = AgreementFilter(direct_or_tariff=True, scope=scope)
    return parts | ({"direct_or_tariff true": either} if asked.direct_or_tariff else {})


def find_reasons(request: SearchRequest, row: ListingRow, checked: Checked, units: Sequence[bool]) -> list[Reason]:
    """Every reason that the facts give, those of the listing first. `units`: which of those needed are found."""
    return [
        *_of_status(row.shown),
        *_of_where(request, row.shown, checked.met),
        *_of_codes(request, row.shown, checked.met),
        *_of_agreements(request, checked),
        *_of_hours(request.open_at, row.shown),
        *_of_words(request, units),
    ]


def of_index(waiting: Waiting) -> Reason:
    """Why the index does not find what the database does."""
    if waiting.set_aside is not None:
        return Reason("set_aside", said={"reason": waiting.set_aside})
    return Reason("waiting" if waiting.waits else "not_indexed")


def _of_status(shown: Mapping[str, Any]) -> Iterator[Reason]:
    status = shown["status"]
    if status != "active":
        said = {"reason": shown.get("status_reason"), "into": shown.get("merged_into")}
        yield Reason(str(status), said=said)


def _of_where(request: SearchRequest, shown: Mapping[str, Any], met: Mapping[str, bool]) -> Iterator[Reason]:
    location = shown.get("location")
    if request.circle and not met["circle"]:
        if location is None:
            yield Reason("no_point", "near")
        else:
            away = distance_m(request.circle.center, location["lon"], location["lat"])
            yield Reason("radius", "radius_km", {"away_m": away, "radius_m": request.circle.radius_m})
    if request.bbox and not met["bbox"]:
        yield Reason("bbox" if location else "no_point", "bbox")


def _of_codes(request: SearchRequest, shown: Mapping[str, Any], met: Mapping[str, bool]) -> Iterator[Reason]:
    place = shown.get("place")
    for facet, parameter, asked, has in (
        ("country", "country", request.countries, (shown["country"],)),
        ("city", "place", tuple(map(str, request.places)), () if place is None else (str(place),)),
        ("type", "type", request.types, (shown["type"],)),
        ("specialty", "specialty", request.specialties, tuple(shown.get("specialties") or ())),
        ("language", "language", request.languages, tuple(shown.get("languages") or ())),
    ):
        if asked and not met[facet]:
            yield Reason(parameter, parameter, {"facet": facet, "asked": asked, "has": has})
    if request.area and request.coverage and not met["coverage"]:
        location = shown.get("location")
        point = Point(location["lon"], location["lat"]) if location else None
        has = (request.area.value_of(shown["country"], point),)
        yield Reason("coverage", "coverage", {"facet": "coverage", "asked": request.coverage, "has": has})


def _of_agreements(request: SearchRequest, checked: Checked) -> Iterator[Reason]:
    if not request.agreement or checked.met["agreement"]:
        return
    unmet = [part for part, met in checked.agreed.items() if not met]
    for part in unmet:
        parameter, _, value = part.partition(" ")
        asked = request.agreement.networks if parameter == "network" else (value,)
        yield Reason(parameter, parameter, {"facet": parameter, "asked": asked})
    if not unmet:
        yield Reason("one_agreement", "settlement")


def _of_hours(moment: datetime | None, shown: Mapping[str, Any]) -> Iterator[Reason]:
    if moment is None:
        return
    hours, zone = shown.get("hours"), shown.get("time_zone")
    clock = wall_clock(moment, zone) if zone else None
    if not hours or clock is None:
        yield Reason("hours_unknown", "open_now")
    elif not is_open(hours, clock):
        yield Reason("closed_now", "open_now", {"hours": hours, "zone": zone, "minutes": clock[1]})


def _of_words(request: SearchRequest, found: Sequence[bool]) -> Iterator[Reason]:
    """Of the words those that it has not, unless it has enough of them."""
    if sum(found) < how_many_must(len(found)):
        for unit, has in zip(needed(request.units), found, strict=True):
            if not has:
                yield Reason("words", "q", {"words": unit.text})


def without_pages(request: SearchRequest) -> SearchRequest:
    """The request whose hits are looked through for the place of one."""
    return replace(request, facets=(), cursor=None, limit=MOST_RANKED)


def rank_of(listing: int, ids: Sequence[int]) -> int | None:
    """The place of a listing among hits, from 1 on."""
    return ids.index(listing) + 1 if listing in ids else None
