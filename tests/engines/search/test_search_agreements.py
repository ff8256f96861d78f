"""What is asked of an agreement is asked of one and the same agreement."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from directory.search.agreements import SETTINGS
from directory.search.find import find_providers
from directory.search.postgis.listings import find_providers_in_sql
from directory.search.request import SearchRequest
from directory.search.results import SearchResults
from directory.web.render import in_networks
from directory.wording.payment import payment_ways
from tests.engines.search.search_rows import BARGAINS, BARGAINS_COUNTRY
from tests.engines.search.search_world import SearchWorld

# No agreement of theirs is in force: members pay there, then claim, as where an agreement says so.
NOBODY_SETTLES = ("agreement that has ended", "agreement to come", "no agreement")


def find_in_index(_world: SearchWorld, request: SearchRequest) -> SearchResults:
    return find_providers(request)


def find_in_tables(world: SearchWorld, request: SearchRequest) -> SearchResults:
    return find_providers_in_sql(world.stores.engine, request, seconds=10.0)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, sorted(BARGAINS)),
        ({"settlement": ["outpatient:card"]}, ["card in one, tariff in another", "card with tariff"]),
        ({"tariff": True}, ["card in one, tariff in another", "card with tariff", "pay and claim"]),
        ({"settlement": ["outpatient:card"], "tariff": True}, ["card with tariff"]),
        ({"settlement": ["outpatient:card"], "network": ["essential"]}, []),
        (
            {"settlement": ["outpatient:card"], "network": ["essential", "worldwide"]},
            ["card in one, tariff in another", "card with tariff"],
        ),
        ({"network": ["essential"]}, ["card in one, tariff in another"]),
        ({"network": ["worldwide"], "tariff": True}, ["card with tariff", "pay and claim"]),
        ({"settlement": ["outpatient:direct"]}, ["card in one, tariff in another", "card with tariff", "letters"]),
        ({"settlement": ["inpatient:direct"]}, ["card with tariff", "letters"]),
        ({"settlement": ["outpatient:card", "inpatient:direct"]}, ["card with tariff"]),
        ({"settlement": ["outpatient:guarantee_letter", "inpatient:guarantee_letter"]}, ["letters"]),
        (
            {"settlement": ["inpatient:none"]},
            sorted(["card in one, tariff in another", "pay and claim", *NOBODY_SETTLES]),
        ),
        (
            {"settlement": ["outpatient:none", "inpatient:none"]},
            sorted(["card in one, tariff in another", "pay and claim", *NOBODY_SETTLES]),
        ),
        ({"settlement": ["outpatient:none", "inpatient:card"]}, []),
        (
            {"settlement": ["outpatient:none"], "tariff": True},
            ["card in one, tariff in another", "pay and claim"],
        ),
        (
            {"settlement": ["outpatient:none"], "network": ["essential", "worldwide"]},
            ["card in one, tariff in another", "pay and claim"],
        ),
        ({"settlement": ["outpatient:none"], "network": ["worldwide"]}, ["pay and claim"]),
        ({"settlement": ["outpatient:card", "outpatient:none"]}, []),
        (
            {"direct_or_tariff": True},
            ["card in one, tariff in another", "card with tariff", "letters", "pay and claim"],
        ),
        ({"direct_or_tariff": True, "network": ["emergency"]}, ["letters"]),
        (
            {"direct_or_tariff": True, "settlement": ["outpatient:none", "inpatient:none"]},
            ["card in one, tariff in another", "pay and claim"],
        ),
        (
            {"settlement": ["outpatient:card", "outpatient:direct"]},
            ["card in one, tariff in another", "card with tariff"],
        ),
    ],
    ids=repr,
)
def test_everything_asked_holds_within_one_agreement(
    world: SearchWorld, asked: dict[str, Any], expected: list[str]
) -> None:
    assert sorted(world.found(country=[BARGAINS_COUNTRY], **asked)) == expected


def test_settlement_counts_keep_network_and_tariff_within_one_agreement(world: SearchWorld) -> None:
    asked = {"country": [BARGAINS_COUNTRY], "network": ["worldwide"], "tariff": True}
    assert world.search(**asked).facets["settlement"].counts == {
        "outpatient:card": 1,
        "outpatient:direct": 1,
        "outpatient:none": 1,
        "inpatient:guarantee_letter": 1,
        "inpatient:direct": 1,
        "inpatient:none": 1,
    }


def test_chosen_settlement_that_nothing_has_is_counted_as_none(world: SearchWorld) -> None:
    chosen = "inpatient:card"
    results = world.search(country=[BARGAINS_COUNTRY], settlement=[chosen])
    assert results.total == 0
    assert results.facets["settlement"].selected == (chosen,)
    assert results.facets["settlement"].counts[chosen] == 0


@pytest.mark.parametrize("find", [find_in_index, find_in_tables])
@pytest.mark.parametrize("asked", [{}, {"network": ["essential"]}, {"network": ["worldwide", "essential"]}], ids=repr)
def test_facet_counts_a_way_to_pay_as_often_as_cards_say_it(
    world: SearchWorld, find: Callable[[SearchWorld, SearchRequest], SearchResults], asked: dict[str, Any]
) -> None:
    request = world.request(**asked, country=[BARGAINS_COUNTRY], limit=100)
    results = find(world, request)
    said = Counter(
        f"{setting}:{way.settlement}"
        for hit in results.hits
        for setting in SETTINGS
        for way in payment_ways(in_networks(hit.shown, request.agreement.networks).get("agreements", ()), setting, "en")
    )
    counted = {value: count for value, count in results.facets["settlement"].counts.items() if "direct" not in value}
    assert counted == said
    assert results.total == len(results.hits) >= 1
