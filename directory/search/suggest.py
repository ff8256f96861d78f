"""Type-ahead over everything a member may be typing: a specialty, a type, a place, a provider's name."""

from itertools import chain, zip_longest
from typing import Any

from directory.errors import SearchUnavailable
from directory.search.agreements import AgreementFilter
from directory.search.answering import suggest_names
from directory.search.line_tokens import split_words
from directory.search.request import Circle, SearchRequest, Sort
from directory.search.words import plain_units
from directory.vocabulary.codes import Completion, load_codes
from geodata.countries import country_name
from geodata.gazetteer import get_gazetteer
from geodata.places import Place
from geodata.points import Point

# Names near the member come first; who is farther away than this is still found.
_CLOSE_M = 50_000.0


def suggest(
    typed: str,
    lang: str,
    *,
    point: Point | None,
    countries: tuple[str, ...],
    limit: int,
    networks: tuple[str, ...] = (),
) -> dict[str, Any]:
    """`{items, degraded}`: what `typed` may become. The kinds take turns, the best of each first.

    With `networks`, only providers with an agreement in one of them are named. Without the search engine the names of
    providers are missing, and `degraded` says so.
    """
    concepts = [_concept(completion) for completion in load_codes().complete(typed, lang, limit)]
    places = [_place(place, lang) for place in get_gazetteer().complete(typed, countries=countries, limit=limit)]
    named = SearchRequest(
        units=plain_units(split_words(typed)),
        countries=countries,
        agreement=AgreementFilter(networks=networks),
        sort=Sort.relevance,
        facets=(),
        limit=limit,
    )
    degraded = False
    try:
        providers = _providers(named, point, lang)
    except SearchUnavailable:
        providers, degraded = [], True
    turns = zip_longest(concepts, places, providers)
    items = [item for item in chain.from_iterable(turns) if item is not None]
    return {"items": items[:limit], "degraded": degraded}


def _concept(completion: Completion) -> dict[str, Any]:
    return {"kind": completion.kind, "code": completion.code, "label": completion.label, "detail": completion.matched}


def _place(place: Place, lang: str) -> dict[str, Any]:
    where = [place.local_name(lang), place.region_in(lang), country_name(place.country, lang)]
    return {
        "kind": "place",
        "id": str(place.id),
        "label": place.name_in(lang),
        "detail": ", ".join(filter(None, where)),
        "country": place.country,
    }


def _providers(request: SearchRequest, point: Point | None, lang: str) -> list[dict[str, Any]]:
    if not request.units:
        return []
    nearby = Circle(point, _CLOSE_M) if point else None
    return [_provider(shown, lang) for shown in suggest_names(request, nearby)]


def _provider(shown: dict[str, Any], lang: str) -> dict[str, Any]:
    where = [shown.get("city"), country_name(shown["country"], lang)]
    return {
        "kind": "provider",
        "id": str(shown["id"]),
        "label": shown["name"],
        "detail": ", ".join(filter(None, where)),
        "country": shown["country"],
    }
