"""Places read within a line of words that asks for more than a place; over the whole gazetteer."""

from pathlib import Path

import pytest

from geodata.gazetteer import Gazetteer
from geodata.reading import PlaceReading, read_places

KINSHASA, NAIROBI, PARIS, PARIS_TX, AUSTIN, CAIRO = 2314302, 184745, 2988507, 4717560, 4671654, 360630


@pytest.fixture(scope="module")
def gazetteer(gazetteer_path: Path) -> Gazetteer:
    return Gazetteer(gazetteer_path)


def _first(gazetteer: Gazetteer, line: str, *, forgiving: bool = False) -> PlaceReading:
    return read_places(line.split(), gazetteer=gazetteer, forgiving=forgiving)[0]


@pytest.mark.parametrize(
    ("line", "place", "span"),
    [
        ("cardiologue Kinshasa qui prend la carte", KINSHASA, (1, 2)),
        ("hospital Paris, TX", PARIS_TX, (1, 3)),
        ("clinic austin tx usa", AUSTIN, (1, 4)),
        ("childrens doctor city of Nairobi", NAIROBI, (2, 5)),
        ("pharmacy 75015 Paris", PARIS, (1, 3)),
        ("medical center Nairobi Kenya", NAIROBI, (2, 4)),
        ("صيدلية في القاهرة", CAIRO, (2, 3)),
        ("Nairobi 24 hour pharmacy", NAIROBI, (0, 1)),
    ],
)
def test_place_in_a_line_takes_in_what_agrees_with_it_and_no_more(
    gazetteer: Gazetteer, line: str, place: int, span: tuple[int, int]
) -> None:
    read = _first(gazetteer, line)
    assert read.place is not None
    assert (read.place.id, (read.start, read.end)) == (place, span)


def test_country_in_a_line_is_told_as_one(gazetteer: Gazetteer) -> None:
    read = _first(gazetteer, "hospital in kenya")
    assert (read.place, read.country, read.words) == (None, "KE", "kenya")


@pytest.mark.parametrize(
    "line", ["I need a dentist", "24 hour pharmacy", "Aga Khan hospital", "english speaking doctor"]
)
def test_words_that_are_seldom_a_place_are_read_as_one_only_weakly(gazetteer: Gazetteer, line: str) -> None:
    assert all(read.score < 0.3 for read in read_places(line.split(), gazetteer=gazetteer))


def test_word_that_leads_to_a_place_makes_it_surer(gazetteer: Gazetteer) -> None:
    assert _first(gazetteer, "dentist in Lima").score > _first(gazetteer, "dentist Lima").score


def test_slip_is_forgiven_where_that_is_asked_for(gazetteer: Gazetteer) -> None:
    assert read_places(["dermatologist", "Nairobbi"], gazetteer=gazetteer) == []
    read = _first(gazetteer, "dermatologist Nairobbi", forgiving=True)
    assert read.place is not None
    assert (read.place.id, read.corrected) == (NAIROBI, True)


def test_only_places_of_the_asked_countries_are_read(gazetteer: Gazetteer) -> None:
    found = read_places(["Paris"], "US", gazetteer=gazetteer)
    assert {read.place.country for read in found if read.place} == {"US"}
