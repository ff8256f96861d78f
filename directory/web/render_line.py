"""How a line in words was read, as the interface shows it."""

from typing import Any

from directory.search.line import Line, LineWhere
from directory.search.understand import Understood
from directory.vocabulary.codes import load_codes
from directory.vocabulary.languages import language_name
from directory.web.places import render_place
from directory.web.render import code_label
from directory.wording.payment import settlement_label
from geodata.countries import country_name


def render_understood(understood: Understood, lang: str) -> dict[str, Any] | None:
    """The line as `schemas.UnderstoodAnswer` describes it; None where no words were asked."""
    line = understood.line
    if line is None:
        return None
    return {
        "which": _which(line, lang),
        "where": line.where and _where(line.where, lang, asks_for_point=understood.asks_for_point),
        "pay": [
            {"value": wish.value, "label": settlement_label(wish.value, lang), "words": wish.words} for wish in line.pay
        ],
        "open_now": line.open_now is not None,
        "open_now_words": line.open_now,
        "language": [
            {"code": wish.value, "label": language_name(wish.value, lang), "words": wish.words}
            for wish in line.languages
        ],
        "who": {"words": line.who} if line.who else None,
        "left": list(line.left),
        "as_typed": bool((understood.query or {}).get("as_typed")),
        "set_aside": list(understood.set_aside),
    }


def _which(line: Line, lang: str) -> list[dict[str, str]]:
    codes = load_codes()
    labels = {"type": codes.types, "specialty": codes.specialties}
    return [
        {
            "kind": each.kind,
            "code": each.code,
            "label": code_label(labels[each.kind], each.code, lang),
            "words": each.words,
        }
        for each in line.which
    ]


def _where(where: LineWhere, lang: str, *, asks_for_point: bool) -> dict[str, Any]:
    return {
        "words": where.words,
        "place": where.place and render_place(where.place, lang),
        "country": where.country,
        "country_label": country_name(where.country, lang) if where.country else None,
        "sure": where.sure,
        "asks_for_point": asks_for_point,
    }
