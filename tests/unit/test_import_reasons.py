"""Every sentence that sets a row aside or refuses a file has a code, and so words in every language."""

import ast
from collections.abc import Iterator

import pytest

from config.languages import LANGUAGES
from config.settings import PROJECT_ROOT
from directory.imports import reasons
from directory.imports.reasons import CODES, find_problem, find_reasons
from directory.pages.staff.import_words import problem, why
from directory.wording.catalogue import has_phrase

ROOM = PROJECT_ROOT / "directory"
# Where faults of rows are written: the name of what is called, and which of its arguments is the sentence.
WRITERS = {"ValueError": 0, "fault": 1, "RowFault": 2, "_unreadable": 2}
FILES = (
    "listings/values.py", "vocabulary/languages.py", "imports/rows.py", "imports/sheets.py", "imports/tables.py",
    "imports/json_lines.py", "imports/sameness.py", "imports/merge.py", "imports/apply.py",
)  # fmt: skip
RETURNING = ("imports/json_lines.py", "imports/sameness.py")
# Not about a row: what a developer is told.
OURS = ("config/columns.toml", "is no column")


def sentences() -> Iterator[str]:
    """What these files say, with an example for each value."""
    for file in FILES:
        for node in ast.walk(ast.parse((ROOM / file).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                place = WRITERS.get(name, 99)
                if len(node.args) > place and (said := example(node.args[place])):
                    yield said
            elif isinstance(node, ast.Return) and node.value and file in RETURNING:
                yield from filter(lambda said: len(said) > 20, [example(node.value)])


def example(node: ast.AST) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if not isinstance(node, ast.JoinedStr):
        return ""
    return "".join(value_of(part) if isinstance(part, ast.FormattedValue) else example(part) for part in node.values)


def value_of(part: ast.FormattedValue) -> str:
    name = ast.unparse(part.value)
    if name == "_GREGORIAN":
        return reasons._GREGORIAN
    if name == "reason":
        return "is empty"
    if name == "hint":
        return "near to it are 'clinic'" if "type" in ast.unparse(part) else ""
    return "'x'" if part.conversion == ord("r") or name.startswith("quoted(") else "7"


@pytest.mark.parametrize("said", sorted(set(sentences())))
def test_every_sentence_about_a_row_has_a_code(said: str) -> None:
    if any(word in said for word in OURS):
        return
    said = said.replace("is no type; ", "is no type; allowed are a, b") if said.endswith("is no type; ") else said
    assert [each.code for each in find_reasons(said)] != ["other"], said


def test_several_faults_of_a_row_are_told_apart() -> None:
    said = (
        "type: 'vaisseau' is no type; near to it are 'vaccine'; country: is empty; it must be given; "
        "tariff: 'a; b' is neither true nor false; write true or false"
    )
    found = find_reasons(said)
    assert [(each.column, each.code) for each in found] == [
        ("type", "type"),
        ("country", "empty"),
        ("tariff", "yes_no"),
    ]
    assert found[2].values == {"cell": "'a; b'"}
    assert "est vide" in why("fr", said)[1]


def test_what_has_no_code_is_said_all_the_same() -> None:
    assert [each.code for each in find_reasons("Something new; and more")] == ["other", "other"]
    assert find_problem("Something new").code == "file_other"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("list.csv is empty.", "file_empty"),
        ("The file is not text, and not XLSX either. CSV, XLSX and NDJSON can be imported.", "file_kind"),
        ("The file unpacks to 4,000 MB, more than the 2,048 MB allowed. Save it as CSV.", "file_large"),
        ("The work was broken off 3 times. Nothing was imported.", "file_broken_off"),
        ("Something went wrong on our side, and was recorded. Nothing was imported.", "file_ours"),
        ("None of the first 1,000 rows can be used, so the file was read no further. Line 2: is empty.", "file_no_row"),
    ],
)  # fmt: skip
def test_a_file_that_is_refused_says_why_in_the_readers_language(said: str, code: str) -> None:
    assert find_problem(said).code == code
    assert "Rien n’a été importé." in problem("fr", said)


def test_every_code_has_words_in_every_language() -> None:
    assert all(has_phrase(f"imports.why_{code}") for code in CODES)
    assert all("{" not in problem(lang, "Something new") for lang in LANGUAGES)
