"""What is wrong with phrases: missing in a language, with other values than English, without a form, out of date.

The catalogue and the widget's words are checked alike: each as key -> form -> text, the form of a plain text being "".
"""

import string
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from gettext import c2py
from pathlib import Path

from babel.messages.catalog import Catalog

from config.languages import LANGUAGES, SOURCE
from directory.wording.catalogue import LOCALE, Text, catalogue_file, plural_forms, read_catalogue, text_of
from directory.wording.formats import locale_of

Forms = Mapping[str, str]
Phrases = Mapping[str, Forms]

# One, two and none may be said in words; whoever else is counted is counted by number.
_SAID_IN_WORDS = frozenset(("zero", "one", "two"))
# Numbers that tell every plural rule of CLDR from every other.
_NUMBERS = (*range(201), 1_000, 10_000, 1_000_000, 2_000_000)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one phrase, and in which language: "fr: sign_in.title is missing"."""

    lang: str
    key: str
    what: str

    def __str__(self) -> str:
        return f"{self.lang}: {self.key} {self.what}"


def check_catalogue(folder: Path = LOCALE) -> Iterator[Fault]:
    """Everything that is wrong with the phrases of any language."""
    english = read_catalogue(SOURCE, folder)
    yield from _check_doubles(english, SOURCE)
    yield from check_language(SOURCE, phrases_of(english, SOURCE), phrases_of(english, SOURCE))
    for lang in LANGUAGES:
        if lang == SOURCE:
            continue
        if not catalogue_file(lang, folder).is_file():
            yield Fault(lang, "*", "is missing: `provider-directory words update` makes its file")
            continue
        translated = read_catalogue(lang, folder)
        yield from _check_doubles(translated, lang)
        yield from _check_plural_rule(translated, lang)
        yield from check_language(lang, phrases_of(translated, lang), phrases_of(english, SOURCE))
        yield from _check_up_to_date(translated, english, lang)


def check_language(lang: str, phrases: Phrases, english: Phrases) -> Iterator[Fault]:
    """What a language lacks of the English phrases, has too many, or says with other values."""
    for key, wanted in english.items():
        if not any(phrases.get(key, {}).values()):
            yield Fault(lang, key, "is missing")
        else:
            yield from (Fault(lang, key, what) for what in _check_phrase(lang, phrases[key], wanted))
    for key in phrases.keys() - english.keys():
        yield Fault(lang, key, "is no phrase in English")


def _check_phrase(lang: str, forms: Forms, wanted: Forms) -> Iterator[str]:
    if ("" in forms) != ("" in wanted):
        yield "has forms for numbers in one of the two languages only"
        return
    if "" not in forms:
        yield from (f"lacks the form {name!r}" for name in plural_forms(lang) if not forms.get(name))
    model = wanted.get("") or wanted["other"]
    for name, text in forms.items():
        if text:
            yield from (
                f"{'in the form ' + repr(name) if name else ''} {what}".strip()
                for what in _check_text(name, text, model)
            )


def _check_text(form: str, text: str, model: str) -> Iterator[str]:
    try:
        values, expected = _values(text), _values(model)
    except ValueError as error:
        yield f"has braces that do not match: {error}"
        return
    if form in _SAID_IN_WORDS:
        values, expected = values - {"count"}, expected - {"count"}
    if values != expected:
        yield f"has the values {_listed(values)} where English has {_listed(expected)}"
    if text.strip() != text.rstrip("\n") or text.endswith("\n") != model.endswith("\n"):
        yield "begins or ends with other spaces or line breaks than English"
    if "\n" in text.strip() and "\n" not in model:
        yield "has several lines where English has one"


def _values(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def _listed(values: set[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(values)) or "none"


def phrases_of(catalogue: Catalog, lang: str) -> Phrases:
    """The phrases of a file, form by form."""
    return {each.context: _by_form(lang, text_of(each, lang)) for each in catalogue if each.context}


def _by_form(lang: str, text: Text) -> Forms:
    return {"": text} if isinstance(text, str) else dict(zip(plural_forms(lang), text, strict=False))


def _check_doubles(catalogue: Catalog, lang: str) -> Iterator[Fault]:
    counts = Counter(each.context for each in catalogue if each.context)
    yield from (Fault(lang, key, f"stands there {times} times") for key, times in counts.items() if times > 1)
    yield from (
        Fault(lang, str(each.id), "has no key: msgctxt is missing")
        for each in catalogue
        if each.id and not each.context
    )


def _check_plural_rule(catalogue: Catalog, lang: str) -> Iterator[Fault]:
    """gettext's rule in the head of the file must choose as CLDR does: translators' tools go by it."""
    rule, forms = c2py(catalogue.plural_expr), plural_forms(lang)
    if catalogue.num_plurals != len(forms):
        yield Fault(lang, "Plural-Forms", f"must name {len(forms)} forms: {', '.join(forms)}")
    elif wrong := [each for each in _NUMBERS if forms[rule(each)] != locale_of(lang).plural_form(each)]:
        yield Fault(lang, "Plural-Forms", f"chooses another form than CLDR for {', '.join(map(str, wrong[:5]))}")


def _check_up_to_date(translated: Catalog, english: Catalog, lang: str) -> Iterator[Fault]:
    now = {each.context: each.id for each in english}
    for each in translated:
        if each.context in now and each.context and each.string:
            if each.id != now[each.context]:
                yield Fault(
                    lang, each.context, "translates an older English text: run `provider-directory words update`"
                )
            elif each.fuzzy:
                yield Fault(lang, each.context, "is marked as not sure (fuzzy): look at it, then take the mark away")
