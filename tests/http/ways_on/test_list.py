"""The list of a country with direct settlement or a tariff: who, in which order, as which file, and its code."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import openpyxl
import pypdfium2
import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from config.languages import LANGUAGES
from directory.app import create_app
from directory.db import get_engine, transaction
from directory.listed.reading import Wanted, load_rows, load_towns, one_moment
from directory.listings.visits import record_visit
from tests.http.test_http_pages import Page, check
from tests.http.test_http_running import AWAY
from tests.worlds.small_directory import CLINICS, World, serving

Found = Callable[..., Any]
HEADS = {
    "en": ("NAME", "PLACE"),
    "fr": ("NOM", "LIEU"),
    "es": ("NOMBRE", "UBICACIÓN"),
    "ar": ("الاسم", "المكان"),
}
COUNTRIES = ("KE", "CD", "EG")


def page_of(client: FlaskClient, address: str, status: int = 200) -> Page:
    answer = client.get(address)
    check(answer)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return Page(answer)


def csv_of(client: FlaskClient, address: str) -> list[list[str]]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.mimetype == "text/csv"
    return list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))


def lines_of(table: list[list[str]]) -> list[list[str]]:
    """The rows below the columns' heads."""
    head = next(number for number, cells in enumerate(table) if cells[-3:] == ["1", "2", "3"])
    return table[head + 1 :]


@pytest.fixture
def changed(world: World) -> Iterator[Callable[..., None]]:
    """Changes an agreement of the world for one test: `changed("nairobi-pharmacy", "status = 'suspended'")`."""
    undo: list[tuple[int, str]] = []

    def change(external_id: str, what: str, back: str) -> None:
        undo.append((world.ids[external_id], back))
        with get_engine().begin() as connection:
            connection.execute(
                text(f"UPDATE agreement SET {what} WHERE listing_id = :id"), {"id": world.ids[external_id]}
            )

    yield change
    with get_engine().begin() as connection:
        for listing, back in undo:
            connection.execute(text(f"UPDATE agreement SET {back} WHERE listing_id = :id"), {"id": listing})


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_row_has_a_tick_and_they_are_those_that_the_filter_finds(
    client: FlaskClient, found: Found, country: str, lang: str
) -> None:
    rows = lines_of(csv_of(client, f"/list.csv?country={country}&lang={lang}"))
    assert rows
    assert all("✓" in row[-3:] for row in rows)
    searched = found(country=country, direct_or_tariff="true", facets="none")
    assert len(rows) == searched["total"]["value"]


def test_the_filter_counts_alike_in_both_engines(
    client: FlaskClient, environment: dict[str, str], world: World
) -> None:
    asked = {
        "direct_or_tariff": "true",
        "country": "KE,CD",
        "facets": "country,settlement,tariff,network",
        "limit": "100",
    }
    here = client.get("/v1/providers", query_string=asked).get_json()
    with serving({**environment, **AWAY["search"]}):
        there = create_app().test_client().get("/v1/providers", query_string=asked).get_json()
    assert there["degraded"]
    assert not here["degraded"]
    assert {item["id"] for item in here["items"]} == {item["id"] for item in there["items"]}
    assert here["total"]["value"] == there["total"]["value"] == CLINICS + 3
    for facet in ("country", "settlement", "tariff", "network"):
        assert {each["value"]: each["count"] for each in here["facets"][facet]} == {
            each["value"]: each["count"] for each in there["facets"][facet]
        }


def test_ticks_say_what_was_agreed(client: FlaskClient, world: World) -> None:
    rows = {row[0]: row[-3:] for row in lines_of(csv_of(client, "/list.csv?country=KE&lang=en"))}
    assert rows["Uhuru Pharmacy"] == ["✓", "", "✓"]
    assert rows["Milimani Physiotherapy"] == ["✓", "", ""]
    assert rows["Aga Khan University Hospital"] == ["✓", "✓", "✓"]
    assert not {"Karen Dental Rooms", "Suspended House", "Lakeside Physiotherapy"} & set(rows)


def test_of_a_network_only_what_is_agreed_in_it(client: FlaskClient) -> None:
    rows = lines_of(csv_of(client, "/list.csv?country=KE&network=essential&lang=en"))
    assert [row[0] for row in rows] == ["Aga Khan University Hospital"]
    assert rows[0][-3:] == ["", "", "✓"]


def test_suspended_agreement_has_no_tick(client: FlaskClient, changed: Callable[..., None]) -> None:
    assert "Uhuru Pharmacy" in page_of(client, "/list?country=KE&lang=en").text("table")
    changed("nairobi-pharmacy", "status = 'suspended'", "status = 'active'")
    assert "Uhuru Pharmacy" not in page_of(client, "/list?country=KE&lang=en").text("table")
    assert "Uhuru Pharmacy" not in [row[0] for row in lines_of(csv_of(client, "/list.csv?country=KE&lang=en"))]


def test_names_have_the_order_of_the_readers_language(world: World) -> None:
    names = ("Ñandú", "Ángel", "Nube", "Zapata", "ámbar", "Ocaso")
    with get_engine().begin() as connection:
        clinics = [world.ids[f"goma-{number}"] for number in range(len(names))]
        before = connection.execute(
            text("SELECT p.id, p.name FROM provider p JOIN listing l ON l.provider_id = p.id WHERE l.id = ANY(:ids)"),
            {"ids": clinics},
        ).all()
        for (provider, _), name in zip(before, names, strict=True):
            connection.execute(text("UPDATE provider SET name = :name WHERE id = :id"), {"name": name, "id": provider})
    try:
        with one_moment() as connection:
            shown = [row.name for row in load_rows(connection, Wanted("CD"), "es")]
            towns = load_towns(connection, Wanted("CD"), "es")
    finally:
        with get_engine().begin() as connection:
            for provider, name in before:
                connection.execute(
                    text("UPDATE provider SET name = :name WHERE id = :id"), {"name": name, "id": provider}
                )
    mine = [name for name in shown if name in names]
    assert mine == ["ámbar", "Ángel", "Nube", "Ñandú", "Ocaso", "Zapata"]
    assert [(town.name, town.size) for town in towns] == [("Goma", CLINICS)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_page_has_its_heads_legend_and_ticks_as_words(client: FlaskClient, lang: str) -> None:
    page = page_of(client, f"/list?country=KE&lang={lang}")
    name, place = HEADS[lang]
    assert name in page.text("thead")
    assert place in page.text("thead")
    ticks = page.text("td").count("✓")
    yes = {"en": "Yes: ", "fr": "Oui : ", "es": "Sí: ", "ar": "نعم: "}[lang]
    assert ticks == page.text("td").count(yes) > 0
    assert len(page.all("th", scope="rowgroup")) == 2
    said = page.text()
    assert said.index(page.text("ol")[:20]) < said.index(name)


def test_city_has_a_list_of_its_own(client: FlaskClient, world: World) -> None:
    with one_moment() as connection:
        [kisumu] = [town for town in load_towns(connection, Wanted("KE"), "en") if "Kisumu" in town.name]
    page = page_of(client, f"/list?country=KE&city={kisumu.id}&lang=en")
    assert "Milimani Physiotherapy" in page.text("table")
    assert "Uhuru Pharmacy" not in page.text("table")
    assert f"{kisumu.name}, Kenya" in page.text("h1")


def test_without_a_country_one_is_chosen(client: FlaskClient) -> None:
    page = page_of(client, "/list?lang=en")
    assert page.all("select", id="country")
    assert "Kenya" in page.text("section")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("country=XX", "There is no such country."),
        ("country=KE&network=nothing", "There is no such network."),
        ("country=KE&city=Nairobi", "There is no such city."),
        ("country=%00", "could not"),
    ],
)
def test_what_is_wrong_in_the_address_is_said(client: FlaskClient, query: str, said: str) -> None:
    answer = client.get(f"/list?{query}&lang=en")
    assert answer.status_code == 400
    assert said in answer.get_data(as_text=True) or said == "could not"


def test_a_page_beyond_the_last_is_the_last(client: FlaskClient) -> None:
    assert "Goma Walk-in Clinic" in page_of(client, "/list?country=CD&page=99999&lang=en").text("table")


def test_workbook_holds_the_same_and_reads_from_the_right_in_arabic(client: FlaskClient) -> None:
    answer = client.get("/list.xlsx?country=KE&lang=ar")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.get_data())).active
    assert sheet is not None
    assert sheet.sheet_view.rightToLeft
    table = [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]
    rows = lines_of([row[:6] for row in table])
    assert len(rows) == len(lines_of(csv_of(client, "/list.csv?country=KE&lang=ar")))


def test_no_cell_runs_as_a_formula(client: FlaskClient, world: World) -> None:
    provider = text("UPDATE provider SET name = :name WHERE id = (SELECT provider_id FROM listing WHERE id = :id)")
    pharmacy = world.ids["nairobi-pharmacy"]
    with get_engine().begin() as connection:
        connection.execute(provider, {"name": '=HYPERLINK("http://evil.example")', "id": pharmacy})
    try:
        cells = [cell for row in csv_of(client, "/list.csv?country=KE&lang=en") for cell in row]
        book = openpyxl.load_workbook(io.BytesIO(client.get("/list.xlsx?country=KE&lang=en").get_data()))
        kinds = [cell.data_type for row in book.active.iter_rows() for cell in row]
    finally:
        with get_engine().begin() as connection:
            connection.execute(provider, {"name": "Uhuru Pharmacy", "id": pharmacy})
    assert '\'=HYPERLINK("http://evil.example")' in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    assert "f" not in kinds


@pytest.mark.parametrize("lang", LANGUAGES)
def test_sheet_has_heads_date_page_and_code(client: FlaskClient, lang: str) -> None:
    answer = client.get(f"/list.pdf?country=KE&lang={lang}")
    assert answer.mimetype == "application/pdf"
    document = pypdfium2.PdfDocument(answer.get_data())
    said = document[0].get_textpage().get_text_bounded()
    document.close()
    # One glyph stands for lam and alef, and this reader turns the two round.
    assert HEADS[lang][0] in said.replace("اال", "الا")
    assert HEADS[lang][1] in said
    assert "Uhuru Pharmacy" in said
    assert "/list/check/" in said.replace("\r\n", "").replace("\ufffe", "")


def test_code_says_whether_the_list_is_still_the_newest(client: FlaskClient, changed: Callable[..., None]) -> None:
    table = csv_of(client, "/list.csv?country=KE&lang=en")
    [code] = re.findall(r"/list/check/(\S+)", " ".join(cell for row in table for cell in row))
    page = page_of(client, f"/list/check/{code}?lang=en")
    assert "it is still the newest" in page.text()
    assert "3 providers" in page.text()
    changed("nairobi-pharmacy", "status = 'suspended'", "status = 'active'")
    page = page_of(client, f"/list/check/{code}?lang=en")
    assert "it has changed since" in page.text()
    assert "3 providers" in page.text()
    assert "2 providers" in page.text()


def test_another_language_of_one_list_has_the_same_state(client: FlaskClient) -> None:
    codes = [
        re.findall(r"/list/check/([^\"?<\s]+)", client.get(f"/list?country=KE&lang={lang}").get_data(as_text=True))[0]
        for lang in LANGUAGES
    ]
    assert len(set(codes)) == 1


@pytest.mark.parametrize("code", ["x", "WyJLRSJd.AAAA", "a.b.c"])
def test_a_code_that_is_none_of_ours_is_said_so(client: FlaskClient, code: str) -> None:
    page = page_of(client, f"/list/check/{code}?lang=en", 404)
    assert "none of ours" in page.text()


def test_a_visit_changes_no_list(client: FlaskClient, world: World) -> None:
    before = csv_of(client, "/list.csv?country=KE&lang=en")
    with transaction() as session:
        record_visit(session, world.ids["nairobi-pharmacy"], card=True, sender="somebody")
    after = csv_of(client, "/list.csv?country=KE&lang=en")
    with get_engine().begin() as connection:
        connection.execute(text("TRUNCATE visit_day, visit_sender"))
    assert before == after


def test_a_file_needs_a_country_and_a_known_form(client: FlaskClient) -> None:
    assert client.get("/list.csv").status_code == 400
    assert client.get("/list.exe?country=KE").status_code == 400
    assert client.get("/list.pdf?country=AQ&lang=en").status_code == 200
