"""New listings as blocks of text that COPY takes as they are: one of a form, or the thousands of a file.

An import puts them together where its rows are read, in processes that know no database.
"""

import struct
from collections.abc import Iterable
from typing import Any

from directory.listings.facts import Facts, latin_city, latin_names_of, period_of

# The tables in the order in which their rows refer to each other.
TABLES = {
    "provider": "id, kind, name, lang, script, sort_name, latin_names",
    "provider_name": "provider_id, position, text, lang, script",
    "location": "id, address, postal_code, city, latin_city, region, country, place_id, point, precision, time_zone,"
    " phones, email, website",
    "listing": "id, provider_id, location_id, type, status, languages, hours, verified_on, verified_by, source,"
    " external_id, import_hash",
    "listing_specialty": "listing_id, specialty, position",
    "agreement": "listing_id, network, period, status, outpatient, inpatient, tariff, notice_days",
}
# Ids of a new provider, its location and its listing.
Ids = tuple[int, int, int]

NULL = "\\N"
_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
# A point in the binary form that PostGIS prints: little endian, with SRID, 4326.
_POINT = "0101000020E6100000"
_pack_degrees = struct.Struct("<dd").pack


def build_blocks(source: str | None, new: Iterable[tuple[Ids, str | None, Facts]]) -> dict[str, bytes]:
    """The block of each table for new listings of one source, given as ids, external id and facts."""
    lines: dict[str, list[str]] = {table: [] for table in TABLES}
    source = as_text(source)
    for ids, external_id, facts in new:
        provider, location, listing = ids
        lines["provider"].append(_provider(provider, facts))
        lines["provider_name"] += [
            _line(provider, position, as_text(name["text"]), as_text(name["lang"]), name["script"])
            for position, name in enumerate(facts["names"])
        ]
        lines["location"].append(_location(location, facts["location"]))
        lines["listing"].append(_listing(ids, source, external_id, facts))
        lines["listing_specialty"] += [
            f"{listing}\t{specialty}\t{position}\n" for position, specialty in enumerate(facts["specialties"])
        ]
        lines["agreement"] += [_agreement(listing, agreement) for agreement in facts["agreements"]]
    return {table: "".join(of_table).encode() for table, of_table in lines.items()}


def _provider(id_: int, facts: Facts) -> str:
    provider = facts["provider"]
    names = latin_names_of(facts)
    return _line(
        id_,
        provider["kind"],
        as_text(provider["name"]),
        as_text(provider["lang"]),
        provider["script"],
        provider["sort_name"],
        names,
    )


def _location(id_: int, location: dict[str, Any]) -> str:
    point = NULL if location["lat"] is None else _POINT + _pack_degrees(location["lon"], location["lat"]).hex()
    return _line(
        id_,
        *map(as_text, (location["address"], location["postal_code"], location["city"])),
        latin_city(location),
        as_text(location["region"]),
        location["country"],
        NULL if location["place_id"] is None else location["place_id"],
        point,
        location["precision"] or NULL,
        location["time_zone"] or NULL,
        _array(location["phones"]),
        as_text(location["email"]),
        as_text(location["website"]),
    )


def _listing(ids: Ids, source: str, external_id: str | None, facts: Facts) -> str:
    provider, location, id_ = ids
    listing = facts["listing"]
    # The backslash of bytea's own \x is one that COPY reads.
    digest = f"\\\\x{facts['import_hash']}" if facts["import_hash"] else NULL
    return _line(
        id_,
        provider,
        location,
        listing["type"],
        listing["status"],
        _array(listing["languages"]),
        as_text(listing["hours"]),
        listing["verified_on"] or NULL,
        listing["verified_by"],
        source,
        as_text(external_id),
        digest,
    )


def _agreement(listing: int, agreement: dict[str, Any]) -> str:
    days = agreement["notice_days"]
    return _line(
        listing,
        agreement["network"],
        period_of(agreement),
        agreement["status"],
        agreement["outpatient"],
        agreement["inpatient"],
        "t" if agreement["tariff"] else "f",
        NULL if days is None else days,
    )


def _line(*values: str | int) -> str:
    return "\t".join(map(str, values)) + "\n"


def as_text(value: str | None) -> str:
    """A text, or none, as COPY reads it."""
    if value is None:
        return NULL
    # Four looks at a text cost half of what one pattern does.
    special = "\\" in value or "\t" in value or "\n" in value or "\r" in value
    return value.translate(_ESCAPES) if special else value


def _array(values: list[str]) -> str:
    """Phone numbers and language tags, which hardly ever hold quotes or backslashes."""
    if not values:
        return "{}"
    text = '","'.join(values)
    if "\\" in text or text.count('"') != 2 * len(values) - 2:
        text = '","'.join(value.replace("\\", r"\\").replace('"', r"\"") for value in values)
    return as_text(f'{{"{text}"}}')
