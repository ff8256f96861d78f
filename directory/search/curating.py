"""The network team's search: as members search, of every status; what names one listing exactly finds that one."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from directory.errors import SearchUnavailable
from directory.listings.known import find_known
from directory.listings.rows import ListingRow, load_rows
from directory.search.answering import search_promptly, search_providers
from directory.search.curated import Curated
from directory.search.cursor import decode_cursor
from directory.search.request import Facet, SearchRequest, Sort
from directory.search.results import SearchResults
from directory.search.understand import Understood, understand
from directory.search.words import parse_words
from directory.vocabulary.codes import load_codes
from geodata.gazetteer import get_gazetteer

_PAGE_OF_IDS = 1000
# Counted unless something else is asked for.
CURATED_FACETS = (Facet.status, Facet.country, Facet.city, Facet.type, Facet.specialty, Facet.source, Facet.owner)


@dataclass(frozen=True, slots=True)
class Listed:
    """One page: its listings, how the request was understood, and what else was found."""

    rows: list[ListingRow]
    understood: Understood
    results: SearchResults


def list_listings(query: Mapping[str, Any], today: dt.date) -> Listed:
    """One page of listings of every status. Raises what `understand` raises, and SearchUnavailable.

    `query` is a search of members with, beside it, `status`, `source`, `owner` (ids of accounts) and `stale` (days).
    """
    understood = understand_curated(query, today)
    results = search_providers(understood.request)
    return Listed(load_rows([hit.shown["id"] for hit in results.hits]), understood, results)


def find_every_id(query: Mapping[str, Any], today: dt.date) -> Iterator[int]:
    """The ids of all that a search finds, by the engine alone. Raises SearchUnavailable, also in the middle."""
    request = replace(understand_curated(query, today).request, facets=(), limit=_PAGE_OF_IDS, cursor=None)
    while True:
        results = search_promptly(request)
        yield from (hit.shown["id"] for hit in results.hits)
        if results.next is None:
            return
        request = replace(request, cursor=results.next)


def find_only(typed: str) -> int | None:
    """The one listing that words name: exactly, or as the only one that they find; None where there are others too.

    None, too, where the search engine does not answer, or the words are none.
    """
    if known := find_known(typed):
        return known[0] if len(known) == 1 else None
    units = parse_words(typed, load_codes())
    if not units:
        return None
    request = SearchRequest(units=units, sort=Sort.relevance, facets=(), limit=1, curated=Curated())
    try:
        found = search_promptly(request)
    except SearchUnavailable:
        return None
    # What is spelled as typed comes first of what near spellings find too.
    return found.hits[0].shown["id"] if found.found_as_typed == 1 else None


def understand_curated(query: Mapping[str, Any], today: dt.date) -> Understood:
    """The request; words that name listings exactly ask for these, whatever else the words may mean."""
    known = find_known(query["q"]) if query.get("q") else []
    # A cursor is of the whole request, which the members' part of it does not make up.
    apart = {"cursor", *(("q",) if known else ())}
    asked = {name: value for name, value in query.items() if name not in apart}
    understood = understand({**asked, "facets": query.get("facets", CURATED_FACETS)}, load_codes(), get_gazetteer())
    request = replace(understood.request, curated=_read_curated(query, today, known))
    if query.get("cursor"):
        request = replace(request, cursor=decode_cursor(request, query["cursor"]))
    return replace(understood, request=request)


def _read_curated(query: Mapping[str, Any], today: dt.date, known: list[int]) -> Curated:
    stale = query.get("stale")
    return Curated(
        statuses=_once(query.get("status")),
        sources=_once(query.get("source")),
        owners=_once(query.get("owner")),
        verified_before=None if stale is None else today - dt.timedelta(days=stale),
        ids=tuple(known) or None,
    )


def _once(values: Any) -> tuple[str, ...]:
    return tuple(sorted(set(values or ())))
