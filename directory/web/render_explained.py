"""Why a hit stands where it stands, in the reader's language: for the network team alone."""

from typing import Any

from directory.search.explaining import Explanation, Part
from directory.search.request import SearchRequest
from directory.search.results import Hit
from directory.wording import formats
from directory.wording.catalogue import phrase


def render_explained(hit: Hit, explanation: Explanation | None, request: SearchRequest, lang: str) -> dict[str, Any]:
    """As `schemas.ExplainedAnswer` describes it; without an explanation the order itself says why."""
    parts = explanation.parts if explanation else ()
    return {
        "order": request.sort.value,
        "words": phrase(lang, f"explain.order_{request.sort}", distance=_distance(hit, lang)),
        "score": round(explanation.score, 4) if explanation else None,
        "parts": [_render_part(part, _distance(hit, lang), lang) for part in parts],
    }


def _render_part(part: Part, distance: str, lang: str) -> dict[str, Any]:
    said = phrase(lang, f"explain.{part.code}", words=part.words, distance=distance)
    if part.given < part.worth:
        said = phrase(lang, "explain.shared", said=said, worth=formats.number(lang, round(part.worth, 2)))
    return {
        "code": part.code,
        "about": part.words or None,
        "worth": round(part.worth, 4),
        "given": round(part.given, 4),
        "words": said,
    }


def _distance(hit: Hit, lang: str) -> str:
    return "–" if hit.distance_m is None else formats.distance(lang, hit.distance_m / 1000)
