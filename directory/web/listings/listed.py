"""Listings as the network team sees them: what members see, and what only the team may."""

from collections.abc import Mapping
from typing import Any

from directory.listings.rows import ListingRow, Owner
from directory.search.curated import NONE
from directory.search.curating import Listed
from directory.search.cursor import encode_cursor
from directory.search.request import Facet, SearchRequest
from directory.search.results import FacetCounts
from directory.web.render import facet_label, in_networks, notice, page_links, relation, render_item, render_where
from directory.wording.catalogue import phrase
from geodata.points import distance_m

PATH = "/v1/listings"


def render_listed(listed: Listed, team: Mapping[str, str], arguments: Mapping[str, str], lang: str) -> dict[str, Any]:
    """A page of listings. `team`: names of accounts by id; `arguments`: the parameters as they came."""
    request, results = listed.understood.request, listed.results
    where = listed.understood.where
    return {
        "items": [render_row(row, lang, listed.understood.request) for row in listed.rows],
        "total": {"value": results.total, "relation": relation(results.at_least)},
        "facets": {name: _render_facet(name, counts, team, lang) for name, counts in results.facets.items()},
        "facets_left_out": [facet.value for facet in request.facets if facet.value not in results.facets],
        "where": where and render_where(where, lang),
        "links": page_links(arguments, encode_cursor(request, results.next) if results.next else None, PATH),
        "forgiving": results.forgiving,
        "found_as_typed": results.found_as_typed,
        "degraded": results.degraded,
        **notice(lang),
    }


def render_row(row: ListingRow, lang: str, request: SearchRequest | None = None) -> dict[str, Any]:
    """One listing, as `ListedItem` describes it; with a request, in its networks and away from its point."""
    circle, location = request and request.circle, row.shown["location"]
    away = (
        distance_m(circle.center, location["lon"], location["lat"])
        if circle and location and location["precision"] == "exact"
        else None
    )
    networks = request.agreement.networks if request else None
    return {
        **render_item(in_networks(row.shown, networks), lang, away),
        "status_label": phrase(lang, f"listings.status_{row.shown['status']}"),
        "status_reason": row.shown["status_reason"],
        "merged_into": _text(row.shown["merged_into"]),
        "source": row.shown["source"],
        "external_id": row.external_id,
        "owner": _render_owner(row.owner),
        "updated_at": row.updated_at,
        "agreements_suspended": row.suspended,
        "agreements_coming": row.coming,
    }


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)


def _render_owner(owner: Owner | None) -> dict[str, str] | None:
    return owner and owner._asdict()


def _render_facet(name: str, counted: FacetCounts, team: Mapping[str, str], lang: str) -> list[dict[str, Any]]:
    return [
        {
            "value": value,
            "label": value_label(name, value, team, lang),
            "count": count,
            "selected": value in counted.selected,
        }
        for value, count in counted.counts.items()
    ]


def value_label(name: str, value: str, team: Mapping[str, str], lang: str) -> str:
    """What a value of a facet is called. `team`: names of accounts by id."""
    match Facet(name):
        case Facet.status:
            return phrase(lang, f"listings.status_{value}")
        case Facet.source:
            return phrase(lang, "listings.no_source") if value == NONE else value
        case Facet.owner:
            return phrase(lang, "listings.nobody") if value == NONE else team.get(value, value)
    return facet_label(name, value, lang)
