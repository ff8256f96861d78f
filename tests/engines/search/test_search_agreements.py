"""What is asked of an agreement is asked of one and the same agreement."""

from typing import Any

import pytest

from tests.engines.search.search_rows import BARGAINS, BARGAINS_COUNTRY
from tests.engines.search.search_world import SearchWorld


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
        ({"settlement": ["inpatient:none"]}, ["card in one, tariff in another", "pay and claim"]),
        ({"settlement": ["outpatient:none", "inpatient:none"]}, ["card in one, tariff in another", "pay and claim"]),
        ({"settlement": ["outpatient:none"], "network": ["worldwide"]}, ["pay and claim"]),
        ({"settlement": ["outpatient:card", "outpatient:none"]}, []),
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
