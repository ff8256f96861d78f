"""The ground that a synthetic world stands on: the places with their weights, and all that listings are drawn from.

It is made once from the gazetteer and the codes, and handed to the processes that draw the listings.
"""

import random
import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
import phonenumbers

from config.languages import LANGUAGES
from directory.synth.languages import Pair, languages_of, load_languages
from directory.vocabulary.codes import load_codes
from geodata.gazetteer import Gazetteer
from geodata.places import Place
from geodata.text import latin_names, script_of

# What the text form of COPY reads as no value.
NULL = "\\N"
# Periods of agreements lie around this day, not around today: the same seed must give the same world next year.
REFERENCE_DAY = date(2026, 1, 1)
FAR_FUTURE = date(2090, 1, 1)
# Providers gather in large cities, but no country is without any: weight = people to this power.
_CROWDING = 0.85
# The best known places of a country whose names are also needed in its own script.
_NAMED_LOCALLY = 25
_VARIANTS = 400
# A network of each kind of listing: how many of 100 are in it.
_IN_NETWORK = {"worldwide": 90, "essential": 35, "local_staff": 25, "emergency": 4}

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class TypeDraw:
    """What a listing of one type is drawn from; each variant is a row's end in the text form of COPY."""

    code: str
    kind: str
    names: str
    labels: dict[str, str]
    specialties: tuple[tuple[str, ...], ...]
    agreements: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class CountryDraw:
    """What a listing of one country is drawn from. `cities`: (local, Latin) by language, for names."""

    code: str
    first: float
    last: float
    languages: tuple[str, ...]
    calling_code: int
    cities: dict[str, tuple[Pair, ...]]


@dataclass(frozen=True)
class Ground:
    """Places sorted by country, so that a country is one stretch of `cumulative` (its `first` to `last`)."""

    ids: list[int]
    names: list[str]
    latin_names: list[str]
    regions: list[str]
    zones: list[str]
    country_of: list[int]
    lon: Array
    lat: Array
    spread_km: Array
    cumulative: Array
    countries: list[CountryDraw]
    types: list[TypeDraw]
    type_cumulative: Array


def make_ground(gazetteer: Gazetteer, seed: int) -> Ground:
    """Read the places (two seconds) and draw the variants."""
    places = sorted((p for p in gazetteer.all_places() if p.kind == "city"), key=lambda p: (p.country, p.id))
    population = np.array([max(place.population, 300) for place in places], dtype=float)
    cumulative = np.cumsum(population**_CROWDING)
    cumulative /= cumulative[-1]
    codes = sorted({place.country for place in places})
    number_of = {code: number for number, code in enumerate(codes)}
    of_country: dict[str, list[int]] = {code: [] for code in codes}
    for index, place in enumerate(places):
        of_country[place.country].append(index)
    countries = []
    for code in codes:
        indexes = of_country[code]
        first = float(cumulative[indexes[0] - 1]) if indexes[0] else 0.0
        best = sorted((places[index] for index in indexes), key=lambda place: (-place.population, place.id))
        countries.append(_country(gazetteer, code, best, first, float(cumulative[indexes[-1]])))
    types, type_cumulative = _types(random.Random(seed))  # noqa: S311 - a world to measure with, no secret
    return Ground(
        ids=[place.id for place in places],
        names=[_clean(place.name) for place in places],
        latin_names=[latin_names([place.name]) for place in places],
        regions=[_clean(place.region) if place.region else NULL for place in places],
        zones=[place.time_zone for place in places],
        country_of=[number_of[place.country] for place in places],
        lon=np.array([place.lon for place in places]),
        lat=np.array([place.lat for place in places]),
        spread_km=0.03 * population**0.375,
        cumulative=cumulative,
        countries=countries,
        types=types,
        type_cumulative=type_cumulative,
    )


def _clean(text: str) -> str:
    # The text form of COPY gives these a meaning of their own.
    return " ".join(text.replace("\\", " ").split())


def _country(gazetteer: Gazetteer, code: str, best: list[Place], first: float, last: float) -> CountryDraw:
    languages = languages_of(code)
    cities: dict[str, tuple[Pair, ...]] = {}
    for language in set(languages):
        known = load_languages()[language]
        if known.is_latin:
            cities[language] = tuple((name, name) for name in (_clean(place.name) for place in best[:400]))
            continue
        # Japanese cities are written in Han characters alone.
        scripts = {known.script, "Hani"} if known.script == "Jpan" else {known.script}
        pairs = []
        for place in best[:_NAMED_LOCALLY]:
            local = next((name for name in gazetteer.names(place.id) if script_of(name) in scripts), None)
            if local:
                pairs.append((_clean(local), _clean(place.name)))
        cities[language] = tuple(pairs) or ((_clean(best[0].name),) * 2,)
    return CountryDraw(code, first, last, languages, phonenumbers.country_code_for_region(code) or 1, cities)


def _types(rng: random.Random) -> tuple[list[TypeDraw], Array]:
    raw = tomllib.loads((Path(__file__).parent / "shares.toml").read_text(encoding="utf-8"))
    pools = raw.pop("pools")
    types, shares = [], []
    for code, known in load_codes().types.items():
        entry = raw.get(code, {"share": 1, "names": "other", "some": [0, 2], "pool": "broad"})
        pool = pools[entry["pool"]]
        inpatient = known.group == "hospital"
        types.append(
            TypeDraw(
                code=code,
                kind=known.provider_kind or "organisation",
                names=entry["names"],
                labels={lang: known.label(lang) for lang in LANGUAGES},
                specialties=tuple(_specialties(rng, pool, *entry["some"]) for _ in range(_VARIANTS)),
                agreements=tuple(_agreements(rng, inpatient=inpatient) for _ in range(_VARIANTS)),
            )
        )
        shares.append(entry["share"])
    total = sum(shares)
    return types, np.array([part / total for part in accumulate(shares)])


def _specialties(rng: random.Random, pool: list[str], least: int, most: int) -> tuple[str, ...]:
    count = min(rng.randint(least, most), len(pool))
    weights = [1 / (1 + place / 3) for place in range(len(pool))]
    chosen: dict[str, None] = {}
    while len(chosen) < count:
        chosen[rng.choices(pool, weights)[0]] = None
    return tuple(chosen)


def _agreements(rng: random.Random, *, inpatient: bool) -> tuple[str, ...]:
    """One to three networks with the agreements of each: in force, suspended, ended, or yet to begin."""
    share = _IN_NETWORK | ({"emergency": 45} if inpatient else {})
    networks = [network for network, of_hundred in share.items() if rng.randrange(100) < of_hundred][:3]
    rows: list[str] = []
    for network in networks or ["worldwide"]:
        rows += _agreements_in(rng, network, inpatient=inpatient)
    return tuple(rows)


def _agreements_in(rng: random.Random, network: str, *, inpatient: bool) -> list[str]:
    began = REFERENCE_DAY - timedelta(days=rng.randrange(60, 4000))
    lot = rng.randrange(100)
    if lot < 4:
        return [_agreement(rng, network, f"[{FAR_FUTURE + timedelta(days=rng.randrange(900))},)", "active", inpatient)]
    if lot < 9:
        ended = began + timedelta(days=rng.randrange(30, 2000))
        return [_agreement(rng, network, f"[{began},{min(ended, REFERENCE_DAY)})", "ended", inpatient)]
    status = "suspended" if lot < 13 else "active"
    rows = [_agreement(rng, network, f"[{began},)", status, inpatient)]
    if lot > 94:
        # An earlier agreement on other terms, ended before this one began.
        earlier = began - timedelta(days=rng.randrange(200, 2000))
        rows.insert(0, _agreement(rng, network, f"[{earlier},{began})", "ended", inpatient))
    return rows


def _agreement(rng: random.Random, network: str, period: str, status: str, inpatient: bool) -> str:
    outpatient = rng.choices(("card", "guarantee_letter", "none"), (50, 15, 35))[0]
    stay = rng.choices(("card", "guarantee_letter", "none"), (15, 75, 10))[0] if inpatient else "none"
    tariff = "t" if rng.random() < (0.9 if network == "essential" else 0.45) else "f"
    notice = rng.choice((NULL, NULL, "1", "2", "5", "14"))
    return "\t".join((network, period, status, outpatient, stay, tariff, notice))
