"""Why a row was set aside, or a file refused, as codes: what the command says in English, pages say in any language.

The sentences are written where a fault is found, for whoever runs the command; each has its code here. A test reads
what is written and holds that none is missing (tests/unit/test_import_reasons.py).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from directory.imports.header import FIELDS

_CELL = r"""(?P<cell>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_GREGORIAN = "write the day of the Gregorian calendar, as YYYY-MM-DD"

# Of one row, in the order in which they are tried.
_ROWS: tuple[tuple[str, str], ...] = (
    ("empty", r"is empty(?:; it must be given)?"),
    ("stands_for_nothing", rf"{_CELL} stands for nothing; it must be given"),
    ("too_long", r"has (?P<count>\d+) characters; at most (?P<most>\d+) are allowed"),
    ("invisible", r"holds no visible character"),
    ("type", rf"{_CELL} is no type; (?:near to it are (?P<near>[^;]+)|allowed are [^;]+)"),
    ("country", rf"{_CELL} is no country; write [^;]+(?:; near to it are (?P<near>[^;]+))?"),
    ("network", rf"{_CELL} is no network; allowed are (?P<near>[^;]+)"),
    ("specialty", rf"unknown specialty {_CELL}(?:; did you mean (?P<near>[^;]+)\?)?"),
    ("language", rf"{_CELL} is no language; [^;]+"),
    ("two_ways", rf"{_CELL} may be read in two ways; write it as YYYY-MM-DD"),
    ("no_date", rf"{_CELL} is no date(?:: [^;]+)?; write it as YYYY-MM-DD"),
    ("calendar", rf"{_CELL} [^;]+; {_GREGORIAN}"),
    ("year", rf"{_CELL} has the year \d+; years from (?P<first>\d+) to (?P<last>\d+) are allowed"),
    ("future", rf"{_CELL} is in the future"),
    ("far_ahead", rf"{_CELL} is more than (?P<years>\d+) years ahead; leave it empty for no end"),
    ("period", r"(?P<ends>\S+) is before effective_from, (?P<begins>\S+)"),
    ("overlap", r"the period overlaps \d+ agreements of the listing in (?P<network>\S+); [^;]+"),
    ("yes_no", rf"{_CELL} is neither true nor false; [^;]+"),
    ("settlement", rf"{_CELL} is no settlement; [^;]+"),
    ("without_network", r"a settlement without a network; [^;]+"),
    ("kind", rf"{_CELL} is not allowed; write organisation or practitioner"),
    ("days", rf"{_CELL} is not allowed; write whole days from 0 to 90"),
    ("email", rf"{_CELL} is no e-mail address"),
    ("website", rf"{_CELL} is no web address; [^;]+"),
    ("rounded", rf"{_CELL} was rounded by a spreadsheet, [^;]+"),
    ("digits", rf"{_CELL} is a number of more than (?P<most>\d+) digits, [^;]+"),
    ("made_date", r"a spreadsheet made the date (?P<date>\S+) of what was typed"),
    ("contradiction", r"lines (?P<lines>[\d, …]+) have this id and differ in (?P<fields>[^:]+): [^;]+"),
    ("cells", r"the row has (?P<count>\d+) cells, the header (?P<most>\d+): [^;]+"),
    ("bytes", r"the line holds bytes that are not UTF-8"),
    ("no_json", r"the line is not (?:JSON: .+|a JSON object .+)"),
    ("nested", r"an (?:object is not allowed here|array may hold texts and numbers only).*"),
    ("quote", r".*\bquot.*"),
)
# Of a whole file.
_FILES: tuple[tuple[str, str], ...] = (
    ("file_empty", r".*\bis empty\b.*|The file has no sheet with rows.*"),
    ("file_no_header", r".*no header row.*"),
    ("file_kind", r".*(?:CSV, XLSX and NDJSON|is a ZIP archive|NDJSON is needed|is no table).*"),
    ("file_encoding", r"The file's encoding is not .*"),
    ("file_large", r".*(?:unpacks to|more than the|texts take more than|empty cells|merged cells|empty rows on end).*"),
    ("file_columns", r".*\bcolumns?\b.*|.*\bThe header has\b.*|.* is no field\..*"),
    ("file_no_row", r"None of the first (?P<count>[\d,]+) rows can be used.*Line (?P<line>\d+): (?P<reason>.+)\."),
    ("file_broken_off", r"The work was broken off (?P<count>\d+) times\..*"),
    ("file_ours", r"Something went wrong on our side.*|The database lacks .*"),
)


@dataclass(frozen=True, slots=True)
class Reason:
    """A code, and what of it is the file's own: a cell, a number, names near to what was written."""

    code: str
    column: str | None = None
    values: dict[str, str] = field(default_factory=dict)


def find_reasons(sentence: str) -> list[Reason]:
    """What a sentence about a row says; `other` is what has no code."""
    return list(_read(sentence.split("; ")))


def find_problem(sentence: str) -> Reason:
    """What a sentence about a whole file says."""
    # What the first row that could not be used says is told before words that stand in many sentences.
    ordered = sorted(_COMPILED_FILES, key=lambda each: each[0] != "file_no_row")
    return _match(sentence, ordered) or Reason("file_other")


def _read(parts: list[str]) -> Iterator[Reason]:
    """Sentences of several faults are joined by what stands in some of them too: the longest that is known is one."""
    begins = 0
    while begins < len(parts):
        for ends in range(len(parts), begins, -1):
            found = _of_row("; ".join(parts[begins:ends]))
            if found or ends == begins + 1:
                yield found or Reason("other")
                begins = ends
                break


def _of_row(text: str) -> Reason | None:
    column, colon, rest = text.partition(": ")
    if colon and column in FIELDS and (found := _match(rest, _COMPILED_ROWS)):
        return Reason(found.code, column, found.values)
    return _match(text, _COMPILED_ROWS)


def _match(text: str, known: list[tuple[str, "re.Pattern[str]"]]) -> Reason | None:
    for code, pattern in known:
        if match := pattern.fullmatch(text):
            return Reason(code, None, {name: value for name, value in match.groupdict().items() if value})
    return None


_COMPILED_ROWS = [(code, re.compile(pattern, re.DOTALL)) for code, pattern in _ROWS]
_COMPILED_FILES = [(code, re.compile(pattern, re.DOTALL)) for code, pattern in _FILES]
CODES = ("other", "file_other", *(code for code, _ in (*_ROWS, *_FILES)))
