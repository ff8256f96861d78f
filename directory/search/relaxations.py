"""What to change when too little was found: each change with the exact total that it would give."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from directory.search import engine
from directory.search.budget import Budget
from directory.search.forgiving import FEW, find_forgiving
from directory.search.query import build_query
from directory.search.request import Circle, SearchRequest
from directory.search.results import Relaxation

# Kilometres; the next ones above the radius asked for are tried, and the widest.
_RADII_KM = (1, 5, 10, 25, 50, 100, 250, 500)
_STEPS = 3


class Change(NamedTuple):
    """A parameter, its new value or None where it is left out, the changed request, and the words left out of it."""

    parameter: str
    value: str | None
    request: SearchRequest
    without: str | None = None


def find_relaxations(
    request: SearchRequest, total: int, networks: Sequence[str], budget: Budget, *, forgiving: bool
) -> tuple[Relaxation, ...]:
    """Changes that give more than `total`, the largest gain last of the radii and first of the rest left out."""
    changes = _affordable(list(build_changes(request)), budget, forgiving=forgiving)
    requests = [change.request for change in changes]
    # What is found as typed is found as typed in a wider area too; what is not may be.
    forgivings = find_forgiving(requests, networks) if forgiving else [False] * len(requests)
    totals = engine.count_many(
        [
            build_query(changed, networks, forgiving=forgives)
            for changed, forgives in zip(requests, forgivings, strict=True)
        ]
    )
    return choose_relaxations(changes, totals, total)


def _affordable(changes: list[Change], budget: Budget, *, forgiving: bool) -> list[Change]:
    """All changes; without those that look for the words once more where these are too long for that."""
    with_words = sum(bool(change.request.units) for change in changes)
    if budget.spend(with_words * (1 + forgiving), near=with_words * forgiving):
        return changes
    return [change for change in changes if not change.request.units]


def choose_relaxations(
    changes: Sequence[Change], totals: Sequence[int], total: int, most: int | None = None
) -> tuple[Relaxation, ...]:
    """Of changes and the totals that they give, those that give more than `total`; `most`: where counting ended."""
    relaxations = [
        Relaxation(
            change.parameter,
            change.value,
            min(more, most or more),
            at_least=most is not None and more > most,
            without=change.without,
        )
        for change, more in zip(changes, totals, strict=True)
        if more > total
    ]
    return tuple(_one_radius(relaxations))


def build_changes(request: SearchRequest) -> Iterator[Change]:
    """Everything that could be changed."""
    if circle := request.circle:
        wider = [km for km in _RADII_KM if km * 1000 > circle.radius_m]
        wider = wider[:_STEPS] + wider[_STEPS:][-1:]
        for km in wider:
            yield Change("radius_km", str(km), replace(request, circle=Circle(circle.center, km * 1000.0)))
    if request.shorter:
        # Which word to leave out is said of a few words; of a long name none is the one too many.
        yield from (Change("q", each.typed, each.request, each.without) for each in request.shorter())
    without = {
        "q": replace(request, units=(), whole="") if request.shorter is None else request,
        "type": replace(request, types=()),
        "specialty": replace(request, specialties=()),
        "language": replace(request, languages=()),
        "place": replace(request, places=()),
        "country": replace(request, countries=()),
        "bbox": replace(request, bbox=None),
        "network": replace(request, agreement=replace(request.agreement, networks=())),
        "settlement": replace(request, agreement=replace(request.agreement, settlements=())),
        "tariff": replace(request, agreement=replace(request.agreement, tariff=False)),
        "coverage": replace(request, coverage=()),
        "direct_or_tariff": replace(request, agreement=replace(request.agreement, direct_or_tariff=False)),
        "open_now": replace(request, open_at=None, open_hours=None),
    }
    for parameter, changed in without.items():
        if changed != request and parameter not in request.said:
            yield Change(parameter, None, changed)


def _one_radius(relaxations: list[Relaxation]) -> Iterator[Relaxation]:
    """Of the wider radii only the smallest that gives enough, or else the widest."""
    radii = [relaxation for relaxation in relaxations if relaxation.parameter == "radius_km"]
    if radii:
        yield next((relaxation for relaxation in radii if relaxation.total >= FEW), radii[-1])
    yield from (relaxation for relaxation in relaxations if relaxation.parameter != "radius_km")
