"""Languages that providers speak: their codes, and their names in the languages of the readers."""

import re
from functools import lru_cache

from babel import Locale, UnknownLocaleError

from config.languages import LANGUAGES
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


@lru_cache(maxsize=1)
def _codes_by_name() -> dict[str, str]:
    names = {fold(language_name(code, reader)): code for reader in LANGUAGES for code in LANGUAGE_CODES}
    own = {fold(Locale.parse(code).get_display_name(code) or code): code for code in LANGUAGE_CODES if _is_locale(code)}
    return own | names


def find_language(words: str) -> str | None:
    """The code of a language given as a BCP 47 tag ("pt-BR" is pt), or by its name in one of the four languages."""
    tag = words.strip().replace("_", "-").lower()
    if tag in LANGUAGE_CODES:
        return tag
    # "bas-sorabe" is a name before it is a tag of Basaa.
    language = tag.partition("-")[0]
    return _codes_by_name().get(fold(words)) or (language if language in LANGUAGE_CODES else None)
