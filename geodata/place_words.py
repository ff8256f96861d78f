"""Reads the words people write for a place: its name, the words that only say what it is, its region or country."""

import re
from collections.abc import Iterator

from geodata.countries import everyday_abbreviations, find_country
from geodata.text import fold, script_of

_COMMAS = re.compile(r"[,;/|()\[\]،؛、，；（）]")
_DASH = re.compile(r"\s[-–—]\s")
# Words around a name that say what kind of place it is, folded.
_NAME_AFTER_KIND = re.compile(
    "(?:city of|town of|municipality of|district of|county of|greater|metro|ville de|ville d|commune de|"
    "communaute urbaine de|cidade d[eo]|municipio de|ciudad de|villa de|comune di|stadt|gemeinde|lungsod ng|kota|"
    "город|г|місто|м|مدينه|محافظه|منطقه|بلديه) (.+)"
)
_NAME_BEFORE_KIND = re.compile(
    "(.+) (?:city|town|township|municipality|municipal|district|county|metro|metropolitan|metropolis|province|"
    r"region|state|governorate|urban|rural|area|ville|cedex|cbd|shi|si|gu|gun|ken|cdp|\d+(?:e|er|eme|st|nd|rd|th)?)"
)
_LAST_LETTERS = "市시区區구군町村县縣郡"


def address_parts(words: str) -> list[str]:
    """The parts of an address-like text, most specific first: "Goma, Nord-Kivu (RDC)" has three.

    A dash parts only what no comma does: "Kinshasa - Gombe", but "Sant Gervasi - Galvany, Catalunya".
    """
    parts = [part.strip() for part in _COMMAS.split(words) if fold(part)]
    return parts if len(parts) > 1 else [part.strip() for part in _DASH.split(words) if fold(part)]


def two_parts(words: str) -> Iterator[tuple[str, str]]:
    """Every way to read words without commas as a name and its context, longest name first: "Paris Texas".

    Then the other way round, as in "日本 東京".
    """
    tokens = words.split()
    for cut in range(len(tokens) - 1, 0, -1):
        yield " ".join(tokens[:cut]), " ".join(tokens[cut:])
    for cut in range(1, len(tokens)):
        yield " ".join(tokens[cut:]), " ".join(tokens[:cut])


def variants(words: str) -> Iterator[str]:
    """The folded name, then the same without words that only say what it is: "Nairobi City", "札幌市", "Paris 15e"."""
    key = fold(words)
    if not key:
        return
    yield key
    if re.fullmatch(r"\w( \w)+", key):
        yield key.replace(" ", "")  # "N.Y.C."
    tried = {key}
    for _ in range(3):
        shorter = _without_kind(key)
        if not shorter or shorter in tried:
            return
        tried.add(shorter)
        yield shorter
        key = shorter


def _without_kind(key: str) -> str:
    if match := _NAME_BEFORE_KIND.fullmatch(key) or _NAME_AFTER_KIND.fullmatch(key):
        return match[1]
    return key[:-1] if len(key) > 2 and key[-1] in _LAST_LETTERS else key


def tokens_of_unspaced_script(words: str) -> list[str]:
    """The words of a Korean, Chinese or Japanese address, most specific first: "서울특별시 강남구"."""
    return words.split()[::-1] if script_of(words) in ("Hang", "Hani", "Jpan") else []


def named_country(words: str) -> str | None:
    """The country that the words name; two or three letters are a code only in capitals: Çan is a town.

    But "uk", "usa" and "rdc" are what people write.
    """
    short = len(words.strip()) <= 3
    if short and not words.isupper() and fold(words) not in everyday_abbreviations():
        return None
    return find_country(words)
