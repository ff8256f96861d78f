"""Words of pages and mails: nothing is missing in any language, and what is asked for is there."""

import hashlib
import re
import shutil
from pathlib import Path

import pytest

from config.languages import LANGUAGES, SOURCE
from config.settings import PROJECT_ROOT
from directory.wording.catalogue import LOCALE, catalogue_file, load_phrases, read_catalogue
from directory.wording.checking import check_catalogue
from tests.guards.tracked import project_files

VENDOR = PROJECT_ROOT / "directory" / "pages" / "static" / "vendor"


def faults(folder: Path = LOCALE) -> list[str]:
    return list(map(str, check_catalogue(folder)))


def test_every_phrase_is_there_in_every_language_with_the_same_values_and_all_forms() -> None:
    assert len(load_phrases(SOURCE)) > 500
    assert faults() == []


@pytest.mark.parametrize("lang", [lang for lang in LANGUAGES if lang != SOURCE])
def test_translators_tools_find_a_head_that_counts(lang: str) -> None:
    # gettext leaves out a head that is marked as not sure, and the rule of the plural forms with it.
    assert not read_catalogue(lang).fuzzy
    assert "EMAIL@ADDRESS" not in catalogue_file(lang).read_text(encoding="utf-8")


@pytest.mark.parametrize("lang", [lang for lang in LANGUAGES if lang != SOURCE])
@pytest.mark.parametrize(
    ("pattern", "instead", "said"),
    [
        (r'(msgctxt "sign_in\.title"\nmsgid "[^"]*"\nmsgstr )"[^"]*"', r'\1""', "sign_in.title is missing"),
        (r'(msgctxt "members\.found"\n(?:msgid.*\n)+msgstr\[0\] )"[^"]*"', r'\1""', "members.found lacks the form"),
        (r"\{count\}", "{number}", "has the values {number}"),
    ],
)
def test_what_a_language_lacks_is_named(tmp_path: Path, lang: str, pattern: str, instead: str, said: str) -> None:
    shutil.copytree(LOCALE, tmp_path / "locale")
    file = catalogue_file(lang, tmp_path / "locale")
    text, changed = re.subn(pattern, instead, file.read_text(encoding="utf-8"))
    assert changed
    file.write_text(text, encoding="utf-8")
    assert any(fault.startswith(f"{lang}: ") and said in fault for fault in faults(tmp_path / "locale"))


def test_every_phrase_that_a_page_asks_for_is_there() -> None:
    asked = re.compile(r"""\bt\(\s*["']([\w.-]+)["']\s*[,)]""")
    names = {
        name
        for file in project_files("directory/pages/*.html")
        for name in asked.findall(file.read_text(encoding="utf-8"))
    }
    assert len(names) > 50
    assert names - set(load_phrases(SOURCE)) == set()


def test_files_of_others_are_what_their_authors_made() -> None:
    listed = dict(
        re.findall(r"^\| `([\w.-]+)` .*`([0-9a-f]{64})` \|$", (VENDOR / "README.md").read_text(), re.MULTILINE)
    )
    kept = {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in VENDOR.iterdir() if file.suffix != ".md"
    }
    assert kept
    assert kept == listed
