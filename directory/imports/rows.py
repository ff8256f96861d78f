"""A row of the file, understood: facts by the tables' own names, warnings, or the faults that set it aside.

Facts hold only what the row says: a column that the file lacks has no key, so an update leaves that fact alone.
"""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, TypeVar, cast

from rapidfuzz import fuzz, process

from directory.imports.cells import is_no_id, read_cells
from directory.imports.columns import COLUMNS, Cells, RowFault
from directory.imports.noticing import RowWarning
from directory.listings.hours import parse_hours
from directory.listings.phones import parse_phones
from directory.listings.placing import Placer
from directory.listings.values import (
    clean_line,
    parse_address,
    parse_date,
    parse_each,
    parse_email,
    parse_kind,
    parse_notice_days,
    parse_settlement,
    parse_text,
    parse_website,
    parse_yes_no,
    quoted,
    split_values,
)
from directory.vocabulary.codes import Codes, UnknownCode
from directory.vocabulary.file_words import load_file_words
from directory.vocabulary.languages import parse_language
from geodata.countries import load_countries
from geodata.country_names import read_country
from geodata.text import fold, script_of, sort_key

Value = TypeVar("Value")

# Raised when a row's cells come to mean something else, so that rows read by an older version are read anew.
VERSION = "2"
YEARS_AHEAD = 100
_parse_name = partial(parse_text, longest=300)
_parse_hours = partial(parse_text, longest=500)
# "2024-07-24", "24-Jul", "24 juil."
_DAY = re.compile(
    r"\d{4}[-/.]\d\d?[-/.]\d\d?(?:[T ][\d:.]+)?|\d\d?[-/. ][^\W\d_]{3,5}\.?(?:[-/. ]\d{2,4})?|\d\d?[/.]\d\d?[/.]\d{2,4}"
)
_UNIQUE_TEXTS = {
    "postal_code": partial(parse_text, longest=40),
    "city": partial(parse_text, longest=200),
    "region": partial(parse_text, longest=200),
}


@dataclass(slots=True)
class ParsedRow:
    """What one usable row says. `agreements` have no id and no status; `to` is the first day no longer in force."""

    line: int
    external_id: str
    provider: dict[str, Any] = field(default_factory=dict)
    names: list[dict[str, Any]] | None = None
    location: dict[str, Any] = field(default_factory=dict)
    listing: dict[str, Any] = field(default_factory=dict)
    specialties: list[str] | None = None
    agreements: list[dict[str, Any]] = field(default_factory=list)
    says_point: bool = False
    default_kind: str = "organisation"
    warnings: list[RowWarning] = field(default_factory=list)


class UnusableRow(Exception):
    """The row is set aside for these faults."""

    def __init__(self, faults: list[RowFault]) -> None:
        super().__init__("; ".join(f"{fault.column}: {fault.reason}" for fault in faults))
        self.faults = faults


def _remembering(parse: Callable[[str], Value]) -> Callable[[str], Value]:
    """`parse` that works out the meaning of a cell once, refusals included: a bad word tends to come in every row."""

    @lru_cache(maxsize=16_384)
    def attempt(cell: str) -> tuple[Value | None, str | None]:
        try:
            return parse(cell), None
        except ValueError as error:
            return None, str(error)

    def recall(cell: str) -> Value:
        value, reason = attempt(cell)
        if reason is not None:
            raise ValueError(reason)
        return cast("Value", value)

    return recall


class RowParser:
    """Turns cells into facts. Its `parse_` functions raise ValueError with what is allowed or near."""

    def __init__(self, codes: Codes, placer: Placer, today: dt.date, own_words: Path | None = None) -> None:
        self.placer = placer
        self._codes = codes
        self._words = load_file_words(codes, own_words)
        self._today = today
        self._networks = {
            fold(word): code.code for code in codes.networks.values() for word in (code.code, *code.labels.values())
        }
        self.parse_types = _remembering(self._parse_types)
        self.parse_country = _remembering(self._parse_country)
        self.parse_network = _remembering(self._parse_network)
        self._specialty = _remembering(self._parse_specialty)
        # Of a million rows few say something that none before them said.
        self.parse_specialties = lru_cache(maxsize=16_384)(self._parse_specialties)
        self.parse_languages = lru_cache(maxsize=16_384)(_parse_languages)
        self.read_terms = lru_cache(maxsize=16_384)(self._read_terms)

    def parse(self, line: int, cells: Cells) -> ParsedRow:
        """The row's facts. UnusableRow, with every fault of the row, when it cannot be used."""
        read, warnings = read_cells(cells)
        reading = _RowReading(self, line, read, cells)
        reading.row.warnings += warnings
        return reading.read()

    def _parse_specialties(self, cell: str) -> tuple[list[str], list[str]]:
        """The codes of a cell, and which of its values name none."""
        return parse_each(split_values(cell), self._specialty)

    def _read_terms(self, cells: Cells) -> tuple[list[dict[str, Any]], list[RowFault], list[RowWarning]]:
        """The agreements that the cells of _TERMS say, with faults and warnings, as if they stood alone on line 0."""
        row = (None,) * _TERMS.start + cells + (None,) * (len(COLUMNS) - _TERMS.stop)
        reading = _RowReading(self, 0, row, row)
        reading.read_agreements()
        return reading.row.agreements, reading.faults, reading.row.warnings

    def default_kind(self, type_code: str) -> str:
        """The kind of provider that this type usually is."""
        return self._codes.types[type_code].provider_kind or "organisation"

    def _parse_types(self, cell: str) -> list[str]:
        try:
            return self._words.parse_types(self._codes, cell)
        except UnknownCode as error:
            near = ", ".join(map(repr, error.nearest))
            hint = f"near to it are {near}" if near else f"allowed are {', '.join(self._codes.types)}"
            raise ValueError(f"{quoted(cell)} is no type; {hint}") from None

    def _parse_country(self, cell: str) -> str:
        if code := self._words.find("country", cell) or read_country(cell):
            return code
        names = {code: country.names["en"] for code, country in load_countries().items()}
        near = process.extract(cell, names, scorer=fuzz.WRatio, limit=3, score_cutoff=60)
        hint = f"; near to it are {', '.join(f'{name} ({code})' for name, _, code in near)}" if near else ""
        raise ValueError(
            f"{quoted(cell)} is no country; write an ISO 3166-1 code, or a name in English, French, Spanish or Arabic"
            f"{hint}"
        )

    def _parse_network(self, value: str) -> str:
        if own := self._words.find("network", value):
            return own
        try:
            return self._networks[fold(value)]
        except KeyError:
            raise ValueError(f"{quoted(value)} is no network; allowed are {', '.join(self._codes.networks)}") from None

    def _parse_specialty(self, value: str) -> str:
        if own := self._words.find("specialty", value):
            return own
        try:
            return self._codes.parse_specialty(value)
        except UnknownCode as error:
            raise ValueError(str(error)) from None

    def parse_past_date(self, cell: str) -> dt.date:
        """A date that has come; ValueError. Where the day begins first, it is tomorrow already."""
        day = parse_date(cell)
        if day > self._today + dt.timedelta(days=1):
            raise ValueError(f"{quoted(cell)} is in the future")
        return day

    def parse_term(self, cell: str) -> dt.date:
        """The first or last day of an agreement; ValueError. What programs write for "no end" is a day, too."""
        day = parse_date(cell)
        if day.year > self._today.year + YEARS_AHEAD and day != dt.date.max:
            raise ValueError(f"{quoted(cell)} is more than {YEARS_AHEAD} years ahead; leave it empty for no end")
        return day


def _parse_languages(cell: str) -> tuple[list[str], list[str]]:
    return parse_each(split_values(cell), parse_language)


_POSITION = {column: number for number, column in enumerate(COLUMNS)}
# What makes the agreements stands side by side.
_TERMS = slice(_POSITION["network"], _POSITION["effective_to"] + 1)


class _RowReading:
    """One row while it is read: collects faults and warnings, so that all are told at once."""

    def __init__(self, parser: RowParser, line: int, cells: Cells, written: Cells) -> None:
        self.parser = parser
        self.cells = cells
        self.written = written  # as they stand in the file
        self.row = ParsedRow(line, external_id_of(cells))
        self.faults: list[RowFault] = []

    def cell(self, column: str) -> str:
        return self.cells[_POSITION[column]] or ""

    def has(self, column: str) -> bool:
        return self.cells[_POSITION[column]] is not None

    def fault(self, column: str, reason: str) -> None:
        self.faults.append(RowFault(self.row.line, column, reason))

    def warn(self, kind: str, *cells: str) -> None:
        self.row.warnings += [RowWarning(kind, cell and quoted(cell)) for cell in cells]

    def required(self, column: str, parse: Callable[[str], Value]) -> Value | None:
        """The parsed cell; a fault and None when it is empty or cannot be parsed."""
        if not self.cell(column):
            written = self.written[_POSITION[column]]
            reason = f"{quoted(written)} stands for nothing" if written else "is empty"
            self.fault(column, f"{reason}; it must be given")
            return None
        return self.checked(column, parse)

    def checked(self, column: str, parse: Callable[[str], Value]) -> Value | None:
        try:
            return parse(self.cell(column))
        except ValueError as error:
            self.fault(column, str(error))
            return None

    def read(self) -> ParsedRow:
        if len(self.row.external_id) > 200:
            self.fault("external_id", f"has {len(self.row.external_id)} characters; at most 200 are allowed")
        self.read_names()
        if types := self.required("type", self.parser.parse_types):
            self.row.listing["type"] = types[0]
            self.row.default_kind = self.parser.default_kind(types[0])
            if len(types) > 1:
                self.warn("several_types", self.cell("type"))
        if self.cell("kind"):
            self.row.provider["kind"] = self.checked("kind", parse_kind)
        country = self.required("country", self.parser.parse_country)
        self.read_address()
        self.read_listing()
        agreements, faults, warnings = self.parser.read_terms(self.cells[_TERMS])
        self.row.agreements += agreements
        self.row.warnings += warnings
        self.faults += (replace(fault, line=self.row.line) for fault in faults)
        if self.faults or country is None:
            raise UnusableRow(self.faults)
        # Dearer than the rest, and of no use to a row that is set aside.
        self.read_contacts(country)
        self.read_place(country)
        return self.row

    def read_names(self) -> None:
        name = self.required("name", _parse_name)
        if not name:
            if self.cell("name") and not self.faults:
                self.fault("name", "holds no visible character")
            return
        lang = None
        if self.cell("name_lang"):
            try:
                lang = parse_language(self.cell("name_lang"))
            except ValueError:
                self.warn("dropped_language", self.cell("name_lang"))
        local = self.checked("name_local", _parse_name) if self.cell("name_local") else None
        if local == name:
            local = None
        self.row.provider |= {"name": name, "script": script_of(name), "sort_name": sort_key(name)}
        if self.has("name_lang"):
            self.row.provider["lang"] = None if local else lang
        if self.has("name_local"):
            self.row.names = [{"text": local, "lang": lang, "script": script_of(local)}] if local else []

    def read_address(self) -> None:
        if self.has("address"):
            self.row.location["address"] = self.checked("address", parse_address)
        for column, parse in _UNIQUE_TEXTS.items():
            if self.has(column):
                self.row.location[column] = self.checked(column, parse) if self.cell(column) else None

    def read_listing(self) -> None:
        if self.has("specialties"):
            specialties, unknown = self.parser.parse_specialties(self.cell("specialties"))
            self.row.specialties = list(specialties)
            self.warn("unknown_specialty", *unknown)
        if self.has("languages"):
            languages, unknown = self.parser.parse_languages(self.cell("languages"))
            self.row.listing["languages"] = list(languages)
            self.warn("dropped_language", *unknown)
        if self.has("hours"):
            self.read_hours()
        if self.has("verified_on"):
            day = self.checked("verified_on", self.parser.parse_past_date) if self.cell("verified_on") else None
            self.row.listing["verified_on"] = day.isoformat() if day else None

    def read_hours(self) -> None:
        """Hours are kept as they were written, understood or not; a day is what a spreadsheet makes of "24/7"."""
        hours = self.checked("hours", _parse_hours)
        if hours and parse_hours(hours) is None:
            self.warn("unclear_hours", hours)
            hours = None if _DAY.fullmatch(hours) else hours
        self.row.listing["hours"] = hours

    def read_contacts(self, country: str) -> None:
        location = self.row.location
        if self.has("phone"):
            phones = parse_phones(self.cell("phone"), country)
            location["phones"] = list(phones.numbers)
            if phones.unread or phones.faxes:
                self.warn("dropped_phone", *phones.unread)
                self.warn("dropped_fax", *phones.faxes)
        for column, parse in (("email", parse_email), ("website", parse_website)):
            if not self.has(column):
                continue
            parsed, failed = parse_each(split_values(self.cell(column)), parse)
            location[column] = parsed[0] if parsed else None
            if failed and not parsed:
                self.warn(f"dropped_{column}", failed[0])

    def read_place(self, country: str) -> None:
        location = self.row.location
        placing = self.parser.placer.locate(
            country, self.cell("lat"), self.cell("lon"), location.get("city"), location.get("region")
        )
        self.row.says_point = self.has("lat") or self.has("lon")
        location |= {
            "country": country,
            "lat": placing.point.lat if placing.point else None,
            "lon": placing.point.lon if placing.point else None,
            "precision": placing.precision,
            "place_id": placing.place.id if placing.place else None,
            "time_zone": placing.place.time_zone if placing.place else None,
        }
        for kind in placing.warnings:
            about_city = kind in ("placed_by_city", "without_point")
            self.warn(kind, self.cell("city") if about_city else f"{self.cell('lat')} {self.cell('lon')}".strip())

    def read_agreements(self) -> None:
        names = split_values(self.cell("network"))
        terms: dict[str, Any] = {}
        for setting in ("outpatient", "inpatient"):
            if self.has(setting):
                terms[setting] = self.checked(setting, parse_settlement)
                if not names and terms[setting] not in (None, "none"):
                    self.fault(setting, "a settlement without a network; name the network, or write none")
        if self.has("tariff"):
            terms["tariff"] = self.checked("tariff", parse_yes_no)
        if self.has("notice_days"):
            terms["notice_days"] = self.checked("notice_days", parse_notice_days)
        terms |= self.read_period()
        if not names:
            if any(terms.get(term) not in (None, False, "none") for term in terms):
                self.row.warnings.append(RowWarning("terms_without_network"))
            return
        for name in names:
            try:
                self.row.agreements.append({"network": self.parser.parse_network(name), **terms})
            except ValueError as error:
                self.fault("network", str(error))

    def read_period(self) -> dict[str, str | None]:
        period: dict[str, str | None] = {}
        begins = self.checked("effective_from", self.parser.parse_term) if self.cell("effective_from") else None
        ends = self.checked("effective_to", self.parser.parse_term) if self.cell("effective_to") else None
        if begins and ends and ends < begins:
            self.fault("effective_to", f"{ends} is before effective_from, {begins}")
        if self.has("effective_from"):
            period["from"] = begins.isoformat() if begins else None
        if self.has("effective_to"):
            # The last day in force; a period leaves its end out.
            period["to"] = (ends + dt.timedelta(days=1)).isoformat() if ends and ends < dt.date.max else None
        return period


def external_id_of(cells: Cells) -> str:
    """What the row is known by within its source; empty when it lacks one, or says only that it has none."""
    external_id = clean_line(cells[_POSITION["external_id"]] or "")
    return "" if is_no_id(external_id) else external_id
