"""Names of countries as lists and files write them: official, turned round, shortened, with a code beside them.

`geodata.countries.find_country` knows the names that people type; this is for columns of files, and reads more.
"""

import re
import tomllib
from functools import lru_cache

from geodata.countries import DATA, FILED_UNDER, find_country, load_countries
from geodata.text import fold

_Key = tuple[str, ...]

# Words that names are written with and without; "d" is what is left of "République islamique d'".
_SMALL = frozenset(("a", "and", "d", "de", "del", "des", "du", "e", "el", "et", "l", "la", "las"))
_SMALL |= {"le", "les", "los", "of", "the", "y"}
_IN_FULL = {
    "st": "saint", "ste": "saint", "rep": "republic", "republique": "republic", "republica": "republic",
    "dem": "democratic", "democratique": "democratic", "democratica": "democratic", "pop": "people",
    "peoples": "people", "populaire": "people", "popular": "people", "fed": "federal", "federated": "federal",
    "federes": "federal", "federados": "federal", "sts": "states", "is": "islands", "isl": "islands",
    "island": "islands",
    "islamique": "islamic", "islamica": "islamic", "arabe": "arab", "arabia": "arab",
}  # fmt: skip
# Of these names the words of government are a part, and the rest of them is another country's name or two countries'.
_NEVER_SHORTENED = frozenset(
    map(fold, ("congo", "korea", "corée", "corea", "china", "chine", "كوريا", "الكونغو", "الصين", "saudi", "emirates"))
)
_CODE_BEHIND = re.compile(r"(?P<name>.+?)\s*[(\[{,;:/|–-]\s*(?P<code>[A-Za-z]{2,3}|\d{3})\s*[)\]}]?")
_CODE_BEFORE = re.compile(r"[(\[{]?\s*(?P<code>[A-Z]{2,3}|\d{3})\s*[)\]},;:/|–-]\s*(?P<name>.+)")
_PARTS = re.compile(r"\s*[(\[{)\]},;/|]\s*|\s+[–-]\s+")


@lru_cache(maxsize=16_384)
def read_country(words: str) -> str | None:
    """Alpha-2 code of a cell that names a country, officially or not, perhaps with a code beside it; else None."""
    return find_country(words) or _by_name(words) or _with_code(words) or _by_parts(words)


def _by_name(words: str) -> str | None:
    key = _key(words)
    if code := _codes_by_key().get(key):
        return code
    rest = tuple(word for word in key if word not in _of_government())
    if not rest or rest == key or not _NEVER_SHORTENED.isdisjoint(rest):
        return None
    return _codes_by_key().get(rest)


def _with_code(words: str) -> str | None:
    """ "Kenya (KE)", "KEN - Kenya": name and code must agree."""
    for way in (_CODE_BEHIND, _CODE_BEFORE):
        if match := way.fullmatch(words.strip()):
            code = find_country(match["code"]) or _by_name(match["code"])
            if code and code == (find_country(match["name"]) or _by_name(match["name"])):
                return code
    return None


def _by_parts(words: str) -> str | None:
    """ "Réunion (France)", "Swaziland / Eswatini": names of one country, or of a territory and its state."""
    codes = {find_country(part) or _by_name(part) for part in _PARTS.split(words) if part}
    if len(codes) == 1:
        return codes.pop()
    if len(codes) != 2 or None in codes:
        return None
    one, other = (str(code) for code in codes)
    return one if one in FILED_UNDER.get(other, ()) else other if other in FILED_UNDER.get(one, ()) else None


@lru_cache(maxsize=1)
def _by_hand() -> dict[str, list[str]]:
    return tomllib.loads((DATA / "official_names.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _of_government() -> frozenset[str]:
    return frozenset(fold(word) for word in _by_hand()["of_government"])


@lru_cache(maxsize=1)
def _codes_by_key() -> dict[_Key, str]:
    named = [(name, code) for code, names in _by_hand().items() for name in names if code != "of_government"]
    for line in (DATA / "un_names.tsv").read_text(encoding="utf-8").splitlines():
        code, name = line.split("\t")
        named.append((name, code))
    for country in load_countries().values():
        named += ((name, country.code) for name in (*country.names.values(), *country.other_names))
    codes: dict[_Key, str] = {}
    for name, code in named:
        codes.setdefault(_key(name), code)
    return codes


def _key(words: str) -> _Key:
    """The words that tell something, in full and in one order, so that "Iran, Islamic Rep." is its own reverse."""
    parts = fold(words).split()
    if all(len(part) == 1 for part in parts):
        return ("".join(parts),)
    return tuple(sorted(_IN_FULL.get(part, part) for part in parts if part not in _SMALL))
