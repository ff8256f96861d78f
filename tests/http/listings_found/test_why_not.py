"""GET /v1/listings/{id}/why-not, and its page: what keeps a listing from a search, in words, and what would mend it."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import text

from config.languages import LANGUAGES
from directory.actors import Actor
from directory.api.listings.found_schemas import WhyNotAnswer
from directory.db import get_engine
from directory.wording.catalogue import phrase
from tests.http.listings_found.conftest import Ask, Away
from tests.worlds.listing_wire import ListingWire
from tests.worlds.proposal_pages import Enter
from tests.worlds.proposal_people import People
from tests.worlds.small_directory import CLINICS, World

Why = Callable[..., dict[str, Any]]


@pytest.fixture
def why(ask: Ask, world: World) -> Why:
    """`why("aga-khan", q="clinic")`: the answer, which must be as it is described."""

    def find(listing: str, **query: Any) -> dict[str, Any]:
        answer = ask("nadia", "GET", f"/{world.ids[listing]}/why-not", **query)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        told: dict[str, Any] = answer.get_json()
        assert not WhyNotAnswer(unknown="raise").validate(told)
        return told

    return find


@pytest.fixture(params=["engine", "database"])
def either(request: pytest.FixtureRequest, why: Why, engine_away: Away) -> Iterator[Why]:
    """The same of each of the two engines."""
    if request.param == "engine":
        yield why
        return
    with engine_away():
        yield why


def codes(told: dict[str, Any]) -> list[str]:
    return [reason["code"] for reason in told["reasons"]]


def test_what_is_found_is_told_its_place(either: Why) -> None:
    told = either("aga-khan", q="aga khan")
    assert (told["found"], told["rank"], told["reasons"]) == (True, 1, [])
    clinics = [either(f"goma-{number}", near="Goma", type="clinic")["rank"] for number in range(CLINICS)]
    assert sorted(clinics) == list(range(1, CLINICS + 1))


@pytest.mark.parametrize(
    ("listing", "asked", "expected"),
    [
        ("suspended", {"q": "suspended house"}, ["suspended"]),
        ("retired", {"q": "retired house"}, ["retired"]),
        ("merged", {"q": "aga khan hosp"}, ["merged"]),
        ("aga-khan", {"country": "EG"}, ["country"]),
        ("aga-khan", {"type": "clinic"}, ["type"]),
        ("aga-khan", {"specialty": "dentistry"}, ["specialty"]),
        ("aga-khan", {"language": "fr"}, ["language"]),
        ("aga-khan", {"near": "Mombasa"}, ["radius"]),
        ("aga-khan", {"bbox": "0,0,1,1"}, ["bbox"]),
        ("nowhere", {"near": "Nairobi"}, ["no_point"]),
        ("aga-khan", {"network": "local_staff"}, ["network"]),
        ("nairobi-pharmacy", {"settlement": "inpatient:card"}, ["settlement"]),
        ("no-agreement", {"tariff": "true"}, ["tariff"]),
        ("aga-khan", {"tariff": "true", "settlement": "outpatient:card"}, ["one_agreement"]),
        ("aga-khan", {"open_now": "true"}, ["hours_unknown"]),
        ("aga-khan", {"q": "aga zebra"}, ["words"]),
        ("aga-khan", {"q": "aga zebra", "country": "EG", "near": "Cairo"}, ["radius", "country", "words"]),
        ("suspended", {"country": "EG"}, ["suspended", "country"]),
    ],
)
def test_each_thing_that_is_not_met_is_a_reason(
    either: Why, listing: str, asked: dict[str, str], expected: list[str]
) -> None:
    told = either(listing, **asked)
    assert (told["found"], told["rank"], codes(told)) == (False, None, expected)
    assert all(reason["words"] and reason["remedy"] for reason in told["reasons"])


def test_the_word_that_it_has_not_is_named(why: Why) -> None:
    [reason] = why("aga-khan", q="aga khan zebra", lang="en")["reasons"]
    assert "“zebra”" in reason["words"]
    assert reason["parameter"] == "q"


def test_what_is_spelled_nearly_so_is_no_reason(why: Why, engine_away: Away) -> None:
    assert why("nairobi-pharmacy", q="Uhruu Farmacy")["degraded"] is False
    with engine_away():
        assert why("nairobi-pharmacy", q="uhuru")["degraded"] is True


def test_how_far_it_is_and_how_wide_one_must_look(why: Why) -> None:
    [reason] = why("aga-khan", near="Mombasa", radius_km="100", lang="en")["reasons"]
    [[away, _], [needed]] = (re.findall(r"\d{3}(?= km)", reason[said]) for said in ("words", "remedy"))
    assert 400 < int(away) <= int(needed) <= 460
    assert "Mombasa" in reason["words"]
    assert why("aga-khan", near="Mombasa", radius_km=str(needed))["found"]


def test_the_place_of_a_line_counts_as_where_it_is_looked_for(why: Why) -> None:
    assert codes(why("aga-khan", q="cardiologist in Mombasa")) == ["radius"]


def test_a_wish_that_nothing_meets_keeps_nothing_away(why: Why) -> None:
    assert why("nairobi-pharmacy", q="24 hour pharmacy nairobi")["found"]


@pytest.fixture
def renamed(app: Flask, tokens: dict[str, str], world: World) -> Iterator[int]:
    """A listing by a name that the index has yet to hear of; afterwards as it was."""
    team, listing = ListingWire(app.test_client(), tokens), world.ids["no-agreement"]
    before = team.get(str(listing))["names"]
    team.edit(team.get(str(listing)), names=["Quokka Dental Rooms"])
    yield listing
    team.edit(team.get(str(listing)), names=before)
    _of_outbox(listing, "DELETE FROM outbox")


def _of_outbox(listing: int, statement: str) -> None:
    with get_engine().begin() as connection:
        connection.execute(text(f"{statement} WHERE listing_id = :listing"), {"listing": listing})


def test_a_change_that_is_not_indexed_yet_is_told(why: Why, renamed: int) -> None:
    assert codes(why("no-agreement", q="quokka")) == ["waiting"]
    _of_outbox(renamed, "UPDATE outbox SET set_aside_at = now(), reason = 'too long'")
    [reason] = why("no-agreement", q="quokka", lang="en")["reasons"]
    assert reason["code"] == "set_aside"
    assert "too long" in reason["words"]
    _of_outbox(renamed, "DELETE FROM outbox")
    assert codes(why("no-agreement", q="quokka")) == ["not_indexed"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_reasons_are_told_in_the_language_of_the_reader(why: Why, lang: str) -> None:
    [reason] = why("aga-khan", country="EG", lang=lang)["reasons"]
    assert reason["remedy"] == phrase(lang, "why_not.mend_country")
    assert "{" not in reason["words"]


def test_who_may_and_what_is_refused(ask: Ask, world: World) -> None:
    path = f"/{world.ids['aga-khan']}/why-not"
    assert ask(None, "GET", path, q="x").status_code == 401
    assert ask("amina", "GET", path, q="x").status_code == 403
    assert ask("nadia", "GET", "/99999999/why-not", q="x").status_code == 404
    assert ask("nadia", "GET", path, near="Nowhereville").status_code == 400
    assert ask("nadia", "GET", path, limit="3").status_code == 400


@pytest.fixture
def page(enter: Enter, world: World) -> Callable[..., str]:
    """The page of a listing with what was pasted."""
    nadia = enter("nadia")

    def show(listing: str, search: str) -> str:
        return nadia.get(f"/network/listings/{world.ids[listing]}/why-not?{urlencode({'search': search})}")

    return show


def told_on(page: str) -> list[str]:
    return re.findall(r'<li data-code="(\w+)"', page)


@pytest.mark.parametrize(
    ("pasted", "expected"),
    [
        ("zebra", ["words"]),
        ("https://portal.example/search?near=Mombasa&type=hospital&radius_km=25&which=&who=", ["radius"]),
        ("/v1/providers?country=EG&limit=5", ["country"]),
        ("http://127.0.0.1:8000/search?outpatient=card&tariff=true", ["one_agreement"]),
    ],
)
def test_the_page_takes_words_and_addresses(page: Callable[..., str], pasted: str, expected: list[str]) -> None:
    assert told_on(page("aga-khan", pasted)) == expected


def test_the_page_says_what_it_did_not_read(page: Callable[..., str]) -> None:
    shown = unescape(page("aga-khan", "https://portal.example/search?near=Mombasa&colour=red"))
    assert phrase("en", "why_not.not_read", names="colour") in shown


def test_the_page_of_a_listing_leads_there(enter: Enter, world: World) -> None:
    path = f"/network/listings/{world.ids['aga-khan']}"
    assert f'href="{path}/why-not"' in enter("nadia").get(path)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_is_there_in_every_language(page: Callable[..., str], people: People, lang: str) -> None:
    with _reading(people.nadia, lang):
        shown = unescape(page("aga-khan", "/search?country=EG"))
    assert f'<html lang="{lang}"' in shown
    assert phrase(lang, "why_not.mend_country") in shown
    assert phrase(lang, "why_not.title") in shown


@contextmanager
def _reading(actor: Actor, lang: str) -> Iterator[None]:
    """Somebody's account in another language."""
    _set_language(actor, lang)
    yield
    _set_language(actor, actor.lang)


def _set_language(actor: Actor, lang: str) -> None:
    with get_engine().begin() as connection:
        connection.execute(
            text("UPDATE account SET lang = :lang WHERE id = :id"), {"lang": lang, "id": actor.account_id}
        )
