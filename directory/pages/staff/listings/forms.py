"""Forms of a listing: its facts as fields, what a browser sent as a merge patch, what was wrong as phrases by field."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from directory.errors import Fault, InvalidRequest
from directory.listings.editing import GROUPS
from directory.listings.facts import Facts, further_name
from directory.pages.staff.listings.week import DAYS, PARTS, fill_week, read_week
from directory.wording.catalogue import phrase
from directory.wording.formats import number
from geodata.pasted import NoWhere, parse_pasted
from geodata.points import Point

Form = MultiDict[str, str]

_WEEK = tuple(f"{day}_{side}{part}" for day in DAYS for side in ("from", "to") for part in PARTS)
# The fields of a form that say a field of a listing, where they are not called alike.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "names": ("name_text", "name_lang"),
    "lat": ("point",),
    "lon": ("point",),
    "hours": ("hours_as", "hours_text", "hours_was", "holidays", *_WEEK, *(f"{day}_closed" for day in DAYS)),
}
_LINES = ("address", "postal_code", "city", "region", "country")


def fill(facts: Facts) -> Form:
    """The form that says these facts."""
    provider, location, listing = facts["provider"], facts["location"], facts["listing"]
    names = [further_name(provider["name"], provider["lang"]), *facts["names"]]
    exact = location["precision"] == "exact"
    pairs = [
        *[("name_text", name["text"]) for name in names],
        *[("name_lang", name["lang"] or "") for name in names],
        ("kind", provider["kind"]),
        ("type", listing["type"] or ""),
        ("point", f"{location['lat']}, {location['lon']}" if exact else ""),
        *[(name, location[name] or "") for name in (*_LINES, "email", "website")],
        *[("phones", phone) for phone in location["phones"]],
        *[("specialties", code) for code in facts["specialties"]],
        *[("languages", code) for code in listing["languages"]],
        *fill_week(listing["hours"]),
    ]
    return MultiDict(pairs)


def read_patch(form: Form, groups: Collection[str], near: Point | None = None) -> dict[str, Any]:
    """What a form says of these groups of facts, as a merge patch. `near` helps with short plus codes.

    Raises InvalidRequest for what only a form can get wrong; the rest is checked where it is applied.
    """
    patch: dict[str, Any] = {}
    faults: list[Fault] = []
    for group in groups:
        try:
            patch |= _READ[group](form, near)
        except InvalidRequest as error:
            faults.extend(error.faults)
    if faults:
        raise InvalidRequest(*faults)
    return patch


def read_names(form: Form) -> list[dict[str, str | None]]:
    """Names with their languages; rows without a text are none."""
    rows = zip(form.getlist("name_text"), [*form.getlist("name_lang"), *[""] * 99], strict=False)
    return [{"text": text.strip(), "lang": lang or None} for text, lang in rows if text.strip()]


def _read_identity(form: Form, near: Point | None) -> dict[str, Any]:
    names = read_names(form)
    if not names:
        raise InvalidRequest(Fault("/names", "One name at least."))
    return {"names": names, "kind": form.get("kind"), "type": form.get("type", "")}


def _read_location(form: Form, near: Point | None) -> dict[str, Any]:
    lines: dict[str, Any] = {name: form.get(name, "").strip() for name in _LINES}
    return {**lines, **read_point(form, near)}


def read_point(form: Form, near: Point | None) -> dict[str, float | None]:
    """Latitude and longitude of the one box; neither where it is empty. Raises InvalidRequest."""
    text = form.get("point", "").strip()
    if not text:
        return {"lat": None, "lon": None}
    try:
        point = parse_pasted(text, near)
    except NoWhere as error:
        raise InvalidRequest(Fault("/point", f"This has {error}.")) from None
    return {"lat": point.lat, "lon": point.lon}


def _read_contact(form: Form, near: Point | None) -> dict[str, Any]:
    phones = [text.strip() for text in form.getlist("phones") if text.strip()]
    return {"phones": phones, "email": form.get("email", ""), "website": form.get("website", "")}


def _read_care(form: Form, near: Point | None) -> dict[str, Any]:
    return {"specialties": form.getlist("specialties"), "languages": form.getlist("languages")}


def _read_hours(form: Form, near: Point | None) -> dict[str, Any]:
    return {"hours": read_week(form)}


_READ: Mapping[str, Callable[[Form, Point | None], dict[str, Any]]] = {
    "identity": _read_identity,
    "location": _read_location,
    "contact": _read_contact,
    "care": _read_care,
    "hours": _read_hours,
}


def put_together(now: Facts, typed: Form, mine: Collection[str]) -> Form:
    """A form of the facts as they are now, with what was typed in the fields that its writer changed."""
    together = fill(now)
    for field in mine:
        for name in FIELDS.get(field, (field,)):
            together.setlist(name, typed.getlist(name))
    return together


def group_of_field(field: str) -> str | None:
    """The group that a field of the listing belongs to."""
    return next((group for group, names in GROUPS.items() if field in names), None)


# By the field that a fault names: the phrase that says how to go on.
_FAULTS = {
    "names": "fault_name",
    "name": "fault_name",
    "type": "fault_choose",
    "kind": "fault_choose",
    "country": "fault_choose",
    "network": "fault_choose",
    "outpatient": "fault_choose",
    "inpatient": "fault_choose",
    "point": "fault_point",
    "lat": "fault_outside",
    "phones": "fault_phone",
    "email": "fault_email",
    "website": "fault_website",
    "hours": "fault_hours",
    "reason": "fault_reason",
    "until": "fault_until",
    "effective_to": "fault_until",
    "effective_from": "fault_day",
    "notice_days": "fault_number",
    "into": "fault_other_listing",
    "with": "fault_other_listing",
}


def faults_by_field(error: InvalidRequest, lang: str) -> dict[str, str]:
    """What is wrong by the field of the form beside which it is said; of several in a list, the first."""
    told: dict[str, str] = {}
    for fault in error.faults:
        field = _field_of(fault.where)
        told.setdefault(field, _in_words(field, fault, lang))
    return told


def _field_of(where: str) -> str:
    """`/phones/2` is the third of a list: `phones.2`; `/names/1/lang` and `/set/hours` are said of what they are in."""
    parts = where.strip("/").split("/")
    if parts[0] == "set" and len(parts) > 1:
        parts = parts[1:]
    if parts[0] == "agreement" or parts[0] == "terms":
        parts = parts[1:] or parts
    name = {"lat": "point", "lon": "point", "name": "names"}.get(parts[0], parts[0])
    return f"{name}.{parts[1]}" if len(parts) > 1 and parts[1].isdigit() and name in ("names", "phones") else name


def _in_words(field: str, fault: Fault, lang: str) -> str:
    name = field.partition(".")[0]
    if fault.most is not None:
        return phrase(lang, "listing.fault_most", most=number(lang, fault.most))
    if fault.where.strip("/") in ("lat", "lon"):
        return phrase(lang, "listing.fault_outside")
    if name[:2] in DAYS and name[2:6] in ("_fro", "_to"):
        return phrase(lang, "listing.fault_times")
    return phrase(lang, f"listing.{_FAULTS.get(name, 'fault_other')}")
