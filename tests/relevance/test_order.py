"""Ties: each point of config/ranking.toml's `standing` by a search of two that are alike but for it.

The better listing has the higher id, so that it never comes first by the tie-breaker alone.
"""

from collections.abc import Callable
from typing import Any

import pytest

from directory.listings.shown import PublicAgreement, PublicListing, PublicLocation
from tests.relevance.conftest import CENTER, listing

Ranked = Callable[..., list[str]]


def terms(outpatient: str, inpatient: str = "none") -> list[PublicAgreement]:
    return [
        PublicAgreement(network="worldwide", outpatient=outpatient, inpatient=inpatient, tariff=False, notice_days=None)
    ]


def by_city(id_: int, name: str, **facts: Any) -> PublicListing:
    """One that lies somewhere in the city of CENTER."""
    return listing(id_, name, location=PublicLocation(lat=CENTER.lat, lon=CENTER.lon, precision="place"), **facts)


@pytest.mark.parametrize(
    ("known", "less"),
    [
        ({"agreements": terms("card")}, {}),
        ({"agreements": terms("card")}, {"agreements": terms("guarantee_letter")}),
        ({"agreements": terms("none", "guarantee_letter")}, {"agreements": terms("none")}),
        ({"verified_on": "2026-05-01"}, {}),
        ({"verified_on": "2026-05-01"}, {"verified_on": "2026-04-30"}),
        ({"phones": ["+254203662000"]}, {"address": "Limuru Road"}),
        ({"hours": "24/7"}, {}),
        ({"address": "Limuru Road"}, {}),
        ({"specialties": ["cardiology"]}, {}),
        ({"website": "https://unity.example"}, {}),
        ({"km_north": 3.0}, {"agreements": terms("card")}),
    ],
    ids=repr,
)
@pytest.mark.parametrize("typed", ["hospital", "unity"])
def test_of_two_alike_the_one_that_is_known_better_comes_first(
    ranked: Ranked, typed: str, known: dict[str, Any], less: dict[str, Any]
) -> None:
    worlds = [listing(1, "Unity One", type="hospital", **less), listing(2, "Unity Two", type="hospital", **known)]
    assert ranked(typed, worlds) == ["Unity Two", "Unity One"]


BEST: dict[str, Any] = {
    "agreements": terms("card", "card"),
    "verified_on": "2026-11-01",
    "phones": ["+254203662000"],
    "hours": "24/7",
    "address": "Limuru Road",
    "specialties": ["cardiology"],
    "website": "https://unity.example",
}


def test_no_standing_outranks_a_word(ranked: Ranked) -> None:
    worlds = [listing(1, "Agathe Clinic", **BEST), listing(2, "Aga Clinic")]
    assert ranked("aga", worlds) == ["Aga Clinic", "Agathe Clinic"]


def test_no_standing_outranks_a_short_name(ranked: Ranked) -> None:
    worlds = [listing(1, "Sao Jose of the Hill", **BEST), listing(2, "Clínica São José")]
    assert ranked("sao jose", worlds) == ["Clínica São José", "Sao Jose of the Hill"]


def test_no_standing_outranks_a_kilometre(ranked: Ranked) -> None:
    worlds = [listing(1, "Unity", km_north=2, **BEST), listing(2, "Unity", "Unity Two", km_north=1)]
    assert ranked("unity", worlds, near=CENTER) == ["Unity", "Unity"]
    worlds = [listing(1, "Far", type="dentist", km_north=2, **BEST), listing(2, "Near", type="dentist", km_north=1)]
    assert ranked("dentist", worlds, near=CENTER) == ["Near", "Far"]


def test_of_a_kind_of_care_the_better_known_comes_before_the_shorter_name(ranked: Ranked) -> None:
    worlds = [
        listing(1, "002", type="dentist"),
        listing(2, "Kilimani Dental Surgery", type="dentist", phones=["+254203662000"]),
    ]
    assert ranked("dentist", worlds) == ["Kilimani Dental Surgery", "002"]


def test_kind_of_care_somewhere_in_the_city_comes_after_all_that_have_a_point(ranked: Ranked) -> None:
    worlds = [by_city(1, "Dentist of Nairobi", type="dentist", **BEST), listing(2, "Kato", type="dentist", km_north=24)]
    assert ranked("dentist", worlds, near=CENTER) == ["Kato", "Dentist of Nairobi"]


def test_house_that_is_called_so_is_found_first_wherever_in_the_city_it_stands(ranked: Ranked) -> None:
    worlds = [listing(1, "Communityx", km_north=0.1), by_city(2, "Unity")]
    assert ranked("unity", worlds, near=CENTER) == ["Unity", "Communityx"]


def test_middle_of_a_city_gains_nothing_by_closeness(ranked: Ranked) -> None:
    worlds = [by_city(1, "Unity Clinic", **BEST), listing(2, "Unity Centre", km_north=24)]
    assert ranked("unity", worlds, near=CENTER) == ["Unity Centre", "Unity Clinic"]
