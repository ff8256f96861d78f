"""/list: who has direct settlement or a tariff in a country, as page, file and sheet; and whether one still holds."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, request, url_for

from config.settings import get_settings
from directory.admission.limits import Limit
from directory.errors import Fault, InvalidRequest
from directory.listed.files import write_csv, write_xlsx
from directory.listed.paper import draw_list
from directory.listed.reading import ListedRow, Wanted, load_rows, load_state, load_towns, one_moment
from directory.listed.stamp import Stamp, read_stamp, stamp
from directory.listed.wording import build_heads, day_of, legend_of, rows_of, title_of
from directory.pages.members.frame import reader_words, show, show_problems_as_pages
from directory.pages.members.words import Words
from directory.papers.codes import NoCode
from directory.runtime import deadline
from directory.search.agreements import AgreementFilter
from directory.search.answering import search_providers
from directory.search.request import Facet, SearchRequest, Sort
from directory.vocabulary.codes import load_codes
from directory.web.access import public
from directory.web.admission import count_read, count_use, sender, tell_admission
from directory.web.saved_files import send_attachment
from geodata.countries import country_name, load_countries
from geodata.text import sort_key

blueprint = public(Blueprint("list", __name__, template_folder="templates"))

blueprint.before_request(count_read)
blueprint.after_request(tell_admission)

MAX_AGE_S = 300
ROWS_OF_A_PAGE = 250
# The list of a large country takes longer than a search: its rows are sorted and its digest is made.
PAGE_S, FILE_S = 8.0, 60.0
# Making one takes a processor for seconds: enough for somebody who prints those of a region.
FILES_OF_ADDRESS = Limit("list-files", 40, 3600)
# A sheet of more is a book that nobody prints, and keeps a processor for long: each city has its own.
MOST_ON_PAPER = 2_000
MOST_IN_WORKBOOK = 30_000


@dataclass(frozen=True, slots=True)
class Question:
    """What the address asks, and what of it is wrong."""

    wanted: Wanted | None
    page: int

    def link(self, words: Words, endpoint: str = "list.show_list", **more: Any) -> str:
        """The address of the same list, of another page or kind of it."""
        wanted = self.wanted
        values: dict[str, Any] = {}
        if wanted:
            values = {"country": wanted.country, "network": ",".join(wanted.networks) or None, "city": wanted.place}
        given = {**values, **more, "lang": words.language}
        form = {"form": given.pop("form")} if "form" in given else {}
        query = urlencode({name: value for name, value in given.items() if value is not None})
        return f"{url_for(endpoint, **form)}?{query}"


@blueprint.get("/list")
def show_list() -> Response:
    """The list of a country, a page of it; without a country, the choice of one."""
    words = reader_words()
    try:
        question = _read()
    except InvalidRequest as error:
        faults = [str(words.t(f"list.wrong_{fault.where}")) for fault in error.faults]
        return show("members/list.html", words, status=400, faults=faults, **_choice(words, None))
    if question.wanted is None:
        return show("members/list.html", words, max_age_s=30, indexed=True, **_choice(words, None), **_countries(words))
    with deadline.longer(PAGE_S), one_moment() as connection:
        stamped = stamp(connection, question.wanted)
        pages = max(1, -(-stamped.state.rows // ROWS_OF_A_PAGE))
        number = min(question.page, pages)
        offset = (number - 1) * ROWS_OF_A_PAGE
        rows = list(load_rows(connection, question.wanted, words.language, offset=offset, most=ROWS_OF_A_PAGE))
        towns = load_towns(connection, question.wanted, words.language)
    return show(
        "members/list.html",
        words,
        max_age_s=MAX_AGE_S,
        indexed=number == 1,
        title=title_of(stamped, words.language),
        legend=legend_of(words.language),
        as_of=words.t(
            "list.as_of", day=day_of(stamped.day, words.language), rows=rows_of(stamped.state.rows, words.language)
        ),
        code=_check_address(stamped, words),
        groups=[(city, list(several)) for city, several in groupby(rows, key=lambda row: row.city)],
        files=_files(question, stamped, words),
        pages=_pages(question, number, pages, words),
        search=_search_link(question.wanted, words),
        **_choice(words, question.wanted, towns),
    )


@blueprint.get("/list.<form>")
def save_list(form: str) -> Response:
    """The whole list as a file: CSV, XLSX or PDF."""
    words = reader_words()
    question = _read()
    if question.wanted is None:
        raise InvalidRequest(Fault("country", "A country is needed here."))
    if form not in _WRITERS:
        raise InvalidRequest(Fault("form", "There is no such file.", tuple(_WRITERS)))
    count_use(FILES_OF_ADDRESS, sender())
    media_type, write = _WRITERS[form]
    with deadline.longer(FILE_S), one_moment() as connection:
        stamped = stamp(connection, question.wanted)
        if stamped.state.rows > _MOST.get(form, stamped.state.rows):
            return _too_long(question, stamped, words, form)
        content = write(load_rows(connection, question.wanted, words.language), stamped, words)
    place = f"-{question.wanted.place}" if question.wanted.place else ""
    name = f"list-{question.wanted.country}{place}-{stamped.day.isoformat()}-{words.language}.{form}"
    response = send_attachment(name, media_type, content)
    response.headers["Content-Language"] = words.language
    return response


def _as_csv(rows: Iterator[ListedRow], stamped: Stamp, words: Words) -> bytes:
    return b"".join(write_csv(rows, build_heads(stamped, words.language, _check_address(stamped, words))))


def _as_xlsx(rows: Iterator[ListedRow], stamped: Stamp, words: Words) -> bytes:
    return write_xlsx(rows, build_heads(stamped, words.language, _check_address(stamped, words)))


def _as_pdf(rows: Iterator[ListedRow], stamped: Stamp, words: Words) -> bytes:
    address = _check_address(stamped, words)
    heads = build_heads(stamped, words.language, address)
    return draw_list(rows, heads, words.language, address, str(words.t("list.elsewhere")))


_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WRITERS: dict[str, tuple[str, Callable[[Iterator[ListedRow], Stamp, Words], bytes]]] = {
    "csv": ("text/csv", _as_csv),
    "xlsx": (_XLSX, _as_xlsx),
    "pdf": ("application/pdf", _as_pdf),
}
_MOST = {"pdf": MOST_ON_PAPER, "xlsx": MOST_IN_WORKBOOK}


@blueprint.get("/list/check/<code>")
def check_list(code: str) -> Response:
    """Whether a list that somebody holds is ours, and still the newest."""
    words = reader_words()
    try:
        held = read_stamp(code)
    except NoCode:
        return show("members/list_check.html", words, status=404, held=None)
    with deadline.longer(PAGE_S), one_moment() as connection:
        now = load_state(connection, held.wanted)
    return show(
        "members/list_check.html",
        words,
        held=held,
        title=title_of(held, words.language),
        day=day_of(held.day, words.language),
        rows=rows_of(held.state.rows, words.language),
        rows_now=rows_of(now.rows, words.language),
        same=now == held.state,
        newest=Question(held.wanted, 1).link(words),
    )


def _read() -> Question:
    """What is asked. Raises InvalidRequest with `country`, `network` or `city`."""
    given = {name: text.strip() for name, text in request.args.items() if text.strip()}
    country = given.get("country", "").upper()
    networks = tuple(dict.fromkeys(code.strip() for code in given.get("network", "").split(",") if code.strip()))
    city = given.get("city", "")
    faults = []
    if country and country not in load_countries():
        faults.append(Fault("country", "Countries have two letters, ISO 3166-1.", ()))
    if any(code not in load_codes().networks for code in networks):
        faults.append(Fault("network", "There is no such network.", tuple(load_codes().networks)))
    if city and not re.fullmatch(r"[0-9]{1,9}", city):
        faults.append(Fault("city", "Cities are ids from /v1/places."))
    if faults:
        raise InvalidRequest(*faults)
    page = int(given["page"]) if re.fullmatch(r"[0-9]{1,6}", given.get("page", "")) else 1
    wanted = Wanted(country, networks, int(city) if city else None) if country else None
    return Question(wanted, max(1, page))


def _choice(words: Words, wanted: Wanted | None, towns: Any = ()) -> dict[str, Any]:
    """What the form offers: countries, networks and the cities of the list."""
    lang = words.language
    countries = sorted(
        ((code, country_name(code, lang)) for code in load_countries()), key=lambda each: sort_key(each[1])
    )
    networks = [(code.code, code.label(lang)) for code in load_codes().networks.values()]
    return {"wanted": wanted, "all_countries": countries, "networks": networks, "towns": towns}


def _countries(words: Words) -> dict[str, Any]:
    """The countries with the longest lists, as the search counts them."""
    asked = SearchRequest(
        sort=Sort.name, facets=(Facet.country,), limit=1, agreement=AgreementFilter(direct_or_tariff=True)
    )
    counts, _ = search_providers(asked).facets.get(Facet.country.value, ({}, ()))
    longest = [
        (country_name(code, words.language), count, Question(Wanted(code), 1).link(words))
        for code, count in counts.items()
    ]
    return {"longest": sorted(longest, key=lambda each: sort_key(each[0]))}


def _check_address(stamped: Stamp, words: Words) -> str:
    """Where a list is checked, as it stands on paper."""
    return f"{get_settings().public_address}{url_for('list.check_list', code=stamped.code)}"


def _files(question: Question, stamped: Stamp, words: Words) -> list[tuple[str, str]]:
    rows = stamped.state.rows
    return [
        (form, question.link(words, "list.save_list", form=form))
        for form in _WRITERS
        if rows and rows <= _MOST.get(form, rows)
    ]


def _pages(question: Question, number: int, pages: int, words: Words) -> dict[str, Any]:
    def link(page: int) -> str | None:
        return question.link(words, page=page if page > 1 else None) if 1 <= page <= pages and page != number else None

    return {"number": number, "of": pages, "before": link(number - 1), "after": link(number + 1)}


def _search_link(wanted: Wanted, words: Words) -> str:
    """The search that finds the same."""
    values = {"country": wanted.country, "network": ",".join(wanted.networks), "place": wanted.place}
    given = {**values, "direct_or_tariff": "true", "lang": words.language}
    return f"{url_for('search.show_search')}?{urlencode({name: value for name, value in given.items() if value})}"


def _too_long(question: Question, stamped: Stamp, words: Words, form: str) -> Response:
    said = words.t("list.too_long", rows=rows_of(stamped.state.rows, words.language), most=words.number(_MOST[form]))
    return show("members/list.html", words, status=400, faults=[said], **_choice(words, question.wanted))


show_problems_as_pages(blueprint, lambda words, _slug: {"form": None, "again": None})
