"""/network/changes, as a browser without script has it: many listings chosen, looked at, changed and undone as one."""

import re
from html import unescape
from typing import Any

from directory.changes.working import work_on_changes
from directory.db import get_engine
from directory.wording.catalogue import phrase
from geodata.gazetteer import get_gazetteer
from tests.worlds.listing_pages import form_of
from tests.worlds.listing_wire import ListingWire
from tests.worlds.proposal_pages import Enter, Page

NEW, CHANGES = "/network/changes/new", "/network/changes"


def work(found: list[int] | None = None) -> None:
    """The program of changes, until nothing waits."""
    while work_on_changes(get_engine(), get_gazetteer(), lambda search: found or []):
        pass


def ask(page: Page, ids: list[str], **said: Any) -> str:
    """The page of a change that was asked for."""
    form = form_of(page.refused(NEW, 200, ids=ids), CHANGES)
    return page.follow(CHANGES, **{**form, **said})


def path_of(page: str, name: str) -> str:
    found = re.search(rf'action="(/network/changes/\d+/{name}[^"]*)"', page)
    assert found, name
    return unescape(found[1])


def act(who: Page, page: str, name: str) -> str:
    path = path_of(page, name)
    return who.follow(path, **form_of(page, path))


def test_many_are_looked_at_changed_and_undone_as_one(team: ListingWire, nadia: Page) -> None:
    ids = [str(team.make(name=f"House {number}")["id"]) for number in range(3)]
    page = ask(nadia, ids, add_specialties=["paediatrics"], hours_as="always", reason="The ministry says so")
    told = unescape(page)
    for words in ("House 0", "Paediatrics", "24/7", "The ministry says so", phrase("en", "listing.many_previewed")):
        assert words in told, words
    assert team.get(ids[0])["hours"] != "24/7"
    act(nadia, page, "apply")
    work()
    change = path_of(page, "apply").rpartition("/")[0]
    applied = nadia.get(change)
    assert phrase("en", "listing.many_progress", done=3, total=3) in applied
    assert all(team.get(each)["hours"] == "24/7" for each in ids)
    team.edit(team.get(ids[1]), hours="Mo 08:00-09:00")
    act(nadia, applied, "undo")
    work()
    undone = nadia.get(change)
    assert phrase("en", "listing.many_undone") in undone
    assert f'href="/network/listings/{ids[1]}"' in undone
    assert phrase("en", "listing.many_left_count", count=1) in undone
    assert team.get(ids[0])["hours"] == "Mo-Fr 08:00-17:00"


def test_terms_of_many_wait_for_a_second_person(team: ListingWire, nadia: Page, enter: Enter) -> None:
    ids = [str(team.make()["id"])]
    terms = {"terms_as": "terms", "network": "worldwide", "notice_days": "7", "reason": "Agreed anew"}
    page = ask(nadia, ids, **terms)
    assert phrase("en", "listing.many_ask_second") in page
    waiting = act(nadia, page, "apply")
    assert phrase("en", "listing.many_waits") in waiting
    assert "/approve" not in waiting
    change = path_of(page, "apply").rpartition("/")[0]
    nadia.refused(f"{change}/approve", 403)
    omar = enter("omar")
    act(omar, omar.get(change), "approve")
    work()
    [agreement] = team.get(ids[0])["agreements"]
    assert (agreement["notice_days"], agreement["outpatient"]) == (7, "card")


def test_all_that_a_search_finds_is_chosen_by_its_words(team: ListingWire, nadia: Page) -> None:
    made = team.make()
    form = form_of(nadia.refused(NEW, 200, search="country=KE&status=active"), CHANGES)
    assert form["search"] == "country=KE&status=active"
    page = nadia.follow(CHANGES, **{**form, "status": "suspended", "reason": "Floods"})
    assert "Kenya" in page
    assert phrase("en", "listing.many_choosing") in page
    work([int(made["id"])])
    change = path_of(page, "drop").rpartition("/")[0]
    chosen = nadia.get(change)
    assert phrase("en", "listing.many_previewed") in chosen
    assert phrase("en", "listing.many_dropped") in act(nadia, chosen, "drop")


def test_nothing_to_set_and_a_missing_reason_are_said(team: ListingWire, nadia: Page) -> None:
    ids = [str(team.make()["id"])]
    form = form_of(nadia.refused(NEW, 200, ids=ids), CHANGES)
    assert phrase("en", "listing.many_say") in nadia.refused(CHANGES, 422, **form)
    answer = nadia.send(CHANGES, **{**form, "status": "retired"})
    assert answer.status_code == 422
    refused = answer.get_data(as_text=True)
    assert phrase("en", "listing.fault_reason") in refused
    assert '<option value="retired" selected>' in refused


def test_what_was_chosen_and_changed_since_is_left_and_said(team: ListingWire, nadia: Page) -> None:
    made = team.make()
    page = ask(nadia, [str(made["id"])], hours_as="always")
    team.edit(made, email="a@b.org")
    act(nadia, page, "apply")
    work()
    left = nadia.get(path_of(page, "apply").rpartition("/")[0])
    assert phrase("en", "listing.left_meanwhile") in left


def test_changes_are_listed_and_nothing_chosen_leads_to_the_list(team: ListingWire, nadia: Page) -> None:
    ask(nadia, [str(team.make()["id"])], hours_as="always", reason="Seen in the list")
    assert "Seen in the list" in nadia.get(CHANGES)
    assert nadia.led_to(NEW) == "/network/listings"
