"""Rules of the house that no linter knows."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.settings import PROJECT_ROOT
from tests.guards.tracked import project_files, text_of

PYTHON = project_files("*.py")
MOST_LINES_OF_A_FILE = 500
MOST_LINES_OF_A_FUNCTION = 60


def _name(file: Path) -> str:
    return str(file.relative_to(PROJECT_ROOT))


def _functions(text: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_the_project_is_here() -> None:
    assert PROJECT_ROOT / "directory" / "app.py" in PYTHON
    assert len(PYTHON) > 100


@pytest.mark.parametrize("file", PYTHON, ids=_name)
def test_file_and_functions_can_be_read_in_one_go(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count("\n") <= MOST_LINES_OF_A_FILE
    long = {
        function.name: length
        for function in _functions(text)
        if (length := (function.end_lineno or 0) - function.lineno + 1) > MOST_LINES_OF_A_FUNCTION
    }
    assert not long


def test_every_module_says_what_it_owns() -> None:
    silent = [
        _name(file)
        for file in PYTHON
        if (text := file.read_text(encoding="utf-8")).strip() and not ast.get_docstring(ast.parse(text))
    ]
    assert silent == []


def test_no_file_is_named_for_nothing_in_particular() -> None:
    vague = {"utils", "util", "helpers", "helper", "manager", "common", "misc"}
    assert [_name(file) for file in PYTHON if vague & {*file.parts, file.stem}] == []


# A clone must work anywhere, behind any mirror: no place of one machine, no host of a registry.
# Character classes keep these patterns from finding themselves.
ELSEWHERE = {
    "a place of one machine": r"(?<![\w.])/(?:roo[t]|wor[k]|home/\w+|Users/\w+)/\w",
    "a path outside the project": r"\.\./share[d]",
    "the host of a registry": r"pyp[i]\.org|pythonhoste[d]|registry\.npmj[s]|repo1?\.mave[n]\.|conda\.anacond[a]"
    r"|proxy\.golan[g]|(?<!emit-)index-ur[l]|deb\.debia[n]\.org|registry-1\.docke[r]",
}


@pytest.mark.parametrize("what", ELSEWHERE)
def test_no_file_depends_on_a_place_outside_the_project(what: str) -> None:
    wanted = re.compile(ELSEWHERE[what])
    found = [
        f"{_name(file)}: {match.group()}"
        for file in project_files()
        if (text := text_of(file)) is not None and (match := wanted.search(text))
    ]
    assert found == []


def test_no_file_of_an_engine_is_kept_with_the_source() -> None:
    # A state directory inside the clone, left by a run with STATE_DIR, is one `git add` away.
    state = re.compile(r"(?:^|/)(?:node\.lock|write\.lock|PG_VERSION|postmaster\.pid|engines\.json|.*\.sqlite)$")
    assert [_name(file) for file in project_files() if state.search(_name(file))] == []


def test_no_test_is_skipped_and_no_engine_is_imitated() -> None:
    # A machine without an engine must fail, not pass with fewer tests.
    dodges = re.compile(r"\b(?:pytest|mark)\.(?:ski[p]|skipi[f]|xfai[l]|importorski[p])|unittest(?:\.| import )moc[k]")
    tests = [file for file in PYTHON if file.is_relative_to(PROJECT_ROOT / "tests")]
    assert [_name(file) for file in tests if dodges.search(file.read_text(encoding="utf-8"))] == []


def test_listings_are_changed_and_audited_in_one_place_only() -> None:
    rooms = {
        r"\brevision\s*(?:\+=|=\s*\S*\brevision\s*\+)": {"directory/listings/changing.py"},
        r"(?i)\bupdate\s+listing\s+(?:\w+\s+)?set\b": {"directory/listings/changing.py"},
        r"\bupdated_at\s*=(?!=|\s*ma\.)": {"directory/listings/changing.py"},
        r"(?i)\binsert\s+into\s+listing\b|\bcopy\s+listing\b|\b(?:insert|update|delete)\(Listing\b": set(),
        r"(?<![\w.])(?<!class )Listing\(": set(),
        # New ones go by COPY, through the one function that knows the tables of a listing.
        r"\bCOPY \{table\}": {"directory/listings/making.py"},
        r"\bwrite_new\(": {"directory/listings/making.py", "directory/imports/apply.py"},
        r"(?i)\binsert\s+into\s+audit_entry\b|\bAuditEntry\(": {"directory/audit.py"},
    }
    # Cases and changes of many have revisions of their own; what makes worlds and the schema is no change by anybody.
    makers = ("directory/migrations/", "directory/synth/", "directory/models/", "tests/", "bench/")
    others = ("directory/cases/", "directory/changes/", *makers)
    for pattern, allowed in rooms.items():
        found = {
            _name(file)
            for file in PYTHON
            if not _name(file).startswith(others) and re.search(pattern, file.read_text(encoding="utf-8"))
        }
        assert found - allowed == set(), f"{pattern}: a listing is changed by directory/listings/changing.py alone"
