"""Plans: what a client's people are insured by, read from config/plans.toml or the operator's own file (PLANS_FILE)."""

import datetime as dt
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from config.languages import LANGUAGES
from config.settings import PLANS_FILE, get_settings, made_of_settings
from directory.vocabulary.codes import load_codes
from geodata.countries import load_countries
from geodata.points import InvalidPoint, Point, distance_m

HOME, REGIONAL, OUTSIDE = "home", "regional", "outside"
COVERAGES = (HOME, REGIONAL, OUTSIDE)
# A duty that any country may be.
ANY = "any"

_CODE = re.compile(r"[a-z][a-z0-9_]{1,40}")
_FIELDS = frozenset({"client", "networks", "claim_months", "staff", "invented", "area", *LANGUAGES})
_AREA_FIELDS = frozenset({"duty", "emergency_on_official_travel", "regional"})
_REGION_FIELDS = frozenset({"duty", "country", "place", "radius_km", "from", "to"})
_LONGEST_CLAIM, _WIDEST_KM = 120, 2000


class InvalidPlans(RuntimeError):
    """The file of plans breaks a rule; the message names the file, the plan and the rule."""


@dataclass(frozen=True, slots=True)
class Region:
    """Where care counts as at home though it is another country: all of it, or what lies around a place."""

    country: str
    center: Point | None = None
    radius_m: float = 0.0

    def holds(self, country: str, point: Point | None) -> bool:
        """Whether it has this country and point; None: no more than the country is known."""
        if country != self.country:
            return False
        if self.center is None:
            return True
        return point is not None and distance_m(self.center, point.lon, point.lat) <= self.radius_m


@dataclass(frozen=True, slots=True)
class CoverageArea:
    """A member's area on a day: the country of duty, and the regions that count as it does."""

    home: str
    regions: tuple[Region, ...] = ()

    @property
    def values(self) -> tuple[str, ...]:
        """What a listing may be to it."""
        return COVERAGES if self.regions else (HOME, OUTSIDE)

    def value_of(self, country: str, point: Point | None) -> str:
        """Whether a place is at `home`, in the `regional` area or `outside`."""
        if country == self.home:
            return HOME
        return REGIONAL if any(region.holds(country, point) for region in self.regions) else OUTSIDE


@dataclass(frozen=True, slots=True)
class RegionalArea:
    """A region that belongs to a country of duty, from a day on and up to another one (which is no part of it)."""

    duty: str
    region: Region
    begins: dt.date | None = None
    ends: dt.date | None = None

    def holds_on(self, day: dt.date) -> bool:
        """Whether it is in force on a day."""
        return (self.begins is None or self.begins <= day) and (self.ends is None or day < self.ends)


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan. `duties`: the countries of duty that it has a rule of areas for; empty: it has none."""

    code: str
    client: str
    labels: Mapping[str, str]
    networks: tuple[str, ...]
    claim_months: int = 12
    retired: bool = False
    invented: bool = False
    duties: tuple[str, ...] = ()
    regional: tuple[RegionalArea, ...] = ()
    # Whether an emergency on official travel is paid as at home: of active staff, never of retired staff.
    emergency_on_official_travel: bool = False

    def label(self, lang: str) -> str:
        """What members read."""
        return self.labels[lang]

    def area(self, duty: str, day: dt.date) -> CoverageArea:
        """The area of who is on duty in a country of `duties`, on a day."""
        regions = (each.region for each in self.regional if each.duty == duty and each.holds_on(day))
        return CoverageArea(duty, tuple(regions))


@dataclass(frozen=True, slots=True)
class Plans:
    """All plans that members of this service may have, in the order of the file."""

    by_code: Mapping[str, Plan] = field(default_factory=lambda: MappingProxyType({}))

    def __iter__(self) -> Iterator[Plan]:
        return iter(self.by_code.values())


@made_of_settings
def load_plans() -> Plans:
    """The plans of the settings. Those that are invented exist in a demonstration alone. Raises InvalidPlans."""
    settings = get_settings()
    plans = read_plans(settings.plans_file or PLANS_FILE)
    kept = {plan.code: plan for plan in plans if settings.demonstration or not plan.invented}
    return Plans(MappingProxyType(kept))


def read_plans(path: Path) -> list[Plan]:
    """The plans of a file as config/plans.toml describes it. Raises InvalidPlans."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise InvalidPlans(f"{path}: {error}") from error
    plans = []
    for code, entry in raw.items():
        try:
            plans.append(_read_plan(code, entry))
        except (ValueError, TypeError, KeyError) as error:
            raise InvalidPlans(f"{path}: {code}: {error}") from error
    return plans


def _read_plan(code: str, entry: Any) -> Plan:
    if not _CODE.fullmatch(code):
        raise ValueError("a code has small letters, digits and _ only, and begins with a letter")
    _refuse_others("fields", _table(entry, "the plan"), _FIELDS)
    if missing := [lang for lang in LANGUAGES if not isinstance(entry.get(lang), str) or not entry[lang].strip()]:
        raise ValueError(f"it needs a label in {', '.join(missing)}")
    months = entry.get("claim_months", 12)
    if not _is_whole(months) or not 1 <= months <= _LONGEST_CLAIM:
        raise ValueError(f"claim_months is a whole number from 1 to {_LONGEST_CLAIM}")
    staff = entry.get("staff", "active")
    if staff not in ("active", "retired"):
        raise ValueError("staff is active or retired")
    networks = _codes_of("networks", entry.get("networks"), tuple(load_codes().networks))
    duties, regional, emergency = _read_area(_table(entry.get("area", {}), "area"))
    return Plan(
        code=code,
        client=str(entry.get("client", "")),
        labels={lang: entry[lang].strip() for lang in LANGUAGES},
        networks=networks,
        claim_months=months,
        retired=staff == "retired",
        invented=_truth("invented", entry.get("invented", False)),
        duties=duties,
        regional=regional,
        emergency_on_official_travel=emergency,
    )


def _read_area(area: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[RegionalArea, ...], bool]:
    if not area:
        return (), (), False
    _refuse_others("fields of area", area, _AREA_FIELDS)
    countries = tuple(load_countries())
    duty = area.get("duty")
    duties = tuple(sorted(countries)) if duty == ANY else _codes_of("area.duty", duty, countries)
    regional = tuple(_read_region(_table(each, "a regional area"), duties) for each in area.get("regional", ()))
    emergency = _truth("emergency_on_official_travel", area.get("emergency_on_official_travel", False))
    return duties, regional, emergency


def _read_region(entry: Mapping[str, Any], duties: tuple[str, ...]) -> RegionalArea:
    _refuse_others("fields of a regional area", entry, _REGION_FIELDS)
    [duty] = _codes_of("the duty of a regional area", [entry.get("duty")], duties)
    [country] = _codes_of("the country of a regional area", [entry.get("country")], tuple(load_countries()))
    begins, ends = (_day(name, entry.get(name)) for name in ("from", "to"))
    if begins and ends and ends <= begins:
        raise ValueError("a regional area ends after it begins")
    return RegionalArea(duty, Region(country, *_read_circle(entry)), begins, ends)


def _read_circle(entry: Mapping[str, Any]) -> tuple[Point | None, float]:
    place, radius_km = entry.get("place"), entry.get("radius_km")
    if (place is None) != (radius_km is None):
        raise ValueError("place and radius_km go together")
    if place is None or radius_km is None:
        return None, 0.0
    if isinstance(radius_km, bool) or not isinstance(radius_km, int | float) or not 0 < radius_km <= _WIDEST_KM:
        raise ValueError(f"radius_km is a number up to {_WIDEST_KM}")
    named = _table(place, "place")
    _refuse_others("fields of place", named, frozenset({"name", "lat", "lon"}))
    try:
        return Point(float(named["lon"]), float(named["lat"])), radius_km * 1000.0
    except (KeyError, InvalidPoint) as error:
        raise ValueError(f"place has a name, lat and lon in degrees: {error}") from error


def _table(value: Any, what: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise TypeError(f"{what} is a table")
    return value


def _refuse_others(what: str, entry: Mapping[str, Any], known: frozenset[str]) -> None:
    if unknown := entry.keys() - known:
        raise ValueError(f"unknown {what}: {sorted(unknown)}; known are {sorted(known)}")


def _codes_of(what: str, values: Any, known: Iterable[str]) -> tuple[str, ...]:
    if not isinstance(values, list) or not values:
        raise ValueError(f"{what}: a list of codes is needed")
    allowed = set(known)
    if unknown := [value for value in values if value not in allowed]:
        raise ValueError(f"{what}: {unknown} are none of the codes")
    return tuple(dict.fromkeys(values))


def _truth(what: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{what} is true or false")
    return value


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _day(name: str, value: Any) -> dt.date | None:
    if value is not None and (not isinstance(value, dt.date) or isinstance(value, dt.datetime)):
        raise TypeError(f"{name} is a day, such as 2026-12-31")
    return value
