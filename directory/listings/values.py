"""Single cells: what a text means as a name, date, number, phone, address on the net, language or settlement.

Each `parse_` function raises ValueError with a message that says what was wrong and what is allowed.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TypeVar

from directory.models import Kind, Settlement
from geodata.text import fold, fold_digits

Value = TypeVar("Value")

_BETWEEN_VALUES = re.compile("[;；؛|｜•\r\n]")
# Joiners shape Persian and Indic words.
_JOINERS = "\u200c\u200d"
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_GREGORIAN = "write the day of the Gregorian calendar, as YYYY-MM-DD"
# The years that each counts in our days; they are told apart from ours by nothing else.
_CALENDARS = (
    (1290, 1499, "Hijri or the Persian"),
    (1800, 1899, "Indian national"),
    (2400, 2750, "Buddhist"),
    (5600, 5900, "Hebrew"),
)
_OTHER_CALENDAR = re.compile(
    r"\b(?:A\.?H|E\.?C|B\.?E|S\.?H|A\.?P)\b\.?|هـ|هجري|شمسي|بودائي|พ\.?ศ|ዓ\.?\s?ም|令和|平成|昭和|民國|民国",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[^\s@<>()\[\],;:\"\\]{1,64}@(?:[\w-]{1,63}\.)+[^\W\d_][\w-]{1,62}")
_WEBSITE = re.compile(
    r"(?:(https?)://)?((?:[\w-]{1,63}\.)+[^\W\d_][\w-]{1,62}(?::\d{1,5})?(?:[/?#]\S*)?)", re.IGNORECASE
)

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
    if not _BETWEEN_VALUES.search(cell):
        return [cell.strip()] if cell and not cell.isspace() else []
    return list(dict.fromkeys(filter(None, (value.strip() for value in _BETWEEN_VALUES.split(cell)))))


def parse_each(values: Iterable[str], parse: Callable[[str], Value]) -> tuple[list[Value], list[str]]:
    """What could be parsed, each once, and what could not. "a, b" is tried as two values once it fails as one."""
    parsed: dict[Value, None] = {}
    failed: list[str] = []
    for value in values:
        try:
            parsed[parse(value)] = None
        except ValueError:
            parts = [part.strip() for part in re.split("[,،、/]", value) if part.strip()]
            if len(parts) < 2:
                failed.append(value)
                continue
            for part in parts:
                try:
                    parsed[parse(part)] = None
                except ValueError:
                    failed.append(part)
    return list(parsed), failed


def clean_line(cell: str) -> str:
    """One line of text: composed characters, single spaces, nothing invisible but what joins letters.

    Soft hyphens and word joiners stand inside words and leave no gap; directions are set anew where text is shown.
    """
    text = cell if cell.isascii() else _INVISIBLE.sub("", unicodedata.normalize("NFC", cell)).strip(_JOINERS)
    if text.isprintable():
        # The only white space that counts as printable is the plain space.
        return text.strip() if "  " not in text else " ".join(text.split())
    text = "".join(
        char if char in _JOINERS or unicodedata.category(char) not in ("Cc", "Cf", "Co", "Cn", "Cs") else " "
        for char in text
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
    """ISO 8601 (a time of day is passed over), or day/month/year where the day is above 12 or equals the month.

    Years of other calendars are refused, not converted: which calendar it was is a guess.
    """
    text = fold_digits(cell)
    if calendar := _OTHER_CALENDAR.search(text):
        raise ValueError(f"{quoted(cell)} names another calendar ({calendar.group()}); {_GREGORIAN}")
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
    _check_year(cell, year, month)
    try:
        return dt.date(year, month, day)
    except ValueError as error:
        raise ValueError(f"{quoted(cell)} is no date: {error}; write it as YYYY-MM-DD") from None


def _check_year(cell: str, year: int, month: int) -> None:
    if month == 13:
        raise ValueError(f"{quoted(cell)} has a thirteenth month, as the Ethiopian calendar has; {_GREGORIAN}")
    if _FIRST_YEAR <= year <= _LAST_YEAR or year == dt.MAXYEAR:
        return
    for first, last, calendar in _CALENDARS:
        if first <= year <= last:
            raise ValueError(f"{quoted(cell)} has the year {year}, perhaps of the {calendar} calendar; {_GREGORIAN}")
    raise ValueError(f"{quoted(cell)} has the year {year}; years from {_FIRST_YEAR} to {_LAST_YEAR} are allowed")


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
