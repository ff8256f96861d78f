"""Edits of a listing's facts, as a JSON merge patch (RFC 7396) says them: checked, placed, and put together.

What was not said stays. What is said as null goes. Where it is follows from what was said of it: a point is held
against its country, a city is looked for among the places, and each is found from the other where one is missing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from directory.errors import Fault
from directory.listings.checking import LONGEST_LINE, LONGEST_NAME, MOST_SPECIALTIES, Checks
from directory.listings.facts import Facts, further_name, named
from directory.listings.hours import parse_hours
from directory.listings.phones import parse_phones
from directory.listings.placing import check_point
from directory.listings.values import parse_address, parse_email, parse_website
from directory.models import Kind, Precision
from directory.vocabulary.codes import load_codes
from directory.vocabulary.languages import parse_language
from geodata.countries import country_name, load_countries
from geodata.gazetteer import Gazetteer
from geodata.places import Place
from geodata.points import Point

MOST_NAMES = 20
MOST_PHONES = 10
MOST_LANGUAGES = 30

# What may be said, by the group of facts that it belongs to (DESIGN: "facts").
GROUPS: Mapping[str, tuple[str, ...]] = {
    "identity": ("name", "names", "kind", "type"),
    "location": ("address", "postal_code", "city", "region", "country", "lat", "lon", "precision"),
    "contact": ("phones", "email", "website"),
    "care": ("specialties", "languages"),
    "hours": ("hours",),
}
EDITABLE = frozenset(name for names in GROUPS.values() for name in names)
_NEEDED = ("name", "names", "kind", "type", "country")


def group_of(name: str) -> str | None:
    """The group of facts that a field belongs to; None where it is none of those that are confirmed."""
    if name.startswith("agreement"):
        return "agreements"
    return next((group for group, names in GROUPS.items() if name in names), None)


def apply_patch(facts: Facts, patch: Mapping[str, Any], gazetteer: Gazetteer) -> Facts:
    """The facts as they shall be. Raises InvalidRequest with every fault, by JSON pointer."""
    checks = Checks()
    for name in patch:
        if name not in EDITABLE:
            checks.faults.append(Fault(f"/{name}", "This cannot be edited here.", tuple(sorted(EDITABLE))))
        elif patch[name] is None and name in _NEEDED:
            checks.faults.append(Fault(f"/{name}", "This cannot be empty."))
    said = {name: value for name, value in patch.items() if name in EDITABLE}
    country = _country(checks, said, facts)
    edited = Facts(
        provider=_provider(checks, said, facts),
        names=_names(checks, said, facts),
        location=_contact(checks, said, _where(checks, said, facts["location"], country, gazetteer), country),
        listing=_listing(checks, said, facts["listing"]),
        specialties=_specialties(checks, said, facts["specialties"]),
        agreements=facts["agreements"],
        import_hash=facts["import_hash"],
    )
    checks.end()
    return edited


def _country(checks: Checks, said: Mapping[str, Any], facts: Facts) -> str:
    if said.get("country") is None:
        return str(facts["location"]["country"])
    return checks.code("/country", str(said["country"]).strip().upper(), load_countries())


def _provider(checks: Checks, said: Mapping[str, Any], facts: Facts) -> dict[str, Any]:
    provider = dict(facts["provider"])
    if said.get("kind"):
        provider["kind"] = checks.code("/kind", said["kind"], Kind)
    names = _said_names(checks, said)
    if names:
        provider = {**named(provider, names[0]["text"]), "lang": names[0]["lang"]}
    elif said.get("name") is not None:
        if name := checks.line("/name", said["name"], LONGEST_NAME):
            provider = named(provider, name)
        else:
            checks.faults.append(Fault("/name", "The provider's name is needed."))
    return provider


def _names(checks: Checks, said: Mapping[str, Any], facts: Facts) -> list[dict[str, Any]]:
    names = _said_names(Checks(), said)  # what is wrong with them was told with the first
    return names[1:] if names else facts["names"]


def _said_names(checks: Checks, said: Mapping[str, Any]) -> list[dict[str, Any]]:
    """All names, the first one being shown: texts, or objects with `text` and `lang`."""
    given = said.get("names")
    if given is None:
        return []
    if not given or len(given) > MOST_NAMES:
        checks.faults.append(Fault("/names", f"One name at least, and at most {MOST_NAMES}.", most=MOST_NAMES))
        return []
    names: dict[str, dict[str, Any]] = {}
    for position, each in enumerate(given):
        text, lang = (each.get("text"), each.get("lang")) if isinstance(each, Mapping) else (each, None)
        line = checks.line(f"/names/{position}", text, LONGEST_NAME)
        if not line:
            checks.faults.append(Fault(f"/names/{position}", "A name cannot be empty."))
            continue
        names.setdefault(line, further_name(line, checks.read(f"/names/{position}/lang", parse_language, lang)))
    return list(names.values())


def _listing(checks: Checks, said: Mapping[str, Any], listing: dict[str, Any]) -> dict[str, Any]:
    edited = dict(listing)
    if said.get("type"):
        edited["type"] = checks.code("/type", said["type"], load_codes().types)
    if "languages" in said:
        given = said["languages"] or []
        if len(given) > MOST_LANGUAGES:
            checks.faults.append(Fault("/languages", f"At most {MOST_LANGUAGES}.", most=MOST_LANGUAGES))
        read = [checks.read(f"/languages/{n}", parse_language, each) for n, each in enumerate(given)]
        edited["languages"] = list(dict.fromkeys(filter(None, read)))
    if "hours" in said:
        edited["hours"] = checks.read("/hours", _hours, said["hours"])
    return edited


def _hours(text: str) -> str:
    if len(text) > LONGEST_LINE * 2 or parse_hours(text) is None:
        raise ValueError("write the hours of a week like Mo-Fr 08:00-17:00; Sa 09:00-12:00, or 24/7")
    return " ".join(text.split())


def _specialties(checks: Checks, said: Mapping[str, Any], specialties: list[str]) -> list[str]:
    if "specialties" not in said:
        return specialties
    given = said["specialties"] or []
    if len(given) > MOST_SPECIALTIES:
        checks.faults.append(Fault("/specialties", f"At most {MOST_SPECIALTIES}.", most=MOST_SPECIALTIES))
    codes = load_codes().specialties
    return list(dict.fromkeys(checks.code(f"/specialties/{n}", each, codes) for n, each in enumerate(given)))


def _contact(checks: Checks, said: Mapping[str, Any], location: dict[str, Any], country: str) -> dict[str, Any]:
    edited = dict(location)
    for name, parse in (("email", parse_email), ("website", parse_website), ("address", parse_address)):
        if name in said:
            edited[name] = checks.read(f"/{name}", parse, said[name])
    if "postal_code" in said:
        edited["postal_code"] = checks.line("/postal_code", said["postal_code"], LONGEST_LINE)
    if "phones" in said:
        edited["phones"] = _phones(checks, said["phones"] or [], country)
    return edited


def _phones(checks: Checks, given: list[str], country: str) -> list[str]:
    if len(given) > MOST_PHONES:
        checks.faults.append(Fault("/phones", f"At most {MOST_PHONES}.", most=MOST_PHONES))
    numbers: list[str] = []
    if country not in load_countries():
        return numbers  # which was told where it stands
    for position, text in enumerate(given):
        read = parse_phones(text, country)
        if read.numbers and not read.unread:
            numbers += read.numbers
        elif text.strip():
            where = country_name(country, "en")
            message = (
                f"This is no telephone number of {where}, nor one with its country's code, such as +254 20 366 2000."
            )
            checks.faults.append(Fault(f"/phones/{position}", message))
    return list(dict.fromkeys(numbers))


@dataclass(slots=True)
class _Whereabouts:
    """Where it shall be, while it is found out."""

    checks: Checks
    said: Mapping[str, Any]
    country: str
    gazetteer: Gazetteer
    location: dict[str, Any] = field(default_factory=dict)

    @property
    def says_point(self) -> bool:
        return "lat" in self.said or "lon" in self.said

    def settle(self) -> dict[str, Any]:
        """City and region as they are said, the place of the city, and the point."""
        self.location["country"] = self.country
        for name in ("city", "region"):
            if name in self.said:
                self.location[name] = self.checks.line(f"/{name}", self.said[name], LONGEST_LINE)
        point = self.point()
        place = self.place(point)
        if place:
            self.location |= {"place_id": place.id, "time_zone": place.time_zone}
            if "region" not in self.said:
                self.location["region"] = place.region
        else:
            self.location |= {"place_id": None, "time_zone": None}
        if point is None:
            self.location |= self.point_of(place)
        return self.location

    def point(self) -> Point | None:
        """A point of its own: the one that is said, or the exact one that it had and that still may be."""
        lat, lon = (self.said.get(name, self.location[name]) for name in ("lat", "lon"))
        if lat is None or lon is None:
            if (lat is None) != (lon is None):
                self.checks.faults.append(Fault("/lat", "lat and lon go together: give both or neither."))
            return None
        if not self.says_point and self.said.get("precision", self.location["precision"]) != Precision.exact:
            return None
        point, _ = check_point(self.country, (lat, lon), None)
        if point is None:
            where = country_name(self.country, "en") if self.country in load_countries() else self.country
            self.checks.faults.append(Fault("/lat", f"This point is not in {where}."))
            return None
        precision = self.said.get("precision") or Precision.exact.value
        self.location |= {"lat": point.lat, "lon": point.lon}
        self.location["precision"] = self.checks.code("/precision", precision, Precision)
        return point

    def place(self, point: Point | None) -> Place | None:
        """The city among the places; without its words, the place that is nearest to the point."""
        city, region = self.location["city"], self.said.get("region")
        found = self.gazetteer.match_city(city, self.country, region=region, near=point) if city else None
        return found or (self.gazetteer.nearest(point, self.country) if point else None)

    @staticmethod
    def point_of(place: Place | None) -> dict[str, Any]:
        """Where no better is known than the city, its middle stands in, and says so."""
        if place is None:
            return {"lat": None, "lon": None, "precision": None}
        return {"lat": place.point.lat, "lon": place.point.lon, "precision": Precision.place.value}


_SAYS_WHERE = frozenset(("city", "region", "country", "lat", "lon", "precision"))


def _where(
    checks: Checks, said: Mapping[str, Any], location: dict[str, Any], country: str, gazetteer: Gazetteer
) -> dict[str, Any]:
    if not _SAYS_WHERE & said.keys() or country not in load_countries():
        return location
    return _Whereabouts(checks, said, country, gazetteer, dict(location)).settle()
