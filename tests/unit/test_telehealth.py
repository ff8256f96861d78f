"""When care by video or telephone is an answer: only for what it is good for, and where there is no nearer way on."""

from dataclasses import replace
from typing import Any

import pytest

from config.languages import LANGUAGES
from config.settings import settings_from
from directory.search.request import Circle, Cursor, SearchRequest, Unit
from directory.search.results import Hit, SearchResults
from directory.telehealth.offering import (
    Telehealth,
    fits,
    fits_search,
    load_telehealth,
    offer_after_refusal,
    offer_for_search,
)
from geodata.points import Point

HERE = Circle(Point(29.2, -1.7), 25_000.0)


def found(*metres: float | None) -> SearchResults:
    hits = tuple(Hit({"id": number}, away) for number, away in enumerate(metres))
    return SearchResults(hits=hits, total=len(hits), facets={}, relaxations=(), next=None, forgiving=False)


@pytest.fixture
def telehealth() -> Telehealth:
    """As the file has it."""
    loaded = load_telehealth()
    assert loaded
    return loaded


def word(text: str, *, types: tuple[str, ...] = (), specialties: tuple[str, ...] = ()) -> Unit:
    return Unit(text, types=types, specialties=specialties)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"specialties": ("paediatrics",)}, True),
        ({"specialties": ("general_practice", "internal_medicine")}, True),
        ({"types": ("doctor",)}, True),
        ({"types": ("clinic",), "specialties": ("psychiatry",)}, True),
        ({"units": (word("paediatrician", specialties=("paediatrics",)),)}, True),
        ({"units": (word("doctor", types=("doctor",)),)}, True),
        ({"specialties": ("dialysis",)}, False),
        ({"units": (word("dialysis", types=("dialysis_centre",), specialties=("dialysis",)),)}, False),
        ({"specialties": ("emergency_medicine",)}, False),
        ({"types": ("hospital",)}, False),
        ({"types": ("pharmacy",)}, False),
        ({"types": ("hospital",), "specialties": ("paediatrics",)}, False),
        ({"types": ("clinic",)}, False),
        ({"units": (word("hope"),)}, False),
        ({"units": (word("paediatrician", specialties=("paediatrics",)), word("hope"))}, False),
        ({}, False),
    ],
    ids=repr,
)
def test_only_what_it_is_good_for(telehealth: Telehealth, asked: dict[str, Any], expected: bool) -> None:
    assert fits_search(telehealth, SearchRequest(**asked)) is expected


CHILD = SearchRequest(specialties=("paediatrics",), circle=HERE)


@pytest.mark.parametrize(
    ("results", "closed", "reason"),
    [
        (found(), False, "none"),
        (found(60_000.0, 90_000.0), False, "far"),
        (found(49_000.0, 90_000.0), False, None),
        (found(60_000.0, None), False, None),
        (found(1_000.0), True, "closed"),
    ],
    ids=repr,
)
def test_offered_where_there_is_no_nearer_way_on(results: SearchResults, closed: bool, reason: str | None) -> None:
    with settings_from({"DEMONSTRATION": "true"}):
        offer = offer_for_search(CHILD, results, "en", closed=closed)
    assert (offer and offer["reason"]) == reason


def test_a_later_page_repeats_no_offer() -> None:
    with settings_from({"DEMONSTRATION": "true"}):
        assert offer_for_search(replace(CHILD, cursor=Cursor((1,), False)), found(), "en") is None


def test_an_invented_address_is_offered_by_a_demonstration_only() -> None:
    with settings_from({"DEMONSTRATION": "false"}):
        assert offer_for_search(CHILD, found(), "en") is None


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_offer_says_how_soon_and_that_it_is_not_for_emergencies(lang: str) -> None:
    with settings_from({"DEMONSTRATION": "true"}):
        offer = offer_after_refusal(("doctor",), ("general_practice",), lang)
        assert offer_after_refusal(("hospital",), ("paediatrics",), lang) is None
    assert offer
    assert "72" in offer["sentence"]
    assert offer["caution"]
    assert "?" not in offer["url"]


def test_nothing_of_what_fits_is_an_emergency(telehealth: Telehealth) -> None:
    for type_code in ("hospital", "pharmacy", "urgent_care_centre", "maternity"):
        assert not fits(telehealth, (type_code,), ("general_practice",))
