"""Asks why a listing is missing from a search: the search itself first, then what of it the listing does not meet."""

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

from directory.errors import ListingNotFound
from directory.listings.rows import ListingRow, load_rows
from directory.search.answering import ask_index, check_facts, search_providers
from directory.search.granting import find_what_can_be
from directory.search.missing import Indexed, Reason, WhyNot, find_reasons, of_index, rank_of, without_pages
from directory.search.request import SearchRequest
from directory.search.results import SearchResults
from directory.search.understand import Understood, understand
from directory.vocabulary.codes import load_codes
from geodata.gazetteer import get_gazetteer


def understand_asked(query: Mapping[str, Any]) -> Understood:
    """A search of members, of which one listing is looked for. Raises what `understand` raises."""
    return understand({**query, "facets": ()}, load_codes(), get_gazetteer())


def find_why_not(understood: Understood, listing_id: int) -> tuple[Understood, ListingRow, WhyNot]:
    """Why a search does not find a listing, or where it stands. Raises ListingNotFound, SearchUnavailable.

    What comes back is understood as it was answered: without the wishes that nothing met.
    """
    rows = load_rows([listing_id])
    if not rows:
        raise ListingNotFound(f"There is no listing {listing_id}.")
    understood, results = find_what_can_be(understood, lambda asked: search_providers(without_pages(asked)))
    ids = [hit.shown["id"] for hit in results.hits]
    rank = rank_of(listing_id, ids)
    reasons = () if rank else tuple(_find_reasons(understood.request, rows[0], results))
    why = WhyNot(
        found=not reasons,
        rank=rank,
        total=results.total,
        at_least=results.at_least,
        reasons=reasons,
        degraded=results.degraded,
    )
    return understood, rows[0], why


def _find_reasons(request: SearchRequest, row: ListingRow, results: SearchResults) -> Sequence[Reason]:
    """Why it is not among the hits that were looked through; none where it comes after them."""
    listing_id = row.shown["id"]
    checked = check_facts(request, listing_id)
    indexed = Indexed() if results.degraded else ask_index(request, listing_id, forgiving=results.forgiving)
    # What somebody just wrote stands in the database alone; what is spelled nearly so is found by the index alone.
    units = [mine or theirs for mine, theirs in zip_longest(checked.units, indexed.units, fillvalue=False)]
    if reasons := find_reasons(request, row, checked, units):
        return reasons
    # Everything fits: it comes after those that were looked through, or the index does not know it so.
    found = results.total > len(results.hits) if results.degraded else indexed.found
    return [] if found else [of_index(checked.waiting)]
