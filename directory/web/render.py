"""What is shown of a listing, a page, a facet: an allow-list, so that nothing of the engine or the tables leaks."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from config.languages import LANGUAGES
from config.settings import get_settings
from directory.care.cautions import cautions
from directory.search.cursor import encode_cursor
from directory.search.insured import Insured
from directory.search.request import Facet, SearchRequest
from directory.search.results import FacetCounts, Hit, Relaxation, SearchResults
from directory.search.understand import Where
from directory.vocabulary.codes import Code, load_codes
from directory.vocabulary.languages import language_name
from directory.vocabulary.plans import load_plans
from directory.web.insured import across_border, insured_fields, origin_of, outside_notice, render_insured
from directory.web.places import city_label, render_place, render_places
from directory.wording.catalogue import phrase
from directory.wording.coverage import coverage_label
from directory.wording.formats import day_and_month
from directory.wording.payment import SUSPENDED, payment_sentences, settlement_label
from directory.wording.trust import known_of, trust_line
from geodata.countries import country_name, load_countries
from geodata.gazetteer import get_gazetteer


def render_item(shown: Mapping[str, Any], lang: str, distance_m: float | None = None) -> dict[str, Any]:
    """A listing as `schemas.Item` describes it. The index leaves out what is empty: here it comes back."""
    countries, types, specialties = _labels(lang)
    read = shown.get
    place = read("place")
    agreements = agreements_of(shown)
    return {
        "id": str(shown["id"]),
        "revision": shown["revision"],
        "name": shown["name"],
        "names": shown["names"],
        "type": shown["type"],
        "type_label": types.get(shown["type"], shown["type"]),
        "specialties": read("specialties") or [],
        "specialty_labels": [specialties.get(code, code) for code in read("specialties") or ()],
        "address": read("address"),
        "postal_code": read("postal_code"),
        "country": shown["country"],
        "country_label": countries[shown["country"]],
        "region": read("region"),
        "city": read("city"),
        "city_label": city_label(read("city"), place, lang),
        "place": None if place is None else str(place),
        "location": read("location"),
        "distance_km": None if distance_m is None else round(distance_m / 1000, 3),
        "time_zone": read("time_zone"),
        "phones": read("phones") or [],
        "email": read("email"),
        "website": read("website"),
        "languages": read("languages") or [],
        "hours": read("hours"),
        "agreements": agreements,
        "payment": render_payment(agreements, lang),
        "caution": render_caution(shown["id"], lang),
        "status": shown["status"],
        "verified_on": read("verified_on"),
        "verified_by": read("verified_by"),
        "verified_by_label": phrase(lang, f"verified_by.{shown['verified_by']}") if read("verified_by") else None,
        "trust": render_trust(shown, lang),
    }


def render_caution(listing_id: int, lang: str) -> dict[str, Any] | None:
    """What members are warned of before they go there."""
    caution = cautions().of(int(listing_id))
    if caution is None:
        return None
    day = day_and_month(lang, caution.last_on)
    said = phrase(lang, "care.caution", count=caution.reports, day=day)
    return {"reports": caution.reports, "last_on": caution.last_on.isoformat(), "sentence": said}


def render_trust(shown: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """Who confirmed it when, what colleagues met there, and the number to call first where that is the advice."""
    line = trust_line(known_of(shown), lang, datetime.now(UTC).date(), get_settings().helpline)
    return {"kind": line.kind, "sentence": line.sentence, "call": line.call}


def in_networks(shown: Mapping[str, Any], networks: Sequence[str] | None) -> Mapping[str, Any]:
    """The listing with the agreements of these networks only; None: of all.

    Where a network is asked for, the member has that network: how to pay in another one is not their answer.
    """
    if not networks:
        return shown
    kept = {
        name: [each for each in shown.get(name) or () if each["network"] in networks]
        for name in ("agreements", "suspended")
    }
    return {**shown, **kept}


def agreements_of(shown: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Its agreements as the API shows them: those in force, and those that would be, were they not suspended."""
    active = [{**each, **_ACTIVE} for each in shown.get("agreements") or ()]
    return [*active, *({**each, "status": SUSPENDED} for each in shown.get("suspended") or ())]


_ACTIVE = {"status": "active", "suspended_until": None, "instead": None}


def render_results(
    request: SearchRequest,
    where: Where | None,
    results: SearchResults,
    arguments: Mapping[str, str],
    lang: str,
    *,
    insured: Insured | None = None,
) -> dict[str, Any]:
    """A page of listings, as `schemas.SearchAnswer` describes it. `arguments`: the parameters as they came."""
    networks, origin = request.agreement.counted, origin_of(where)

    def render_hit(hit: Hit) -> dict[str, Any]:
        return {
            **render_item(in_networks(hit.shown, networks), lang, hit.distance_m),
            **insured_fields(hit.shown, insured, networks, lang),
            "across_border": across_border(hit.shown, origin, hit.distance_m, insured, lang),
        }

    nearest = results.nearest and results.nearest._asdict()
    return {
        "items": [render_hit(hit) for hit in results.hits],
        "total": {"value": results.total, "relation": relation(results.at_least)},
        "facets": {name: render_facet(name, counted, lang) for name, counted in results.facets.items()},
        "facets_left_out": [facet.value for facet in request.facets if facet.value not in results.facets],
        "where": where and render_where(where, lang),
        "relaxations": [_render_relaxation(relaxation, arguments, lang) for relaxation in results.relaxations],
        "nearest": nearest and {name: hit and render_hit(hit) for name, hit in nearest.items()},
        "takes_plan": bool(load_plans().by_code),
        "insured": render_insured(insured, lang),
        "outside_area": outside_notice(request, where, origin, insured, lang),
        "helpline": None if results.total else get_settings().helpline,
        "links": page_links(arguments, encode_cursor(request, results.next) if results.next else None),
        "forgiving": results.forgiving,
        "found_as_typed": results.found_as_typed,
        "plainer": results.plainer,
        "degraded": results.degraded,
        **notice(lang),
    }


def relation(at_least: bool) -> str:
    """How a total is meant: as it stands, or as the least that there is."""
    return "gte" if at_least else "eq"


def render_payment(agreements: Sequence[Mapping[str, Any]], lang: str) -> dict[str, str]:
    """How to pay under these agreements, in the reader's language."""
    outpatient, inpatient = payment_sentences(agreements, lang)
    return {"outpatient": outpatient, "inpatient": inpatient}


def as_geojson(page: dict[str, Any]) -> dict[str, Any]:
    """The same page as a GeoJSON FeatureCollection; its other members stay beside the features."""
    return {
        "type": "FeatureCollection",
        "features": [as_feature(item) for item in page["items"]],
        **{key: value for key, value in page.items() if key != "items"},
    }


def as_feature(item: dict[str, Any]) -> dict[str, Any]:
    """One item as a GeoJSON feature; without a point its geometry is null, as RFC 7946 has it."""
    point = item["location"]
    geometry = point and {"type": "Point", "coordinates": [point["lon"], point["lat"]]}
    return {"type": "Feature", "id": item["id"], "geometry": geometry, "properties": item}


def notice(lang: str) -> dict[str, str]:
    """A word on every answer of a demonstration: its agreements are invented."""
    return {"notice": phrase(lang, "demonstration.notice")} if get_settings().demonstration else {}


def render_facet(facet: str, counted: FacetCounts, lang: str) -> list[dict[str, Any]]:
    """A facet's values with their labels."""
    counts, selected = counted
    return [
        {"value": value, "label": facet_label(facet, value, lang), "count": count, "selected": value in selected}
        for value, count in counts.items()
    ]


def render_where(where: Where, lang: str) -> dict[str, Any]:
    """The circle that was understood; `corrected` only where no place is called as it was typed."""
    center = where.circle.center
    return {
        "lat": center.lat,
        "lon": center.lon,
        "radius_km": where.circle.radius_m / 1000,
        "place": where.place and render_place(where.place, lang),
        "alternatives": render_places(where.alternatives, lang),
    } | ({"corrected": True} if where.corrected else {})


def code_label(codes: Mapping[str, Code], code: str, lang: str) -> str:
    """What a code is called; an unknown one stays as it is."""
    known = codes.get(code)
    return known.label(lang) if known else code


@lru_cache(maxsize=len(LANGUAGES))
def _labels(lang: str) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """The labels of all countries, of all types and of all specialties."""
    codes = load_codes()
    countries = {code: country_name(code, lang) for code in load_countries()}
    types, specialties = (
        {code: each.label(lang) for code, each in of.items()} for of in (codes.types, codes.specialties)
    )
    return countries, types, specialties


# A page has a hundred of them, and most are the same on every page.
@lru_cache(maxsize=65_536)
def facet_label(facet: str, value: str, lang: str) -> str:
    """What a value of a facet is called."""
    codes = load_codes()
    labels: dict[Facet, Callable[[], str]] = {
        Facet.country: lambda: country_name(value, lang),
        Facet.city: lambda: _city_name(value, lang),
        Facet.type: lambda: code_label(codes.types, value, lang),
        Facet.specialty: lambda: code_label(codes.specialties, value, lang),
        Facet.network: lambda: code_label(codes.networks, value, lang),
        Facet.language: lambda: language_name(value, lang),
        Facet.settlement: lambda: settlement_label(value, lang),
        Facet.coverage: lambda: coverage_label(value, lang),
        Facet.tariff: lambda: phrase(lang, f"tariff.{value}"),
    }
    return labels[Facet(facet)]()


def _city_name(place_id: str, lang: str) -> str:
    place = get_gazetteer().place(int(place_id))
    return place.name_in(lang) if place else place_id


def _render_relaxation(relaxation: Relaxation, arguments: Mapping[str, str], lang: str) -> dict[str, Any]:
    changed = {**arguments, relaxation.parameter: relaxation.value}
    return {
        "parameter": relaxation.parameter,
        "value": relaxation.value,
        "label": _relaxation_label(relaxation, lang),
        "total": relaxation.total,
        "relation": relation(relaxation.at_least),
        "link": _link({name: value for name, value in changed.items() if value is not None}),
    }


def _relaxation_label(relaxation: Relaxation, lang: str) -> str:
    if relaxation.without is not None:
        return phrase(lang, "relaxation.q_without", words=relaxation.without)
    return phrase(lang, f"relaxation.{relaxation.parameter}", value=relaxation.value)


def page_links(arguments: Mapping[str, str], cursor: str | None, path: str = "/v1/providers") -> dict[str, str | None]:
    """The addresses of this page and of the next one."""
    here = _link(arguments, path)
    if cursor is None or "cursor" in arguments:
        return {"self": here, "next": cursor and _link({**arguments, "cursor": cursor}, path)}
    # The same address with one word more, which needs no quoting.
    return {"self": here, "next": f"{here}{'&' if arguments else '?'}cursor={cursor}"}


def _link(arguments: Mapping[str, str], path: str = "/v1/providers") -> str:
    return f"{path}?{urlencode(arguments)}" if arguments else path
