"""What stands in the cells of a row before they mean anything: placeholders, character references, garbled encodings.

Programs write `NULL` or `nan` where they know nothing, web pages leave `&eacute;`, and a file that was decoded as
something that it was not has "HÃ´pital". What is certain is mended; what only looks so is left, and told.
"""

import html
import re
from functools import lru_cache

from ftfy import TextFixerConfig, fix_encoding
from ftfy.badness import is_bad

from directory.imports.columns import COLUMNS, Cells
from directory.imports.noticing import RowWarning
from directory.listings.values import quoted
from directory.vocabulary.file_words import load_placeholders, load_signs
from geodata.countries import find_country

_NOTHING = load_placeholders()
# What is a placeholder in other columns and a value in these: Namibia, and no network's terms.
_MEANT = {
    "country": frozenset(("na",)),
    "outpatient": frozenset(("none",)),
    "inpatient": frozenset(("none",)),
}
# Names and codes of places that look like placeholders, written so and in this country: Naples, North Dakota, Nan.
_PLACES = {
    ("region", "NA"): "IT",
    ("region", "ND"): "US",
    ("region", "Nan"): "TH",
    ("city", "Nan"): "TH",
}
# Ids may be short words of any kind.
_NO_IDS = load_signs() | {"null", "nan", "none", "n/a", "undefined", "#n/a", "#ref!", "#value!", "(null)", "<na>"}
# A nought is how some sets say that they know nothing, where a number would not be one.
_NO_NUMBERS = frozenset(
    (
        *("name", "name_local", "address", "postal_code", "city", "region", "phone", "email", "website", "hours"),
        *("specialties", "languages", "network"),
    )
)
_NOUGHTS = frozenset(("0", "00", "000", "0000", "00000", "-1", "-99", "-999", "-9999", "0.0"))
_PERHAPS_NOTHING = _NOTHING | _NOUGHTS
_COUNTRY = COLUMNS.index("country")
_SURE = 3
# Letters and signs that names are made of: Latin, Greek, Cyrillic, Arabic, and punctuation.
_USUAL = re.compile("[\xa0-\u017f\u0386-\u03ce\u0401-\u045f\u0490\u0491\u0600-\u06ff\u1ea0-\u1ef9\u200c-\u2122]")
_QUOTES = re.compile("[\u2018\u2019\u02bb\u02bc]")

# References end in a semicolon here: "?a=1&copy=2" is an address on the net.
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_LINE_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

_ENCODINGS = TextFixerConfig(replace_lossy_sequences=False, fix_c1_controls=False)
# Encodings that were confused leave signs and rare letters between letters; text without any needs no closer look.
_SUSPECT = re.compile(
    "[\x80-\xbf\u02c6-\u02dd\u2013-\u2122\u2200-\u25ff\ufb01\ufb02\ufffd"
    "ŠšŒœŽžŸƒЂЃѓЉЊЌЋЏђљњќћџЎўЈЅѕјҐґپٹچژڈگکڑںھہ]|[ÃÂ](?:[ \x1f]|$)"
)
# "H�pital", "H?pital": what stood there is gone.
_LOST = re.compile(r"\ufffd|[^\W\d_]\?[^\W\d_]|\?\?\?")


def read_cells(cells: Cells) -> tuple[Cells, list[RowWarning]]:
    """The cells as they are meant: empty where they hold a placeholder, references read, encodings mended.

    Warnings: `mended_text`, `garbled_text` (left as it is). The external id stays as it is: the row is known by it.
    """
    warnings: list[RowWarning] = []
    joined = "\x1f".join(filter(None, cells))
    if _to_mend(joined):
        cells = (cells[0], *(cell and _mend(cell, warnings) for cell in cells[1:]))
        joined = "\x1f".join(filter(None, cells))
    if not _PERHAPS_NOTHING.isdisjoint(joined.casefold().split("\x1f")):
        cells = (cells[0], *("" if _is_empty(place, cells) else cells[place] for place in range(1, len(cells))))
    return cells, warnings


def _to_mend(joined: str) -> bool:
    """Whether any cell of a row, all of them together, needs a closer look: few do."""
    if "&" in joined or "<" in joined or ("?" in joined and _LOST.search(joined)):
        return True
    return not joined.isascii() and bool(_SUSPECT.search(joined))


def is_no_id(cell: str) -> bool:
    """Whether an external id is none: NULL, N/A, a dash, an error of a spreadsheet."""
    return cell.casefold() in _NO_IDS


def _is_empty(place: int, cells: Cells) -> bool:
    column, cell = COLUMNS[place], cells[place]
    if cell is None:
        return False
    if cell in _NOUGHTS:
        return column in _NO_NUMBERS
    if (country := _PLACES.get((column, cell))) and find_country(cells[_COUNTRY] or "") == country:
        return False
    word = cell.casefold()
    return word in _NOTHING and word not in _MEANT.get(column, ())


def _mend(cell: str, warnings: list[RowWarning]) -> str:
    if not cell.strip("? "):
        return ""  # "????? ????????": no letter is left
    text = _read_references(cell) if "&" in cell or "<" in cell else cell
    if not text.isascii() and _SUSPECT.search(text):
        mended = mend_encoding(text)
        if mended is None:
            warnings.append(RowWarning("garbled_text", quoted(cell)))
        elif mended != text:
            warnings.append(RowWarning("mended_text", quoted(cell)))
            return _read_references(mended)
    elif "?" in text and _LOST.search(text) and "=" not in text and "//" not in text:
        warnings.append(RowWarning("garbled_text", quoted(cell)))
    return text


def _read_references(text: str) -> str:
    """References of HTML as what they stand for. Some are escaped twice or three times: "&amp;amp;", "&amp;eacute;"."""
    for _ in range(3):
        read = _REFERENCE.sub(lambda reference: html.unescape(reference.group()), text)
        if read == text:
            break
        text = read
    return _CONTROLS.sub("", _LINE_BREAK.sub("\n", text)).strip()


@lru_cache(maxsize=16_384)
def mend_encoding(text: str) -> str | None:
    """The text as it was before it was decoded twice, or as it is; None where it is garbled beyond mending."""
    # A no-break space is the second byte of "à", but in "IRMÃ DULCE" it is a space; a last one was trimmed.
    plain = f"{text} ".replace("\xa0", " ")
    if arabic := _as_arabic(text):
        return arabic
    if not is_bad(plain):
        return None if "\ufffd" in text else text
    mended = fix_encoding(plain, _ENCODINGS).strip()
    if mended != plain.strip():
        return None if is_bad(mended) or "\ufffd" in mended or not _is_likely(text, mended) else mended
    # "Isbī‘ah": transliterations have quotation marks inside words.
    return None if is_bad(_QUOTES.sub("'", plain)) else text


def _is_likely(text: str, mended: str) -> bool:
    """One or two rare letters are chance: a shouted name before a degree sign, "AGBÁYÉ°", gives "AGBÁYɰ"."""
    new = [char for char in mended if char not in text and not char.isascii()]
    return len(new) >= _SURE or all(map(_USUAL.fullmatch, new))


def _as_arabic(text: str) -> str | None:
    """UTF-8 that was read as Windows-1256: "ط§ظ„ظ‚". Genuine Arabic is hardly ever UTF-8 in that encoding."""
    try:
        read = text.encode("cp1256").decode("utf-8")
    except UnicodeError:
        return None
    letters = [char for char in read if not char.isascii()]
    enough = len(letters) >= _SURE or re.search("[A-Za-z]", text)
    return read if enough and all(map(_USUAL.fullmatch, letters)) else None
