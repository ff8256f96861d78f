"""Names by any part, with typos, without accents, across scripts; types, specialties and cities in everyday words."""

import random
from typing import Any

import pytest

from directory.errors import InvalidRequest
from directory.search.find import find_providers
from directory.search.forgiving import FEW
from directory.search.request import Facet
from directory.search.words import MAX_WORDS
from tests.engines.search.search_world import ALL_FACETS, SEED, SearchWorld


@pytest.mark.parametrize(
    ("words", "named"),
    [
        # A whole word, in any case, one of several, all in another order.
        ("Kenyatta", "kenyatta"),
        ("kenyatta NATIONAL hospital", "kenyatta"),
        ("national kenyatta", "kenyatta"),
        # A beginning, a middle, an end.
        ("kenya", "kenyatta"),
        ("bwam", "bwamanda"),
        ("mandak", "bwamanda"),
        ("andakaya", "bwamanda"),
        ("clinique bwama", "bwamanda"),
        # A typo or two.
        ("Kenyata", "kenyatta"),
        ("kennyata", "kenyatta"),
        ("kenaytta", "kenyatta"),
        ("bwamandkaya", "bwamanda"),
        # Accents, hyphens, apostrophes of every kind, elisions.
        ("severine elodie", "severine"),
        ("Sévérine", "severine"),
        ("séverine-elodie", "severine"),
        ("O'Brannigan", "brannigan"),
        ("O’Brannigan", "brannigan"),
        ("obrannigan", "brannigan"),
        ("brannigan", "brannigan"),
        ("o brannigan", "brannigan"),
        ("esperancaise", "elision"),
        ("l'Espérançaise", "elision"),
        ("l’esperancaise", "elision"),
        # Arabic as it is written, with and without the article and its marks, and as it sounds.
        ("القرطبي", "qurtubi"),
        ("قرطبي", "qurtubi"),
        ("القُرْطُبِيّ", "qurtubi"),
        ("qurtubi", "qurtubi"),
        ("al qurtubi", "qurtubi"),
        ("Al-Qurtubi", "qurtubi"),
        # Either name of a listing that has two.
        ("zahrawi", "zahrawi"),
        ("الزهراوي", "zahrawi"),
        ("مستشفى الزهراوي", "zahrawi"),
        # Other scripts, and their Latin letters.
        ("Подорожник", "podorozhnik"),
        ("подорож", "podorozhnik"),
        ("podorozhnik", "podorozhnik"),
        ("Ασκληπιός", "asklepios"),
        ("ασκληπιος", "asklepios"),
        ("ΑΣΚΛΗΠΙΟΣ", "asklepios"),
        ("asklepios", "asklepios"),
        ("上海协和", "xiehe"),
        ("上海", "xiehe"),
        ("shanghai", "xiehe"),
        ("세브란스", "severance"),
        ("브란스", "severance"),
        ("세브란스병원", "severance"),
        ("あさひ", "asahi"),
        ("asahi", "asahi"),
        ("บำรุงราษฎร์", "bamrung"),
        ("โรงพยาบาลบำรุงราษฎร์", "bamrung"),
    ],
)
def test_name_is_found_first(world: SearchWorld, words: str, named: str) -> None:
    assert world.found(q=words)[:1] == [named]


@pytest.mark.parametrize("part", ["대학교", "약국", "치과", "กรุงเทพ", "協和", "协和", "ひまわり", "クリニック"])
def test_part_of_a_name_written_without_spaces_finds_all_that_have_it(world: SearchWorld, part: str) -> None:
    having = {
        external_id
        for external_id, row in world.rows.items()
        if row.status == "active" and part in f"{row.name} {row.local[0] if row.local else ''}"
    }
    found = set(world.found(q=part))
    assert having <= found
    if len(having) >= FEW:
        assert found == having


@pytest.mark.parametrize("words", ["harmony clinc", "zion pharmcie", "suunrise"])
def test_pages_of_a_search_that_forgives_typos_hold_every_match_once(world: SearchWorld, words: str) -> None:
    total = world.search(q=words).total
    shown = [hit.shown["id"] for page in world.walk(q=words, limit=7) for hit in page.hits]
    assert len(shown) == len(set(shown)) == total > 7


@pytest.mark.parametrize("words", ["qqqzzzxxx", "kenyatta qqqzzzxxx", "Żżżżżż"])
def test_words_that_no_listing_has_find_nothing(world: SearchWorld, words: str) -> None:
    assert world.found(q=words) == []


def test_one_word_too_many_is_forgiven_from_four_on(world: SearchWorld) -> None:
    assert "kenyatta" in world.found(q="kenyatta national hospital qqqzzzxxx")
    assert world.found(q="kenyatta national qqqzzzxxx") == []


def test_words_beyond_the_most_are_passed_over(world: SearchWorld) -> None:
    words = ["kenyatta"] * MAX_WORDS
    assert world.found(q=" ".join([*words, "qqqzzzxxx"])) == world.found(q=" ".join(words))
    assert world.found(q=" ".join(words))[0] == "kenyatta"


def test_words_without_a_letter_or_digit_are_an_error(world: SearchWorld) -> None:
    with pytest.raises(InvalidRequest) as raised:
        world.search(q="…!?")
    assert raised.value.faults[0].where == "q"


@pytest.mark.parametrize(
    ("words", "type_", "specialty"),
    [
        ("heart doctor", None, "cardiology"),
        ("cardiologue", None, "cardiology"),
        ("cardiólogo", None, "cardiology"),
        ("طبيب قلب", None, "cardiology"),
        ("pédiatre", None, "paediatrics"),
        ("طبيب أطفال", None, "paediatrics"),
        ("dentista", "dentist", "dentistry"),
        ("dentiste", "dentist", "dentistry"),
        ("طبيب أسنان", "dentist", "dentistry"),
        ("dermatologist", None, "dermatology"),
        ("pharmacie", "pharmacy", None),
        ("farmacia", "pharmacy", None),
        ("صيدلية", "pharmacy", None),
        ("laboratorio", "laboratory", None),
    ],
)
def test_everyday_words_find_everyone_who_offers_what_they_name(
    world: SearchWorld, words: str, type_: str | None, specialty: str | None
) -> None:
    found = world.found(q=words)
    offering = {
        external_id
        for external_id, row in world.rows.items()
        if row.status == "active" and (row.type == type_ or specialty in row.specialties)
    }
    assert len(offering) > 100
    assert offering <= set(found)
    # What only has the word in its name comes with them, and is the minority.
    assert len(found) < 2.5 * len(offering)


def test_city_counts_as_a_word_of_the_question(world: SearchWorld) -> None:
    expected = {
        external_id
        for external_id, row in world.rows.items()
        if row.status == "active"
        and row.city == "Nairobi"
        and (row.type == "dentist" or "dentistry" in row.specialties)
    }
    assert len(expected) > 20
    assert set(world.found(q="dentist nairobi")) == expected
    assert set(world.found(q="Nairobi dentiste")) == expected


def test_city_is_found_in_the_script_of_the_row_and_by_the_gazetteer_s_name(world: SearchWorld) -> None:
    expected = {id_ for id_, row in world.rows.items() if row.status == "active" and row.city == "القاهرة"}
    assert expected <= set(world.found(q="القاهرة"))
    assert expected <= set(world.found(q="Cairo"))


# Plenty as typed, few as typed, only a typo away, across scripts, everyday words.
QUERIES = (
    "hope",
    "kenyatta",
    "kenyata",
    "sunris",
    "qurtubi",
    "dental",
    "cardiologue",
    "harmony clinc",
    "zion pharmacie",
)


@pytest.mark.parametrize("words", QUERIES)
def test_count_of_a_facet_value_is_the_total_of_its_search_with_words_too(world: SearchWorld, words: str) -> None:
    rng = random.Random(words)
    for others in (
        {},
        {"country": ["KE"]},
        {"type": ["pharmacy"], "network": ["essential"]},
        {"lat": -1.29, "lon": 36.82},
    ):
        results = world.search(q=words, facets=ALL_FACETS, limit=1, **others)
        for facet in ALL_FACETS:
            counts = results.facets[facet.value].counts
            values = list(counts)
            for value in [*rng.sample(values, min(2, len(values))), *values[-1:]]:
                total = world.search(**chosen({"q": words, **others}, facet, value)).total
                assert counts[value] == total, (others, facet, value)


def chosen(asked: dict[str, Any], facet: Facet, value: str) -> dict[str, Any]:
    """The search that a click on a facet's value makes."""
    parameter = "place" if facet is Facet.city else facet.value
    choice: Any = True if facet is Facet.tariff else [int(value) if facet is Facet.city else value]
    return {**asked, parameter: choice, "facets": ()}


@pytest.mark.parametrize("words", [None, *QUERIES])
@pytest.mark.parametrize(
    "others",
    [
        {
            "country": ["KE"],
            "type": ["imaging_centre"],
            "network": ["essential"],
            "settlement": ["inpatient:card"],
            "tariff": True,
        },
        {"lat": -1.2921, "lon": 36.8219, "radius_km": 0.2},
        {"lat": 30.05, "lon": 31.24, "radius_km": 1.0, "type": ["pharmacy"]},
        {"bbox": (36.82, -1.3, 36.83, -1.29), "specialty": ["urology"]},
        {"country": ["AQ"], "language": ["sw"], "place": [184745]},
        {"country": ["LU"]},
    ],
    ids=repr,
)
def test_total_of_a_relaxation_is_the_total_of_the_search_that_it_proposes(
    world: SearchWorld, words: str | None, others: dict[str, Any]
) -> None:
    asked: dict[str, Any] = {**others, "facets": ()} | ({"q": words} if words else {})
    results = world.search(**asked)
    if results.total >= FEW:
        assert results.relaxations == ()
    for relaxation in results.relaxations:
        changed = {name: value for name, value in asked.items() if name != relaxation.parameter}
        if relaxation.value is not None:
            changed[relaxation.parameter] = float(relaxation.value)
        assert relaxation.total > results.total
        assert world.search(**changed).total == relaxation.total, relaxation


def test_few_hits_come_with_a_wider_radius(world: SearchWorld) -> None:
    results = world.search(lat=-1.31, lon=36.85, radius_km=0.1)
    assert results.total < FEW
    [wider] = results.relaxations
    assert wider.parameter == "radius_km"
    assert wider.total >= FEW


def test_words_that_cost_too_much_are_looked_for_as_they_are_typed(world: SearchWorld) -> None:
    rng = random.Random(SEED)
    words = ("".join(chr(rng.randint(0xAC00, 0xD7A3)) for _ in range(15)) for _ in range(MAX_WORDS))
    found = find_providers(world.request(q=" ".join(words), country=["KE"], facets=()))
    assert (found.total, found.plainer, found.forgiving) == (0, True, False)
    # What to do about it costs nothing, and is still said.
    assert [change.parameter for change in found.relaxations] == ["q"]


def test_name_of_usual_length_is_forgiven(world: SearchWorld) -> None:
    found = find_providers(world.request(q="kenaytta national hospital", facets=()))
    assert (found.total > 0, found.plainer, found.forgiving) == (True, False, True)
    assert found.found_as_typed == 0


def test_what_is_found_as_typed_is_told_apart_from_near_spellings(world: SearchWorld) -> None:
    found = find_providers(world.request(q="kenyatta national hospital", facets=()))
    assert found.forgiving
    assert found.found_as_typed == 1


def test_search_that_forgives_nothing_found_all_as_typed(world: SearchWorld) -> None:
    found = find_providers(world.request(q="harmony", facets=()))
    assert not found.forgiving
    assert found.found_as_typed == found.total >= FEW
