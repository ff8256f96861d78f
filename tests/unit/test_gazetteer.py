"""What people type for a place, and the place that they mean; over the whole gazetteer."""

import multiprocessing
import sqlite3
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.build import build_gazetteer
from geodata.gazetteer import Gazetteer
from geodata.places import CountryNotPlace, GazetteerMissing, UnknownPlace
from geodata.points import Point, haversine_m

CAIRO, KYIV, SEOUL, KINSHASA, NAIROBI = 360630, 703448, 1835848, 2314302, 184745
MANILA, RIO, GOMA, GOMA_PH, BASEL = 1701668, 3451190, 216281, 1712770, 2661604
PARIS, PARIS_TX, SAN_JOSE_CR, NEW_YORK = 2988507, 4717560, 3621849, 5128581


@pytest.fixture(scope="module")
def gazetteer(gazetteer_path: Path) -> Gazetteer:
    return Gazetteer(gazetteer_path)


@pytest.mark.parametrize(
    ("words", "place"),
    [
        *(
            (words, CAIRO)
            for words in ("Le Caire", "القاهرة", "El Cairo", "Cairo", "cairo", "القاهره", "Каир", "カイロ")
        ),
        *((words, KYIV) for words in ("Kyiv", "Kiev", "Київ", "Киев", "كييف")),
        *((words, SEOUL) for words in ("서울", "Seoul", "Séoul", "Seúl", "首尔")),
        *((words, MANILA) for words in ("Manila", "Manille")),
        *((words, NEW_YORK) for words in ("NYC", "New York", "new york", "Nueva York", "N.Y.C.")),
        *((words, BASEL) for words in ("Basel", "Bâle", "Bale", "Basilea")),
        ("Kinshasa", KINSHASA),
        ("Nairobi", NAIROBI),
        ("Rio", RIO),
        ("Bombay", 1275339),
        ("Saigon", 1566083),
        ("Ouaga", 2357048),
        ("Addis", 344979),
        ("Lisboa", 2267057),
        ("Genève", 2660646),
        ("札幌市", 2128295),
        ("Victoria", 6174041),
        ("Can", 749795),
    ],
)
def test_place_is_known_by_its_names_in_every_language(gazetteer: Gazetteer, words: str, place: int) -> None:
    assert gazetteer.resolve_place(words).place.id == place


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("Paris, TX", PARIS_TX),
        ("Paris Texas", PARIS_TX),
        ("Paris (Texas, USA)", PARIS_TX),
        ("Paris, France", PARIS),
        ("12 Rue de Rivoli, Paris, France", PARIS),
        ("San José, Costa Rica", SAN_JOSE_CR),
        ("San Jose Costa Rica", SAN_JOSE_CR),
        ("Goma DRC", GOMA),
        ("Goma, Nord-Kivu, RDC", GOMA),
        ("Goma, Philippines", GOMA_PH),
        ("القاهرة، مصر", CAIRO),
        ("القاهرة مصر", CAIRO),
        ("Springfield, IL", 4250542),
        ("Los Angeles, CA", 5368361),
        ("Toronto, ON", 6167865),
        ("Washington, D.C.", 4140963),
        ("日本 東京", 1850147),
        ("Nairobi City", NAIROBI),
        ("City of Nairobi", NAIROBI),
        ("Київ, Україна", KYIV),
        ("Kampala, Uganda, Africa", 232422),
        ("Uganda Kampala", 232422),
        ("Beirut, Lebanon, Middle East", 276781),
        ("Austin TX USA", 4671654),
        ("austin/travis county/texas", 4671654),
        ("Texas - Austin", 4671654),
        ("75015 Paris", PARIS),
        ("Paris 75015", PARIS),
        ("London W1U 6TY", 2643743),
        ("New York, NY 10017", NEW_YORK),
        ("St Maur des Fossés", 2978179),
        ("St Louis, MO", 4407066),
        ("Muenster, Germany", 2867543),
        ("北海道札幌市", 2128295),
        ("서울특별시 강남구", SEOUL),
        ("Nîmes, France, Languedoc-Roussillon", 2990363),
    ],
)
def test_region_or_country_beside_the_name_is_read_as_such(gazetteer: Gazetteer, words: str, place: int) -> None:
    assert gazetteer.resolve_place(words).place.id == place


@pytest.mark.parametrize(
    ("words", "kind", "label"),
    [
        ("Kinshasa / Gombe", "district", "Gombe, Kinshasa, Congo - Kinshasa"),
        ("Westlands, Nairobi", "district", "Westlands, Nairobi, Kenya"),
        ("Gigiri", "district", "Gigiri, Nairobi, Kenya"),
        ("JFK airport", "airport", "John F Kennedy International Airport, New York, United States"),
    ],
)
def test_districts_and_airports_are_places(gazetteer: Gazetteer, words: str, kind: str, label: str) -> None:
    place = gazetteer.resolve_place(words).place
    assert (place.kind, place.label()) == (kind, label)


def test_place_is_told_in_the_readers_language_and_whole(gazetteer: Gazetteer) -> None:
    cairo = gazetteer.resolve_place("Cairo").place
    assert [cairo.name_in(lang) for lang in ("en", "fr", "es", "ar")] == ["Cairo", "Le Caire", "El Cairo", "القاهرة"]
    assert (cairo.local_name("fr"), cairo.local_name("ar")) == ("القاهرة", None)
    tokyo = gazetteer.resolve_place("Tokyo").place
    # No name of the region is known in Arabic: it is left out, not told in another script.
    assert (tokyo.label("ar"), tokyo.local_name("ar")) == ("طوكيو، اليابان", "東京")


@pytest.mark.parametrize("lang", ["en", "fr", "es", "ar"])
def test_label_of_a_place_finds_it_again(gazetteer: Gazetteer, lang: str) -> None:
    for number in (CAIRO, KYIV, SEOUL, KINSHASA, NAIROBI, MANILA, PARIS, PARIS_TX, NEW_YORK):
        place = gazetteer.place(number)
        assert place is not None
        assert gazetteer.resolve_place(place.label(lang)).place.id == number, place.label(lang)


def test_goma_is_the_big_one_unless_the_country_says_otherwise(gazetteer: Gazetteer) -> None:
    found = gazetteer.resolve_place("Goma")
    assert found.place.id == GOMA
    assert GOMA_PH in [place.id for place in found.alternatives]
    assert gazetteer.resolve_place("Goma", country="PH").place.id == GOMA_PH
    assert gazetteer.resolve_place("Goma", country=("KE", "PH")).place.id == GOMA_PH


def test_ambiguous_words_name_the_other_places(gazetteer: Gazetteer) -> None:
    found = gazetteer.resolve_place("Hyderabad")
    assert found.place.country == "IN"
    assert [place.country for place in found.alternatives] == ["PK"]
    assert not found.corrected


def test_name_that_was_met_is_told_as_it_was_typed(gazetteer: Gazetteer) -> None:
    assert gazetteer.resolve_place("kiev").place.matched == "Kiev"
    assert gazetteer.resolve_place("Bâle").place.matched == "Bâle"


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("Nairobbi", NAIROBI),
        ("Uairobi", NAIROBI),
        ("Kinshassa", KINSHASA),
        ("Nairobbi, Kenya", NAIROBI),
        ("Nairobbi Kenya", NAIROBI),
        ("Johannesbrug", 993800),
    ],
)
def test_slip_in_a_well_known_name_is_corrected_and_said(gazetteer: Gazetteer, words: str, place: int) -> None:
    found = gazetteer.resolve_place(words)
    assert (found.place.id, found.corrected) == (place, True)


@pytest.mark.parametrize(
    "words", ["", "  ", "...", "asdfghjkl", "Paris, Narnia", "Nairobi, Texas", "Paris, Kenya", "King County"]
)
def test_words_that_are_no_place_are_refused(gazetteer: Gazetteer, words: str) -> None:
    with pytest.raises(UnknownPlace, match="no place is known as"):
        gazetteer.resolve_place(words)


def test_refusal_names_what_is_close(gazetteer: Gazetteer) -> None:
    with pytest.raises(UnknownPlace) as elsewhere:
        gazetteer.resolve_place("Nairobi", country="PH")
    assert elsewhere.value.nearest[0].id == NAIROBI
    with pytest.raises(UnknownPlace, match="did you mean Paris") as narnia:
        gazetteer.resolve_place("Paris, Narnia")
    assert narnia.value.nearest[0].id == PARIS


@pytest.mark.parametrize(
    ("words", "code"),
    [("Kenya", "KE"), ("Kenya, Africa", "KE"), ("uk", "GB"), ("السودان", "SD"), ("USA", "US"), ("Jordan", "JO")],
)
def test_name_of_a_country_is_no_place(gazetteer: Gazetteer, words: str, code: str) -> None:
    with pytest.raises(CountryNotPlace, match=f"use country={code}") as error:
        gazetteer.resolve_place(words)
    assert error.value.code == code


@pytest.mark.parametrize(
    ("words", "country", "name"),
    [
        ("Singapore", None, "Singapore"),
        ("Djibouti", None, "Djibouti"),
        ("تونس", None, "Tunis"),
        ("Mexico", None, "Mexico City"),
        ("Granada", None, "Granada"),
        ("Salvador", None, "Salvador"),
        ("Georgia", "US", "Georgia"),
    ],
)
def test_city_with_the_name_of_a_country_is_found(
    gazetteer: Gazetteer, words: str, country: str | None, name: str
) -> None:
    assert gazetteer.resolve_place(words, country=country).place.name == name


def test_region_is_a_place_at_its_largest_city(gazetteer: Gazetteer) -> None:
    kerala = gazetteer.resolve_place("Kerala").place
    assert (kerala.kind, kerala.country) == ("region", "IN")
    nearest = gazetteer.nearest(kerala.point)
    assert nearest is not None
    assert haversine_m(kerala.point, nearest.point) == 0
    assert gazetteer.resolve_place("Île-de-France").place.kind == "region"


@pytest.mark.parametrize(
    ("prefix", "first"),
    [
        ("n", "Nairobi"),
        ("nai", "Nairobi"),
        ("par", "Paris"),
        ("le c", "Cairo"),
        ("القا", "Cairo"),
        ("Киї", "Kyiv"),
        ("서", "Seoul"),
        ("東", "Tokyo"),
        ("saint-p", "Saint Petersburg"),
        ("york", "York"),
        ("goma", "Goma"),
    ],
)
def test_best_known_place_of_a_prefix_comes_first(gazetteer: Gazetteer, prefix: str, first: str) -> None:
    assert gazetteer.complete(prefix)[0].name == first


def test_completion_is_read_within_a_region_or_country(gazetteer: Gazetteer) -> None:
    assert gazetteer.complete("Paris, TX")[0].id == PARIS_TX
    assert gazetteer.complete("paris, te")[0].country == "US"
    assert gazetteer.complete("San José, Costa R")[0].id == SAN_JOSE_CR
    assert gazetteer.complete("goma", countries=("PH",))[0].id == GOMA_PH
    assert {place.country for place in gazetteer.complete("s", countries=("KE", "UG"), limit=20)} == {"KE", "UG"}


def test_country_in_words_is_completed_by_its_best_known_cities(gazetteer: Gazetteer) -> None:
    for words, country in (("UK", "GB"), ("usa", "US"), ("RDC", "CD"), ("DRC", "CD")):
        assert {place.country for place in gazetteer.complete(words)[:3]} == {country}
    assert gazetteer.complete("London UK")[0].id == 2643743


def test_completion_knows_abbreviations(gazetteer: Gazetteer) -> None:
    assert "Saint-Maur-des-Fossés" in [place.name for place in gazetteer.complete("St Maur")]


def test_completion_names_each_place_once_and_no_more_than_asked(gazetteer: Gazetteer) -> None:
    for prefix in ("s", "nai", "san ", "東", "paris"):
        ids = [place.id for place in gazetteer.complete(prefix, limit=20)]
        assert len(ids) == len(set(ids)) <= 20
    assert gazetteer.complete("") == []


def test_completion_forgives_a_slip(gazetteer: Gazetteer) -> None:
    assert gazetteer.complete("nairobbi")[0].id == NAIROBI


@given(prefix=st.text(max_size=8))
def test_any_text_can_be_completed(gazetteer: Gazetteer, prefix: str) -> None:
    assert all(place.matched for place in gazetteer.complete(prefix))


@given(words=st.text(max_size=30))
def test_any_text_resolves_or_is_refused(gazetteer: Gazetteer, words: str) -> None:
    try:
        assert gazetteer.resolve_place(words).place.id > 0
    except UnknownPlace as error:
        assert str(error)  # noqa: PT017


def test_every_completed_prefix_holds_the_place_that_a_full_scan_finds_first(
    gazetteer: Gazetteer, gazetteer_path: Path
) -> None:
    with sqlite3.connect(gazetteer_path) as connection:
        for prefix in ("a", "sa", "san", "san m", "ки", "ال", "北"):
            best = connection.execute(
                "SELECT place FROM name WHERE substr(key, 1, ?) = ? GROUP BY place ORDER BY max(score) DESC LIMIT 5",
                [len(prefix), prefix],
            ).fetchall()
            offered = {place.id for place in gazetteer.complete(prefix, limit=20)}
            assert {place for (place,) in best} <= offered, prefix


@pytest.mark.parametrize(
    ("words", "country", "place"),
    [
        ("NAIROBI", "KE", NAIROBI),
        ("Nairobi City", "KE", NAIROBI),
        ("Kinshasa/Gombe", "CD", KINSHASA),
        ("القاهرة", "EG", CAIRO),
        ("서울특별시 강남구", "KR", 1835848),
        ("札幌市", "JP", 2128295),
        ("м. Київ", "UA", KYIV),
        ("Dakar 12", "SN", 2253354),
        ("LYON CEDEX 03", "FR", 2996944),
        ("Rio de Janiero", "BR", RIO),
        ("RIO DE JANEIRO", "BR", RIO),
    ],
)
def test_city_words_of_a_file_are_matched(gazetteer: Gazetteer, words: str, country: str, place: int) -> None:
    found = gazetteer.match_city(words, country)
    assert found is not None
    assert found.id == place


@pytest.mark.parametrize(("words", "country"), [("", "KE"), ("Nairobi", "PH"), ("Xyzzyville", "US"), ("-", "FR")])
def test_city_that_a_country_does_not_have_is_not_matched(gazetteer: Gazetteer, words: str, country: str) -> None:
    assert gazetteer.match_city(words, country) is None


def test_town_of_a_common_name_is_told_apart_by_region_or_point(gazetteer: Gazetteer) -> None:
    by_region = gazetteer.match_city("Springfield", "US", region="Oregon")
    by_letters = gazetteer.match_city("Springfield", "US", region="OR")
    by_point = gazetteer.match_city("Springfield", "US", near=Point(-123.0, 44.0))
    assert by_region is not None
    assert by_region.region == "Oregon"
    assert by_region == by_letters == by_point


def test_nearest_city_is_found_across_the_antimeridian_and_at_the_pole(gazetteer: Gazetteer) -> None:
    taveuni = gazetteer.nearest(Point(-179.99, -16.9))
    assert taveuni is not None
    assert taveuni.country == "FJ"
    assert gazetteer.nearest(Point(0, 90)) is not None


def test_nearest_city_of_a_country_is_in_it(gazetteer: Gazetteer) -> None:
    gisenyi = Point(29.256, -1.702)
    congolese = gazetteer.nearest(gisenyi, country="CD")
    rwandan = gazetteer.nearest(gisenyi, country="RW")
    assert congolese is not None
    assert rwandan is not None
    assert (congolese.country, rwandan.country) == ("CD", "RW")
    assert gazetteer.nearest(gisenyi, country="AQ") is None


@given(lon=st.floats(-180, 180), lat=st.floats(-90, 90))
def test_no_city_is_nearer_than_the_nearest(gazetteer: Gazetteer, lon: float, lat: float) -> None:
    point = Point(lon, lat)
    nearest = gazetteer.nearest(point)
    assert nearest is not None
    others = gazetteer.places([CAIRO, KYIV, SEOUL, KINSHASA, NAIROBI, MANILA, RIO, PARIS, NEW_YORK]).values()
    assert all(haversine_m(point, nearest.point) <= haversine_m(point, other.point) + 1 for other in others)


def test_all_cities_and_their_names_are_there(gazetteer: Gazetteer) -> None:
    kinds = [place.kind for place in gazetteer.all_places()]
    assert kinds.count("city") == 234_908
    assert kinds.count("region") > 3_000
    assert {"Cairo", "Le Caire", "El Cairo", "القاهرة", "开罗"} <= set(gazetteer.names(CAIRO))
    assert gazetteer.names(CAIRO)[0] == "Cairo"
    assert gazetteer.place(1) is None


def test_place_is_told_with_region_and_country(gazetteer: Gazetteer) -> None:
    paris = gazetteer.resolve_place("Paris, TX").place
    assert paris.label() == "Paris, Texas, United States"
    assert paris.label("fr") == "Paris, Texas, États-Unis"
    assert gazetteer.resolve_place("Kinshasa").place.label() == "Kinshasa, Congo - Kinshasa"


def test_threads_share_one_gazetteer(gazetteer: Gazetteer) -> None:
    found: list[int] = []
    threads = [
        threading.Thread(target=lambda: found.append(gazetteer.resolve_place("Nairobi").place.id)) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [NAIROBI] * 8


def test_forked_process_opens_the_file_anew(gazetteer: Gazetteer) -> None:
    assert gazetteer.resolve_place("Cairo").place.id == CAIRO
    fork = multiprocessing.get_context("fork")
    answers = fork.SimpleQueue()
    child = fork.Process(target=lambda: answers.put(gazetteer.resolve_place("Nairobi").place.id))
    child.start()
    child.join(30)
    assert child.exitcode == 0
    assert answers.get() == NAIROBI


def test_missing_gazetteer_says_how_to_build_it(tmp_path: Path) -> None:
    with pytest.raises(GazetteerMissing, match="provider-directory places load"):
        Gazetteer(tmp_path / "none.sqlite").complete("a")


def test_file_of_another_version_or_kind_is_refused(tmp_path: Path) -> None:
    old = tmp_path / "old.sqlite"
    with sqlite3.connect(old) as connection:
        connection.execute("CREATE TABLE meta (key TEXT, value TEXT)")
        connection.execute("INSERT INTO meta VALUES ('format', '0')")
    connection.close()
    with pytest.raises(GazetteerMissing, match=r"another version.*places load"):
        Gazetteer(old).place(1)
    text = tmp_path / "text.sqlite"
    text.write_text("not a database, " * 100)
    with pytest.raises(GazetteerMissing, match=r"no gazetteer.*places load"):
        Gazetteer(text).place(1)


def test_build_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "gazetteer.sqlite"
    path.write_text("the old one")

    def stop(step: str, done: int, total: int) -> None:
        raise RuntimeError(f"{step} {done}/{total}")

    with pytest.raises(RuntimeError, match="0/5"):
        build_gazetteer(path, stop)
    assert path.read_text() == "the old one"
    assert list(tmp_path.iterdir()) == [path]
