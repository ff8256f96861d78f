"""Facets: what could be chosen, and how many hits each choice would give, counted without the facet's own filter."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from directory.search.agreements import SETTLEMENT_VALUES, AgreementFilter
from directory.search.filters import AGREEMENT_FACETS, FIELDS, selected_values
from directory.search.request import Facet, SearchRequest
from directory.search.results import FacetValue

Clause = dict[str, Any]

MOST_VALUES = 50


def filter_name(facet: Facet) -> str:
    """The key under which `filters.build_facet_filters` holds what this facet counts without."""
    return "agreement" if facet in AGREEMENT_FACETS else facet.value


def build_aggregations(
    request: SearchRequest, filters: dict[str, Clause], networks: Sequence[str]
) -> dict[str, Clause]:
    """One aggregation a facet. `filters` are those that the query itself leaves to its post filter, by name."""
    aggregations = {}
    for facet in request.facets:
        others = [clause for name, clause in filters.items() if name != filter_name(facet)]
        counted = (
            _count_agreements(request, facet, networks) if facet in AGREEMENT_FACETS else _count_terms(request, facet)
        )
        aggregations[facet.value] = {"filter": {"bool": {"filter": others}}, "aggs": counted}
    return aggregations


def _count_terms(request: SearchRequest, facet: Facet) -> dict[str, Clause]:
    field = FIELDS[facet]
    # More than are shown, so that several shards agree on the largest.
    counted: dict[str, Clause] = {"values": {"terms": {"field": field, "size": MOST_VALUES, "shard_size": 500}}}
    if selected := selected_values(request, facet):
        counted["selected"] = {"terms": {"field": field, "include": list(selected), "size": len(selected)}}
    return counted


def _count_agreements(request: SearchRequest, facet: Facet, networks: Sequence[str]) -> dict[str, Clause]:
    return {
        "values": {
            "filters": {
                "filters": {
                    value: {"terms": {"agreement": choice.words(networks)}}
                    for value, choice in choices(request.agreement, facet, networks)
                }
            }
        }
    }


def choices(asked: AgreementFilter, facet: Facet, networks: Sequence[str]) -> list[tuple[str, AgreementFilter]]:
    """Each value of the facet with what would be asked of an agreement if it alone were chosen."""
    if facet is Facet.settlement:
        return [(value, replace(asked, settlements=(value,))) for value in SETTLEMENT_VALUES]
    if facet is Facet.tariff:
        return [("true", replace(asked, tariff=True))]
    return [(network, replace(asked, networks=(network,))) for network in networks]


def read_facets(request: SearchRequest, answer: dict[str, Any]) -> dict[str, tuple[FacetValue, ...]]:
    """The facets of an engine's answer: largest first, equal ones by value, and every selected one."""
    return {facet.value: _read_facet(request, facet, answer["aggregations"][facet.value]) for facet in request.facets}


def _read_facet(request: SearchRequest, facet: Facet, counted: dict[str, Any]) -> tuple[FacetValue, ...]:
    selected = selected_values(request, facet)
    buckets = counted["values"]["buckets"]
    if isinstance(buckets, dict):
        counts = {value: bucket["doc_count"] for value, bucket in buckets.items() if bucket["doc_count"]}
    else:
        counts = {bucket["key"]: bucket["doc_count"] for bucket in buckets}
    counts |= {bucket["key"]: bucket["doc_count"] for bucket in counted.get("selected", {}).get("buckets", ())}
    for value in selected:
        counts.setdefault(value, 0)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(FacetValue(value, count, value in selected) for value, count in ordered)
