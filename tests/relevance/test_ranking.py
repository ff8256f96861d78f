"""One rule of config/ranking.toml a test, each in a world of two or three listings.

The better listing has the higher id, so that it never comes first by the tie-breaker alone.
"""

from collections.abc import Callable

import pytest

from directory.search.forgiving import FEW
from tests.relevance.conftest import CENTER, listing

Ranked = Callable[..., list[str]]


def test_whole_word_comes_before_its_beginning(ranked: Ranked) -> None:
    assert ranked("aga", [listing(1, "Agathe Clinic"), listing(2, "Aga Clinic")]) == ["Aga Clinic", "Agathe Clinic"]


def test_beginning_comes_before_the_middle(ranked: Ranked) -> None:
    worlds = [listing(1, "Kinshasa Clinic"), listing(2, "Shasanga Clinic")]
    assert ranked("shasa", worlds) == ["Shasanga Clinic", "Kinshasa Clinic"]


def test_middle_comes_before_a_typo(ranked: Ranked) -> None:
    assert ranked("nyatt", [listing(1, "Nyata Clinic"), listing(2, "Kenyatta Clinic")]) == [
        "Kenyatta Clinic",
        "Nyata Clinic",
    ]


def test_name_as_typed_comes_before_a_near_spelling(ranked: Ranked) -> None:
    assert ranked("kenyata", [listing(1, "Kenyatta"), listing(2, "Kenyata")]) == ["Kenyata", "Kenyatta"]


def test_typos_count_only_when_too_little_is_found_as_typed(ranked: Ranked) -> None:
    as_typed = [listing(10 + number, f"Kenyata {number}") for number in range(FEW)]
    assert "Kenyatta" not in ranked("kenyata", [listing(1, "Kenyatta"), *as_typed])
    assert "Kenyatta" in ranked("kenyata", [listing(1, "Kenyatta"), *as_typed[1:]])


def test_dentist_by_type_comes_before_a_name_that_begins_so(ranked: Ranked) -> None:
    worlds = [listing(1, "Dentistree Café"), listing(2, "Dr Wanjiru", type="dentist", specialties=["dentistry"])]
    assert ranked("dentist", worlds) == ["Dr Wanjiru", "Dentistree Café"]


def test_name_with_the_very_word_comes_before_the_specialty(ranked: Ranked) -> None:
    worlds = [listing(1, "Dr Wanjiru", specialties=["cardiology"]), listing(2, "Cardiologue Plus")]
    assert ranked("cardiologue", worlds) == ["Cardiologue Plus", "Dr Wanjiru"]


def test_word_in_the_name_comes_before_the_city(ranked: Ranked) -> None:
    worlds = [listing(1, "Unity Clinic", city="Goma"), listing(2, "Goma Clinic", city="Bukavu")]
    assert ranked("goma", worlds) == ["Goma Clinic", "Unity Clinic"]


def test_city_comes_before_a_part_of_a_name(ranked: Ranked) -> None:
    worlds = [listing(1, "Sagomad Clinic"), listing(2, "Unity Clinic", city="Goma")]
    assert ranked("goma", worlds) == ["Unity Clinic", "Sagomad Clinic"]


def test_dentist_of_the_city_is_found_and_the_others_are_not(ranked: Ranked) -> None:
    worlds = [
        listing(1, "Dr Kato", type="dentist", city="Kampala"),
        listing(2, "Unity Clinic", city="Nairobi"),
        listing(3, "Dr Wanjiru", type="dentist", city="Nairobi"),
    ]
    assert ranked("dentist nairobi", worlds) == ["Dr Wanjiru"]


def test_words_in_their_order_come_before_the_same_words_apart(ranked: Ranked) -> None:
    worlds = [listing(1, "Central Pharmacy of the Hospital"), listing(2, "Hospital Central")]
    assert ranked("hospital central", worlds) == ["Hospital Central", "Central Pharmacy of the Hospital"]


def test_two_names_of_a_listing_are_no_phrase(ranked: Ranked) -> None:
    worlds = [listing(1, "Unity Hospital", "Central Clinic"), listing(2, "Grand Hospital Central")]
    assert ranked("hospital central", worlds)[0] == "Grand Hospital Central"


def test_near_one_of_two_that_match_alike_comes_first(ranked: Ranked) -> None:
    worlds = [listing(1, "Unity Clinic", km_north=20), listing(2, "Unity Centre", km_north=1)]
    assert ranked("unity", worlds, near=CENTER) == ["Unity Centre", "Unity Clinic"]


def test_good_name_a_little_farther_comes_before_a_poor_one_next_door(ranked: Ranked) -> None:
    worlds = [listing(1, "Communityx", km_north=0.1), listing(2, "Unity", km_north=5)]
    assert ranked("unity", worlds, near=CENTER) == ["Unity", "Communityx"]


def test_few_kilometres_weigh_little_where_the_radius_is_wide(ranked: Ranked) -> None:
    worlds = [listing(1, "Kinshasa Clinic", km_north=0), listing(2, "Shasanga Clinic", km_north=4)]
    assert ranked("shasa", worlds, near=CENTER, radius_km=25) == ["Shasanga Clinic", "Kinshasa Clinic"]
    assert ranked("shasa", worlds, near=CENTER, radius_km=5) == ["Kinshasa Clinic", "Shasanga Clinic"]


def test_closeness_leaves_nothing_out(ranked: Ranked) -> None:
    worlds = [listing(1, "Unity Clinic", km_north=24), listing(2, "Unity Centre", km_north=0)]
    assert len(ranked("unity", worlds, near=CENTER)) == 2


def test_what_lies_beyond_the_radius_is_not_found(ranked: Ranked) -> None:
    worlds = [listing(1, "Unity Clinic", km_north=26), listing(2, "Unity Centre"), listing(3, "Unity", km_north=1)]
    assert ranked("unity", worlds, near=CENTER) == ["Unity"]


def test_more_of_the_words_found_exactly_rank_higher(ranked: Ranked) -> None:
    worlds = [listing(1, "Saint Lukas Hospitals"), listing(2, "Saint Luka Hospital")]
    assert ranked("saint luka", worlds) == ["Saint Luka Hospital", "Saint Lukas Hospitals"]


def test_joining_words_are_not_asked_for(ranked: Ranked) -> None:
    assert ranked("hospital of the nations", [listing(1, "Nations Hospital")]) == ["Nations Hospital"]
    assert ranked("hôpital de la paix", [listing(1, "Hôpital Paix", type="hospital")]) == ["Hôpital Paix"]


def test_arabic_name_is_found_by_its_sound_after_the_latin_one_that_is_typed_so(ranked: Ranked) -> None:
    worlds = [listing(1, "مستشفى الشفاء"), listing(2, "Shifa Hospital")]
    assert ranked("shifa", worlds) == ["Shifa Hospital", "مستشفى الشفاء"]


@pytest.mark.parametrize("others", [0, 200])
def test_order_does_not_depend_on_what_else_the_index_holds(ranked: Ranked, others: int) -> None:
    # With scores that count how rare a word is, hundreds of dentists would make the word "dentist" worth little.
    crowd = [listing(100 + number, f"Wanjiru {number}", km_north=90) for number in range(others)]
    worlds = [listing(1, "Unity Wanjirus", km_north=1), listing(2, "Unitys Wanjiru", km_north=1), *crowd]
    assert ranked("unity wanjiru", worlds, near=CENTER) == ["Unity Wanjirus", "Unitys Wanjiru"]


def test_name_that_says_little_else_ranks_before_a_long_one(ranked: Ranked) -> None:
    worlds = [listing(1, "Unidade de Saúde da Família Bairro São José"), listing(2, "Clínica São José")]
    assert ranked("sao jose", worlds) == ["Clínica São José", "Unidade de Saúde da Família Bairro São José"]
