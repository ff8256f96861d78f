"""Why a search does not find a listing, in the reader's language: what keeps it away, and what would make it appear."""

from collections.abc import Mapping
from typing import Any

from directory.listings.rows import ListingRow
from directory.search.missing import MOST_RANKED, Reason, WhyNot
from directory.search.understand import Understood, Where
from directory.web.render import facet_label, relation, render_where
from directory.web.render_line import render_understood
from directory.wording import formats
from directory.wording.catalogue import phrase

LONGEST_RADIUS_M = 500_000


def render_why_not(understood: Understood, row: ListingRow, why: WhyNot, lang: str) -> dict[str, Any]:
    """As `WhyNotAnswer` describes it."""
    where = understood.where
    return {
        "id": str(row.shown["id"]),
        "name": row.shown["name"],
        "status": row.shown["status"],
        "found": why.found,
        "rank": why.rank,
        "total": {"value": why.total, "relation": relation(why.at_least)},
        "words": _verdict(why, lang),
        "reasons": [_render_reason(reason, where, lang) for reason in why.reasons],
        "where": where and render_where(where, lang),
        "understood": render_understood(understood, lang),
        "degraded": why.degraded,
    }


def _verdict(why: WhyNot, lang: str) -> str:
    if why.rank:
        return phrase(lang, "why_not.at_rank", rank=formats.number(lang, why.rank), total=_number(why.total, lang))
    if why.found:
        return phrase(lang, "why_not.after", rank=formats.number(lang, MOST_RANKED), total=_number(why.total, lang))
    return phrase(lang, "why_not.is_missing")


def _number(value: int, lang: str) -> str:
    return formats.number(lang, value)


def _render_reason(reason: Reason, where: Where | None, lang: str) -> dict[str, Any]:
    said = _said(reason, where, lang)
    far = reason.code == "radius" and reason.said["away_m"] > LONGEST_RADIUS_M
    # Who suspended it need not have said why.
    plain = reason.code in _PLAIN and not reason.said.get("reason")
    words = _PLAIN[reason.code] if plain else reason.code
    return {
        "code": reason.code,
        "parameter": reason.parameter,
        "words": phrase(lang, f"why_not.{words}", **said),
        "remedy": phrase(lang, f"why_not.mend_{'radius_far' if far else reason.code}", **said),
    }


_PLAIN = {"suspended": "suspended_plain", "retired": "retired_plain", "merged": "merged_plain"}


def _said(reason: Reason, where: Where | None, lang: str) -> dict[str, str]:
    """What its phrase tells, in words."""
    said: Mapping[str, Any] = reason.said
    if reason.code == "radius":
        away, radius = said["away_m"] / 1000, said["radius_m"] / 1000
        place = where.place.name_in(lang) if where and where.place else phrase(lang, "why_not.the_point")
        # Rounded up: with so much it is found.
        needed = formats.kilometres(lang, int(away) + 1)
        return {"away": formats.distance(lang, away), "radius": formats.kilometres(lang, radius), "place": place,
                "needed": needed}  # fmt: skip
    if "facet" in said:
        asked = _labels(said["facet"], said["asked"], lang)
        has = _labels(said["facet"], said.get("has", ()), lang) or phrase(lang, "why_not.nothing")
        return {"asked": asked, "has": has}
    return {name: str(value) for name, value in said.items() if name in ("reason", "into", "words", "hours") and value}


def _labels(facet: str, values: Any, lang: str) -> str:
    return ", ".join(facet_label(facet, value, lang) for value in values)
