"""When care by video or telephone is an answer, and the offer in words: a link, with no word of what was searched for.

It is offered for its own specialties alone, and never for an emergency, a hospital, a pharmacy: what must be done by
hands is not done by telephone.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from config.settings import PROJECT_ROOT, get_settings
from directory.search.request import SearchRequest, Unit, needed
from directory.search.results import SearchResults
from directory.vocabulary.codes import load_codes
from directory.vocabulary.languages import language_name
from directory.wording import formats
from directory.wording.catalogue import phrase

FILE = PROJECT_ROOT / "config" / "telehealth.toml"


class InvalidTelehealth(RuntimeError):
    """The file names a code that is none, or says too little."""


@dataclass(frozen=True, slots=True)
class Telehealth:
    """What there is."""

    url: str
    apps: tuple[tuple[str, str], ...]
    specialties: frozenset[str]
    types: frozenset[str]
    means_itself: frozenset[str]
    languages: tuple[str, ...]
    hours: str
    latest_hours: int
    far_km: float

    @property
    def is_invented(self) -> bool:
        """Whether its address is one of those that never lead anywhere (RFC 2606)."""
        return (urlsplit(self.url).hostname or "").endswith(".example")


@lru_cache(maxsize=1)
def load_telehealth() -> Telehealth | None:
    """The file; None where it names no address. Raises InvalidTelehealth."""
    said = tomllib.loads(FILE.read_text(encoding="utf-8"))
    if not said.get("url"):
        return None
    codes = load_codes()
    unknown = [code for code in said["specialties"] if code not in codes.specialties]
    unknown += [code for code in (*said["types"], *said["means_itself"]) if code not in codes.types]
    addresses = [said["url"], *said.get("apps", {}).values()]
    if unknown or any(urlsplit(each).scheme != "https" for each in addresses):
        raise InvalidTelehealth(f"{FILE.name}: addresses begin with https, and these are no codes: {unknown}")
    return Telehealth(
        url=said["url"],
        apps=tuple(said.get("apps", {}).items()),
        specialties=frozenset(said["specialties"]),
        types=frozenset(said["types"]),
        means_itself=frozenset(said["means_itself"]),
        languages=tuple(said["languages"]),
        hours=said["hours"],
        latest_hours=said["latest_hours"],
        far_km=said["far_km"],
    )


def offer_for_search(
    request: SearchRequest, results: SearchResults, lang: str, *, closed: bool = False
) -> dict[str, Any] | None:
    """The offer beside what a search found; None where it is no answer. `closed`: that it be open now was given up."""
    telehealth = _offered()
    if telehealth is None or request.cursor or not fits_search(telehealth, request):
        return None
    reason = find_reason(telehealth, request, results, closed=closed)
    return _render(telehealth, reason, lang) if reason else None


def offer_after_refusal(types: Iterable[str], specialties: Iterable[str], lang: str) -> dict[str, Any] | None:
    """The offer to somebody whose card was refused, by what they came for; None where it is no answer."""
    telehealth = _offered()
    if telehealth is None or not fits(telehealth, tuple(types), tuple(specialties)):
        return None
    return _render(telehealth, "refused", lang)


def _offered() -> Telehealth | None:
    telehealth = load_telehealth()
    return None if telehealth and telehealth.is_invented and not get_settings().demonstration else telehealth


def fits_search(telehealth: Telehealth, request: SearchRequest) -> bool:
    """Whether all that a search asks for is care that it gives: by filters, and by each of the words."""
    units = needed(request.units)
    if not all(_fits_unit(telehealth, unit) for unit in units):
        return False
    if request.types or request.specialties:
        return fits(telehealth, request.types, request.specialties, more=bool(units))
    return bool(units)


def fits(telehealth: Telehealth, types: tuple[str, ...], specialties: tuple[str, ...], *, more: bool = False) -> bool:
    """Whether it gives one of these specialties, or a type means it; `more`: something else says what for."""
    if not set(types) <= telehealth.types:
        return False
    if specialties:
        return bool(set(specialties) & telehealth.specialties)
    return more or bool(types and set(types) <= telehealth.means_itself)


def _fits_unit(telehealth: Telehealth, unit: Unit) -> bool:
    """Of a word: a name, or a kind of care that it gives not, is none of its business."""
    if unit.specialties:
        return bool(set(unit.specialties) & telehealth.specialties)
    return bool(unit.types) and set(unit.types) <= telehealth.means_itself


def find_reason(telehealth: Telehealth, request: SearchRequest, results: SearchResults, *, closed: bool) -> str | None:
    """Why another way is due: `closed`, `none` or `far`; None where it is not."""
    if closed or (request.open_at and not results.total):
        return "closed"
    if not results.total:
        return "none"
    if request.circle is None:
        return None
    away = [hit.distance_m for hit in results.hits if hit.distance_m is not None]
    # What is known by its city alone may be near.
    is_far = len(away) == len(results.hits) and min(away, default=0.0) > telehealth.far_km * 1000
    return "far" if is_far else None


def _render(telehealth: Telehealth, reason: str, lang: str) -> dict[str, Any]:
    spoken = formats.several(lang, [language_name(code, lang) for code in telehealth.languages])
    always = telehealth.hours == "24/7"
    waits = phrase(lang, "telehealth.wait", hours=telehealth.latest_hours)
    return {
        "reason": reason,
        "label": phrase(lang, "telehealth.label"),
        "sentence": " ".join(
            [phrase(lang, f"telehealth.{reason}"), *([phrase(lang, "telehealth.always")] if always else []), waits]
        ),
        "caution": phrase(lang, "telehealth.not_for_emergencies"),
        "spoken": phrase(lang, "telehealth.spoken", languages=spoken),
        "url": telehealth.url,
        "apps": [{"system": system, "url": url} for system, url in telehealth.apps],
        "languages": list(telehealth.languages),
        "hours": telehealth.hours,
    }
