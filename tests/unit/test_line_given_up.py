"""A line whose place finds nothing is read as a name, and only where something is spelled so."""

from dataclasses import dataclass, field

from directory.search.granting import find_what_can_be
from directory.search.request import SearchRequest
from directory.search.understand import understand
from directory.vocabulary.codes import load_codes
from geodata.gazetteer import get_gazetteer

SHOP = "Farmácia Farmax - loja nº1"


@dataclass
class Finds:
    """What a directory answers that has `total` listings so spelled, or only alike, and none near any place."""

    total: int
    forgiving: bool = False
    asked: list[SearchRequest] = field(default_factory=list)

    def __call__(self, request: SearchRequest) -> "Answer":
        self.asked.append(request)
        return Answer(0 if request.circle else self.total, self.forgiving)


@dataclass
class Answer:
    """As the search gives it, with what matters here."""

    total: int
    forgiving: bool


def test_name_with_the_name_of_a_city_in_it_is_found_where_nothing_is_near_that_city() -> None:
    understood = understand({"q": SHOP}, load_codes(), get_gazetteer())
    assert understood.where
    assert understood.where.place
    assert understood.where.place.name == "Loja"
    read, found = find_what_can_be(understood, Finds(1))
    assert found.total == 1
    assert read.where is None
    assert read.query
    assert read.query["as_typed"] is True


def test_what_is_merely_like_the_name_does_not_take_the_place_away() -> None:
    understood = understand({"q": SHOP}, load_codes(), get_gazetteer())
    read, found = find_what_can_be(understood, Finds(7, forgiving=True))
    assert (read, found.total) == (understood, 0)


def test_kind_of_care_in_a_city_is_never_read_as_a_name() -> None:
    finds = Finds(3)
    understood = understand({"q": "farmacia en Lima"}, load_codes(), get_gazetteer())
    read, found = find_what_can_be(understood, finds)
    assert (read, found.total, len(finds.asked)) == (understood, 0, 1)
