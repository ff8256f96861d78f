"""The card of a listing as a member will see it, in a language and a network of one's choice."""

from collections.abc import Mapping
from typing import Any

from flask import render_template
from markupsafe import Markup

from config.languages import LANGUAGES
from directory.pages.members.words import bdi, words_in
from directory.vocabulary.codes import load_codes
from directory.web.render import in_networks, render_item
from directory.wording.payment import payment_range


def draw_card(shown: Mapping[str, Any] | None, lang: str, network: str | None = None) -> Markup | None:
    """The card as HTML; None where members see nothing of the listing."""
    if shown is None:
        return None
    words = words_in(lang)
    item = render_item(in_networks(shown, [network] if network else None), lang)

    def ways(agreements: Any, setting: str) -> Any:
        return (payment_range(agreements, setting, lang),)

    # Drawn by the members' own pieces: what is shown here is what they will see.
    card = render_template("staff/listings/card.html", w=words, t=words.t, bdi=bdi, item=item, ways=ways)
    return Markup(card)  # noqa: S704 - escaped by its template


def card_asked(arguments: Mapping[str, str], reader: str) -> tuple[str, str | None]:
    """Language and network that the address names; the reader's language, and all networks, where it names none."""
    lang, network = arguments.get("card_lang", ""), arguments.get("card_network", "")
    return (
        lang if lang in LANGUAGES else reader,
        network if network in load_codes().networks else None,
    )
