"""/poster: a duty station's sheet for the wall, as a page to print and as PDF, in each language."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, request, url_for

from config.settings import get_settings
from directory.admission.limits import Limit
from directory.errors import Fault, InvalidRequest
from directory.pages.members.frame import reader_words, show, show_problems_as_pages
from directory.pages.members.words import Words
from directory.papers.codes import qr_svg
from directory.papers.poster import Entry, Poster, draw_poster
from directory.search.answering import search_providers
from directory.search.request import Circle, SearchRequest, Sort
from directory.vocabulary.codes import load_codes
from directory.web.access import public
from directory.web.admission import count_read, count_use, sender, tell_admission
from directory.web.render import in_networks, render_item
from directory.web.saved_files import send_attachment
from directory.wording import formats
from geodata.gazetteer import get_gazetteer
from geodata.places import Place
from geodata.points import Point

blueprint = public(Blueprint("poster", __name__, template_folder="templates"))

blueprint.before_request(count_read)
blueprint.after_request(tell_admission)

MAX_AGE_S = 300
AROUND_M = 50_000.0
# Types of provider with how many of each stand on it: what fits on a sheet.
GROUPS = (("hospital", 4), ("pharmacy", 3))
FILES_OF_ADDRESS = Limit("posters", 40, 3600)


@blueprint.get("/poster")
def show_poster() -> Response:
    """The poster as a page that prints on one sheet."""
    words = reader_words()
    place, networks = _read()
    poster = _build(place, networks, words)
    return show(
        "members/poster.html",
        words,
        max_age_s=MAX_AGE_S,
        poster=poster,
        qr=qr_svg(poster.address),
        pdf=f"{url_for('poster.save_poster')}?{_query(place, networks, words)}",
    )


@blueprint.get("/poster.pdf")
def save_poster() -> Response:
    """The same as PDF."""
    words = reader_words()
    place, networks = _read()
    count_use(FILES_OF_ADDRESS, sender())
    content = draw_poster(_build(place, networks, words), words.language)
    response = send_attachment(f"poster-{place.id}-{words.language}.pdf", "application/pdf", content)
    response.headers["Content-Language"] = words.language
    return response


def _read() -> tuple[Place, list[str]]:
    """The place, and the networks. Raises InvalidRequest."""
    text = request.args.get("place", "").strip()
    place = get_gazetteer().place(int(text)) if text.isascii() and text.isdigit() and len(text) < 10 else None
    if place is None:
        raise InvalidRequest(Fault("place", "Give a place: an id from /v1/places."))
    given = [code.strip() for code in request.args.get("network", "").split(",") if code.strip()]
    if wrong := [code for code in given if code not in load_codes().networks]:
        raise InvalidRequest(Fault("network", f"There is no network {wrong[0][:40]}.", tuple(load_codes().networks)))
    return place, given


def _query(place: Place, networks: Sequence[str], words: Words) -> str:
    given = {"place": place.id, "network": ",".join(networks), "lang": words.language}
    return urlencode({name: value for name, value in given.items() if value})


def _build(place: Place, networks: Sequence[str], words: Words) -> Poster:
    helpline = get_settings().helpline
    name = place.name_in(words.language)
    codes = load_codes()
    near = urlencode({"near": place.label(words.language), "lang": words.language})
    return Poster(
        title=str(words.t("poster.title", place=name)),
        lead=str(words.t("poster.lead")),
        groups=[
            (codes.types[type_code].label(words.language), _nearest(place, type_code, most, networks, words))
            for type_code, most in GROUPS
        ],
        none=str(words.t("poster.none")),
        call=str(words.t("poster.call")) if helpline else None,
        helpline=helpline,
        scan=str(words.t("poster.scan")),
        address=f"{get_settings().public_address}{url_for('search.show_search')}?{near}",
        as_of=str(words.t("poster.as_of", day=formats.date(words.language, datetime.now(UTC).date()))),
    )


def _nearest(place: Place, type_code: str, most: int, networks: Sequence[str], words: Words) -> list[Entry]:
    asked = SearchRequest(
        circle=Circle(Point(place.lon, place.lat), AROUND_M),
        types=(type_code,),
        sort=Sort.distance,
        facets=(),
        limit=most,
    )
    hits = search_providers(asked).hits
    return [
        _entry(render_item(in_networks(hit.shown, networks), words.language, hit.distance_m), words) for hit in hits
    ]


def _entry(item: dict[str, Any], words: Words) -> Entry:
    local = next((name["text"] for name in item["names"] if name["text"] != item["name"]), None)
    phone = item["phones"][0].partition(";")[0] if item["phones"] else None
    paid = item["payment"]
    ways = (f"{words.t(f'members.{setting}')}: {paid[setting]}" for setting in ("outpatient", "inpatient"))
    return Entry(
        name=item["name"],
        local=local,
        address=", ".join(part for part in (item["address"], item["city"]) if part),
        distance=None if item["distance_km"] is None else words.distance(item["distance_km"]),
        phone=phone,
        pay=" ".join(ways),
    )


show_problems_as_pages(blueprint, lambda words, _slug: {"form": None, "again": None})
