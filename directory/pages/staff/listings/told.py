"""What was changed, as people read it: days, labels and sentences instead of what is kept."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from directory.vocabulary.codes import load_codes
from directory.vocabulary.languages import language_name
from directory.web.listings.render import field_label
from directory.web.render import code_label
from directory.wording import formats
from directory.wording.catalogue import phrase
from geodata.countries import country_name
from geodata.points import Point, haversine_m

Differences = Mapping[str, tuple[Any, Any]]

# What follows from other fields, or is told as one with them.
_APART = frozenset(("lat", "lon", "precision", "place_id", "time_zone", "confirmed"))
_DAYS = frozenset(("verified_on", "suspended_from", "suspended_until"))
_LISTS = frozenset(("names", "specialties", "languages", "phones"))
# What is written in Latin letters and digits, in whatever language the page is.
_PLAIN = frozenset(("phones", "email", "website", "hours"))
_POINT = "point"


@dataclass(frozen=True, slots=True)
class Told:
    """One field that differs: as it was and as it became, or what of a list went and came. `more` says it in words."""

    field: str
    label: str
    was: str | None = None
    now: str | None = None
    went: tuple[str, ...] = ()
    came: tuple[str, ...] = ()
    more: str | None = None

    @property
    def plain(self) -> bool:
        """Whether its values run from left to right in every language."""
        return self.field in _PLAIN


def tell(fields: Differences, lang: str) -> list[Told]:
    """Differences as people read them."""
    told = [_tell_field(name, was, now, lang) for name, (was, now) in fields.items() if name not in _APART]
    return ([_tell_point(fields, lang)] if _moves(fields) else []) + told


def say(name: str, value: Any, lang: str) -> str | None:
    """What a field says, in words; None where it says nothing."""
    if value is None or value in ([], ""):
        return None
    if isinstance(value, list):
        return joined(lang, (say(name, each, lang) for each in value))
    if name in _DAYS:
        return formats.date(lang, dt.date.fromisoformat(value))
    if words := _WORDS.get(name):
        return words(value, lang)
    return str(value["text"] if isinstance(value, Mapping) else value)


_WORDS: Mapping[str, Callable[[Any, str], str]] = {
    "type": lambda value, lang: code_label(load_codes().types, value, lang),
    "specialties": lambda value, lang: code_label(load_codes().specialties, value, lang),
    "languages": language_name,
    "lang": language_name,
    "country": country_name,
    "status": lambda value, lang: phrase(lang, f"listings.status_{value}"),
    "kind": lambda value, lang: phrase(lang, f"listing.kind_{value}"),
    "verified_by": lambda value, lang: phrase(lang, f"verified_by.{value}"),
    "networks": lambda value, lang: code_label(load_codes().networks, value, lang),
}


def say_agreement(agreement: Mapping[str, Any], lang: str) -> str:
    """The terms of an agreement in one sentence."""
    return joined(lang, _parts(agreement, lang).values())


def say_point(lat: float | None, lon: float | None, precision: str | None, lang: str) -> str | None:
    """A point, and how well it is known."""
    if lat is None or lon is None:
        return None
    # Digits in their order whatever the direction of the words around them.
    point = f"\u2066{lat:.5f}, {lon:.5f}\u2069"
    return phrase(lang, "listing.point_of_city", point=point) if precision == "place" else point


def joined(lang: str, words: Iterable[str | None]) -> str:
    """Words one after the other, as the language parts them; what says nothing is left out."""
    return f"{phrase(lang, 'listing.comma')} ".join(filter(None, words))


def _moves(fields: Differences) -> bool:
    return bool(fields.keys() & {"lat", "lon", "precision"})


def _tell_point(fields: Differences, lang: str) -> Told:
    lat, lon, precision = (fields.get(name, (None, None)) for name in ("lat", "lon", "precision"))
    was, now = (say_point(lat[side], lon[side], precision[side], lang) for side in (0, 1))
    label, moved = phrase(lang, "listing.field_point"), None
    if None not in (*lat, *lon):
        away = haversine_m(Point(lon[0], lat[0]), Point(lon[1], lat[1]))
        moved = phrase(lang, "listing.moved", distance=formats.distance(lang, away / 1000))
    if was is None and now is None:
        # Only one of the two degrees, or nothing but how well it is known, differs.
        moved = moved or phrase(lang, f"listing.precision_{precision[1]}" if precision[1] else "listing.point_moved")
    return Told(_POINT, label, was, now, more=moved)


def _tell_field(name: str, was: Any, now: Any, lang: str) -> Told:
    label = field_label(name, lang)
    if name.startswith("agreement:"):
        return _tell_agreement(was, now, lang)
    if name in _LISTS and was and now:
        gone, come = ([each for each in one if each not in other] for one, other in ((was, now), (now, was)))
        if gone or come:
            return Told(name, label, went=_each(name, gone, lang), came=_each(name, come, lang))
        return Told(name, label, more=phrase(lang, "listing.reordered"))
    return Told(name, label, say(name, was, lang), say(name, now, lang))


def _each(name: str, values: Sequence[Any], lang: str) -> tuple[str, ...]:
    return tuple(filter(None, (say(name, value, lang) for value in values)))


def _tell_agreement(was: Mapping[str, Any] | None, now: Mapping[str, Any] | None, lang: str) -> Told:
    agreement = now or was or {}
    network = code_label(load_codes().networks, agreement.get("network") or "", lang)
    label = f"{field_label('agreement', lang)} {network}"
    if not was or not now:
        told = [say_agreement(each, lang) if each else None for each in (was, now)]
        return Told("agreement", label, told[0], told[1])
    before, after = _parts(was, lang), _parts(now, lang)
    names = [name for name in after if before[name] != after[name]]
    told = [joined(lang, (side[name] for name in names)) or None for side in (before, after)]
    return Told("agreement", label, told[0], told[1])


def _parts(agreement: Mapping[str, Any], lang: str) -> dict[str, str | None]:
    """Each part of an agreement in words; None where there is nothing to say of it."""
    days, begins, ends = agreement["notice_days"], agreement["from"], agreement["to"]
    return {
        "network": code_label(load_codes().networks, agreement["network"], lang),
        **{setting: _way(setting, agreement[setting], lang) for setting in ("outpatient", "inpatient")},
        "tariff": phrase(lang, "tariff.true") if agreement["tariff"] else phrase(lang, "listing.no_tariff"),
        "notice_days": None if days is None else phrase(lang, "listing.notice", count=days),
        "from": phrase(lang, "listing.from_day", day=_day(begins, lang)) if begins else None,
        "to": phrase(lang, "listing.last_day", day=_day(last_day(ends), lang)) if ends else None,
        "suspension": _suspension(agreement, lang),
        "status": phrase(lang, "listing.agreement_ended") if agreement["status"] == "ended" else None,
    }


def last_day(ends: str | None) -> str | None:
    """The last day of a period whose end is the first day without it (both ISO 8601)."""
    return (dt.date.fromisoformat(ends) - dt.timedelta(days=1)).isoformat() if ends else None


def _way(setting: str, settlement: str, lang: str) -> str:
    return f"{phrase(lang, f'settlement.{setting}')}: {phrase(lang, f'settlement.{settlement}')}"


def _suspension(agreement: Mapping[str, Any], lang: str) -> str | None:
    if not agreement["suspended_from"]:
        return None
    begins, ends = agreement["suspended_from"], agreement["suspended_until"]
    words = [phrase(lang, "listing.suspended_since", day=_day(begins, lang))]
    if ends:
        words.append(phrase(lang, "listing.back_on", day=_day(ends, lang)))
    said = joined(lang, words)
    reason, instead = agreement["suspension_reason"], agreement["instead"]
    return " – ".join(filter(None, (said, reason, instead)))


def _day(day: str | None, lang: str) -> str:
    return formats.date(lang, dt.date.fromisoformat(day)) if day else ""
