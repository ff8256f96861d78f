"""Words of pages and mails: in every language, with the same values, and all of them in use."""

import hashlib
import re
import string
from typing import Any

import pytest
from babel import Locale
from directory.wording.phrases import load_phrases

from config.settings import PROJECT_ROOT
from directory.mail.texts import load_texts
from directory.wording.payment import LANGUAGES
from tests.guards.tracked import project_files

VENDOR = PROJECT_ROOT / "directory" / "pages" / "static" / "vendor"


def _values(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("name", load_phrases())
def test_a_phrase_is_there_in_every_language_with_the_same_values(name: str) -> None:
    texts: dict[str, Any] = load_phrases()[name]
    assert set(texts) == set(LANGUAGES)
    forms = {lang: list(text.values()) if isinstance(text, dict) else [text] for lang, text in texts.items()}
    values = [set.union(*(_values(each) for each in each_lang)) for each_lang in forms.values()]
    assert all(each == values[0] for each in values)
    assert all(text.strip() == text and text for each_lang in forms.values() for text in each_lang)


@pytest.mark.parametrize("name", load_phrases())
def test_a_phrase_with_a_number_has_every_form_of_each_language(name: str) -> None:
    for lang, text in load_phrases()[name].items():
        if isinstance(text, dict):
            # CLDR names all but `other`.
            assert set(text) == {*Locale.parse(lang).plural_form.rules, "other"}


@pytest.mark.parametrize("name", load_texts())
def test_a_mail_is_there_in_every_language_with_the_same_values(name: str) -> None:
    texts = load_texts()[name]
    assert set(texts) == set(LANGUAGES)
    for part in ("subject", "body"):
        values = [_values(texts[lang][part]) for lang in LANGUAGES]
        assert all(each == values[0] for each in values)
    assert all("\n" not in texts[lang]["subject"] for lang in LANGUAGES)


def test_every_phrase_that_a_page_asks_for_is_there() -> None:
    asked = re.compile(r"""\bt\(\s*["']([\w.-]+)["']\s*[,)]""")
    names = {
        name
        for file in project_files("directory/pages/*.html")
        for name in asked.findall(file.read_text(encoding="utf-8"))
    }
    assert len(names) > 50
    assert names - set(load_phrases()) == set()


def test_files_of_others_are_what_their_authors_made() -> None:
    listed = dict(
        re.findall(r"^\| `([\w.-]+)` .*`([0-9a-f]{64})` \|$", (VENDOR / "README.md").read_text(), re.MULTILINE)
    )
    kept = {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in VENDOR.iterdir() if file.suffix != ".md"
    }
    assert kept
    assert kept == listed
