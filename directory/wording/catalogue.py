"""Every sentence that readers are told: `phrase("fr", "sign_in.title")`. English stands in config/locale/directory.pot,
the other languages in config/locale/<language>/LC_MESSAGES/directory.po; docs/wording.md says how a phrase is added."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from markupsafe import Markup, escape

from config.languages import SOURCE
from config.settings import PROJECT_ROOT
from directory.wording.formats import locale_of, number

LOCALE = PROJECT_ROOT / "config" / "locale"
# The order in which gettext numbers the plural forms that CLDR names.
_FORMS = ("zero", "one", "two", "few", "many", "other")

# One text, or one for each plural form of the language.
Text = str | tuple[str, ...]


def catalogue_file(lang: str, folder: Path = LOCALE) -> Path:
    """Where the phrases of a language stand."""
    return folder / "directory.pot" if lang == SOURCE else folder / lang / "LC_MESSAGES" / "directory.po"


def read_catalogue(lang: str, folder: Path = LOCALE) -> Catalog:
    """The file of a language, as Babel reads it."""
    with catalogue_file(lang, folder).open("rb") as file:
        return read_po(file, locale=None if lang == SOURCE else lang, abort_invalid=True)


@lru_cache(maxsize=8)
def load_phrases(lang: str) -> Mapping[str, Text]:
    """What the file of a language says, by key. A file takes some 5 ms to read, and is read once."""
    return {each.context: text_of(each, lang) for each in read_catalogue(lang) if each.context}


def text_of(message: Message, lang: str) -> Text:
    """What a message of the file of a language says in it: English is what the others translate."""
    text = message.id if lang == SOURCE else message.string
    return text if isinstance(text, str) else tuple(text or ())


def has_phrase(key: str) -> bool:
    """Whether there is such a phrase."""
    return key in load_phrases(SOURCE)


@lru_cache(maxsize=8)
def plural_forms(lang: str) -> tuple[str, ...]:
    """The plural forms of a language by their names in CLDR, in gettext's order."""
    return tuple(form for form in _FORMS if form in {*locale_of(lang).plural_form.tags, "other"})


def phrase(lang: str, key: str, /, **values: object) -> str:
    """A phrase with `values` filled in; the number `count` chooses among its forms. KeyError where there is none."""
    text = _find_text(lang, key, values.get("count"))
    return text.format(**_written(lang, values)) if values else text


def markup(lang: str, key: str, /, **values: object) -> Markup:
    """The same as safe HTML: what is filled in is escaped, unless it is markup already."""
    text = escape(_find_text(lang, key, values.get("count")))
    return text.format(**_written(lang, values)) if values else text


def _find_text(lang: str, key: str, count: object) -> str:
    for tried in dict.fromkeys((lang, SOURCE)):
        text = load_phrases(tried).get(key, "")
        if isinstance(text, tuple):
            text = _choose_form(tried, text, count)
        # `make check` lets nothing through that a language lacks; should it happen, its readers get English.
        if text:
            return text
    raise KeyError(key)


def _choose_form(lang: str, forms: tuple[str, ...], count: object) -> str:
    if not isinstance(count, int):
        raise TypeError("a phrase with forms for numbers is asked for with a whole number as count")
    return forms[plural_forms(lang).index(locale_of(lang).plural_form(count))]


def _written(lang: str, values: Mapping[str, object]) -> Mapping[str, object]:
    count = values.get("count")
    return {**values, "count": number(lang, count)} if isinstance(count, int) else values
