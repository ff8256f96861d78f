"""Parameters of the query string: one rule each, one way in which a broken rule is told."""

from collections.abc import Iterable
from typing import Any

import marshmallow as ma
from marshmallow import ValidationError, validate
from webargs import fields as args

from directory.errors import ListingNotFound
from directory.search.agreements import SETTLEMENT_VALUES
from directory.search.clusters import MOST_ZOOM
from directory.search.request import MEMBER_FACETS, Facet, Sort
from directory.vocabulary.codes import load_codes
from directory.vocabulary.languages import LANGUAGE_CODES
from directory.vocabulary.plans import COVERAGES
from directory.web.fields import CodeOf, countries, latitude, longitude, number, page_size, several, words
from directory.web.reading import LanguageQuery
from geodata.countries import load_countries
from geodata.points import InvalidBbox, parse_bbox

NO_FACETS = "none"


class PlaceId(ma.fields.Integer):
    """The id of a place, as /v1/places gives it: a string of digits."""

    def __init__(self, **more: Any) -> None:
        rule = "Ids of places are whole numbers, from /v1/places."
        super().__init__(validate=validate.Range(1, 2**31 - 1, error=rule), error_messages={"invalid": rule}, **more)


def box(*, required: bool = False) -> "BboxField":
    """A box."""
    about = "west,south,east,north in degrees; west > east crosses the antimeridian."
    return BboxField(
        required=required,
        error_messages={"required": f"A box is needed here: {about}"},
        metadata={"description": about, "type": "string", "example": "36.6,-1.5,37.1,-1.1"},
    )


class BboxField(ma.fields.Field[tuple[float, float, float, float]]):
    """west,south,east,north in degrees; west > east crosses the antimeridian."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> tuple[float, float, float, float]:
        try:
            box = parse_bbox(value)
        except InvalidBbox as error:
            raise ValidationError(str(error)) from error
        return (box.west, box.south, box.east, box.north)


class FacetList(args.DelimitedList):
    """Facets, or the one word `none`."""

    def __init__(self, facets: Iterable[Facet] = MEMBER_FACETS, **more: Any) -> None:
        super().__init__(CodeOf((*facets, NO_FACETS)), **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        names = dict.fromkeys(super()._deserialize(value, attr, data, **more))  # type: ignore[no-untyped-call]
        if NO_FACETS not in names:
            return tuple(map(Facet, names))
        if len(names) > 1:
            raise ValidationError(f"{NO_FACETS} stands alone.")
        return ()


def _zoom() -> ma.fields.Integer:
    rule = f"A whole number from 0 to {MOST_ZOOM}."
    return ma.fields.Integer(
        required=True,
        validate=validate.Range(0, MOST_ZOOM, error=rule),
        error_messages={"required": f"A zoom is needed here. {rule}", "invalid": rule, "too_large": rule},
        metadata={
            "description": "As web maps count it: at 0 the world is 256 pixels wide, at 1 it is 512.",
            "example": 11,
        },
    )


def only_true(about: str) -> ma.fields.Boolean:
    """What can be asked for, and not its opposite."""
    return ma.fields.Boolean(
        truthy={"true"},
        falsy=set(),
        error_messages={"invalid": "Only true can be asked for."},
        metadata={"description": f"true: {about}", "enum": [True]},
    )


def _networks(about: str) -> args.DelimitedList:
    return several(CodeOf(tuple(load_codes().networks)), about)


def country_of_duty() -> CodeOf:
    """The country of duty."""
    return CodeOf(
        tuple(load_countries()),
        upper=True,
        metadata={"description": "The country of duty, ISO 3166-1 alpha-2; with plan: whose area care lies in."},
    )


def _day(about: str) -> ma.fields.Date:
    rule = "A day such as 2026-12-31."
    return ma.fields.Date(
        format="iso", error_messages={"invalid": rule, "format": rule}, metadata={"description": about}
    )


class PlanQuery(LanguageQuery):
    """What a member says of how they are insured; it is kept nowhere."""

    plan = ma.fields.String(
        metadata={"description": "A plan of /v1/codes: items say how its members pay, and only its networks count."}
    )
    duty = country_of_duty()
    on = _day("The day of the visit: until when a guarantee letter is asked for.")


class ListingQuery(PlanQuery):
    """GET /v1/providers/{id}."""

    network = _networks("Only the agreements of these networks, and how to pay in them.")


def coverages() -> args.DelimitedList:
    """Where to a member's area."""
    return several(CodeOf(COVERAGES), "Where to the member's area: any of them; with plan and duty.")


class SearchFilters(LanguageQuery):
    """What is searched for, without order and pages."""

    q = words(
        "One line in words: a full or partial name in any script, kinds of care in everyday words, where, how to pay, "
        "whether open now, which language. The answer's understood says how it was read."
    )
    country = countries()
    place = several(PlaceId(), "Ids from /v1/places: listings in one of these cities.")
    near = words("A place in words, such as Goma or القاهرة; country is its context.", longest=120)
    lat = latitude()
    lon = longitude()
    radius_km = number("Kilometres", 0.1, 500, "With near, or lat and lon; 25 unless told.")
    bbox = box()
    type = several(CodeOf(tuple(load_codes().types)), "Types of provider: any of them.")
    specialty = several(CodeOf(tuple(load_codes().specialties)), "Specialties: any of them.")
    language = several(CodeOf(LANGUAGE_CODES), "Languages spoken: any of them.")
    network = _networks("Networks: any of them; without it, any network.")
    settlement = several(
        CodeOf(SETTLEMENT_VALUES), "Ways to pay: all of them, in the same agreement. direct: card or guarantee_letter."
    )
    tariff = only_true("a negotiated tariff in that agreement.")
    direct_or_tariff = only_true("direct settlement of one kind of care at least, or a negotiated tariff.")
    open_now = only_true("known to be open at this moment, by the clock where it is.")
    as_typed = only_true("q is a name and nothing else, as it was typed.")


class OrderedFilters(SearchFilters):
    """What is searched for, and in which order."""

    sort = ma.fields.Enum(
        Sort,
        by_value=ma.fields.String(),
        metadata={"description": "relevance (default with q), distance (default with a point), name."},
    )


class SearchQuery(OrderedFilters):
    """What is searched for, its order, and one page of it."""

    facets = FacetList(metadata={"description": "What to count; none counts nothing.", "example": ["type", "city"]})
    limit = page_size(20, 100)
    cursor = ma.fields.String(
        validate=validate.Length(1, 500, error="Too long."), metadata={"description": "From links.next."}
    )


class MemberQuery(SearchQuery, PlanQuery):
    """What members search for, and how they are insured."""

    coverage = coverages()


class WhyNotQuery(OrderedFilters, PlanQuery):
    """GET /v1/listings/{id}/why-not."""

    coverage = coverages()


class ProvidersQuery(MemberQuery):
    """GET /v1/providers."""

    explain = only_true("each item says why it stands where it stands; for the network team alone (listings:read).")


class MapQuery(SearchFilters, PlanQuery):
    """GET /v1/map."""

    coverage = coverages()

    bbox = box(required=True)
    zoom = _zoom()


class PlacesQuery(LanguageQuery):
    """GET /v1/places."""

    q = words("The beginning of a place's name, in any script; a country or region may follow.", required=True)
    country = countries()
    limit = page_size(10, 50)


class SuggestQuery(LanguageQuery):
    """GET /v1/suggest."""

    q = words("What was typed so far.", required=True)
    lat = latitude()
    lon = longitude()
    country = countries()
    network = _networks("Only providers with an agreement in one of these networks.")
    limit = page_size(10, 20)

    @ma.validates_schema
    def _point_is_whole(self, query: dict[str, Any], **_: Any) -> None:
        if ("lat" in query) != ("lon" in query):
            missing = "lon" if "lat" in query else "lat"
            raise ValidationError("lat and lon go together: give both or neither.", missing)


# Postgres numbers listings from 1 in 64 bits; what is longer was never an id.
_LONGEST_ID = 18


def parse_listing_id(text: str) -> int:
    """The id of a listing, from an address. Raises ListingNotFound for what cannot be one."""
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_ID):
        raise ListingNotFound("No listing has this id; ids are numbers.")
    return int(text)
