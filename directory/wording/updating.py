"""Brings the files of the languages up to date with the English phrases: translators find what there is to do."""

import re
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import write_po
from babel.plural import to_gettext

from config.languages import LANGUAGES, SOURCE
from directory.wording.catalogue import LOCALE, catalogue_file, plural_forms, read_catalogue
from directory.wording.formats import locale_of


def update_catalogues(folder: Path = LOCALE) -> dict[str, int]:
    """Write the file of each language anew, in the order of the English one; returns how much each has to translate.

    A new phrase comes in empty. Where the English text changed, the translation stays, marked as not sure (fuzzy),
    with the text that it was made from. A phrase that left goes.
    """
    english = read_catalogue(SOURCE, folder)
    return {lang: _update(lang, english, folder) for lang in LANGUAGES if lang != SOURCE}


def _update(lang: str, english: Catalog, folder: Path) -> int:
    file = catalogue_file(lang, folder)
    old = read_catalogue(lang, folder) if file.is_file() else _new_catalogue(lang)
    translated = {each.context: each for each in old if each.context}
    new = Catalog(locale=lang, header_comment=old.header_comment, fuzzy=False)
    new.mime_headers = old.mime_headers
    for wanted in english:
        if wanted.context:
            _add(new, wanted, translated.get(wanted.context), len(plural_forms(lang)))
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as target:
        write_po(target, new, width=0, ignore_obsolete=True, include_previous=True)
    return sum(not each.string or each.fuzzy or not all(each.string) for each in new if each.id)


def _add(new: Catalog, wanted: Message, old: Message | None, forms: int) -> None:
    empty = ("",) * forms if wanted.pluralizable else ""
    kept = old is not None and old.pluralizable == wanted.pluralizable and any(old.string or ())
    message = new.add(
        wanted.id,
        string=old.string if old and kept else empty,
        context=wanted.context,
        auto_comments=wanted.auto_comments,
        user_comments=old.user_comments if old else (),
        flags=old.flags if old and kept else (),
    )
    if old and kept and old.id != wanted.id:
        message.flags.add("fuzzy")
        message.previous_id = list(old.id) if isinstance(old.id, tuple | list) else [old.id]


def _new_catalogue(lang: str) -> Catalog:
    new = Catalog(
        locale=lang,
        header_comment=f"# {LANGUAGES[lang].own_name}: directory.pot, translated. docs/wording.md says how.",
        project="provider-directory",
        version="1",
        last_translator="provider-directory",
        language_team=lang,
    )
    # CLDR's rule; its `e` is the exponent of a number written like 1e6, and ours are written out.
    rule = re.sub(r"\be\b", "0", to_gettext(locale_of(lang).plural_form))
    new.mime_headers = [*(pair for pair in new.mime_headers if pair[0] != "Plural-Forms"), ("Plural-Forms", rule)]
    return new
