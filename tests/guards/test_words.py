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
from directory.wording.using import check_uses, find_uses

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


def test_every_key_is_asked_for_and_every_key_that_is_asked_for_is_there() -> None:
    uses = find_uses()
    assert len(uses.askings) > 500
    assert list(map(str, check_uses(load_phrases(SOURCE), uses))) == []


@pytest.mark.parametrize(
    ("name", "code", "fault"),
    [
        ("a.py", 'phrase(lang, "sign_in.titel")', "sign_in.titel is asked for in a.py:1, and is no phrase"),
        ("a.py", 'said = t("sign_in.titel", count=1)', "sign_in.titel is asked for in a.py:1, and is no phrase"),
        ("a.py", 'words.t(f"sign_in.of_{what}")', "sign_in.of_* is asked for in a.py:1, and is no phrase"),
        ("a.html", "<p>\n{{ t('sign_in.titel') }}", "sign_in.titel is asked for in a.html:2, and is no phrase"),
        ("a.html", '{{ t("sign_in.of_" ~ what) }}', "sign_in.of_* is asked for in a.html:1, and is no phrase"),
        ("a.py", 'url_for("sign_in.show")', None),
        ("a.py", 'kinds = ("open", "shut")\nphrase(lang, f"state.{kind}")', "state.gone is asked for by nobody"),
        ("a.html", '{# shu gon #}{{ t("state." ~ most ~ "t") }}', "state.gone is asked for by nobody"),
        ("a.html", '{# open shut gone #}{{ t("state." ~ kind) }}', None),
    ],
)
def test_a_key_that_is_none_and_a_key_for_nobody_are_named(
    tmp_path: Path, name: str, code: str, fault: str | None
) -> None:
    (tmp_path / name).write_text(code)
    (tmp_path / "uses.py").write_text('KEYS = ("sign_in.title", "state.open")')
    keys = ["sign_in.title", "state.open", *(["state.shut", "state.gone"] if "state." in code else [])]
    said = [str(each) for each in check_uses(keys, find_uses([tmp_path]))]
    assert [each.startswith(f"{SOURCE}: {fault}") for each in said] == ([True] if fault else [])


def test_files_of_others_are_what_their_authors_made() -> None:
    listed = dict(
        re.findall(r"^\| `([\w.-]+)` .*`([0-9a-f]{64})` \|$", (VENDOR / "README.md").read_text(), re.MULTILINE)
    )
    kept = {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in VENDOR.iterdir() if file.suffix != ".md"
    }
    assert kept
    assert kept == listed
