"""One line of words over HTTP: how it was read is told, and a tap takes a part away."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from directory.api.schemas import UnderstoodAnswer
from tests.worlds.small_directory import World

Found = Callable[..., Any]


def test_line_is_told_as_it_was_read(found: Found) -> None:
    page = found(q="I need a hospital in Nairobi that takes my card, english speaking, open now")
    read = page["understood"]
    assert not UnderstoodAnswer(unknown="raise").validate(read)
    assert [(each["kind"], each["code"], each["words"]) for each in read["which"]] == [("type", "hospital", "hospital")]
    assert (read["where"]["words"], read["where"]["place"]["country"], read["where"]["sure"]) == ("Nairobi", "KE", True)
    assert [each["value"] for each in read["pay"]] == ["outpatient:card"]
    assert [each["code"] for each in read["language"]] == ["en"]
    assert read["open_now"] is True
    assert read["open_now_words"] == "open now"
    assert read["who"] is None
    assert read["left"][:3] == ["I", "need", "a"]
    assert page["where"]["place"]["id"] == read["where"]["place"]["id"]


def test_without_words_nothing_was_understood_of_them(found: Found) -> None:
    assert found(country="KE")["understood"] is None


def test_near_me_asks_for_a_point_until_there_is_one(found: Found) -> None:
    assert found(q="hospital near me")["understood"]["where"]["asks_for_point"] is True
    assert found(q="hospital near me", lat=-1.29, lon=36.82)["understood"]["where"]["asks_for_point"] is False


def test_wish_that_nothing_meets_is_set_aside_and_said(found: Found) -> None:
    page = found(q="hospital in Nairobi who speaks icelandic")
    assert page["total"]["value"] == found(q="hospital in Nairobi")["total"]["value"] > 0
    assert page["understood"]["set_aside"] == ["language"]
    assert found(q="hospital in Nairobi")["understood"]["set_aside"] == []


def test_as_typed_reads_nothing_from_a_name(found: Found) -> None:
    page = found(q="Aga Khan", as_typed="true")
    assert page["understood"]["as_typed"] is True
    assert page["understood"]["who"] == {"words": "Aga Khan"}
    assert page["total"]["value"] > 0
    assert found(q="Nairobi", as_typed="true")["total"]["value"] < found(q="Nairobi")["total"]["value"]


def test_link_of_a_relaxation_gives_its_total(found: Found, client: FlaskClient) -> None:
    page = found(q="hospital zzqqxx Nairobi")
    without = [change for change in page["relaxations"] if change["parameter"] == "q" and change["value"]]
    assert any("zzqqxx" in change["label"] for change in without)
    for change in without:
        assert client.get(change["link"]).get_json()["total"]["value"] == change["total"]


@pytest.mark.parametrize("field", ["which", "who"])
def test_page_shows_a_chip_for_each_part_in_whichever_field_it_was_typed(
    client: FlaskClient, world: World, field: str
) -> None:
    page = client.get(f"/search?{field}=hospital+in+Nairobi+open+now").get_data(as_text=True)
    assert "Understood as" in page
    for left in ("in+Nairobi+open+now", "hospital+in+Nairobi&amp;"):
        assert f"{field}={left}" in page
    assert "as_typed=true" in page


def test_page_says_where_near_me_needs_a_place(client: FlaskClient, world: World) -> None:
    page = client.get("/search?which=hospital+near+me").get_data(as_text=True)
    assert "write a town or district" in page
