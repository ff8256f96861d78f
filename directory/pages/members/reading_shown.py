"""How the page says what a line of words was read as: a chip for each part, which a tap takes away with its words."""

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

from markupsafe import Markup

from directory.pages.members.asking import Asked
from directory.pages.members.words import Words
from directory.search.understand import Understood
from directory.web.render_line import render_understood

Link = Callable[[Asked], str]


def build_reading(words: Words, question: Asked, understood: Understood, link: Link) -> dict[str, Any] | None:
    """`chips` and the address of the same words `as_typed`; None where the words were read as a name alone."""
    read = render_understood(understood, words.language)
    if read is None or read["as_typed"] or not (read["which"] or read["where"] or _wishes(read)):
        return None
    chips = [
        {"said": label, "label": str(_said(words, label, typed)), "link": link(question.without_words(typed))}
        for label, typed in _parts(words, read)
    ]
    return {"chips": chips, "as_typed": link(question.changed(as_typed="true"))}


def build_remarks(words: Words, understood: Understood) -> Iterator[Markup]:
    """What the reader must know of it: that a point is missing, or that a wish is met by nothing."""
    if understood.asks_for_point:
        yield words.t("members.asks_for_point")
    sentences = {
        "open_now": "members.set_aside_open_now",
        "language": "members.set_aside_language",
        "settlement": "members.set_aside_settlement",
    }
    yield from (words.t(sentences[wish]) for wish in understood.set_aside)


def _wishes(read: dict[str, Any]) -> bool:
    return bool(read["pay"] or read["open_now"] or read["language"])


def _parts(words: Words, read: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Each part's label, and the words that it came from."""
    for typed, kinds in groupby(read["which"], key=lambda kind: kind["words"]):
        yield next(kinds)["label"], typed
    if where := read["where"]:
        place = where["place"]
        named = (place and place["name"]) or where["country_label"]
        yield named or str(words.t("members.read_near_me")), where["words"]
    yield from ((each["label"], each["words"]) for each in (*read["pay"], *read["language"]))
    if read["open_now"]:
        yield str(words.t("members.read_open_now")), read["open_now_words"]
    if read["who"]:
        yield str(words.t("members.read_who")), read["who"]["words"]


def _said(words: Words, label: str, typed: str) -> Markup | str:
    if label.casefold() == typed.casefold():
        return label
    return words.t("members.read_words", label=label, words=typed)
