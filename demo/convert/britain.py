"""Pharmacies and hospitals of the National Health Service in England."""

import re
from collections.abc import Iterable, Iterator

from demo.convert.cleaning import (
    coordinate,
    join_address,
    mail_address,
    phones,
    proper_case,
    tidy,
    web_address,
)
from demo.convert.form import Raw, Row, listing
from demo.convert.words import specialties_said

_COUNTY = re.compile(
    r".+shire|kent|surrey|essex|devon|cornwall|norfolk|suffolk|dorset|somerset|cumbria|middlesex|merseyside|avon"
    r"|(east|west|north|south) (sussex|midlands|yorkshire)|sussex|west midlands|greater (london|manchester)"
    r"|(co\.?|county) durham|tyne (and|&) wear|cleveland|humberside|isle of wight|rutland|northumberland|hants|herts"
    r"|lancs",
    re.IGNORECASE,
)
# "RockferryBirkenhead": two lines that lost what was between them.
_RUN_TOGETHER = re.compile(r"(?<=[a-z]{3})(?=[A-Z][a-z]{3})")


def _town_and_county(lines: list[str]) -> tuple[list[str], str, str]:
    """(street lines, town, county): the town is the last line that is not a county."""
    county = lines.pop() if len(lines) > 1 and _COUNTY.fullmatch(lines[-1]) else ""
    town = lines.pop() if len(lines) > 1 else ""
    return lines, ("" if any(char.isdigit() for char in town) else town), county


def convert_pharmacies(rows: Iterable[Raw]) -> Iterator[Row]:
    """The address fields hold anything in any order; town and county are told apart by the counties' names."""
    for raw in rows:
        parts = [_RUN_TOGETHER.sub("\n", proper_case(raw[f"address{n}"])).split("\n") for n in range(1, 5)]
        lines = [line for part in parts for line in part if line]
        street, town, county = _town_and_county(list(dict.fromkeys(lines)))
        yield listing(
            external_id=raw["code"],
            name=proper_case(raw["name"]),
            name_lang="en",
            type="pharmacy",
            address=join_address(*street),
            postal_code=tidy(raw["postcode"]),
            city=town,
            region=county,
            country="GB",
            phone=phones(raw["phone"]),
            lat=coordinate(raw["lat"]),
            lon=coordinate(raw["lon"]),
        )


def convert_hospitals(rows: Iterable[Raw]) -> Iterator[Row]:
    """Hospitals and treatment centres, public and independent."""
    for raw in rows:
        name = tidy(raw["OrganisationName"])
        specialties = list(specialties_said(name))
        psychiatric = raw["SubType"] == "Mental Health Hospital"
        yield listing(
            external_id=raw["OrganisationID"],
            name=name,
            name_lang="en",
            type="psychiatric_hospital" if psychiatric else "hospital",
            specialties=["psychiatry", *specialties] if psychiatric else specialties,
            address=join_address(raw["Address1"], raw["Address2"], raw["Address3"]),
            postal_code=tidy(raw["Postcode"]),
            city=tidy(raw["City"]),
            region=tidy(raw["County"]),
            country="GB",
            phone=phones(raw["Phone"]),
            email=mail_address(raw["Email"]),
            website=web_address(raw["Website"]),
            lat=coordinate(raw["Latitude"]),
            lon=coordinate(raw["Longitude"]),
        )
