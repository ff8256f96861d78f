"""Other ways to write a folded name that mean the same: "st louis", "muenster", "札幌市", "n y c", "الرباط"."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import product

from geodata.text import fold

# What is written short, and in full; both ways. One letter or two stand for several words in several languages.
_SHORT: dict[str, tuple[str, ...]] = {
    "st": ("saint", "sankt", "sint"),
    "ste": ("sainte",),
    "sta": ("santa",),
    "sto": ("santo",),
    "s": ("san", "sao", "south"),
    "mt": ("mount", "mont"),
    "mte": ("monte",),
    "mtn": ("mountain",),
    "ft": ("fort",),
    "pt": ("point", "port"),
    "pto": ("puerto", "porto"),
    "pte": ("pointe", "presidente"),
    "pta": ("punta", "ponta"),
    "cd": ("ciudad",),
    "cdad": ("ciudad",),
    "vla": ("vila", "villa"),
    "gral": ("general",),
    "gen": ("general",),
    "cnel": ("coronel",),
    "cel": ("coronel",),
    "cap": ("capitan",),
    "pres": ("presidente",),
    "pdte": ("presidente",),
    "dr": ("doctor", "doutor"),
    "gob": ("gobernador",),
    "gov": ("governador",),
    "n": ("north", "nova", "new"),
    "e": ("east",),
    "w": ("west",),
    "no": ("north",),
    "hts": ("heights",),
    "spgs": ("springs",),
    "bch": ("beach",),
    "jct": ("junction",),
    "is": ("island", "islands"),
    "lk": ("lake",),
    "b": ("bad",),
}
_LONG: dict[str, tuple[str, ...]] = {}
for _short, _words in _SHORT.items():
    for _word in _words:
        if len(_short) > 1:
            _LONG[_word] = (*_LONG.get(_word, ()), _short)
# Each is written for the other: "Saint Étienne" is no rule's business, "Sankt Gallen" and "Saint Gallen" are.
_LONG["saint"] += ("sankt", "sint")
# Most readings of a name with several short words in it: "St N Mt" is nobody's place.
_MOST = 8

_AIRPORT = re.compile(
    r"(?:aeroport|aeroporto|aeropuerto|flughafen|airport|bandara|havalimani|مطار|аэропорт)"
    r"(?: (?:international|internacional|internazionale|de|d|di|do|da|del|of))* (.+)"
    r"|(.+?)(?: (?:international|intl|internacional))?"
    r" (?:airport|aeroport|aeroporto|aeropuerto|flughafen|havalimani|intl)"
)
_DIGRAPHS = re.compile("([aou])e")
_WRITTEN = re.compile("[aou]e|aa")
_ARTICLE = "ال"
_LAST_LETTERS = "市시区區구군町村县縣郡省州府都"
_LAST_WORDS = ("특별시", "광역시", "특별자치시")


# As people write them without the marks, where fold writes the bare letter.
_WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})


def written_out(name: str) -> str:
    """A name folded with its umlauts in two letters: "muenchen" of München; of others the folded name itself."""
    return fold(unicodedata.normalize("NFC", name).lower().translate(_WRITTEN_OUT))


def has_digraph(key: str) -> bool:
    """Whether a folded word may be one with umlauts written out; "duelo" may, as far as its letters go."""
    return bool(_WRITTEN.search(key))


def spellings(key: str) -> Iterator[str]:
    """The folded name itself, then the other ways to write it, each once."""
    seen: set[str] = set()
    for other in _all(key):
        if other and other not in seen:
            seen.add(other)
            yield other


def _all(key: str) -> Iterator[str]:
    yield key
    words = key.split(" ")
    if len(words) > 1 and all(len(word) == 1 for word in words):
        yield "".join(words)  # "N.Y.C."
    if len(words) > 1 and len(words[0]) == 1:
        yield "".join(words[:2]) + "".join(f" {word}" for word in words[2:])  # "N Djamena", "L Aquila"
    yield from _in_full(words)
    if match := _AIRPORT.fullmatch(key):
        yield f"{match[1] or match[2]} airport"
        yield f"{match[1] or match[2]} international airport"
    if key.isascii():
        if _DIGRAPHS.search(key):
            yield _DIGRAPHS.sub(r"\1", key)  # "Muenster", "Koeln"
        return
    yield from _with_or_without_article(words)
    yield from _without_kind(key)


def _in_full(words: list[str]) -> Iterator[str]:
    ways = [(word, *_SHORT.get(word, ()), *_LONG.get(word, ())) for word in words]
    if len(words) > 1 and any(len(way) > 1 for way in ways):
        for number, chosen in enumerate(product(*ways)):
            if number and number <= _MOST:
                yield " ".join(chosen)


def _with_or_without_article(words: list[str]) -> Iterator[str]:
    if not "\u0600" <= words[0][0] <= "\u06ff":
        return
    bare = [word.removeprefix(_ARTICLE) if len(word) > 4 else word for word in words]
    if bare != words:
        yield " ".join(bare)
    yield " ".join((_ARTICLE + bare[0], *words[1:]))
    if len(words) > 1:
        yield " ".join(_ARTICLE + word for word in bare)


def _without_kind(key: str) -> Iterator[str]:
    for ending in _LAST_WORDS:
        if key.endswith(ending) and len(key) > len(ending) + 1:
            yield key.removesuffix(ending)
    if len(key) > 2 and key[-1] in _LAST_LETTERS:
        yield key[:-1]
    elif "\u4e00" <= key[-1] <= "\u9fff":
        yield f"{key}市"
