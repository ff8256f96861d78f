"""Single cells: what a text means as a name, date, number, phone, address on the net, language or settlement.

Each `parse_` function raises ValueError with a message that says what was wrong and what is allowed.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TypeVar

import phonenumbers

from directory.models import Kind, Settlement
from geodata.text import fold

Value = TypeVar("Value")

_BETWEEN_VALUES = re.compile("[;；؛]")
_BETWEEN_PHONES = re.compile("[,،/|\n]")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_EMAIL = re.compile(r"[^\s@<>()\[\],;:\"\\]{1,64}@(?:[\w-]{1,63}\.)+[^\W\d_][\w-]{1,62}")
_WEBSITE = re.compile(
    r"(?:(https?)://)?((?:[\w-]{1,63}\.)+[^\W\d_][\w-]{1,62}(?::\d{1,5})?(?:[/?#]\S*)?)", re.IGNORECASE
)
_E164 = re.compile(r"\+[1-9][0-9]{7,14}")
_DEGREES = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")

_YES = frozenset(map(fold, ("true", "yes", "y", "1", "oui", "o", "vrai", "sí", "verdadero", "نعم", "صحيح", "x")))
_NO = frozenset(map(fold, ("false", "no", "n", "0", "non", "faux", "falso", "لا", "خطأ", "")))
_SETTLEMENTS = {
    fold(word): settlement
    for settlement, words in {
        Settlement.card: ("card", "by card", "membership card", "carte", "tarjeta", "بطاقة", "البطاقة"),
        Settlement.guarantee_letter: (
            "guarantee_letter", "letter", "letter of guarantee", "guarantee of payment", "GOP", "LOG",
            "lettre de garantie", "prise en charge", "lettre de prise en charge", "carta de garantía",
            "carta aval", "خطاب ضمان",
        ),
        Settlement.none: (
            "none", "", "no", "cash", "pay and claim", "pay then claim", "reimbursement", "self pay", "aucun", "aucune",
            "remboursement", "ninguno", "ninguna", "reembolso", "نقدا", "لا يوجد",
        ),
    }.items()
    for word in words
}  # fmt: skip
_KINDS = {
    fold(word): kind
    for kind, words in {
        Kind.organisation: ("organisation", "organization", "organización", "organizacion", "مؤسسة"),
        Kind.practitioner: ("practitioner", "praticien", "profesional", "ممارس"),
    }.items()
    for word in words
}


def quoted(cell: str) -> str:
    """The cell as messages show it: in quotes, and not longer than it takes to know it again."""
    return repr(cell if len(cell) <= 80 else f"{cell[:80]}…")


def split_values(cell: str) -> list[str]:
    """The values of a cell that may hold several, each once, in their order."""
    return list(dict.fromkeys(filter(None, (value.strip() for value in _BETWEEN_VALUES.split(cell)))))


def parse_each(values: Iterable[str], parse: Callable[[str], Value]) -> tuple[list[Value], int]:
    """What could be parsed, each once, and how many could not. "a, b" is tried as two values once it fails as one."""
    found: dict[Value, None] = {}
    failed = 0
    for value in values:
        try:
            found[parse(value)] = None
        except ValueError:
            parts = [part.strip() for part in re.split("[,،/]", value) if part.strip()]
            if len(parts) < 2:
                failed += 1
                continue
            for part in parts:
                try:
                    found[parse(part)] = None
                except ValueError:
                    failed += 1
    return list(found), failed


def clean_line(cell: str) -> str:
    """One line of text: composed characters, single spaces, nothing invisible but what joins letters."""
    text = cell if cell.isascii() else unicodedata.normalize("NFC", cell)
    if text.isprintable():
        # The only white space that counts as printable is the plain space.
        return text.strip() if "  " not in text else " ".join(text.split())
    # Joiners shape Persian and Indic words; other marks of format and control are leftovers of copying.
    text = "".join(
        char if char in "\u200c\u200d" or unicodedata.category(char) not in ("Cc", "Cf", "Co", "Cn", "Cs") else " "
        for char in text.replace("\u200b", "").replace("\ufeff", "").replace("\u200e", "").replace("\u200f", "")
    )
    return " ".join(text.split())


def parse_text(cell: str, longest: int) -> str | None:
    """A line of text of at most `longest` characters; None when it is empty."""
    text = clean_line(cell)
    if len(text) > longest:
        raise ValueError(f"has {len(text)} characters; at most {longest} are allowed")
    return text or None


def parse_address(cell: str) -> str | None:
    """An address of at most 500 characters; its lines are joined by commas."""
    return parse_text(", ".join(filter(None, (line.strip(" ,") for line in cell.splitlines()))), 500)


@lru_cache(maxsize=4096)
def parse_date(cell: str) -> dt.date:
    """ISO 8601 (a time of day is passed over), or day/month/year where the day is above 12 or equals the month."""
    text = fold_digits(cell)
    if match := _DAY_FIRST.fullmatch(text):
        day, month, year = map(int, match.groups())
        if day <= 12 and month <= 12 and day != month:
            raise ValueError(f"{quoted(cell)} may be read in two ways; write it as YYYY-MM-DD")
        if month > 12:
            day, month = month, day
    else:
        match = re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]\d\d:\d\d.*)?", text)
        if not match:
            raise ValueError(f"{quoted(cell)} is no date; write it as YYYY-MM-DD")
        year, month, day = map(int, match.groups())
    try:
        return dt.date(year, month, day)
    except ValueError as error:
        raise ValueError(f"{quoted(cell)} is no date: {error}; write it as YYYY-MM-DD") from None


def fold_digits(text: str) -> str:
    """The text with digits of every script as 0-9."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.digit(char)) if unicodedata.category(char) == "Nd" else char for char in text)


def parse_degrees(cell: str) -> float:
    """A coordinate in decimal degrees; a comma or the Arabic decimal sign may stand for the point."""
    if _DEGREES.fullmatch(cell):
        return float(cell)
    text = fold_digits(cell).replace("−", "-").replace("٫", ".").replace("\u200e", "").rstrip("°").strip()
    if text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    if not _DEGREES.fullmatch(text):
        raise ValueError(f"{quoted(cell)} is no number of decimal degrees")
    return float(text)


def parse_yes_no(cell: str) -> bool:
    """true or false in words of the four languages; empty is false."""
    word = fold(cell)
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise ValueError(f"{quoted(cell)} is neither true nor false; write true or false")


def parse_settlement(cell: str) -> str:
    """How the insurer pays, from its code or everyday words; empty is none."""
    try:
        return _SETTLEMENTS[fold(cell)].value
    except KeyError:
        raise ValueError(f"{quoted(cell)} is no settlement; allowed are card, guarantee_letter and none") from None


def parse_kind(cell: str) -> str:
    """organisation or practitioner."""
    try:
        return _KINDS[fold(cell)].value
    except KeyError:
        raise ValueError(f"{quoted(cell)} is not allowed; write organisation or practitioner") from None


def parse_notice_days(cell: str) -> int | None:
    """Whole days from 0 to 90; None when empty."""
    if not cell:
        return None
    text = fold_digits(cell)
    if not re.fullmatch(r"\d{1,3}(?:\.0+)?", text) or float(text) > 90:
        raise ValueError(f"{quoted(cell)} is not allowed; write whole days from 0 to 90")
    return int(float(text))


@lru_cache(maxsize=16_384)
def parse_phones(cell: str, country: str) -> tuple[tuple[str, ...], int]:
    """E.164 numbers of a cell, and how many of its values are no valid number of their country (alpha-2)."""
    phones: dict[str, None] = {}
    failed = 0
    for value in split_values(cell):
        if number := _phone(value, country):
            phones[number] = None
            continue
        parts = [part for part in _BETWEEN_PHONES.split(value) if part.strip()]
        for part in parts if len(parts) > 1 else ():
            if number := _phone(part, country):
                phones[number] = None
            else:
                failed += 1
        failed += len(parts) == 1
    return tuple(phones), failed


def _phone(text: str, country: str) -> str | None:
    if _E164.fullmatch(text) and (whole := _whole_number(text)):
        return text if phonenumbers.is_valid_number(whole) else None
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


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


def parse_email(cell: str) -> str:
    """A plain address of electronic mail."""
    text = clean_line(cell).removeprefix("mailto:")
    if len(text) > 254 or not _EMAIL.fullmatch(text):
        raise ValueError(f"{quoted(cell)} is no e-mail address")
    return text


def parse_website(cell: str) -> str:
    """An http or https address; one without a scheme is given https."""
    match = _WEBSITE.fullmatch(clean_line(cell))
    if not match or len(cell) > 500:
        raise ValueError(f"{quoted(cell)} is no web address; http and https addresses are allowed")
    return f"{(match[1] or 'https').lower()}://{match[2]}"
