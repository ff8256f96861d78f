"""A change of many in words: what is set, of which search, what it makes of the first, what was left and why."""

from collections.abc import Iterator, Mapping
from typing import Any

from directory.changes.reading import ChangeView, Previewed
from directory.changes.wanted import FIELDS, LISTS
from directory.listings.agreements import Terms, write_terms
from directory.pages.staff.listings.agreements import read_terms
from directory.pages.staff.listings.asked import FACETS
from directory.pages.staff.listings.forms import Form
from directory.pages.staff.listings.told import Differences, joined, say, tell
from directory.pages.staff.listings.week import read_week
from directory.web.listings.changes import render_change, say_left
from directory.web.listings.render import field_label
from directory.web.render import facet_label
from directory.wording import formats
from directory.wording.catalogue import phrase

_GROUPS = "verify"
_TERMS = ("agreement", "terms")
# Facets whose values are labelled with the listings' own words.
_OWN = ("status", "owner", "source")


def read_set(form: Form) -> dict[str, Any]:
    """What a form sets of many: only what it says. Raises InvalidRequest."""
    said: dict[str, Any] = {name: form[name].strip() for name in ("type", "kind", "email", "website") if form.get(name)}
    for how in ("add", "remove"):
        said |= {f"{how}_{name}": form.getlist(f"{how}_{name}") for name in LISTS if form.getlist(f"{how}_{name}")}
    if form.get("hours_as") in ("week", "always", "text"):
        said["hours"] = read_week(form)
    if form.get("status"):
        said["status"] = form["status"]
        said |= {name: form[name] for name in ("from", "until") if form["status"] == "suspended" and form.get(name)}
    if form.getlist(_GROUPS):
        said |= {_GROUPS: form.getlist(_GROUPS), "method": form.get("method") or "other"}
    if form.get("network") and form.get("terms_as") in _TERMS:
        said[form["terms_as"]] = _terms(form)
    return said


def _terms(form: Form) -> dict[str, Any]:
    """New terms whole; of those that are corrected only what was said."""
    terms = write_terms(Terms(**read_terms(form)))
    if form["terms_as"] == "agreement":
        return terms
    kept = ("network", "outpatient", "inpatient", "notice_days")
    said = {name: terms[name] for name in kept if terms[name] not in (None, "")}
    return said | ({"tariff": True} if terms["tariff"] else {})


def say_set(wanted: Mapping[str, Any], lang: str) -> list[tuple[str, str]]:
    """What is set, as pairs of label and words."""
    return [(label, words) for name, value in wanted.items() for label, words in _say_set(name, value, lang)]


def _say_set(name: str, value: Any, lang: str) -> Iterator[tuple[str, str]]:
    how, _, of_list = name.partition("_")
    if name in FIELDS or name == "status":
        yield field_label(name, lang), say(name, value, lang) or ""
    elif how in ("add", "remove"):
        yield phrase(lang, f"listing.many_{how}", what=field_label(of_list, lang)), say(of_list, value, lang) or ""
    elif name in ("from", "until"):
        yield field_label(f"suspended_{name}", lang), say(f"suspended_{name}", value, lang) or ""
    elif name == _GROUPS:
        groups = [phrase(lang, f"listing.group_{group}") for group in value]
        yield phrase(lang, "listing.confirm"), joined(lang, groups)
    elif name in _TERMS:
        yield phrase(lang, f"listing.many_{name}"), joined(lang, _say_terms(value, lang))


def _say_terms(terms: Mapping[str, Any], lang: str) -> Iterator[str]:
    yield say("networks", terms["network"], lang) or ""
    for setting in ("outpatient", "inpatient"):
        if terms.get(setting):
            yield f"{phrase(lang, f'settlement.{setting}')}: {phrase(lang, f'settlement.{terms[setting]}')}"
    if terms.get("tariff") is not None:
        yield phrase(lang, "tariff.true" if terms["tariff"] else "listing.no_tariff")
    if terms.get("notice_days") is not None:
        yield phrase(lang, "listing.notice", count=terms["notice_days"])
    if terms.get("effective_from"):
        yield phrase(lang, "listing.from_day", day=say("verified_on", terms["effective_from"], lang))


def say_search(search: Mapping[str, str], lang: str) -> list[tuple[str, str]]:
    """What a search leaves in, as pairs of label and words; empty where it takes everything."""
    return [
        (phrase(lang, f"listings.field_{name}"), _say_value(name, text, lang))
        for name, text in search.items()
        if name in _SAID
    ]


_SAID = ("q", "near", "stale", "language", "tariff", *FACETS)


def _say_value(name: str, text: str, lang: str) -> str:
    if name == "stale":
        return phrase(lang, "listings.days_ago", count=int(text)) if text.isdigit() else text
    if name not in FACETS or name in ("owner", "source"):
        return text
    label = (lambda value: phrase(lang, f"listings.status_{value}")) if name == "status" else None
    words = [label(each) if label else facet_label(FACETS[name], each, lang) for each in text.split(",")]
    return joined(lang, words)


def show_change(view: ChangeView, lang: str) -> dict[str, Any]:
    """The change as its page shows it: differences in words, reasons in the reader's language."""
    shown = render_change(view, lang)
    return {
        **shown,
        "preview": [_previewed(each, lang) for each in view.preview],
        "working": view.state in ("choosing", "applying", "undoing"),
        "many": view.many is not None,
        "total_said": formats.number(lang, view.total),
        "done_said": formats.number(lang, view.done),
    }


def _previewed(previewed: Previewed, lang: str) -> dict[str, Any]:
    fields: Differences = previewed.fields
    return {
        "id": previewed.listing_id,
        "name": previewed.name,
        "fields": tell(fields, lang),
        "why": say_left(previewed.why, lang) if previewed.why else None,
    }
