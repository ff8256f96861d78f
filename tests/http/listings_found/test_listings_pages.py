"""/network/listings and the box of the bar, as a browser without script has them."""

import re
from html import unescape

import pytest
from flask import Flask

from directory.db import get_engine
from directory.wording.catalogue import phrase
from tests.http.listings_found.conftest import Away
from tests.worlds.proposal_pages import Enter, Page
from tests.worlds.proposal_people import People, propose
from tests.worlds.small_directory import HIDDEN, LISTINGS, World

LIST = "/network/listings"
ALL = LISTINGS + HIDDEN


@pytest.fixture
def nadia(enter: Enter) -> Page:
    """One of the network team; no view is kept."""
    with get_engine().begin() as connection:
        connection.exec_driver_sql("DELETE FROM saved_view")
    return enter("nadia")


def shown(page: str) -> list[str]:
    """Names in the rows."""
    return [unescape(name) for name in re.findall(r'id="spot-\d+"[^>]*><bdi>(.*?)</bdi>', page)]


def link_of(page: str, label: str) -> str:
    """Where the value of a facet leads."""
    found = re.search(rf'<a href="([^"]*)"[^>]*><span class="mark"[^>]*></span><bdi>{label}</bdi>', page)
    assert found, label
    return LIST + unescape(found[1])


def test_the_list_has_listings_of_every_status_in_rows(nadia: Page) -> None:
    page = nadia.get(LIST)
    assert len(shown(page)) == ALL
    assert phrase("en", "listings.found", count=ALL) in page
    assert {"Suspended House", "Retired House", "Aga Khan Hosp."} <= set(shown(page))


def test_a_press_on_a_facet_gives_what_it_counts_and_another_press_takes_it_back(nadia: Page) -> None:
    suspended = nadia.get(link_of(nadia.get(LIST), "Suspended"))
    assert shown(suspended) == ["Suspended House"]
    both = nadia.get(link_of(suspended, "Retired"))
    assert sorted(shown(both)) == ["Retired House", "Suspended House"]
    assert shown(nadia.get(link_of(both, "Suspended"))) == ["Retired House"]


def test_what_is_chosen_stands_above_the_rows_and_can_be_left_out(nadia: Page) -> None:
    page = nadia.get(f"{LIST}?status=suspended&country=KE")
    chips = re.search(r'<ul class="chips".*?</ul>', page, re.DOTALL)
    assert chips
    assert "Suspended" in chips[0]
    assert "Kenya" in chips[0]
    assert '"?country=KE"' in chips[0]


def test_nothing_found_says_what_to_leave_out(nadia: Page) -> None:
    page = nadia.get(f"{LIST}?status=suspended&country=EG")
    assert phrase("en", "listings.empty_filtered") in page
    # No control goes because its count is zero.
    assert "Suspended</bdi>" in page


def test_columns_are_chosen_and_come_back(nadia: Page) -> None:
    page = nadia.get(f"{LIST}?columns=external_id&columns=number")
    assert re.findall(r'<th role="columnheader" scope="col" class="c-(\w+)"', page) == ["name", "number", "external_id"]
    assert ">aga-khan<" in page
    assert 'class="c-external_id"' in nadia.get(LIST)


def test_pages_follow_and_keep_filters_and_columns(nadia: Page) -> None:
    first = nadia.get(f"{LIST}?country=CD")
    assert 'rel="next"' not in first
    assert len(shown(first)) == 23


def test_a_parameter_that_is_not_understood_is_named_and_the_field_kept(nadia: Page) -> None:
    page = nadia.get(f"{LIST}?near=Nowhereville", 400)
    assert 'value="Nowhereville"' in page
    assert 'role="alert"' in page
    assert nadia.get(f"{LIST}?cursor=abc", 400)
    assert nadia.get(f"{LIST}?status=gone", 400)
    # What is none of ours is dropped.
    assert len(shown(nadia.get(f"{LIST}?utm=1"))) == ALL


def test_without_the_search_engine_the_list_says_that_it_is_the_plainer_one(nadia: Page, engine_away: Away) -> None:
    with engine_away():
        page = nadia.get(f"{LIST}?status=suspended")
    assert phrase("en", "listings.degraded") in page
    assert shown(page) == ["Suspended House"]


def test_views_are_kept_by_account_and_removed(nadia: Page, enter: Enter) -> None:
    kept = nadia.follow(f"{LIST}/views", name="  My   clinics ", query="type=clinic&status=suspended&said=x&bad=1")
    assert phrase("en", "listings.view_kept") in kept
    assert "My clinics" in kept
    assert "type=clinic&amp;status=suspended" in kept or "status=suspended&amp;type=clinic" in kept
    assert "My clinics" not in enter("root").get(LIST)
    remove = re.search(r'action="(/network/listings/views/\d+/remove)"', kept)
    assert remove
    enter("root").send(remove[1])
    assert "My clinics" in nadia.get(LIST)
    assert "My clinics" not in nadia.follow(remove[1])


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_a_view_needs_a_name_of_some_length(nadia: Page, name: str) -> None:
    page = nadia.follow(f"{LIST}/views", name=name, query="type=clinic")
    assert phrase("en", "listings.view_refused") in unescape(page)
    assert shown(page)


def test_a_name_with_signs_is_text_wherever_it_is_shown(nadia: Page) -> None:
    page = nadia.follow(f"{LIST}/views", name="<script>alert(1)</script>", query="q=%3Cscript%3E")
    assert "<script>alert" not in page
    assert "<script>alert" not in nadia.get(f"{LIST}?q=%3Cscript%3Ealert(1)%3C/script%3E")


def test_the_look_beside_tells_what_the_list_has_no_room_for(nadia: Page, world: World) -> None:
    look = nadia.get(f"{LIST}/{world.ids['merged']}/preview")
    assert "Aga Khan Hosp." in look
    assert "the same house" in look
    assert f'href="{LIST}/{world.ids["aga-khan"]}"' in look
    assert "<html" not in look
    nadia.get(f"{LIST}/999999/preview", 404)


@pytest.mark.parametrize(
    ("typed", "known"),
    [("+254 20 366 2000", "aga-khan"), ("aga-khan", "aga-khan"), ("suspended", "suspended"), ("merged", "merged")],
)
def test_the_box_goes_straight_to_what_was_named(app: Flask, nadia: Page, world: World, typed: str, known: str) -> None:
    assert nadia.led_to("/network/find", q=typed) == f"{LIST}/{world.ids[known]}"
    assert nadia.led_to("/network/find", q=str(world.ids[known])) == f"{LIST}/{world.ids[known]}"


def test_the_box_goes_to_the_list_for_words_that_name_several(nadia: Page) -> None:
    assert nadia.led_to("/network/find", q="goma walk-in") == f"{LIST}?q=goma+walk-in"
    assert nadia.led_to("/network/find", q="") == LIST


def test_the_box_goes_straight_to_the_only_one_of_a_name(nadia: Page, world: World) -> None:
    assert nadia.led_to("/network/find", q="uhuru pharmacy") == f"{LIST}/{world.ids['nairobi-pharmacy']}"


def test_the_box_finds_a_case_by_its_reference_however_it_is_typed(nadia: Page, people: People) -> None:
    proposal = propose(people.amina)
    with get_engine().connect() as connection:
        reference = connection.exec_driver_sql("SELECT reference FROM case_file").scalar_one()
    for typed in (reference, reference.lower(), f" {reference} ", reference.replace("-", " - ")):
        assert nadia.led_to("/network/find", q=typed) == f"/network/proposals/{proposal}"


def test_the_box_shows_no_draft_to_the_team(nadia: Page, people: People) -> None:
    propose(people.amina, submit=False)
    with get_engine().connect() as connection:
        reference = connection.exec_driver_sql("SELECT reference FROM case_file").scalar_one()
    assert nadia.led_to("/network/find", q=reference).startswith(f"{LIST}?q=")


@pytest.mark.parametrize("path", [LIST, "/network/find?q=1", f"{LIST}/1/preview"])
def test_officers_and_strangers_see_nothing_of_it(app: Flask, enter: Enter, path: str) -> None:
    enter("amina").get(path, 403)
    assert app.test_client().get(path).status_code == 303


def test_the_bar_has_what_exists_and_an_officer_has_no_box(nadia: Page, enter: Enter) -> None:
    page = nadia.get(LIST)
    assert f'<a href="{LIST}" aria-current="page">' in page
    assert '<a href="/network/proposals">' in page
    assert 'id="find"' in page
    assert 'id="find"' not in enter("amina").get("/hr/")


@pytest.mark.parametrize("typed", ["%00", "a%00b", "%ED%A0%80", "+" * 300, "9" * 200, "%25", "(((", "1" * 19])
def test_whatever_is_typed_into_the_box_or_the_list_is_answered(app: Flask, nadia: Page, typed: str) -> None:
    for path in (f"/network/find?q={typed}", f"{LIST}?q={typed}"):
        assert nadia.status_of(path) in (200, 303, 400), path
