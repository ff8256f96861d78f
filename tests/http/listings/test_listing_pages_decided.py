"""Agreements, history, merging and new listings on the pages, as a browser without script has them."""

import datetime as dt
import re
from html import unescape
from typing import Any

from directory.wording.catalogue import phrase
from directory.wording.formats import date
from tests.worlds.listing_pages import LIST, form_of
from tests.worlds.listing_wire import ListingWire
from tests.worlds.proposal_pages import Enter, Page

TODAY = dt.datetime.now(dt.UTC).date()
TERMS = {"network": "worldwide", "outpatient": "none", "inpatient": "guarantee_letter", "notice_days": "7"}


def one(team: ListingWire, **said: Any) -> str:
    return str(team.make(**said)["id"])


def agreements(team: ListingWire, listing: str) -> list[dict[str, Any]]:
    return sorted(team.get(listing)["agreements"], key=lambda each: int(each["id"]))


def days(number: int) -> str:
    return (TODAY + dt.timedelta(days=number)).isoformat()


def test_new_terms_end_the_old_ones_the_day_before(team: ListingWire, nadia: Page) -> None:
    listing = one(team)
    page = nadia.get(f"{LIST}/{listing}?edit=agreements&do=new")
    form = form_of(page, f"{LIST}/{listing}/agreements")
    assert form["effective_from"] == TODAY.isoformat()
    page = nadia.follow(f"{LIST}/{listing}/agreements", **{**form, **TERMS, "effective_from": days(10)})
    assert phrase("en", "listing.state_coming") in page
    old, new = agreements(team, listing)
    assert (old["effective_to"], new["effective_from"], new["notice_days"]) == (days(10), days(10), 7)
    assert date("en", TODAY + dt.timedelta(days=9)) in page


def test_terms_that_would_overlap_are_refused_with_both_shown(team: ListingWire, nadia: Page) -> None:
    listing = one(team)
    nadia.follow(f"{LIST}/{listing}/agreements", **TERMS, effective_from=days(10))
    page = nadia.refused(f"{LIST}/{listing}/agreements", 409, **TERMS, effective_from=days(5))
    assert phrase("en", "listing.overlap") in page
    both = re.search(r'<div class="fault" role="alert">.*?</ul>', page, re.DOTALL)
    assert both
    assert both[0].count("<li>") == 2
    assert len(agreements(team, listing)) == 2
    assert f'value="{days(5)}"' in page


def test_an_agreement_is_corrected_suspended_resumed_and_ended(team: ListingWire, nadia: Page) -> None:
    listing = one(team)
    number = agreements(team, listing)[0]["id"]
    path = f"{LIST}/{listing}/agreements/{number}"

    def form(do: str) -> dict[str, Any]:
        return form_of(nadia.get(f"{LIST}/{listing}?edit=agreements&agreement={number}&do={do}"), f"{path}/{do}")

    nadia.follow(f"{path}/edit", **{**form("edit"), "notice_days": "7"})
    assert agreements(team, listing)[0]["notice_days"] == 7
    suspended = {**form("suspend"), "reason": "Bills unpaid", "until": days(30), "instead": "You pay, then claim"}
    page = nadia.follow(f"{path}/suspend", **suspended)
    assert "You pay, then claim" in page
    assert date("en", TODAY + dt.timedelta(days=30)) in page
    [agreement] = agreements(team, listing)
    assert (agreement["status"], agreement["suspended_until"]) == ("suspended", days(30))
    nadia.follow(f"{path}/resume", **form("resume"))
    nadia.refused(f"{path}/end", 422, **form("end"))
    nadia.follow(f"{path}/end", **{**form("end"), "last": days(3), "reason": "They left"})
    assert agreements(team, listing)[0]["effective_to"] == days(4)


def test_the_second_of_two_who_correct_an_agreement_sees_that_it_changed(team: ListingWire, nadia: Page) -> None:
    listing = one(team)
    number = agreements(team, listing)[0]["id"]
    path = f"{LIST}/{listing}/agreements/{number}/edit"
    form = form_of(nadia.get(f"{LIST}/{listing}?edit=agreements&agreement={number}&do=edit"), path)
    nadia.follow(path, **{**form, "notice_days": "5"})
    page = nadia.refused(path, 409, **{**form, "notice_days": "6"})
    assert phrase("en", "listing.changed_meanwhile") in unescape(page)
    again = form_of(page, path)
    assert again["notice_days"] == "6"
    nadia.follow(path, **again)
    assert agreements(team, listing)[0]["notice_days"] == 6


def test_the_last_day_of_terms_is_the_day_before_they_no_longer_hold(team: ListingWire, nadia: Page) -> None:
    listing = one(team, agreements=[])
    nadia.follow(f"{LIST}/{listing}/agreements", **TERMS, effective_from=days(0), effective_to=days(9))
    assert agreements(team, listing)[0]["effective_to"] == days(10)
    refused = nadia.refused(f"{LIST}/{listing}/agreements", 422, **TERMS, effective_from=days(5), effective_to=days(2))
    assert phrase("en", "listing.fault_until") in refused


def test_history_tells_every_change_in_words_with_who_and_why(team: ListingWire, nadia: Page) -> None:
    made = team.make()
    listing, number = made["id"], made["agreements"][0]["id"]
    team.edit(made, hours="24/7", specialties=["paediatrics"], lat=-1.3, lon=36.83, reason="They said so")
    team.good("PATCH", f"/listings/{listing}/agreements/{number}", {"notice_days": 7}, If_Match='"2"')
    page = unescape(nadia.get(f"{LIST}/{listing}/history"))
    told = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    for words in (
        "nadia",
        "They said so",
        "Cardiology",
        "Paediatrics",
        "12 days of notice",
        "7 days of notice",
        "moved by",
    ):
        assert words in told, words
    assert "{" not in told.partition("Made")[0].rpartition("changes")[2]


def test_a_change_is_undone_from_history_unless_a_later_one_stands_in_the_way(team: ListingWire, nadia: Page) -> None:
    made = team.make()
    first = team.edit(made, hours="24/7").get_json()
    second = team.edit(first, hours="Mo-Fr 09:00-12:00").get_json()
    page = nadia.get(f"{LIST}/{made['id']}/history")
    assert f'href="#c{second["change_id"]}"' in page
    blocked = nadia.led_to_by_form(f"{LIST}/{made['id']}/undo", change=first["change_id"])
    assert blocked.endswith(f"blocked={first['change_id']}#c{second['change_id']}")
    assert phrase("en", "listing.blocked") in nadia.get(blocked)
    nadia.follow(f"{LIST}/{made['id']}/undo", change=second["change_id"])
    nadia.follow(f"{LIST}/{made['id']}/undo", change=first["change_id"])
    assert team.get(made["id"])["hours"] == made["hours"]
    again = nadia.follow(f"{LIST}/{made['id']}/undo", change=first["change_id"])
    assert phrase("en", "listing.undone_before") in again


def test_a_day_shows_the_facts_and_the_card_of_that_day(team: ListingWire, nadia: Page) -> None:
    listing = one(team)
    page = nadia.get(f"{LIST}/{listing}/history?on={days(0)}")
    assert phrase("en", "listing.on_day", day=date("en", TODAY)) in page
    assert "Guarantee letter: ask 12 days before." in page
    assert phrase("en", "listing.search_found") in page
    nadia.follow(f"{LIST}/{listing}/actions/suspend", reason="Flooded", until=days(9))
    assert phrase("en", "listing.search_not_found") in nadia.get(f"{LIST}/{listing}/history?on={days(0)}")
    before = nadia.get(f"{LIST}/{listing}/history?on={days(-1)}")
    assert phrase("en", "listing.not_yet") in before
    assert phrase("en", "listing.saw_nothing") in before
    assert phrase("en", "listing.fault_day") in nadia.get(f"{LIST}/{listing}/history?on=yesterday")


def test_two_listings_become_one_a_field_at_a_time_and_are_parted_again(team: ListingWire, nadia: Page) -> None:
    stays = one(team, email="one@b.org", phones=["+254 20 366 2000"])
    goes = one(team, name="Mercy Hospital", email="two@b.org", website="https://two.org", agreements=[])
    page = nadia.get(f"{LIST}/{stays}/merge?with={goes}")
    form = form_of(page, f"{LIST}/{stays}/merge")
    # What one lacks is taken from the other unless one chooses otherwise; lists are put together.
    assert (form["into"], form["field_email"], form["field_website"]) == (stays, stays, goes)
    assert form["field_agreements"] == ""
    sent = {**form, "field_name": goes, "reason": "One house"}
    refused = nadia.refused(f"{LIST}/{stays}/merge", 422, **{**sent, "reason": ""})
    assert f'value="{goes}" checked' in refused
    done = nadia.follow(f"{LIST}/{stays}/merge", **sent)
    assert phrase("en", "listing.did_merge") in done
    assert phrase("en", "listing.merged_in") in done
    now = team.get(stays)
    assert (now["name"], now["email"], now["website"]) == ("Mercy Hospital", "one@b.org", "https://two.org")
    assert f'href="{LIST}/{stays}"' in nadia.get(f"{LIST}/{goes}")
    nadia.follow(f"{LIST}/{stays}/undo", **form_of(done, f"{LIST}/{stays}/undo"))
    assert (team.get(stays)["name"], team.get(goes)["status"]) == ("Mercy Clinic", "active")


def test_a_merge_of_what_changed_meanwhile_is_shown_again(team: ListingWire, nadia: Page) -> None:
    stays, goes = team.make(), one(team, name="Mercy Hospital")
    form = form_of(nadia.get(f"{LIST}/{stays['id']}/merge?with={goes}"), f"{LIST}/{stays['id']}/merge")
    team.edit(stays, hours="24/7")
    page = nadia.refused(f"{LIST}/{stays['id']}/merge", 409, **{**form, "reason": "One house"})
    assert phrase("en", "listing.both_changed") in page
    assert team.get(goes)["status"] == "active"


def test_a_merge_wants_another_listing_that_there_is(team: ListingWire, nadia: Page) -> None:
    listing = one(team)
    for words in ("999999999", listing):
        answer = nadia.get(f"{LIST}/{listing}/merge?with={words}", 422)
        assert phrase("en", "listing.fault_other_listing") in answer


def test_a_new_listing_is_made_of_the_form(team: ListingWire, nadia: Page) -> None:
    form = form_of(nadia.get(f"{LIST}/new"), f"{LIST}/new")
    refused = nadia.refused(f"{LIST}/new", 422, **form)
    assert {f'id="{name}-fault"' for name in ("names", "type", "country")} <= set(
        re.findall(r'id="\w+-fault"', refused)
    )
    said = {"name_text": "Quiet Valley Maternity", "type": "clinic", "country": "KE", "city": "Nairobi", **TERMS}
    page = nadia.follow(f"{LIST}/new", **{**form, **said, "phones": "0712 345678", "hours_as": "always"})
    assert phrase("en", "listing.did_create") in page
    found = re.search(r'data-listing="(\d+)"', page)
    assert found
    made = team.get(found[1])
    assert (made["name"], made["hours"], made["phones"]) == ("Quiet Valley Maternity", "24/7", ["+254712345678"])
    assert made["agreements"][0]["notice_days"] == 7


def test_look_alikes_are_shown_while_typing_and_asked_about_once(team: ListingWire, nadia: Page) -> None:
    typed = "name_text=Aga+Khan+Hospital&country=KE&city=Nairobi"
    assert "Aga Khan" in nadia.get(f"{LIST}/look?{typed}")
    assert phrase("en", "listing.none_alike") in nadia.get(f"{LIST}/look?name_text=Zzyzx&country=KE")
    form = {**form_of(nadia.get(f"{LIST}/new"), f"{LIST}/new"), "name_text": "Aga Khan Hospital", "type": "hospital"}
    asked = nadia.refused(f"{LIST}/new", 422, **{**form, "country": "KE", "city": "Nairobi"})
    assert phrase("en", "listing.none_of_these") in asked
    again = form_of(asked, f"{LIST}/new")
    assert phrase("en", "listing.did_create") in nadia.follow(f"{LIST}/new", **again, sure="yes")


def test_the_same_form_twice_makes_one_listing(team: ListingWire, nadia: Page) -> None:
    form = {**form_of(nadia.get(f"{LIST}/new"), f"{LIST}/new"), "name_text": "Twice Clinic", "type": "clinic"}
    places = {nadia.led_to_by_form(f"{LIST}/new", **{**form, "country": "KE"}) for _ in range(2)}
    assert len({place.partition("?")[0] for place in places}) == 1


def test_officers_make_and_merge_nothing(enter: Enter) -> None:
    amina = enter("amina")
    assert amina.send(f"{LIST}/new", name_text="X").status_code == 403
    assert amina.status_of("/network/changes") == 403
