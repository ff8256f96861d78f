"""/network/listings/{id}/history: every change in words, undone where nothing rests on it; the listing as it was."""

import datetime as dt
from typing import Any

from flask import render_template, request

from directory.actors import Role
from directory.db import transaction
from directory.errors import ListingNotFound
from directory.listings.changing import driver_of
from directory.listings.history import load_history
from directory.listings.whole import WholeListing, load_whole
from directory.pages.staff.frame import StaffPages, reader_language
from directory.pages.staff.listings.agreed import show_agreements
from directory.pages.staff.listings.card import card_asked, draw_card
from directory.pages.staff.listings.one import today
from directory.pages.staff.listings.page import show_groups
from directory.pages.staff.listings.steps import show_steps
from directory.pages.staff.listings.told import say
from directory.pages.staff.listings.words import list_words
from directory.web.access import allowed
from directory.web.listings.render import render_whole
from geodata.gazetteer import get_gazetteer

blueprint = StaffPages("listing_history", __name__, url_prefix="/network/listings")
blueprint.context_processor(list_words)

MOST = 200


@blueprint.get("/<int:listing_id>/history")
@allowed(Role.network)
def show_history(listing_id: int) -> str:
    """What was done, the latest first; with `on` also how the listing stood at the end of that day."""
    lang, day = reader_language(), _day()
    with transaction() as session:
        whole = load_whole(session, listing_id, get_gazetteer(), today())
        steps = load_history(driver_of(session), listing_id)
        was = _as_of(session, listing_id, day) if day else None
    return render_template(
        "staff/listings/history.html", one=render_whole(whole, lang), steps=show_steps(steps[:MOST], steps, lang),
        total=len(steps), blocked=request.args.get("blocked", type=int), today=today().isoformat(),
        asked=request.args.get("on", ""), faulty=bool(request.args.get("on")) and day is None,
        day=day and say("verified_on", day.isoformat(), lang), was=was and _show_was(was, lang),
    )  # fmt: skip


def _day() -> dt.date | None:
    try:
        return dt.date.fromisoformat(request.args.get("on", ""))
    except ValueError:
        return None


def _as_of(session: Any, listing_id: int, day: dt.date) -> WholeListing | None:
    """The listing at the end of a day (UTC); None where there was none yet."""
    end = dt.datetime.combine(day, dt.time.max, dt.UTC)
    try:
        return load_whole(session, listing_id, get_gazetteer(), today(), as_of=end)
    except ListingNotFound:
        return None


def _show_was(was: WholeListing, lang: str) -> dict[str, Any]:
    card_lang, network = card_asked(request.args, lang)
    return {
        "one": render_whole(was, lang),
        "groups": show_groups(was, lang),
        "agreements": show_agreements(was, lang),
        "card": draw_card(was.shown, card_lang, network),
        # As the index has it of that day: what is suspended has a page, and no search finds it.
        "found": was.shown is not None and was.shown["status"] == "active",
    }
