"""/network/listings/{id}, as a browser without script has it: read, edited, decided on, taken back."""

import datetime as dt
from html import unescape
from typing import Any

import pytest

from directory.wording.catalogue import phrase
from tests.worlds.listing_pages import LIST, facts_of, form_of
from tests.worlds.listing_wire import ListingWire
from tests.worlds.proposal_pages import Enter, Page

GROUPS = ("identity", "location", "contact", "care", "hours")


def one(team: ListingWire, **said: Any) -> str:
    return str(team.make(**said)["id"])


def edit_form(page: Page, listing: str, group: str) -> dict[str, Any]:
    return form_of(page.get(f"{LIST}/{listing}?edit={group}"), f"{LIST}/{listing}/edit/{group}")


def test_the_page_says_all_facts_in_words_with_their_source(team: ListingWire, nadia: Page) -> None:
    page = nadia.get(f"{LIST}/{one(team)}")
    facts = facts_of(page)
    assert facts["Names"] == "Mercy Clinic"
    assert facts["Specialties"] == "Cardiology"
    assert "+254203662000" in facts["Phones"]
    assert facts["Point on the map"].strip("\u2066\u2069") == "-1.29000, 36.82000"
    assert facts["Saturday"] == phrase("en", "listing.closed")
    assert phrase("en", "listing.notice", count=12) in page
    assert "the network team · confirmed on" in " ".join(page.replace("<span>", "").replace("</span>", "").split())


@pytest.mark.parametrize("group", GROUPS)
def test_a_form_that_is_sent_as_it_stands_changes_nothing(team: ListingWire, nadia: Page, group: str) -> None:
    names = ["Mercy Clinic", {"text": "عيادة الرحمة", "lang": "ar"}]
    listing = one(team, names=names, languages=["sw", "en"], hours="Mo-Fr 08:00-12:00,14:00-17:00; PH off")
    nadia.follow(f"{LIST}/{listing}/edit/{group}", **edit_form(nadia, listing, group))
    assert team.get(listing)["revision"] == 1


def test_facts_are_edited_in_place_and_undone(team: ListingWire, nadia: Page) -> None:
    listing = one(team)
    form = edit_form(nadia, listing, "contact")
    page = nadia.follow(f"{LIST}/{listing}/edit/contact", **{**form, "phones": ["0712 345678", ""], "email": "a@b.org"})
    assert phrase("en", "listing.did_edit") in page
    assert team.get(listing)["phones"] == ["+254712345678"]
    undo = form_of(page, f"{LIST}/{listing}/undo")
    assert phrase("en", "listing.did_undo") in nadia.follow(f"{LIST}/{listing}/undo", **undo)
    assert (team.get(listing)["phones"], team.get(listing)["email"]) == (["+254203662000"], None)


def test_names_in_scripts_are_rows(team: ListingWire, nadia: Page) -> None:
    listing = one(team)
    said = {"name_text": ["Mercy Clinic", "عيادة الرحمة", ""], "name_lang": ["en", "ar", ""]}
    nadia.follow(f"{LIST}/{listing}/edit/identity", **{**edit_form(nadia, listing, "identity"), **said})
    assert [(each["text"], each["lang"]) for each in team.get(listing)["names"]] == [
        ("Mercy Clinic", "en"),
        ("عيادة الرحمة", "ar"),
    ]


@pytest.mark.parametrize(
    "pasted",
    [
        "-1.3005, 36.8011",
        "https://www.google.com/maps/place/X/@-1.9,36.9,17z/data=!3d-1.3005!4d36.8011",
        "https://www.openstreetmap.org/#map=17/-1.3005/36.8011",
        "geo:-1.3005,36.8011",
    ],
)
def test_one_box_takes_coordinates_and_links_of_maps(team: ListingWire, nadia: Page, pasted: str) -> None:
    listing = one(team)
    form = edit_form(nadia, listing, "location")
    nadia.follow(f"{LIST}/{listing}/edit/location", **{**form, "point": pasted})
    now = team.get(listing)
    assert (now["lat"], now["lon"], now["precision"]) == (-1.3005, 36.8011, "exact")


def test_a_short_plus_code_is_read_near_the_city_of_the_form(team: ListingWire, nadia: Page) -> None:
    listing = one(team)
    nadia.follow(
        f"{LIST}/{listing}/edit/location", **{**edit_form(nadia, listing, "location"), "point": "PR6C+RR Nairobi"}
    )
    now = team.get(listing)
    assert abs(now["lat"] - -1.29) < 0.6
    assert abs(now["lon"] - 36.82) < 0.6
    assert nadia.get(f"{LIST}/where?country=KE&city=Nairobi&point=PR6C%2BRR").count('"lat"') == 1


def test_a_region_follows_its_city_and_an_empty_box_leaves_the_city_s_middle(team: ListingWire, nadia: Page) -> None:
    listing = one(team)
    form = edit_form(nadia, listing, "location")
    nadia.follow(f"{LIST}/{listing}/edit/location", **{**form, "city": "Mombasa", "point": ""})
    now = team.get(listing)
    assert (now["city"], now["precision"]) == ("Mombasa", "place")
    assert now["region"] != form["region"]


def test_a_week_is_written_as_opening_hours(team: ListingWire, nadia: Page) -> None:
    listing = one(team, hours=None)
    week = {f"{day}_from": "8" for day in ("mo", "tu", "we")} | {f"{day}_to": "17h30" for day in ("mo", "tu", "we")}
    form = {**edit_form(nadia, listing, "hours"), "hours_as": "week", **week, "sa_from": "900", "sa_to": "0:00"}
    nadia.follow(f"{LIST}/{listing}/edit/hours", **{**form, "holidays": "off"})
    assert team.get(listing)["hours"] == "Mo-We 08:00-17:30; Sa 09:00-24:00; PH off"


def test_what_no_week_can_say_stays_as_text(team: ListingWire, nadia: Page) -> None:
    listing = one(team, hours="Mo 08:00-09:00,10:00-11:00,12:00-13:00")
    form = edit_form(nadia, listing, "hours")
    assert (form["hours_as"], form["hours_text"]) == ("text", "Mo 08:00-09:00,10:00-11:00,12:00-13:00")
    nadia.follow(f"{LIST}/{listing}/edit/hours", **form)
    assert team.get(listing)["revision"] == 1


@pytest.mark.parametrize(
    ("group", "said", "field", "fault"),
    [
        ("identity", {"name_text": "", "name_lang": ""}, "names", "fault_name"),
        ("location", {"point": "https://maps.app.goo.gl/x"}, "point", "fault_point"),
        ("location", {"point": "48.85, 2.35"}, "point", "fault_outside"),
        ("contact", {"phones": ["+254203662000", "call us"]}, "phone-1", "fault_phone"),
        ("contact", {"email": "nobody"}, "email", "fault_email"),
        ("hours", {"hours_as": "text", "hours_text": "whenever"}, "hours", "fault_hours"),
        ("hours", {"hours_as": "week", "mo_from": "early"}, "mo_from", "fault_times"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(
    team: ListingWire, nadia: Page, group: str, said: dict[str, Any], field: str, fault: str
) -> None:
    listing = one(team)
    sent = {**edit_form(nadia, listing, group), **said}
    page = nadia.refused(f"{LIST}/{listing}/edit/{group}", 422, **sent)
    assert f'id="{field}-fault"' in page
    assert phrase("en", f"listing.{fault}") in unescape(page)
    again = form_of(page, f"{LIST}/{listing}/edit/{group}")
    for name, value in said.items():
        kept = again.get(name)
        assert kept in (value, [*value, ""] if isinstance(value, list) else [value, ""]), (name, kept)
    assert team.get(listing)["revision"] == 1


def test_two_who_edit_other_fields_are_put_together(team: ListingWire, nadia: Page, enter: Enter) -> None:
    listing = one(team)
    form = edit_form(nadia, listing, "contact")
    enter("omar").follow(f"{LIST}/{listing}/edit/contact", **{**form, "phones": "0712 345678"})
    nadia.follow(f"{LIST}/{listing}/edit/contact", **{**form, "email": "a@b.org"})
    now = team.get(listing)
    assert (now["phones"], now["email"]) == (["+254712345678"], "a@b.org")


def test_the_second_of_two_sees_what_the_first_changed_and_keeps_what_was_typed(
    team: ListingWire, nadia: Page, enter: Enter
) -> None:
    listing = one(team)
    form = edit_form(nadia, listing, "contact")
    first = {**form, "email": "first@b.org", "website": "https://first.org"}
    enter("omar").follow(f"{LIST}/{listing}/edit/contact", **first)
    page = nadia.refused(f"{LIST}/{listing}/edit/contact", 409, **{**form, "email": "second@b.org"})
    assert "first@b.org" in page
    assert phrase("en", "listing.changed_by", name="omar", when="").partition(" (")[0] in page
    again = form_of(page, f"{LIST}/{listing}/edit/contact")
    # What only the first changed is there as it is now; saving again takes nothing of it back.
    assert (again["email"], again["website"]) == ("second@b.org", "https://first.org")
    nadia.follow(f"{LIST}/{listing}/edit/contact", **again)
    now = team.get(listing)
    assert (now["email"], now["website"]) == ("second@b.org", "https://first.org")


def test_groups_are_confirmed_with_how_and_by_whom(team: ListingWire, nadia: Page) -> None:
    listing = one(team)
    page = nadia.follow(f"{LIST}/{listing}/actions/verify", facts="hours", method="phone")
    assert phrase("en", "listing.did_verify") in page
    assert team.get(listing)["facts"]["hours"]["method"] == "phone"
    assert team.get(listing)["facts"]["contact"]["method"] is None


def test_a_listing_is_suspended_with_a_reason_and_comes_back(team: ListingWire, nadia: Page) -> None:
    listing = one(team)
    until = (dt.datetime.now(dt.UTC).date() + dt.timedelta(days=9)).isoformat()
    refused = nadia.refused(f"{LIST}/{listing}/actions/suspend", 422, reason="", until=until)
    assert phrase("en", "listing.fault_reason") in refused
    assert until in refused
    page = nadia.follow(f"{LIST}/{listing}/actions/suspend", reason="Flooded", until=until)
    assert phrase("en", "listing.did_suspend") in page
    assert "Flooded" in page
    assert team.get(listing)["suspended_until"] == until
    nadia.follow(f"{LIST}/{listing}/undo", **form_of(page, f"{LIST}/{listing}/undo"))
    assert team.get(listing)["status"] == "active"


def test_a_retired_listing_is_read_and_restored_and_not_edited(team: ListingWire, nadia: Page) -> None:
    listing = one(team)
    page = nadia.follow(f"{LIST}/{listing}/actions/retire", reason="Closed down")
    assert phrase("en", "listing.not_shown") in page
    assert "?edit=contact" not in page
    assert "edit/contact" not in nadia.get(f"{LIST}/{listing}?edit=contact")
    nadia.refused(f"{LIST}/{listing}/actions/suspend", 409, reason="Flooded")
    nadia.follow(f"{LIST}/{listing}/actions/restore")
    assert team.get(listing)["status"] == "active"


def test_the_card_speaks_the_language_and_network_that_are_chosen(team: ListingWire, nadia: Page) -> None:
    listing = one(team)
    french = nadia.get(f"{LIST}/{listing}?card_lang=fr&card_network=worldwide")
    assert phrase("fr", "payment.card") in unescape(french)
    other = nadia.get(f"{LIST}/{listing}?card_lang=ar&card_network=essential")
    assert phrase("ar", "payment.none") in other


@pytest.mark.parametrize("path", ["", "/history", "/merge"])
def test_officers_and_strangers_are_kept_out(team: ListingWire, enter: Enter, path: str) -> None:
    listing = one(team)
    assert enter("amina").status_of(f"{LIST}/{listing}{path}") == 403


def test_what_there_is_not_is_not_found(nadia: Page) -> None:
    assert nadia.status_of(f"{LIST}/999999999") == 404
