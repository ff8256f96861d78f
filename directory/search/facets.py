"""Facets: what could be chosen, and how many hits each choice would give, counted without the facet's own filter."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from directory.search.agreements import SETTLEMENT_VALUES, AgreementFilter, settlement_word
from directory.search.covering import build_value
from directory.search.filters import AGREEMENT_FACETS, FIELDS, selected_values
from directory.search.request import Facet, SearchRequest
from directory.search.results import FacetCounts

Clause = dict[str, Any]

MOST_VALUES = 50


def filter_name(facet: Facet) -> str:
    """The key under which `filters.build_facet_filters` holds what this facet counts without."""
    return "agreement" if facet in AGREEMENT_FACETS else facet.value


def build_aggregations(request: SearchRequest, facets: Sequence[Facet], networks: Sequence[str]) -> dict[str, Clause]:
    """What counts these facets, in a search that leaves their own filters out."""
    aggregations = {}
    for facet in facets:
        if facet in AGREEMENT_FACETS:
            aggregations[facet.value] = _count_agreements(request, facet, networks)
        elif facet is Facet.coverage:
            aggregations |= _count_coverage(request)
        else:
            aggregations |= _count_terms(request, facet)
    return aggregations


def _count_terms(request: SearchRequest, facet: Facet) -> dict[str, Clause]:
    # More than are shown, so that several shards agree on the largest.
    terms: Clause = {"field": FIELDS[facet], "size": MOST_VALUES, "shard_size": 500}
    if facet is Facet.city and request.circle:
        # A hundred thousand cities, a few of them in a circle: by a map of those that are met, not by an array of all.
        terms["execution_hint"] = "map"
    counted = {facet.value: {"terms": terms}}
    if selected := selected_values(request, facet):
        only = {"field": FIELDS[facet], "include": list(selected), "size": len(selected)}
        counted[_selected(facet)] = {"terms": only}
    return counted


def _count_coverage(request: SearchRequest) -> dict[str, Clause]:
    if request.area is None:
        return {}
    values = {value: build_value(request.area, value) for value in request.area.values}
    return {Facet.coverage.value: {"filters": {"filters": values}}}


def _selected(facet: Facet) -> str:
    """The name of what counts the chosen values, which may be none of the largest."""
    return f"{facet.value}_selected"


def _count_agreements(request: SearchRequest, facet: Facet, networks: Sequence[str]) -> dict[str, Clause]:
    if counted := _count_words(request.agreement, facet, networks):
        return {"terms": counted}
    clauses = {value: choice.build_clause(networks) for value, choice in choices(request.agreement, facet, networks)}
    return {"filters": {"filters": clauses}}


def _count_words(agreement: AgreementFilter, facet: Facet, networks: Sequence[str]) -> Clause | None:
    """How to count choices of which each is one word of a listing; None where they are not."""
    if facet is Facet.settlement and agreement.is_plain:
        words = [settlement_word(next(iter(agreement.networks), None), value) for value in SETTLEMENT_VALUES]
        return {"field": "settles", "include": words, "size": len(words)}
    if facet is Facet.network and not (agreement.settlements or agreement.tariff or agreement.direct_or_tariff):
        counted = list(agreement.among(networks))
        return {"field": "network", "include": counted, "size": len(counted)}
    return None


def choices(agreement: AgreementFilter, facet: Facet, networks: Sequence[str]) -> list[tuple[str, AgreementFilter]]:
    """Each value of the facet with what would be asked of an agreement if it alone were chosen."""
    if facet is Facet.settlement:
        return [(value, replace(agreement, settlements=(value,))) for value in SETTLEMENT_VALUES]
    if facet is Facet.tariff:
        return [("true", replace(agreement, tariff=True))]
    return [(network, replace(agreement, networks=(network,))) for network in agreement.among(networks)]


def read_facets(request: SearchRequest, counted: dict[str, Any]) -> dict[str, FacetCounts]:
    """The facets of the engine's aggregations."""
    return {facet.value: _read_facet(request, facet, counted) for facet in request.facets if facet.value in counted}


def _read_facet(request: SearchRequest, facet: Facet, counted: dict[str, Any]) -> FacetCounts:
    selected = selected_values(request, facet)
    buckets = counted[facet.value]["buckets"]
    if isinstance(buckets, dict):
        # What lies in an area is few values, always the same.
        kept = facet is Facet.coverage
        counts = {value: each["doc_count"] for value, each in buckets.items() if kept or each["doc_count"]}
    elif facet is Facet.settlement:
        # A settlement word names its network first.
        counts = {bucket["key"].partition(":")[2]: bucket["doc_count"] for bucket in buckets}
    else:
        counts = {bucket["key"]: bucket["doc_count"] for bucket in buckets}
    if selected:
        chosen = counted.get(_selected(facet), {"buckets": ()})["buckets"]
        counts |= {bucket["key"]: bucket["doc_count"] for bucket in chosen}
    return FacetCounts.of(counts, selected)
