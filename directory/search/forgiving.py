"""Whether a search forgives typos: asked of its words and of where it looks, never of its other filters.

Otherwise the choice of a facet's value could turn a search into a forgiving one, and find more than the facet counted:
"harmony clinc" found as it is written in five countries, and only nearly so in a sixth.
"""

from collections.abc import Sequence
from dataclasses import replace

from directory.search import engine
from directory.search.agreements import AgreementFilter
from directory.search.budget import Budget
from directory.search.query import build_query
from directory.search.request import SearchRequest

# Fewer hits than this are too few to leave it at them.
FEW = 5


def find_forgiving_within(budget: Budget, request: SearchRequest, networks: Sequence[str], *, searches: int) -> bool:
    """Whether one search forgives, which takes so many searches more; never where its words are too long for that."""
    return budget.spend(1 + searches, near=searches) and find_forgiving([request], networks)[0]


def find_forgiving(requests: Sequence[SearchRequest], networks: Sequence[str]) -> list[bool]:
    """For each request, whether too few listings have its words as they were typed, where it looks."""
    typed = {number: _words_and_where(request) for number, request in enumerate(requests) if request.units}
    counts = engine.count_many([build_query(request, networks, forgiving=False) for request in typed.values()])
    few = {number for number, count in zip(typed, counts, strict=True) if count < FEW}
    return [number in few for number in range(len(requests))]


def _words_and_where(request: SearchRequest) -> SearchRequest:
    return replace(
        request, countries=(), places=(), types=(), specialties=(), languages=(), agreement=AgreementFilter()
    )
