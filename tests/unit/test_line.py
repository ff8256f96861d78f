"""How one line of words is read."""

from collections.abc import Callable
from pathlib import Path

import pytest

from config.settings import settings_from
from directory.search.line import Line
from directory.search.line_reading import read_line, read_name
from directory.search.words import build_units
from directory.vocabulary.codes import load_codes
from geodata.gazetteer import Gazetteer
from geodata.reading import read_places
from geodata.text import fold

Read = Callable[[str], Line]


@pytest.fixture(scope="module")
def read(gazetteer_path: Path) -> Read:
    """Reads a line over the whole gazetteer."""
    gazetteer = Gazetteer(gazetteer_path)

    def read_it(typed: str) -> Line:
        return read_line(
            typed,
            load_codes(),
            lambda words, forgiving: read_places(words, (), forgiving=forgiving, gazetteer=gazetteer),
        )

    return read_it


def codes_of(line: Line) -> set[str]:
    return {each.code for each in line.which}


@pytest.mark.parametrize(
    ("typed", "code", "place"),
    [
        ("cardiologue Kinshasa", "cardiology", "Kinshasa"),
        ("pediatra cerca de Lima que acepte tarjeta", "paediatrics", "Lima"),
        ("pharmacie de garde ouverte maintenant Dakar", "pharmacy", "Dakar"),
        ("english speaking doctor in Goma", "doctor", "Goma"),
        ("دكتور أسنان في القاهرة", "dentist", "Cairo"),
        ("صيدلية بالقاهرة", "pharmacy", "Cairo"),
        ("médico que fale inglês em Luanda", "doctor", "Luanda"),
        ("Kinderarzt in Berlin der Englisch spricht", "paediatrics", "Berlin"),
        ("duka la dawa karibu na Mwanza", "pharmacy", "Mwanza"),
        ("стоматолог в Киеве", "dentist", "Kyiv"),
        ("在北京找牙医", "dentist", "Beijing"),
        ("dermatologits Lagos", "dermatology", "Lagos"),
        ("dentist nairobbi", "dentist", "Nairobi"),
        ("childbirth Goma", "maternity", "Goma"),
        ("dentiste Nice", "dentist", "Nice"),
        ("Mombasa, eye doctor", "ophthalmology", "Mombasa"),
        ("dentista Ciudad de México que hable inglés", "dentist", "Mexico City"),
        ("surgeon, Kabul, Afghanistan", "general_surgery", "Kabul"),
        ("hôpital ouvert la nuit Ouagadougou", "hospital", "Ouagadougou"),
        ("аптека круглосуточно Ташкент", "pharmacy", "Tashkent"),
    ],
)
def test_line_is_read_into_which_and_where(read: Read, typed: str, code: str, place: str) -> None:
    line = read(typed)
    assert code in codes_of(line)
    assert line.where
    assert line.where.place
    assert line.where.place.name == place
    assert line.where.sure
    assert line.who is None


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("I need a dentist", "dentist"),
        ("find the best pharmacy", "pharmacy"),
        ("où trouver un bon dentiste", "dentist"),
        ("necesito un dentista", "dentist"),
        ("أحتاج إلى طبيب أسنان", "dentist"),
        ("preciso de uma farmácia", "pharmacy"),
        ("ich suche einen Zahnarzt", "dentist"),
        ("natafuta hospitali", "hospital"),
        ("мне нужен стоматолог", "dentist"),
        ("我要找牙医", "dentist"),
    ],
)
def test_words_that_carry_nothing_ask_nothing(read: Read, typed: str, code: str) -> None:
    line = read(typed)
    assert code in codes_of(line)
    assert len(line.parts) == 1
    assert line.who is None
    assert line.left


@pytest.mark.parametrize(
    "typed", ["dentist near me", "صيدلية قريبة مني", "dentiste près de moi", "аптека рядом со мной"]
)
def test_near_me_asks_for_a_point(read: Read, typed: str) -> None:
    line = read(typed)
    assert line.asks_for_point
    assert line.where
    assert line.where.place is None
    assert len(line.parts) == 1


@pytest.mark.parametrize(
    "typed",
    ["24 hour pharmacy", "pharmacy open now", "pharmacie ouverte la nuit", "farmacia de turno", "صيدلية مفتوحة الآن"],
)
def test_hour_is_read(read: Read, typed: str) -> None:
    line = read(typed)
    assert line.open_now
    assert codes_of(line) == {"pharmacy"}
    assert line.who is None


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("dentist that accepts my card", "outpatient:card"),
        ("cardiologue qui prend la carte", "outpatient:card"),
        ("pediatra que acepte tarjeta", "outpatient:card"),
        ("hospital with direct billing", "outpatient:direct"),
        ("clinique tiers payant", "outpatient:direct"),
        ("hospital guarantee letter", "inpatient:guarantee_letter"),
    ],
)
def test_way_to_pay_is_read(read: Read, typed: str, value: str) -> None:
    line = read(typed)
    assert [wish.value for wish in line.pay] == [value]
    assert line.who is None


@pytest.mark.parametrize(
    ("typed", "language"),
    [
        ("english speaking doctor", "en"),
        ("médecin anglophone", "en"),
        ("doctor who speaks french", "fr"),
        ("dentista que hable alemán", "de"),
        ("طبيب يتحدث الإنجليزية", "en"),
    ],
)
def test_language_is_read(read: Read, typed: str, language: str) -> None:
    line = read(typed)
    assert [wish.value for wish in line.languages] == [language]
    assert line.who is None


@pytest.mark.parametrize(
    "typed",
    ["Open Arms Clinic", "St Mary Hospital", "Best Care Pharmacy", "Unity", "Mount Kenya", "Card Street Chemist"],
)
def test_name_stays_a_name(read: Read, typed: str) -> None:
    line = read(typed)
    assert line.who
    assert line.where is None
    assert not line.pay
    assert not line.open_now
    assert not line.languages


def test_house_named_for_a_place_is_looked_for_by_both(read: Read) -> None:
    line = read("clinica san jose")
    assert line.where
    assert not line.where.sure
    assert [part.optional for part in line.parts] == [False, False]


def test_what_is_not_read_stays_a_name(read: Read) -> None:
    line = read("zxqwv dentist nairobi")
    assert line.who == "zxqwv"


@pytest.mark.parametrize("typed", ["skin clinic", "dermatology doctor", "دكتور جلدية", "dermatology clinic"])
def test_field_is_meant_whatever_the_house_is_called(read: Read, typed: str) -> None:
    line = read(typed)
    assert "dermatology" in codes_of(line)
    assert sum(not part.optional for part in line.parts) == 1


def test_as_typed_is_a_name_and_nothing_else() -> None:
    line = read_name("dentist near me")
    assert line.who == "dentist near me"
    assert not line.which
    assert line.where is None


def test_the_best_is_a_name_where_nothing_else_is_asked(read: Read) -> None:
    assert read("the best").who == "the best"


@pytest.mark.parametrize(
    ("written_out", "as_written"),
    [
        ("krankenhaus muenchen", "krankenhaus münchen"),
        ("hospital koeln", "hospital köln"),
        ("klinik saarbruecken", "klinik saarbrücken"),
        ("hospital tromsoe", "hospital tromsø"),
    ],
)
def test_umlaut_of_a_place_written_out_is_the_same_search(
    read: Read, gazetteer_path: Path, written_out: str, as_written: str
) -> None:
    with settings_from({"STATE_DIR": str(gazetteer_path.parent), "SECRET_KEY": "a key for the tests"}):
        one, other = (
            [(fold(unit.text), unit.forms, unit.area) for unit in build_units(read(line))]
            for line in (written_out, as_written)
        )
    assert one == other
    assert one[-1][1] == (written_out.rsplit(maxsplit=1)[-1],)


@pytest.mark.parametrize("word", ["suez", "duelo", "boeing", "nuevo leon", "abuelo"])
def test_letters_that_are_no_umlaut_of_a_place_stay(read: Read, gazetteer_path: Path, word: str) -> None:
    with settings_from({"STATE_DIR": str(gazetteer_path.parent), "SECRET_KEY": "a key for the tests"}):
        units = build_units(read(f"clinic {word}"))
    assert " ".join(fold(unit.text) for unit in units) == f"clinic {word}"
