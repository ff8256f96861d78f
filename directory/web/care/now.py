"""What helps somebody whose card was just refused, before anything is typed: whom to call, what to show, where else."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import phonenumbers

from directory.care.contacts import Line, load_contacts
from directory.care.nearby import find_others
from directory.listings.shown import PublicListing
from directory.web.render import render_item
from directory.wording.catalogue import phrase
from geodata.countries import country_name

# Languages that are spoken at most desks of a country; of ours. Where a listing names its own, that counts.
_BY_COUNTRY = {
    "ar": "DZ BH EG IQ JO KW LB LY MA MR OM PS QA SA SD SY TN AE YE DJ KM SO TD",
    "fr": "BE BF BI BJ CD CF CG CI CM FR GA GN HT LU MC MG ML NE RW SN TG",
    "es": "AR BO CL CO CR CU DO EC ES GQ GT HN MX NI PA PE PR PY SV UY VE",
}
_OF_COUNTRY = {country: lang for lang, countries in _BY_COUNTRY.items() for country in countries.split()}
_OURS = ("en", "fr", "es", "ar")
CLAIM_MONTHS = 12


def language_of_desk(shown: PublicListing) -> str:
    """The language in which a desk most likely reads a sheet: the listing's, else the country's, else English."""
    at_home = _OF_COUNTRY.get(shown["country"])
    spoken = [lang for lang in shown["languages"] if lang in _OURS]
    if at_home and (not spoken or at_home in spoken):
        return at_home
    return spoken[0] if spoken else "en"


def render_now(shown: PublicListing, lang: str, networks: tuple[str, ...] = ()) -> dict[str, Any]:
    """All of it: `call`, `provider_call`, `sheet`, `nearest`, `letter`, `claim`."""
    contacts = load_contacts()
    country = shown["country"]
    members, desks = contacts.find(country), contacts.find(country, kind="provider")
    letter = any(each["inpatient"] == "guarantee_letter" for each in (*shown["agreements"], *shown["suspended"]))
    return {
        "call": render_line(members[0], lang) if members else None,
        "provider_call": render_line(desks[0], lang) if desks else None,
        "sheet": render_sheet(shown, desks[0] if desks else None),
        "nearest": render_others(shown, lang, networks),
        "letter": phrase(lang, "care.now_letter") if letter else None,
        "claim": phrase(lang, "care.now_claim", months=CLAIM_MONTHS),
        "keep_receipt": phrase(lang, "care.now_receipt"),
    }


def render_others(shown: Mapping[str, Any], lang: str, networks: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """The nearest three that take the card, as items."""
    return [render_item(hit.shown, lang, hit.distance_m) for hit in find_others(shown, networks)]


def render_sheet(shown: PublicListing, line: Line | None) -> dict[str, Any]:
    """What a desk is shown, in its language: please call before you ask for cash."""
    lang = language_of_desk(shown)
    # Set apart: in Arabic its groups would stand from right to left.
    number = f"\u2066{spaced(line.number)}\u2069" if line else ""
    called = [phrase(lang, "care.sheet_call", phone=number)] if number else []
    return {
        "lang": lang,
        "dir": "rtl" if lang == "ar" else "ltr",
        "title": phrase(lang, "care.sheet_title"),
        "lines": [phrase(lang, "care.sheet_insured"), *called, phrase(lang, "care.sheet_cash")],
        "phone": line.number if line else None,
    }


def render_line(line: Line, lang: str) -> dict[str, Any]:
    """A number as members see it."""
    contacts = load_contacts()
    stale = contacts.is_stale(line, dt.datetime.now(dt.UTC).date())
    of_settings = line.checked_on == dt.date.max
    return {
        "kind": line.kind,
        "number": line.number,
        "number_shown": spaced(line.number),
        "country": line.country,
        "country_label": country_name(line.country, lang) if line.country else None,
        "toll_free": line.toll_free,
        "reachable_from": list(line.reachable_from),
        "hours": line.hours,
        "languages": list(line.languages),
        "plan": line.plan,
        "checked_on": None if of_settings or line.checked_on is None else line.checked_on.isoformat(),
        "stale": stale and not of_settings,
        "note": phrase(lang, "care.line_stale") if stale and not of_settings else None,
    }


def spaced(e164: str) -> str:
    """A number as it is read out, from anywhere."""
    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return e164
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL))
