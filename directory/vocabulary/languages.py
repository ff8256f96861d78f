"""Languages that providers speak: their codes, and their names in the languages of the readers."""

import re
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.languages import get_official_languages

from config.languages import LANGUAGES, best_language
from geodata.text import fold


def _is_locale(code: str) -> bool:
    try:
        Locale.parse(code)
    except (ValueError, UnknownLocaleError):
        return False
    return True


def _spoken() -> tuple[str, ...]:
    names = [set(map(str, Locale.parse(reader).languages)) for reader in LANGUAGES]
    return tuple(
        sorted(
            code
            for code in names[0]
            if re.fullmatch(r"[a-z]{2,3}", code)
            and all(code in named for named in names)
            # Three letters hold many dead and tiny languages; those that CLDR has a locale for are written today.
            and (len(code) == 2 or _is_locale(code))
        )
    )


# ISO 639 codes of the languages that CLDR names in all four languages of the readers.
LANGUAGE_CODES = _spoken()


@lru_cache(maxsize=4096)
def language_name(code: str, lang: str) -> str:
    """What a language is called in `lang`: "fr" is "francés" in Spanish. An unknown code is its own name."""
    return str(Locale.parse(lang).languages.get(code, code))


@lru_cache(maxsize=4096)
def parse_language(words: str) -> str:
    """BCP 47 tag of a language code ("pt-BR", "fra") or of a name in one of the four languages or its own.

    Raises ValueError, which says what is allowed.
    """
    subtags = words.strip().replace("_", "-").split("-")
    first = subtags[0].lower()
    code = get_global("language_aliases").get(first, first) if 2 <= len(first) <= 3 else first
    # "bas-sorabe" is a name before it is a tag of Basaa, and "Twi" before it is another code of Akan.
    if (len(subtags) > 1 or first not in Locale("en").languages) and (named := _code_of_name(fold(words))):
        return named
    if code in Locale("en").languages and all(re.fullmatch("[A-Za-z0-9]{2,8}", part) for part in subtags):
        return "-".join([code, *map(_subtag, subtags[1:])])
    raise ValueError(f"{words[:80]!r} is no language; write a BCP 47 code such as fr, or its name")


def _subtag(part: str) -> str:
    return part.upper() if len(part) == 2 else part.title() if len(part) == 4 else part.lower()


def _code_of_name(key: str) -> str | None:
    # The names that languages give themselves are in five hundred files of CLDR: two seconds, for few who need them.
    return _codes_by_name().get(key) or _codes_by_own_name().get(key)


@lru_cache(maxsize=1)
def _codes_by_name() -> dict[str, str]:
    names: dict[str, str] = {}
    for reader in LANGUAGES:
        for code, name in Locale(reader).languages.items():
            names.setdefault(fold(name), str(code).replace("_", "-"))
    return names


@lru_cache(maxsize=1)
def _codes_by_own_name() -> dict[str, str]:
    names: dict[str, str] = {}
    for code in filter(_is_locale, map(str, Locale("en").languages)):
        if own := Locale.parse(code).get_language_name():
            names.setdefault(fold(own), code.replace("_", "-"))
    return names


@lru_cache(maxsize=512)
def language_at(country: str, spoken: tuple[str, ...] = ()) -> str:
    """Which of our languages to write in to somebody there: an official one of the country, else one that is spoken."""
    official = get_official_languages(country, regional=False, de_facto=True)
    wanted = [str(code).partition("_")[0] for code in official if str(code).partition("_")[0] in LANGUAGES]
    return next(iter(wanted), None) or best_language(spoken)
