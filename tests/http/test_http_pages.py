"""The pages for people: the portal, and the search that needs no script, in four languages and when things go wrong."""

import re
import uuid
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from config.languages import LANGUAGES
from directory.admission.limits import Limit
from directory.app import create_app
from directory.db import get_engine
from directory.pages.members import portal
from directory.web import reporting
from tests.http.test_http_running import AWAY
from tests.worlds.small_directory import CLINICS, LISTINGS, World, serving

Read = Callable[[str], "Page"]

# Of elements that never have an end.
_VOID = frozenset(("meta", "link", "input", "img", "br", "use", "path", "hr"))


class Page(HTMLParser):
    """A page as its reader meets it: elements with their attributes, and the text in each kind of element."""

    def __init__(self, answer: TestResponse) -> None:
        super().__init__()
        self.status = answer.status_code
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self._texts: list[tuple[tuple[str, ...], str]] = []
        self.feed(answer.get_data(as_text=True))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note it, and that it is open."""
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """It is closed; what is open in it was forgotten."""
        if tag not in _VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note the text and where it stands."""
        if data.strip():
            self._texts.append((tuple(self.open), data.strip()))

    def all(self, tag: str, **having: str) -> list[dict[str, str]]:
        """Attributes of all elements of this name that have these."""
        return [found for name, found in self.elements if name == tag and having.items() <= found.items()]

    def text(self, *within: str) -> str:
        """The text inside elements of these names, or all of the page's."""
        return " ".join(data for path, data in self._texts if set(within) <= set(path))


@pytest.fixture
def read(client: FlaskClient, world: World) -> Iterator[Read]:
    """Reads a page that must be well-formed, set no cookie and hold no script or style of its own."""

    def get(address: str) -> Page:
        answer = client.get(address)
        check(answer)
        return Page(answer)

    yield get
    with get_engine().begin() as connection:
        connection.execute(text("TRUNCATE report, rate"))


def check(answer: TestResponse) -> None:
    assert answer.mimetype == "text/html", answer.get_data(as_text=True)
    assert "Set-Cookie" not in answer.headers
    # With no referrer at all a browser hides where a form comes from.
    assert answer.headers["Referrer-Policy"] == "same-origin"
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    page = Page(answer)
    assert page.open == []
    assert not page.all("style")
    for _, attributes in page.elements:
        assert not [name for name in attributes if name == "style" or name.startswith("on")]


def links(page: Page) -> list[str]:
    return [found["href"] for found in page.all("a") if "href" in found]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("address", ["/?", "/search?", "/search?near=Nairobi&", "/search?q=nothing+of+this+name&"])
def test_page_is_in_the_language_asked_for_and_in_its_direction(read: Read, lang: str, address: str) -> None:
    page = read(f"{address}lang={lang}")
    [html] = page.all("html")
    assert (html["lang"], html["dir"]) == (lang, "rtl" if lang == "ar" else "ltr")
    assert page.status == 200
    switch = {found["hreflang"]: found["href"] for found in page.all("a") if found.get("lang", "") in LANGUAGES}
    assert set(LANGUAGES) <= set(switch)
    for code in LANGUAGES:
        there = read(switch[code])
        assert there.all("html")[0]["lang"] == code
        if "near" in address:
            assert there.all("input", name="near")[0]["value"] == "Nairobi"


def test_language_is_the_browsers_where_the_address_says_none(client: FlaskClient, world: World) -> None:
    answer = client.get("/search", headers={"Accept-Language": "de, es;q=0.8, en;q=0.5"})
    assert Page(answer).all("html")[0]["lang"] == "es"
    assert "Accept-Language" in answer.headers["Vary"]


def test_portal_holds_the_widget_with_its_hash_and_leads_on_without_scripts(
    read: Read, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = read("/?lang=fr")
    [script] = [found for found in page.all("script") if "provider-search" in found["src"]]
    assert re.fullmatch(r"/widget/v1/provider-search\.[0-9a-f]{8,64}\.js", script["src"])
    assert script["integrity"].startswith("sha384-")
    assert page.all("provider-search")[0]["lang"] == "fr"
    assert "/search?lang=fr" in links(page)
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "connect-src 'self'" in policy
    monkeypatch.setattr(portal, "pinned_copy", lambda _name: None)
    bare = read("/?lang=fr")
    assert not bare.all("script")
    assert "/search?lang=fr" in links(bare)


def test_styles_are_kept_for_ever_under_an_address_that_tells_their_content(read: Read, client: FlaskClient) -> None:
    styles = [found["href"] for found in read("/search").all("link", rel="stylesheet")]
    assert len(styles) == 2
    for address in styles:
        answer = client.get(address)
        assert answer.mimetype == "text/css"
        assert "immutable" in answer.headers["Cache-Control"]
        assert "immutable" not in client.get(urlsplit(address).path).headers["Cache-Control"]


def test_start_of_the_plain_search_leads_to_every_country(read: Read) -> None:
    page = read("/search?lang=en")
    assert "Kenya" in page.text("section")
    assert any("country=KE" in link for link in links(page))
    assert page.all("form")[0]["method"] == "get"
    assert not page.all("meta", name="robots")


def test_each_card_says_who_what_where_and_both_ways_to_pay(read: Read) -> None:
    page = read("/search?near=Nairobi&who=Aga+Khan&network=worldwide&lang=en")
    said = page.text("li")
    for word in (
        "Aga Khan University Hospital",
        "مستشفى الأغا خان",
        "Hospital · Cardiology",
        "3rd Parklands Avenue",
        "Outpatient",
        "Your card is accepted here.",
        "Inpatient",
        "Guarantee letter: ask 7 days before.",
    ):
        assert word in said
    assert "Confirmed on 15 Jan 2026" in said
    assert page.all("a", href="tel:+254203662000")
    assert "1 provider near Nairobi" in " ".join(page.text("h2").split())


def test_card_of_networks_that_differ_says_a_range_and_no_network(read: Read) -> None:
    said = read("/search?who=Aga+Khan&lang=fr").text("dl")
    assert "Carte ou avance des frais : cela dépend de votre régime." in said
    assert "Lettre de garantie ou avance des frais : cela dépend de votre régime." in said
    assert "Réseau" not in said


def test_form_with_every_field_empty_is_no_question(read: Read) -> None:
    page = read("/search?near=&which=&who=&radius_km=25&lang=ar")
    assert page.status == 200
    assert page.all("form")
    assert any("country=KE" in link for link in links(page))


def test_boxes_of_one_filter_are_joined_and_shown_checked(read: Read) -> None:
    page = read("/search?near=Nairobi&type=hospital&type=pharmacy&radius_km=100&lang=en")
    checked = {found["value"] for found in page.all("input", name="type") if "checked" in found}
    assert checked == {"hospital", "pharmacy"}
    chips = [found for found in page.all("a") if found.get("class") == "chip"]
    assert [chip["aria-label"] for chip in chips] == ["Remove Hospital", "Remove Pharmacy"]
    fewer = read(chips[0]["href"])
    assert {found["value"] for found in fewer.all("input", name="type") if "checked" in found} == {"pharmacy"}


def test_count_beside_a_box_is_what_it_gives(read: Read) -> None:
    page = read("/search?near=Nairobi&radius_km=50&lang=en")
    counts = dict(re.findall(r"(Hospital|Pharmacy|Dentist) (\d+)", page.text("fieldset")))
    assert counts
    for label, count in counts.items():
        found = read(f"/search?near=Nairobi&radius_km=50&type={label.lower()}&lang=en")
        assert f"{count} provider" in found.text("h2")


def test_way_to_pay_is_one_choice_for_each_kind_of_care(read: Read) -> None:
    page = read("/search?near=Nairobi&outpatient=card&inpatient=guarantee_letter&lang=en")
    chosen = {found["name"]: found["value"] for found in page.all("input", type="radio") if "checked" in found}
    assert chosen == {"outpatient": "card", "inpatient": "guarantee_letter"}
    assert "1 provider near Nairobi" in " ".join(page.text("h2").split())
    chips = [found for found in page.all("a") if found.get("class") == "chip"]
    assert [chip["aria-label"] for chip in chips] == [
        "Remove Outpatient: card accepted",
        "Remove Inpatient: guarantee letter",
    ]
    same = read("/search?near=Nairobi&settlement=outpatient:card,inpatient:guarantee_letter&lang=en")
    assert same.text("h2") == page.text("h2")
    any_way = read("/search?near=Nairobi&outpatient=&inpatient=guarantee_letter&lang=en")
    assert [found["value"] for found in any_way.all("input", name="outpatient") if "checked" in found] == [""]


def test_pages_lead_through_all_hits_once_each(read: Read) -> None:
    seen: list[str] = []
    address = "/search?near=Goma&type=clinic&lang=en"
    for _ in range(5):
        page = read(address)
        seen += [link for link in links(page) if re.match(r"/search/\d+(\?|$)", link)]
        following = [found["href"] for found in page.all("a", rel="next")]
        if not following:
            break
        address = following[0]
    ids = [urlsplit(link).path for link in seen]
    assert len(ids) == len(set(ids)) == CLINICS


def test_a_cursor_of_another_search_begins_at_the_beginning_and_says_so(read: Read) -> None:
    page = read("/search?near=Goma&cursor=rubbish&lang=en")
    assert page.status == 200
    assert "no longer there" in page.text()
    assert f"{CLINICS} providers near Goma" in page.text("h2")


def test_country_in_the_field_of_places_is_the_country(read: Read) -> None:
    page = read("/search?near=كينيا&lang=ar")
    assert page.status == 200
    assert {found["value"] for found in page.all("input", name="country") if "checked" in found} == {"KE"}


def test_unknown_place_keeps_what_was_typed_and_offers_others(read: Read) -> None:
    page = read("/search?near=Xqzwvkj&who=clinic&lang=en")
    assert page.status == 400
    assert page.all("input", name="near")[0]["value"] == "Xqzwvkj"
    assert page.all("input", name="who")[0]["value"] == "clinic"
    assert "No place is called" in page.text()


@pytest.mark.parametrize(
    "asked",
    ["radius_km=9000&near=Goma",
        "radius_km=%C2%B2&near=Goma", "type=palace", "lat=1", "bbox=1,2,3", "sort=price", "settlement=x", "who=%2A%2A",
     "lat=1&lon=2&near=Goma", "place=999999999", "tariff=no"],
)  # fmt: skip
def test_what_cannot_be_understood_is_said_and_the_form_stays(read: Read, asked: str) -> None:
    page = read(f"/search?{asked}&lang=es")
    assert page.status == 400
    assert page.all("div", role="alert")
    assert page.all("input", name="near")


@pytest.mark.parametrize(
    "question", ["near=Nairobi", "near=Nairobi&radius_km=1&type=dentist", "q=nothing+of+this+name"]
)
def test_ways_to_pay_are_offered_whatever_was_found(read: Read, question: str) -> None:
    page = read(f"/search?{question}&lang=en")
    offered = [found["value"] for found in page.all("input", type="radio", name="outpatient")]
    assert offered == ["", "card", "guarantee_letter", "none", "direct"]
    counts = re.findall(r"(card accepted|guarantee letter|pay, then claim|paid directly) (\d+)", page.text("fieldset"))
    assert len(counts) == 8
    assert ({count for _, count in counts} == {"0"}) == page.text("h2").startswith("0 ")


def test_way_to_pay_is_counted_as_often_as_the_cards_say_it(read: Read) -> None:
    page = read("/search?near=Nairobi&radius_km=50&lang=en")
    [total] = map(int, re.findall(r"(\d+) providers", page.text("h2")))
    assert total <= 20
    counted = re.findall(r"pay, then claim (\d+)", page.text("fieldset"))
    assert sum(map(int, counted)) == len(re.findall("You pay, then claim|pay and claim", page.text("dl"))) > 0


def test_near_spellings_are_said_only_where_they_are(read: Read) -> None:
    none_as_typed, some_as_typed, nothing = (
        read(f"/search?q={words}&lang=en").text("p") for words in ("Uhruu", "Uhuru", "qqxxzzvv")
    )
    assert "Nothing here is spelled quite like that." in none_as_typed
    assert "Nothing here is spelled" not in some_as_typed
    assert "spelled" not in nothing


def test_names_that_mean_nothing_are_left_out_and_said(read: Read) -> None:
    page = read("/search?near=Goma&utm_source=mail&lang=en")
    assert page.status == 200
    assert "utm_source" in page.text("p")


def test_nothing_found_shows_what_to_change_and_what_each_change_gives(read: Read) -> None:
    page = read("/search?near=Nairobi&radius_km=1&type=dentist&lang=en")
    assert "No provider fits all of this" in page.text()
    wider = next(link for link in links(page) if "radius_km=" in link and "radius_km=1&" not in link)
    assert "1 provider near Nairobi" in read(wider).text("h2")


def test_listing_has_contacts_languages_a_card_for_the_driver_and_the_way_back(read: Read, world: World) -> None:
    page = read(f"/search/{world.ids['aga-khan']}?near=Nairobi&type=hospital&lang=fr")
    for address in ("tel:+254203662000", "mailto:info@example.org", "https://hospital.example.org"):
        assert page.all("a", href=address)
    assert "anglais" in page.text("dd")
    assert "مستشفى الأغا خان" in page.text("details", "div")
    [back] = [found["href"] for found in page.all("a") if found.get("class") == "back"]
    assert parse_qs(urlsplit(back).query) == {"near": ["Nairobi"], "type": ["hospital"], "lang": ["fr"]}
    assert "Aga Khan University Hospital, Nairobi" in page.text("title")
    assert page.all("link", rel="canonical")[0]["href"] == f"/search/{world.ids['aga-khan']}?lang=fr"


def test_listing_of_a_network_that_does_not_exist_claims_nothing_of_it(read: Read, world: World) -> None:
    plain = read(f"/search/{world.ids['nairobi-pharmacy']}?lang=en").text("dl")
    assert "Your card is accepted here." in plain
    assert read(f"/search/{world.ids['nairobi-pharmacy']}?network=nowhere&lang=en").text("dl") == plain


def test_suspended_listing_says_so_in_place_of_how_to_pay(read: Read, world: World) -> None:
    said = read(f"/search/{world.ids['suspended']}?lang=en").text("article")
    assert "suspended for now" in said
    assert "You pay, then claim" not in said


def test_listing_that_was_merged_leads_to_the_one_that_took_its_place(read: Read, world: World) -> None:
    page = read(f"/search/{world.ids['merged']}?lang=en")
    assert page.status == 410
    assert f"/search/{world.ids['aga-khan']}?lang=en" in links(page)
    assert read(f"/search/{world.ids['retired']}?lang=en").status == 410


def test_address_of_a_report_that_is_opened_leads_to_its_listing(client: FlaskClient, world: World) -> None:
    answer = client.get(f"/search/{world.ids['cairo']}/report?near=Cairo&lang=fr")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/search/{world.ids['cairo']}?near=Cairo&lang=fr#report"


@pytest.mark.parametrize("path", ["/search/999999", "/search/abc"])
def test_what_is_not_there_is_said_on_a_page(read: Read, path: str) -> None:
    page = read(f"{path}?lang=es")
    assert page.status == 404
    assert page.all("div", role="alert")


def test_report_works_without_scripts_and_only_once(read: Read, client: FlaskClient, world: World) -> None:
    page = read(f"/search/{world.ids['cairo']}?lang=en&near=Cairo")
    [form] = [each for each in page.all("form", method="post") if "/report" in each["action"]]
    draft = {"kind": "card_refused", "text": "On 3 May.", "contact": "",
             "idempotency_key": page.all("input", name="idempotency_key")[0]["value"]}  # fmt: skip
    for _ in range(2):
        answer = client.post(form["action"], data=draft, headers={"Origin": "http://localhost"})
        assert answer.status_code == 303
        there = read(answer.headers["Location"])
        assert "Your report was received" in there.text("section")
        assert "near=Cairo" in next(found["href"] for found in there.all("a") if found.get("class") == "back")
    with get_engine().connect() as connection:
        assert connection.execute(text("SELECT kind, text FROM report")).all() == [("card_refused", "On 3 May.")]


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        ({"text": "Words to keep"}, "kind-fault"),
        ({"kind": "other", "contact": "me@example.org"}, "text-fault"),
        ({"kind": "closed", "text": "Words to keep", "contact": "nonsense"}, "contact-fault"),
    ],
)
def test_slip_in_a_report_is_said_beside_its_field_and_what_was_typed_is_kept(
    read: Read, client: FlaskClient, world: World, draft: dict[str, str], field: str
) -> None:
    answer = client.post(f"/search/{world.ids['cairo']}/report?lang=fr", data=draft)
    check(answer)
    page = Page(answer)
    assert page.status == 400
    assert [found for _, found in page.elements if found.get("id") == field]
    assert draft.get("text", "") in page.text("textarea")
    assert page.all("input", name="contact")[0]["value"] == draft.get("contact", "")
    if "kind" in draft:
        assert "checked" in page.all("input", name="kind", value=draft["kind"])[0]


def test_report_beyond_the_limit_is_said_and_kept(
    read: Read, client: FlaskClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reporting, "PER_ADDRESS", Limit("reports", 1, 3600))
    address = f"/search/{world.ids['cairo']}/report?lang=en"
    assert client.post(address, data={"kind": "closed"}).status_code == 303
    answer = client.post(address, data={"kind": "closed", "text": "Words to keep"})
    check(answer)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert "Words to keep" in Page(answer).text("textarea")


def test_report_of_another_site_is_refused(client: FlaskClient, world: World) -> None:
    answer = client.post(
        f"/search/{world.ids['cairo']}/report",
        data={"kind": "closed", "idempotency_key": str(uuid.uuid4())},
        headers={"Origin": "https://stranger.example"},
    )
    check(answer)
    assert answer.status_code == 403
    with get_engine().connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM report")).scalar_one() == 0


def test_search_without_its_engine_is_answered_and_says_so(environment: dict[str, str], built_world: World) -> None:
    with serving({**environment, **AWAY["search"]}):
        client = create_app().test_client()
        answer, start = client.get("/search?near=Goma&lang=en"), client.get("/search?lang=en")
    for each in (answer, start):
        check(each)
        assert each.status_code == 200
        assert "simpler form" in Page(each).text()
        assert each.headers["Cache-Control"] == "no-store"
    assert f"{CLINICS} providers near Goma" in Page(answer).text("h2")


def test_without_any_engine_what_was_asked_is_kept_and_can_be_tried_again(
    environment: dict[str, str], built_world: World
) -> None:
    with serving({**environment, **AWAY["search"], **AWAY["database"]}):
        answer = create_app().test_client().get("/search?near=Goma&type=clinic&lang=fr")
    check(answer)
    page = Page(answer)
    assert page.status == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "ne répond pas" in page.text()
    assert page.all("input", name="near")[0]["value"] == "Goma"
    assert any(link.startswith("/search?near=Goma&type=clinic") for link in links(page))


def test_words_of_listings_and_readers_are_never_markup(read: Read) -> None:
    attack = "%22%3E%3Cscript%3Ealert(1)%3C/script%3E"
    for name in ("near", "which", "who", "type", "cursor", "sort", "lang", "radius_km", "bbox", attack):
        page = read(f"/search?{name}={attack}&country=KE")
        # None but ours, which has an address.
        assert [each for each in page.all("script") if not each.get("src", "").startswith("/static/offline.js")] == []


def test_search_of_everything_counts_everything(read: Read) -> None:
    assert f"{LISTINGS} providers" in read("/search?sort=name&lang=en").text("h2")


def test_only_whole_questions_are_for_search_engines(read: Read) -> None:
    assert not read("/search?near=Goma&type=clinic&lang=en").all("meta", name="robots")
    for asked in ("near=Goma&sort=name", "lat=1&lon=2", "near=Nowherenowhere"):
        assert read(f"/search?{asked}&lang=en").all("meta", name="robots")[0]["content"] == "noindex"
