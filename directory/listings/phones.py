"""Telephone numbers as files have them: several in a cell, with labels and extensions, each country's way of writing.

A number is kept as E.164, and its extension as RFC 3966 writes one: `+16502530000;ext=136`.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

import phonenumbers

from geodata.text import fold, fold_digits

_E164 = re.compile(r"\+[1-9][0-9]{7,14}")
# RFC 3966 has a semicolon before the extension; any other parts two values, as in every cell.
_BETWEEN_VALUES = re.compile(r"\s*(?:;(?!\s*ext\b)|[؛|\n\r])\s*", re.IGNORECASE)
_WORD = re.compile(r"([^\W\d_]+)")
_FAX = frozenset(map(fold, ("fax", "faks", "télécopie", "telefax", "téléfax", "فاكس", "الفاكس", "فاکس")))
_TELEPHONE = frozenset(
    map(fold, ("tel", "tél", "telephone", "téléphone", "teléfono", "telefono", "phone", "ph", "هاتف", "تلفون"))
)
_EXTENSION_WORDS = "x ext extn extension poste int interno extensión anexo ramal تحويلة تحويله داخلي وصلة"
_EXTENSION = frozenset(map(fold, _EXTENSION_WORDS.split()))
# "1-800-FLOWERS"
_VANITY = re.compile(r"[+\d(][\d\s().-]*-[A-Z\d-]*[A-Z]{3}[A-Z\d-]*")
_EXTENSION_DIGITS = re.compile(r"[^\d+(]*(\d{1,7})(?!\d)")
# "Tel 1: 0722123456"
_NUMBERING = re.compile(r"^\d(?:\s*[:)]|\.\s)\s*(?=[\d+(])")
_BETWEEN_NUMBERS = re.compile(r"\s*[,،&]\s*|\s+/\s+|(?<=[\d)])\s*(?=\+)")
_BETWEEN_GROUPS = re.compile(r"[\s./-]+")
# "+254", "00254", "+00 254", "(00254)": two noughts are dialled for the plus in most countries, and understood of all.
_INTERNATIONAL = re.compile(r"[\s(]*(?:\++\s*(?:00)?|00)\s*(?=[1-9])")
# A cell with more groups of digits than this is no list of numbers.
_MOST_GROUPS = 16
_LEAST_DIGITS = 6


class Phones(NamedTuple):
    """What a cell says: numbers, each once; what could not be read; and the numbers of fax machines."""

    numbers: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    faxes: tuple[str, ...] = ()


@lru_cache(maxsize=16_384)
def parse_phones(cell: str, country: str) -> Phones:
    """The numbers of a cell; those without an international prefix are numbers of `country` (alpha-2)."""
    if _E164.fullmatch(cell) and (number := _read_number(cell, country)):
        return Phones((number,))
    reading = _Reading(country)
    for value in _BETWEEN_VALUES.split(_plain(cell)):
        reading.read(value.strip())
    return Phones(*(tuple(dict.fromkeys(each)) for each in (reading.numbers, reading.unread, reading.faxes)))


def _plain(cell: str) -> str:
    """The cell with one kind of digit, dash and space, and without invisible marks."""
    if cell.isascii():
        return cell
    text = re.sub("[\u2010-\u2015\u2212]", "-", fold_digits(unicodedata.normalize("NFKC", cell)))
    text = "".join(char for char in text if unicodedata.category(char) != "Cf")
    return re.sub(r"[^\S\n]", " ", text)


class _Reading:
    """One cell while it is read."""

    def __init__(self, country: str) -> None:
        self.country = country
        self.numbers: list[str] = []
        self.unread: list[str] = []
        self.faxes: list[str] = []
        self.written = ""  # the last number, as it stands in the cell

    def read(self, value: str) -> None:
        """One value: numbers with words before, between and behind them; words alone, or "FLOWERS", are unread."""
        pieces = _WORD.split(value)
        if len(pieces) == 1:
            self.read_digits(value, self.numbers)
            return
        if _VANITY.fullmatch(value) and (number := _read_number(value, self.country)):
            self.numbers.append(number)
            return
        before = len(self.numbers) + len(self.faxes) + len(self.unread)
        self.read_labelled(pieces)
        if len(self.numbers) + len(self.faxes) + len(self.unread) == before:
            self.unread.append(value)

    def read_labelled(self, pieces: list[str]) -> None:
        """Pieces that take turns: what has no letter, a word, what has no letter, …"""
        labels: set[str] = set()
        for place, piece in enumerate(pieces):
            if place % 2:
                labels.add(fold(piece))
                continue
            if place and piece.startswith(")") and pieces[place - 2].endswith("("):
                self.label_last(labels)  # "020 2723450 (Fax), 020 2722160 (Tel)"
                labels.clear()
            digits = self.take_extension(piece) if labels & _EXTENSION else piece
            if any(map(str.isdigit, digits)):
                self.read_digits(digits, self.faxes if _is_fax(labels) else self.numbers)
                labels.clear()
            elif digits != piece:
                labels.clear()
        self.label_last(labels)

    def label_last(self, labels: set[str]) -> None:
        if _is_fax(labels) and self.numbers:
            self.faxes.append(self.numbers.pop())

    def take_extension(self, piece: str) -> str:
        """Give the last number its extension; what is left of the piece."""
        extension = _EXTENSION_DIGITS.match(piece)
        if not extension or not self.numbers or ";" in self.numbers[-1]:
            return piece
        self.numbers[-1] += f";ext={extension[1]}"
        return piece[extension.end() :]

    def read_digits(self, text: str, into: list[str]) -> None:
        """Numbers without letters, which commas, slashes, a plus or mere spaces part."""
        text = _NUMBERING.sub("", text.strip(" \t.,:;/&-=#*'\""))
        if not text.strip(" ()"):
            return
        number = _read_number(text, self.country)
        if number and (";" not in number or "#" in text):  # the library takes a comma for the pause before an extension
            into.append(number)
            self.written = text
            return
        for part in _BETWEEN_NUMBERS.split(text):
            numbers = [number] if (number := _read_number(part, self.country)) else _read_groups(part, self.country)
            if numbers:
                into += numbers
                self.written = part
            else:
                self.read_endings(part, into)

    def read_endings(self, text: str, into: list[str]) -> None:
        """ "020 2722160/61", "020 2722160/2722199": other numbers of the same exchange, written by their ends."""
        known = len(into)
        for part in map(str.strip, text.split("/")):
            number = _read_number(part, self.country) or (self.complete(part, into[-1]) if into else None)
            if number:
                into.append(number)
                self.written = part if len(part) >= len(self.written) else self.written
            elif len(into) > known:
                self.unread.append(part)
            elif text.strip(" ()"):
                self.unread.append(text)
                return

    def complete(self, part: str, before: str) -> str | None:
        """The number that ends so and otherwise is the one before: one or two digits, or as many as it ended with."""
        ending = re.sub(r"[\s.-]", "", part)
        ends = accumulate(len(group) for group in reversed(re.findall(r"\d+", self.written)))
        if not ending.isdecimal() or ";" in before or (len(ending) > 2 and len(ending) not in ends):
            return None
        return _read_number(before[: -len(ending)] + ending, self.country)


def _is_fax(labels: set[str]) -> bool:
    """ "Tel/Fax: …" is both, and so a telephone."""
    return bool(labels & _FAX) and not labels & _TELEPHONE


def _read_groups(text: str, country: str) -> list[str]:
    """The numbers that groups of digits make, with nothing but space between them: "0722123456 0733654321".

    They must all be valid, and begin as numbers do or have one length: a wrong number is not two right ones.
    """
    groups = [group for group in _BETWEEN_GROUPS.split(text) if group]
    if not 1 < len(groups) <= _MOST_GROUPS:
        return []
    best: dict[int, list[tuple[str, str]]] = {0: []}
    for end in range(1, len(groups) + 1):
        ways = list(_ways_to(end, groups, best, country))
        if ways:
            best[end] = min(ways, key=len)
    reading = best.get(len(groups), [])
    lengths = {sum(map(str.isdigit, written)) for written, _ in reading}
    alike = len(lengths) == 1 or all(re.match(r"[+0(]", written) for written, _ in reading)
    return [number for _, number in reading] if alike and min(lengths, default=0) >= _LEAST_DIGITS else []


def _ways_to(
    end: int, groups: list[str], best: dict[int, list[tuple[str, str]]], country: str
) -> Iterator[list[tuple[str, str]]]:
    for start in range(end):
        if start in best:
            written = " ".join(groups[start:end])
            if number := _read_number(written, country):
                yield [*best[start], (written, number)]


def _read_number(text: str, country: str) -> str | None:
    """One number, as it is kept; None when it is no valid one."""
    if _E164.fullmatch(text) and (whole := _whole_number(text)):
        return text if phonenumbers.is_valid_number(whole) else None
    if prefix := _INTERNATIONAL.match(text):
        if number := _by_library(f"+{text[prefix.end() :]}", country):
            return number
    elif text.startswith("+"):
        text = text[1:]  # "+0722 123456" is a number of the country
    return _by_library(text, country)


def _by_library(text: str, country: str) -> str | None:
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    e164 = str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    return f"{e164};ext={number.extension}" if number.extension else e164


def _whole_number(text: str) -> phonenumbers.PhoneNumber | None:
    """A number that is written as it is kept, or None where the library must look closer, which takes it much longer.

    It does where the national part may begin with a prefix that is only dialled within the country ("+44 0…").
    """
    for digits in (1, 2, 3):
        code, national = int(text[1 : 1 + digits]), text[1 + digits :]
        if code in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
            prefix = _national_prefix(code)
            if national[0] == "0" or (prefix and prefix.match(national)):
                return None
            return phonenumbers.PhoneNumber(country_code=code, national_number=int(national))
    return None


@lru_cache(maxsize=512)
def _national_prefix(calling_code: int) -> re.Pattern[str] | None:
    region = phonenumbers.region_code_for_country_code(calling_code)
    known = phonenumbers.PhoneMetadata.metadata_for_region_or_calling_code(calling_code, region)
    return re.compile(known.national_prefix_for_parsing) if known and known.national_prefix_for_parsing else None
