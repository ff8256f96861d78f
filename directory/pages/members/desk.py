"""The card for a provider's desk, the page that its code leads to, and the one tap after a visit."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug import Response as BaseResponse

from config.settings import get_settings
from directory.admission.limits import TooManyRequests
from directory.errors import Fault, InvalidRequest, ListingGone, ListingNotFound
from directory.listings.shown import load_public_listing
from directory.pages.members.asking import read_asked
from directory.pages.members.frame import reader_words, show, show_problems_as_pages
from directory.pages.members.words import Words, phone_link, words_in
from directory.papers.codes import NoCode, qr_svg, read_in_time, seal_for_a_time
from directory.vocabulary.codes import load_codes
from directory.vocabulary.languages import language_at
from directory.web.access import public
from directory.web.admission import LARGEST_BODY, count_read, require_own_origin, tell_admission
from directory.web.parameters import parse_listing_id
from directory.web.render import in_networks, render_item
from directory.web.visiting import hear
from directory.wording.desk import desk_lines

blueprint = public(Blueprint("desk", __name__, template_folder="templates"))

blueprint.before_request(count_read)
blueprint.after_request(tell_admission)

KIND = "desk card"
GOOD_FOR_S = 24 * 3600
MAX_AGE_S = 30


def show_desk_card(item: dict[str, Any], networks: list[str], words: Words) -> Response:
    """The card of a listing, in the provider's language and the reader's, with a code that is good for a day."""
    there = words_in(language_at(item["country"], tuple(item["languages"])))
    code = seal_for_a_time(KIND, [int(item["id"]), networks])
    address = f"{get_settings().public_address}{url_for('desk.check_card', code=code)}"
    return show(
        "members/desk_card.html",
        words,
        max_age_s=MAX_AGE_S,
        scripts=True,
        item=item,
        sides=[_side(item, networks, each) for each in dict.fromkeys((there, words))],
        address=address,
        qr=qr_svg(address),
        back=f"{url_for('search.show_listing', listing_id=item['id'])}?{_query(networks, words)}",
    )


def _side(item: dict[str, Any], networks: list[str], words: Words) -> dict[str, Any]:
    """The same in one language."""
    helpline = get_settings().helpline
    lines = desk_lines(item["agreements"], words.language)
    suspended = item["status"] == "suspended"
    return {
        "w": words,
        "t": words.t,
        "networks": [load_codes().networks[network].label(words.language) for network in networks],
        "lines": lines,
        "suspended": suspended,
        # Where the patient pays anyhow, nobody is asked to call before that.
        "pays": not suspended and any(line.way in ("card", "guarantee_letter") for line in lines),
        "helpline": helpline and phone_link(helpline),
    }


def _query(networks: list[str], words: Words) -> str:
    given = {"network": ",".join(networks), "lang": words.language}
    return urlencode({name: value for name, value in given.items() if value})


@blueprint.get("/cards/check/<code>")
def check_card(code: str) -> Response:
    """Whether what a card says is still so: for the provider, in its own language. It tells nothing of a person."""
    try:
        match read_in_time(KIND, code, GOOD_FOR_S):
            case [int(listing_id), list(networks)]:
                return _show_checked(listing_id, [str(network) for network in networks])
        raise NoCode
    except NoCode as error:
        return _show_unknown(
            "desk.check_expired" if error.expired else "desk.check_unknown", 410 if error.expired else 404
        )
    except (ListingNotFound, ListingGone):
        return _show_unknown("desk.check_gone", 410)


def _show_unknown(said: str, status: int) -> Response:
    words, helpline = reader_words(), get_settings().helpline
    helpline_link = helpline and phone_link(helpline)
    return show("members/desk_check.html", words, status=status, said=words.t(said), helpline=helpline_link, item=None)


def _show_checked(listing_id: int, networks: list[str]) -> Response:
    shown = load_public_listing(listing_id)
    known = [network for network in networks if network in load_codes().networks]
    item = render_item(in_networks(shown, known or None), "en")
    words = (
        reader_words() if request.args.get("lang") else words_in(language_at(item["country"], tuple(item["languages"])))
    )
    item = render_item(in_networks(shown, known or None), words.language)
    side = _side(item, known, words)
    return show(
        "members/desk_check.html",
        words,
        item=item,
        networks=[load_codes().networks[network].label(words.language) for network in known],
        side=side,
        takes_card=_takes(item, ("card",)),
        helpline=side["helpline"],
    )


def _takes(item: dict[str, Any], ways: tuple[str, ...]) -> dict[str, bool]:
    """Whether the card is taken for each kind of care, in any network that the code is for."""
    active = (
        [] if item["status"] == "suspended" else [each for each in item["agreements"] if each["status"] == "active"]
    )
    return {setting: any(each[setting] in ways for each in active) for setting in ("outpatient", "inpatient")}


@blueprint.post("/search/<listing_id>/visit")
def say_visit(listing_id: str) -> BaseResponse:
    """One tap: they took the card, or they did not."""
    request.max_content_length = LARGEST_BODY
    require_own_origin()
    words = reader_words()
    card = request.form.get("card")
    if card not in ("yes", "no"):
        raise InvalidRequest(Fault("card", "Say yes or no.", ("yes", "no")))
    try:
        heard = hear(parse_listing_id(listing_id), card=card == "yes")
    except TooManyRequests:
        visited = "limit"
    else:
        visited = card if heard.counted else "again"
    query = read_asked(request.args).query_string(words.language)
    back = url_for("search.show_listing", listing_id=listing_id)
    return redirect(f"{back}?{query}&{urlencode({'visited': visited})}#visit", 303)


# What a listing's page says after an answer.
VISITED = {"yes": "visit.thanks_yes", "no": "visit.thanks_no", "again": "visit.again", "limit": "visit.limit"}


show_problems_as_pages(blueprint, lambda words, _slug: {"form": None, "again": None})
