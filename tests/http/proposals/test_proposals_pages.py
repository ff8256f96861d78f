"""The pages of officers and of the network team, without any script."""

import datetime as dt
import re
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from flask import Flask

from directory.proposals.acting import Given
from directory.proposals.export import plain
from directory.wording.catalogue import phrase
from tests.http.proposals.test_proposals_security import PDF, PNG
from tests.worlds.proposal_pages import Enter, Page
from tests.worlds.proposal_people import People, act, at, called, events_of, look, propose, walk

SAID = {
    "country": "CD",
    "city": "Goma",
    "type": "hospital",
    "name": "Hôpital Heal Africa",
    "reason": "none_nearby",
    "people": "٤٠",
    "urgency": "high",
    "settings": "inpatient",
    "step": "send",
    "once": "1",
}


def only_id(page: Page) -> UUID:
    """The one proposal that a list of the officer's links to."""
    [found] = set(re.findall(r"/hr/proposals/([0-9a-f-]{36})", page.get("/hr/")))
    return UUID(found)


def test_an_officer_proposes_and_follows(enter: Enter, people: People) -> None:
    amina = enter("amina")
    assert "Vous n’avez encore proposé personne" in amina.get("/hr/")
    shown = amina.follow("/hr/proposals", **SAID)
    assert "Envoyée. Nous vous avons écrit" in shown
    assert "Envoyée — premier examen au plus tard le " in amina.get("/hr/")
    proposal = look(people.amina, only_id(amina))
    assert (proposal.people, proposal.urgency, proposal.settings, proposal.kind) == (
        40,
        "high",
        ["inpatient"],
        "organisation",
    )
    # The same form once more, by going back and pressing again, changes nothing.
    amina.follow("/hr/proposals", **SAID)
    assert only_id(amina) == proposal.id


def test_a_draft_is_saved_changed_and_sent(enter: Enter, people: People) -> None:
    amina = enter("amina")
    assert "Enregistrée." in amina.follow("/hr/proposals", **{**SAID, "step": "save"})
    proposal = only_id(amina)
    form = amina.get(f"/hr/proposals/{proposal}/edit")
    assert 'value="Hôpital Heal Africa"' in form
    assert '<option value="CD" selected>' in form
    revision = look(people.amina, proposal).case.revision
    amina.follow(
        f"/hr/proposals/{proposal}/edit", **{**SAID, "step": "save", "name": "Heal Africa", "revision": revision}
    )
    assert look(people.amina, proposal).name == "Heal Africa"
    edited = {**SAID, "step": "save", "address": "Avenue du Lac 5"}
    stale = amina.refused(f"/hr/proposals/{proposal}/edit", 409, **edited, revision=revision)
    assert phrase("fr", "proposals.changed_meanwhile") in stale
    assert 'value="Avenue du Lac 5"' in stale
    assert f'href="/hr/proposals/{proposal}" target="_blank"' in stale
    [now] = re.findall(r'name="revision" value="(\d+)"', stale)
    amina.follow(f"/hr/proposals/{proposal}/edit", **edited, revision=now)
    assert look(people.amina, proposal).name == SAID["name"]
    amina.follow(f"/hr/proposals/{proposal}/actions/submit")
    assert look(people.amina, proposal).case.state == "submitted"


def test_what_is_missing_is_said_beside_the_field_and_what_was_typed_stays(enter: Enter) -> None:
    amina = enter("amina")
    answer = amina.send("/hr/proposals", **{**SAID, "name": "", "city": "Goma", "people": "many"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    for words in ("Il faut un nombre entier.", "Le nom du prestataire est nécessaire."):
        assert words in page
    answer = amina.send("/hr/proposals", **{**SAID, "name": "", "email": "x", "lat": "48.8", "lon": "2.3"})
    page = answer.get_data(as_text=True)
    for words in ("Le nom du prestataire est nécessaire.", "Ce n’est pas une adresse e-mail.", 'value="Goma"'):
        assert words in page
    assert "Vous n’avez encore proposé personne" in amina.get("/hr/")


def test_look_alikes_are_shown_with_the_way_to_pay_and_can_be_backed(enter: Enter, people: People) -> None:
    other = propose(people.chen, called("Clinique Bon Secours"))
    amina = enter("amina")
    part = amina.get("/hr/look?country=KE&name=Aga Khan")
    assert "Déjà dans le réseau" in part
    assert "Votre carte est acceptée ici." in part
    assert "<html" not in part
    whole = amina.send("/hr/proposals", **{**SAID, "step": "look", "name": "Bon Secours"}).get_data(as_text=True)
    assert "Déjà proposé" in whole
    assert f"/hr/proposals/{other}/supporters" in whole
    assert "who" not in re.sub(r"<[^>]*>", "", whole).split()
    backed = amina.follow(f"/hr/proposals/{other}/supporters")
    assert "Soutenues par moi" in backed
    assert "1 collègue la soutient" in backed
    amina.get(f"/hr/proposals/{other}", 404)


def test_what_looks_like_a_patient_is_asked_about_before_it_is_sent(enter: Enter) -> None:
    amina = enter("amina")
    said = {**SAID, "contact_person": "ma femme, Mme Kasongo"}
    answer = amina.send("/hr/proposals", **said)
    assert answer.status_code == 422
    assert "Merci de ne nommer aucun patient" in answer.get_data(as_text=True)
    assert "Vous n’avez encore proposé personne" in amina.get("/hr/")
    assert "Envoyée." in amina.follow("/hr/proposals", **said, sure="yes")


def test_the_team_takes_a_proposal_all_the_way_on_its_page(enter: Enter, people: People) -> None:
    proposal = propose(people.amina)
    nadia = enter("nadia")
    queue = nadia.get("/network/proposals")
    assert f"/network/proposals/{proposal}" in queue
    assert "1 open · 0 due today" in queue

    def step(name: str, **said: Any) -> str:
        revision = look(people.nadia, proposal).case.revision
        return nadia.follow(f"/network/proposals/{proposal}/actions/{name}", revision=revision, **said)

    assert "Done." in step("start_review")
    step("contact", note="Spoke to Dr Kambale", channel="call")
    terms = {"network": "worldwide", "outpatient": "card", "inpatient": "guarantee_letter", "notice_days": "3"}
    step("agree", **terms, effective_from="2026-09-01", tariff="yes")
    shown = step("list", passed_over="What looks alike has closed")
    assert "In the network" in shown
    assert "Spoke to Dr Kambale" in shown
    assert "Spoke to Dr Kambale" not in enter("amina").get(f"/hr/proposals/{proposal}")
    assert [name for name, _, _ in events_of(proposal)][-3:] == ["contact", "agree", "list"]


def test_an_action_on_a_page_that_is_out_of_date_changes_nothing_and_says_so(enter: Enter, people: People) -> None:
    proposal = propose(people.amina)
    seen = look(people.nadia, proposal).case.revision
    walk(people, proposal, "start_review")
    path = f"/network/proposals/{proposal}/actions"
    page = enter("omar").refused(f"{path}/contact", 409, revision=seen, note="They want <30 %>", channel="call")
    assert "Alguien la cambió entretanto" in page
    assert phrase("es", "proposals.changed_meanwhile") in page
    assert look(people.nadia, proposal).case.state == "under_review"
    # The action is still there, with all that was typed for it.
    assert re.search(
        r'<form[^>]*/actions/contact"(?:(?!</form>).)*contact-note[^>]*>They want &lt;30 %&gt;</textarea>', page, re.S
    )
    assert re.search(r'<option value="call" selected>', page)
    # This one is not: the words stand where they can be sent as a note.
    page = enter("omar").refused(f"{path}/start_review", 409, revision=seen, note="Spoke to Dr Kambale")
    assert phrase("es", "proposals.changed") in page
    assert re.search(r'<textarea id="text"[^>]*>Spoke to Dr Kambale</textarea>', page)
    assert '<option value="note" selected>' in page
    # With its channel it is the contact that it was.
    page = enter("omar").refused(f"{path}/negotiate", 409, revision=seen, note="Spoke to Dr Kambale", channel="call")
    assert '<option value="contact" selected>' in page
    assert '<option value="call" selected>' in page


def test_terms_with_something_missing_stay_in_their_fields(enter: Enter, people: People) -> None:
    proposal = propose(people.amina)
    walk(people, proposal, "start_review", "contact")
    said = {
        "revision": look(people.nadia, proposal).case.revision, "network": "worldwide", "outpatient": "card",
        "inpatient": "", "notice_days": "9", "effective_from": "2026-10-01", "tariff": "yes",
    }  # fmt: skip
    page = enter("nadia").refused(f"/network/proposals/{proposal}/actions/agree", 422, **said)
    assert "Something is missing" in page
    form = re.search(r'<form[^>]*/actions/agree".*?</form>', page, re.S)
    assert form
    for kept in (
        '<option value="worldwide" selected>', '<option value="card" selected>', 'value="yes" checked',
        'name="notice_days" value="9"', 'value="2026-10-01"',
    ):  # fmt: skip
        assert kept in form[0], kept


def test_an_officer_who_withdraws_too_late_keeps_the_words(enter: Enter, people: People) -> None:
    proposal = propose(people.amina)
    walk(people, proposal, "start_review", "contact")
    page = enter("amina").refused(f"/hr/proposals/{proposal}/actions/withdraw", 409, message="We found another one")
    assert "We found another one</textarea>" in page


def test_an_edit_that_came_too_late_can_be_copied(enter: Enter, people: People) -> None:
    proposal = propose(people.amina)
    seen = look(people.amina, proposal).case.revision
    walk(people, proposal, "start_review")
    sent = {**SAID, "step": "save", "address": "Avenue du Lac 5", "revision": seen}
    page = enter("amina").refused(f"/hr/proposals/{proposal}/edit", 409, **sent)
    assert phrase("fr", "proposals.closed_meanwhile") in page
    assert 'value="Avenue du Lac 5"' in page


def test_the_page_of_the_team_has_everything(enter: Enter, people: People) -> None:
    propose(people.chen, called("Heal Afrika"))
    proposal = propose(people.amina)
    with at(people.amina) as desk:
        from directory.proposals import writing

        writing.write(desk, proposal, "Any news?")
    page = enter("nadia").get(f"/network/proposals/{proposal}")
    for words in (
        "Refugee Agency", "Any news?", "tel:+243998765432", "Heal Afrika", "Mark as a duplicate of this",
        'class="around"',
        "Goma Walk-in Clinic 5", "Ask the officer", "Take it over", "No provider nearby", "40",
    ):  # fmt: skip
        assert words in page, words


def test_the_queue_is_filtered_sorted_and_handed_over(enter: Enter, people: People) -> None:
    first, second = propose(people.amina), propose(people.chen, called("Clinique Bon Secours"))
    nadia = enter("nadia")
    nadia.follow(f"/network/proposals/{first}/owner", owner="me")
    assert str(second) not in nadia.get("/network/proposals?owner=me")
    assert str(first) not in nadia.get("/network/proposals?owner=none")
    nadia.follow(f"/network/proposals/{first}/owner", owner=str(people.omar.account_id))
    assert look(people.nadia, first).case.owner_id == people.omar.account_id
    # No officer can be made an owner.
    nadia.follow(f"/network/proposals/{first}/owner", owner=str(people.amina.account_id))
    assert look(people.nadia, first).case.owner_id is None
    for sort in ("due", "owner", "country", "urgency", "people", "newest", "nonsense"):
        assert str(first) in nadia.get(f"/network/proposals?sort={sort}")
    assert str(first) not in nadia.get("/network/proposals?country=KE")
    nadia.get("/network/proposals?state=lost", 400)


def owners(people: People, *proposals: UUID) -> list[UUID | None]:
    return [look(people.nadia, proposal).case.owner_id for proposal in proposals]


def test_take_it_over_means_oneself_whoever_the_list_beside_it_shows(enter: Enter, people: People) -> None:
    proposal = propose(people.amina)
    # A browser sends the list, and then the button that was pressed.
    enter("nadia").follow(f"/network/proposals/{proposal}/owner", owner=["", "me"])
    enter("nadia").follow(f"/network/proposals/{proposal}/owner", owner=[str(people.omar.account_id), "me"])
    assert owners(people, proposal) == [people.nadia.account_id]


def test_many_are_taken_over_and_handed_over_at_once(enter: Enter, people: People) -> None:
    first, second, third = (propose(people.amina, called(f"Clinique {name}")) for name in ("Un", "Deux", "Trois"))
    nadia, omar = enter("nadia"), people.omar.account_id
    path = "/network/proposals/owner?country=CD&sort=newest"
    shown = nadia.follow(path, proposal=[str(first), str(second)], owner=["me", ""])
    assert "2 proposals have their owner." in shown
    assert '<option value="CD" selected>' in shown
    assert owners(people, first, second, third) == [people.nadia.account_id] * 2 + [None]
    nadia.follow(path, proposal=[str(second), str(third), str(third)], owner=str(omar))
    assert owners(people, first, second, third) == [people.nadia.account_id, omar, omar]
    nadia.follow(path, proposal=str(first), owner="nobody")
    assert owners(people, first) == [None]
    assert "Nothing was changed" in nadia.follow(path, owner="me")
    assert "Nothing was changed" in nadia.follow(path, proposal=str(first), owner="")


def test_of_many_none_is_handed_over_where_one_is_not_there(enter: Enter, people: People) -> None:
    proposal, nadia = propose(people.amina), enter("nadia")
    path = "/network/proposals/owner"
    assert nadia.send(path, proposal=[str(proposal), str(UUID(int=1))], owner="me").status_code == 404
    assert nadia.send(path, proposal=[str(proposal), "1"], owner="me").status_code == 400
    assert nadia.send(path, proposal=[str(proposal)] * 51, owner="me").status_code == 400
    assert enter("amina").send(path, proposal=str(proposal), owner="me").status_code == 403
    assert owners(people, proposal) == [None]


def test_an_address_of_the_queue_may_say_anything(enter: Enter, people: People) -> None:
    propose(people.amina)
    shown = enter("nadia").get("/network/proposals?endpoint=x&_scheme=javascript&_external=1&country=CD")
    assert '="javascript' not in shown
    assert 'href="/network/proposals.csv?country=CD"' in shown


def test_files_are_attached_and_fetched_on_the_pages(enter: Enter, people: People) -> None:
    from io import BytesIO

    proposal = propose(people.amina)
    amina, nadia = enter("amina"), enter("nadia")
    amina.follow(f"/hr/proposals/{proposal}/attachments", file=(BytesIO(PNG), "door.png"))
    nadia.follow(f"/network/proposals/{proposal}/attachments", file=(BytesIO(PDF), "contract.pdf"))
    refused = amina.follow(f"/hr/proposals/{proposal}/attachments", file=(BytesIO(b"<svg/>"), "x.png"))
    assert "n’a pas été accepté" in refused
    own = amina.get(f"/hr/proposals/{proposal}")
    assert "door.png" in own
    assert "contract.pdf" not in own
    assert "contract.pdf" in nadia.get(f"/network/proposals/{proposal}")
    [link] = re.findall(r'href="(/hr/proposals/[^"]*/attachments/[^"]*)"', own)
    assert amina._client.get(link).data == PNG


EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}"


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_script_in_every_text_field_is_shown_as_text_in_every_place(enter: Enter, people: People, lang: str) -> None:
    texts = ("name", "name_local", "city", "address", "contact_person", "licence", "phone")
    who = {"fr": "amina", "ar": "chen"}[lang]
    officer, nadia = enter(who), enter("nadia")
    officer.follow("/hr/proposals", **{**SAID, **dict.fromkeys(texts, EVIL), "city": EVIL[:200], "sure": "yes"})
    proposal = only_id(officer)
    officer.follow(f"/hr/proposals/{proposal}/messages", text=EVIL)
    act(people.nadia, proposal, "ask_information", Given(message=EVIL))
    nadia.follow(f"/network/proposals/{proposal}/messages", text=EVIL, kind="contact", channel="call")
    colleague = propose(getattr(people, who), called(EVIL))
    places = [
        officer.get("/hr/"), officer.get(f"/hr/proposals/{proposal}"), officer.get(f"/hr/proposals/{proposal}/edit"),
        officer.get("/hr/proposals/new", 200), nadia.get("/network/proposals"),
        nadia.get(f"/network/proposals/{proposal}"), nadia.get(f"/network/proposals/{colleague}"),
        enter("bruno").get(f"/hr/look?country=CD&city=Goma&name={EVIL[:60]}"),
    ]  # fmt: skip
    act(people.nadia, colleague, "decline", Given(reason=EVIL, message=EVIL))
    places += [officer.get(f"/hr/proposals/{colleague}"), nadia.get(f"/network/proposals/{colleague}")]
    for page in places:
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "49" not in re.findall(r"<bdi>([^<]*)</bdi>", page)
    assert sum("&lt;script&gt;" in page for page in places) >= 7


def test_formulas_in_an_export_are_read_as_text(enter: Enter, people: People) -> None:
    propose(people.amina, called('=HYPERLINK("http://evil.example","x")', city="@SUM(1)"))
    answer = enter("nadia")._client.get("/network/proposals.csv")
    assert answer.mimetype == "text/csv"
    text = answer.get_data(as_text=True)
    assert text.startswith("\ufeffreference,state")
    assert "'=HYPERLINK" in text
    assert "'@SUM(1)" in text
    assert not re.search(r'(?:^|,)"?[=@+]', text, flags=re.MULTILINE)
    enter("amina").get("/network/proposals.csv", 403)


@pytest.mark.parametrize("cell", ["=1+1", " =1", "+1", "-1", "@x", "\t=1", "\r1", "＝1", "'ok", "ok", None, 5])
def test_a_cell_that_might_be_a_formula_gets_an_apostrophe(cell: object) -> None:
    shown = plain(cell)
    assert not shown.lstrip().startswith(("=", "+", "-", "@", "＝"))
    assert shown.removeprefix("'") == str(cell or "").removeprefix("'")


PAGES = ("/hr/", "/hr/proposals/new", "/hr/look?country=CD", "/hr/where?country=CD", "/hr/proposals/{}",
         "/hr/proposals/{}/edit", "/network/proposals", "/network/proposals.csv", "/network/proposals/{}",
         "/network/proposals/{}/edit", "/network/where?country=CD")  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_each_page_is_for_its_role_and_its_client(enter: Enter, app: Flask, people: People, path: str) -> None:
    address = path.replace("{}", str(propose(people.amina, submit=False)))
    answer = app.test_client().get(address)
    assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (303, "/sign-in")
    of_officers = path.startswith("/hr")
    assert enter("nadia")._client.get(address).status_code == (403 if of_officers else 200)
    assert enter("amina")._client.get(address).status_code == (200 if of_officers else 403)
    assert enter("chen")._client.get(address).status_code == (
        404 if "{}" in path and of_officers else 200 if of_officers else 403
    )


def test_forms_of_other_pages_and_without_the_token_are_refused(enter: Enter, people: People) -> None:
    proposal = propose(people.amina)
    amina, nadia = enter("amina"), enter("nadia")
    forms = (
        (amina, "/hr/proposals"), (amina, f"/hr/proposals/{proposal}/actions/withdraw"),
        (amina, f"/hr/proposals/{proposal}/messages"), (amina, f"/hr/proposals/{proposal}/attachments"),
        (amina, f"/hr/proposals/{proposal}/edit"), (amina, f"/hr/proposals/{proposal}/supporters"),
        (nadia, "/network/proposals/owner"),
        (nadia, f"/network/proposals/{proposal}/actions/start_review"), (nadia, f"/network/proposals/{proposal}/owner"),
        (nadia, f"/network/proposals/{proposal}/messages"), (nadia, f"/network/proposals/{proposal}/attachments"),
    )  # fmt: skip
    for page, path in forms:
        assert page._client.post(path, data=SAID).status_code == 403
        assert page._client.post(path, data=SAID, headers={"Origin": "https://evil.example"}).status_code == 403
    assert look(people.amina, proposal).case.state == "submitted"


@pytest.mark.parametrize(("who", "direction"), [("amina", "ltr"), ("bruno", "ltr"), ("chen", "rtl"), ("omar", "ltr")])
def test_every_page_speaks_the_readers_language(enter: Enter, people: People, who: str, direction: str) -> None:
    page = enter(who)
    for path in ("/network/proposals",) if who == "omar" else ("/hr/", "/hr/proposals/new"):
        shown = page.get(path)
        assert f'<html lang="{getattr(people, who).lang}" dir="{direction}">' in shown


ZONES = [
    ("amina", "Africa/Nairobi", "1er septembre 2026", "02:30", "Nairobi"),
    ("amina", "America/New_York", "31 août 2026", "19:30", "New York"),
    ("bruno", "Africa/Cairo", "1 September 2026", "02:30", "Cairo"),
    ("bruno", "", "31 August 2026", "23:30", "UTC"),
    ("bruno", "Mars/Olympus", "31 August 2026", "23:30", "UTC"),
]


@pytest.mark.parametrize(("who", "zone", "day", "time", "place"), ZONES)
def test_times_are_in_the_zone_of_who_reads_in_words_of_the_language(
    enter: Enter, people: People, who: str, zone: str, day: str, time: str, place: str
) -> None:
    late = dt.datetime(2026, 8, 31, 23, 30, tzinfo=dt.UTC)
    proposal = propose(people.amina, now=late)
    page = enter(who)
    if zone:
        page._client.set_cookie("zone", quote(zone, safe=""))
    shown = page.get(f"/hr/proposals/{proposal}")
    [first, *_] = re.findall(r'<ol class="history">\s*<li><time[^>]*>([^<]*)</time>', shown)
    assert (day in first, time in first, place in first) == (True, True, True), first


def test_arabic_pages_name_the_city_of_the_zone_in_arabic(enter: Enter, people: People) -> None:
    proposal = propose(people.chen)
    chen = enter("chen")
    chen._client.set_cookie("zone", "Africa%2FCairo")
    assert "القاهرة" in chen.get(f"/hr/proposals/{proposal}")
