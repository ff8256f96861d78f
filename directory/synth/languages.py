"""How providers of a synthetic world are named: the parts and patterns of names.toml, and which country speaks what."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from babel.languages import get_official_languages

PATTERNS = ("hospital", "clinic", "pharmacy", "laboratory", "dental", "doctor", "other")
_PARTS = ("given", "family", "word")

# Languages that names.toml has no table for, named as in the one that is nearest in script and habit.
_NEAREST = {"ne": "hi", "mr": "hi", "ps": "fa", "ur": "fa", "be": "ru", "kk": "ru", "ky": "ru", "bg": "ru", "sr": "ru",
            "mk": "ru", "mn": "ru", "tg": "ru", "ms": "id", "ca": "es", "gl": "es", "gsw": "de", "lb": "fr", "cs": "pl",
            "sk": "pl", "az": "tr", "qu": "es", "ht": "fr", "rw": "sw", "rn": "sw", "af": "nl"}  # fmt: skip
# Spoken by many without being official, or official without being what signs are written in.
_COUNTRY = {"US": ("en", "en", "en", "es"), "KE": ("en", "en", "sw"), "MA": ("ar", "fr"), "TN": ("ar", "fr"),
            "DZ": ("ar", "fr"), "LB": ("ar", "ar", "fr"), "IN": ("hi", "en"), "CA": ("en", "en", "fr"),
            "CH": ("de", "de", "fr", "it"), "BE": ("nl", "fr"), "UG": ("en",), "PK": ("en", "fa"), "IL": ("en", "ar"),
            "IR": ("fa",), "TZ": ("sw", "en"), "CY": ("el",), "KZ": ("ru",), "UA": ("uk", "uk", "ru"),
            "SG": ("en", "zh"), "AE": ("ar", "en")}  # fmt: skip

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Language:
    """Parts and patterns, each as it is written locally and in Latin letters (the same twice for Latin script)."""

    code: str
    script: str
    parts: dict[str, tuple[Pair, ...]]
    patterns: dict[str, tuple[Pair, ...]]
    street: str

    @property
    def is_latin(self) -> bool:
        return self.script == "Latn"


def _pair(text: str) -> Pair:
    local, _, latin = text.strip().partition("|")
    return local, latin or local


@lru_cache(maxsize=1)
def load_languages() -> dict[str, Language]:
    """Every language of names.toml by its code."""
    raw = tomllib.loads((Path(__file__).parent / "names.toml").read_text(encoding="utf-8"))
    return {
        code: Language(
            code=code,
            script=table.get("script", "Latn"),
            parts={name: tuple(map(_pair, table[name].split(","))) for name in _PARTS},
            patterns={name: tuple(map(_pair, table[name])) for name in PATTERNS},
            street=table["street"],
        )
        for code, table in raw.items()
    }


def languages_of(country: str) -> tuple[str, ...]:
    """What providers of a country are named in, as often as each stands there; English where nothing is known."""
    if country in _COUNTRY:
        return _COUNTRY[country]
    known = load_languages()
    official = get_official_languages(country, regional=False, de_facto=True)
    codes = (tag.partition("_")[0] for tag in official)
    spoken = (code if code in known else _NEAREST.get(code, "") for code in codes)
    return tuple(dict.fromkeys(filter(None, spoken))) or ("en",)
