"""Before a journey on bad links: the best of a search on one page that a browser keeps, what it keeps, and its worker.

The worker and the pages are of this service alone; a portal that embeds the widget gets none of it. Nothing is kept but
what the reader asked to keep, and the desk cards that were opened.
"""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, render_template, request, url_for

from config.languages import LANGUAGES
from config.settings import get_settings
from directory.pages.members.asking import Asked, read_asked, understand_asked
from directory.pages.members.frame import reader_words, show, show_problems_as_pages
from directory.pages.members.words import Words, phone_link, words_in
from directory.search.answering import search_providers
from directory.search.granting import find_what_can_be
from directory.search.understand import Understood
from directory.vocabulary.languages import language_at
from directory.web.access import public
from directory.web.admission import count_read, count_words, tell_admission
from directory.web.render import render_results
from directory.wording import formats
from directory.wording.desk import desk_lines

blueprint = public(Blueprint("offline", __name__, url_prefix="/search", template_folder="templates"))

blueprint.before_request(count_read)
blueprint.after_request(tell_admission)

KEPT = 50
BEST = 3


def pack_link(question: Asked, words: Words) -> str:
    """The address of the page that keeps the best of a search: the same question, from its first page on."""
    return f"{url_for('offline.show_pack')}?{question.changed().query_string(words.language)}"


@blueprint.get("/pack")
def show_pack() -> Response:
    """The best of a search with numbers and desk cards, on one page that needs nothing else."""
    words = reader_words()
    question = read_asked(request.args).changed()
    understood = understand_asked(question, ())
    count_words(understood.request)
    understood, results = find_what_can_be(_of_many(understood), search_providers)
    page = render_results(understood.request, understood.where, results, {}, words.language)
    helpline = get_settings().helpline
    title = _title(words, question, understood)
    items = page["items"]
    response = show(
        "members/pack.html",
        words,
        title=title,
        day=formats.date(words.language, datetime.now(UTC).date()),
        items=items,
        best=[item for item in items if item["phones"]][:BEST],
        desks={item["id"]: _desk(item) for item in items},
        helpline=helpline and phone_link(helpline),
        scripts=True,
    )
    # What the browser's list of kept pages says of it.
    response.headers["X-Kept-Title"] = quote(title)
    return response


def _of_many(understood: Understood) -> Understood:
    return replace(understood, request=replace(understood.request, limit=KEPT, facets=(), cursor=None))


def _title(words: Words, question: Asked, understood: Understood) -> str:
    """What it is called in the list of what is kept: place, and what was looked for."""
    where = understood.where
    place = where.place.name_in(words.language) if where and where.place else ""
    said = [place or question.one("near"), question.one("which"), question.one("who")]
    return " · ".join(part for part in said if part) or str(words.t("offline.a_search"))


def _desk(item: dict[str, Any]) -> dict[str, Any]:
    there = words_in(language_at(item["country"], tuple(item["languages"])))
    lines = desk_lines(item["agreements"], there.language)
    return {
        "w": there,
        "t": there.t,
        "lines": lines,
        "pays": any(line.way in ("card", "guarantee_letter") for line in lines),
    }


@blueprint.get("/saved")
def show_saved() -> Response:
    """What this browser keeps: the page's script lists it, as nobody else knows."""
    return show("members/saved.html", reader_words(), scripts=True)


@blueprint.get("/worker.js")
def show_worker() -> Response:
    """The service worker. Its text names the files of this version, so a new version is a new worker."""
    shells = {lang: f"{url_for('offline.show_saved')}?{urlencode({'lang': lang})}" for lang in LANGUAGES}
    response = Response(render_template("members/worker.js", shells=shells), mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    # Its scope is /search, above the folder in which it lies.
    response.headers["Service-Worker-Allowed"] = "/search"
    response.headers["Content-Security-Policy"] = "default-src 'none'; connect-src 'self'"
    return response


def _trouble(words: Words, _slug: str) -> dict[str, Any]:
    return {"form": None, "again": None}


show_problems_as_pages(blueprint, _trouble)
