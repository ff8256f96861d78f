"""Draws the listings of a synthetic world, a portion at a time, as rows in the text form of COPY.

A portion depends on the ground, the seed and its own number alone, so any process may draw any of them.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple, TypeVar

import numpy as np

from directory.synth.ground import NULL, REFERENCE_DAY, CountryDraw, Ground, TypeDraw
from directory.synth.languages import Language, load_languages
from geodata.text import latin_names, sort_key

PORTION = 10_000
T = TypeVar("T")
SOURCE = "synth"
# The tables of a portion in the order in which rows refer to each other, with the columns that are written.
TABLES = {
    "provider": "id, kind, name, lang, script, sort_name, latin_names",
    "provider_name": "provider_id, position, text, lang, script",
    "location": "id, address, postal_code, city, latin_city, region, country, place_id, point, precision, time_zone,"
    " phones, email, website",
    "listing": "id, provider_id, location_id, type, status, status_reason, revision, languages, hours, verified_on,"
    " source, external_id",
    "listing_specialty": "listing_id, specialty, position",
    "agreement": "listing_id, network, period, status, outpatient, inpatient, tariff, notice_days",
}

_HOURS = (
    NULL,
    NULL,
    "24/7",
    "Mo-Fr 08:00-17:00",
    "Mo-Sa 09:00-19:00",
    "Mo-Fr 09:00-12:30,14:00-18:00",
    "Mo-Su 07:00-22:00",
)
_ALSO_SPOKEN: tuple[tuple[str, ...], ...] = ((), (), (), ("en",), ("en",), ("en", "fr"), ("fr",), ("es",), ("ar",))
_KM_PER_DEGREE = 111.195


class _Drawn(NamedTuple):
    """What a listing is written from. `lot` and `other` are random bits: each draw takes some of its own."""

    id: int
    provider: int
    country: CountryDraw
    type: TypeDraw
    language: Language
    place: int
    lon: float
    lat: float
    lot: int
    other: int


def draw_portion(ground: Ground, seed: int, number: int, count: int) -> dict[str, bytes]:
    """`count` listings, numbered from `number * PORTION + 1`; a provider's id is that of its first listing."""
    rng = np.random.default_rng([seed, number])
    provider_of = _draw_providers(rng, count)
    places = _draw_places(rng, ground, provider_of)
    types = np.searchsorted(ground.type_cumulative, rng.random(count))[provider_of].tolist()
    lon, lat = _draw_points(rng, ground, places)
    lots = rng.integers(0, 1 << 60, size=(count, 2)).tolist()
    lines: dict[str, list[str]] = {table: [] for table in TABLES}
    known = load_languages()
    language, name = known["en"], ""
    first_id = number * PORTION + 1
    rows = zip(provider_of.tolist(), places.tolist(), types, lon, lat, lots, strict=True)
    for position, (head, place, type_number, x, y, (lot, other)) in enumerate(rows):
        country, type_ = ground.countries[ground.country_of[place]], ground.types[type_number]
        if head == position:
            language = known[country.languages[lot % len(country.languages)]]
        drawn = _Drawn(first_id + position, first_id + head, country, type_, language, place, x, y, lot, other)
        if head == position:
            name = _write_provider(lines, drawn, ground.names[place])
        lines["location"].append(_location(ground, drawn, name))
        _write_listing(lines, drawn)
    return {table: "".join(of_table).encode() for table, of_table in lines.items()}


def _draw_providers(rng: np.random.Generator, count: int) -> Any:
    """For each listing the position of its provider's first one: most have one location, chains two to thirty."""
    sizes = np.where(rng.random(count) < 0.05, 1 + np.minimum(rng.geometric(0.22, count), 29), 1)
    starts = np.cumsum(sizes) - sizes
    return np.repeat(starts, sizes)[:count]


def _draw_places(rng: np.random.Generator, ground: Ground, provider_of: Any) -> Any:
    """A place for each listing; a chain stays in the country of its first location."""
    count = len(provider_of)
    homes = np.searchsorted(ground.cumulative, rng.random(count))[provider_of]
    first, last = (
        np.array([getattr(country, end) for country in ground.countries])[np.array(ground.country_of)[homes]]
        for end in ("first", "last")
    )
    # Just inside the stretch, lest rounding reach the next country.
    within = first + (last - first) * (1e-9 + rng.random(count) * (1 - 2e-9))
    return np.where(provider_of == np.arange(count), homes, np.searchsorted(ground.cumulative, within))


def _draw_points(rng: np.random.Generator, ground: Ground, places: Any) -> tuple[list[float], list[float]]:
    """Around the place's centre, thinning out with distance; metres matter to nobody here, so six decimals."""
    spread = ground.spread_km[places] / _KM_PER_DEGREE
    lat = np.clip(ground.lat[places] + rng.normal(size=len(places)) * spread, -89.9, 89.9)
    lon = ground.lon[places] + rng.normal(size=len(places)) * spread / np.cos(np.radians(lat))
    return (np.round((lon + 540) % 360 - 180, 6).tolist(), np.round(lat, 6).tolist())


def _write_provider(lines: dict[str, list[str]], drawn: _Drawn, own_town: str) -> str:
    """Writes the provider; returns its name in Latin letters."""
    language, lot = drawn.language, drawn.lot
    given, family, word = (
        _pick(language.parts[part], lot >> shift) for part, shift in (("given", 8), ("family", 14), ("word", 21))
    )
    pattern = _pick(language.patterns[drawn.type.names], lot >> 3)
    # Half are named after their own town where the script allows it, the others after a better known one.
    own = language.is_latin and lot >> 7 & 1
    town = (own_town, own_town) if own else _pick(drawn.country.cities[language.code], lot >> 34)
    labels = drawn.type.labels
    label = labels.get(language.code, labels["en"]), labels["en"]
    number = 1 + (lot >> 28) % 60

    def write(side: int, label: str) -> str:
        return pattern[side].format(
            given=given[side], family=family[side], word=word[side], city=town[side], number=number, label=label
        )

    name = write(1, label[0] if language.is_latin else label[1])
    lang = language.code if language.is_latin else "en"
    names = [name]
    if not language.is_latin:
        local = write(0, label[0])
        names.append(local)
        lines["provider_name"].append(f"{drawn.id}\t0\t{local}\t{language.code}\t{language.script}\n")
    lines["provider"].append(
        f"{drawn.id}\t{drawn.type.kind}\t{name}\t{lang}\tLatn\t{sort_key(name)}\t{latin_names(names)}\n"
    )
    return name


def _pick(choices: Sequence[T], lot: int) -> T:
    return choices[lot % len(choices)]


def _location(ground: Ground, drawn: _Drawn, name: str) -> str:
    place, lot, parts = drawn.place, drawn.other, drawn.language.parts
    street = drawn.language.street.format(
        family=_pick(parts["family"], lot)[0], word=_pick(parts["word"], lot >> 5)[0], number=1 + (lot >> 10) % 240
    )
    known, digits = (lot >> 20) % 100, lot >> 27
    point, precision = f"SRID=4326;POINT({drawn.lon} {drawn.lat})", "exact"
    if known < 3:
        point, precision = NULL, NULL
    elif known < 8:
        point, precision = f"SRID=4326;POINT({ground.lon[place]} {ground.lat[place]})", "place"
    phones = f"{{+{drawn.country.calling_code}{20_000_000 + digits % 79_999_999}}}" if lot % 10 else "{}"
    email = website = NULL
    if digits % 5 == 0:
        # example.org is set aside for such things (RFC 2606).
        slug = "-".join(sort_key(name).split()[:3])
        email, website = f"info@{slug}.example.org", f"https://{slug}.example.org"
    postal = str(10_000 + digits % 89_999) if digits % 3 else NULL
    return (
        f"{drawn.id}\t{street}\t{postal}\t{ground.names[place]}\t{ground.latin_names[place]}\t{ground.regions[place]}\t{drawn.country.code}\t"
        f"{ground.ids[place]}\t{point}\t{precision}\t{ground.zones[place]}\t{phones}\t{email}\t{website}\n"
    )


def _write_listing(lines: dict[str, list[str]], drawn: _Drawn) -> None:
    id_, lot, other = drawn.id, drawn.lot, drawn.other
    chance = (other >> 30) % 1000
    status, reason = "active", NULL
    if chance < 20:
        status, reason = "suspended", "Accreditation under review"
    elif chance < 35:
        status, reason = "retired", "Closed"
    spoken = ",".join(sorted({drawn.language.code, *_pick(_ALSO_SPOKEN, other >> 40)}))
    verified = str(REFERENCE_DAY - timedelta(days=(other >> 44) % 900)) if chance % 3 else NULL
    lines["listing"].append(
        f"{id_}\t{drawn.provider}\t{id_}\t{drawn.type.code}\t{status}\t{reason}\t1\t{{{spoken}}}\t"
        f"{_pick(_HOURS, other >> 36)}\t{verified}\t{SOURCE}\t{id_}\n"
    )
    specialties = _pick(drawn.type.specialties, lot >> 40)
    lines["listing_specialty"] += [f"{id_}\t{code}\t{position}\n" for position, code in enumerate(specialties)]
    lines["agreement"] += [f"{id_}\t{terms}\n" for terms in _pick(drawn.type.agreements, lot >> 49)]
