"""What happens to a case is written into the audit in one place, which knows what may not be written."""

import ast
from pathlib import Path

import pytest

from config.settings import PROJECT_ROOT
from directory.proposals.rules import PROPOSALS

# Rooms of cases; a new kind's room goes into this list.
_ROOMS = ("cases", "care", "proposals")
_WRITER = "cases/casework.py"


def imports_audit(source: str) -> bool:
    """Whether a module could write into the audit by itself."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = {alias.name for alias in node.names}
            if (node.module == "directory" and "audit" in names) or node.module == "directory.audit":
                return True
            if node.module.startswith("directory.models") and names & {"AuditEntry", "AuditSeal"}:
                return True
        if isinstance(node, ast.Import) and any(alias.name == "directory.audit" for alias in node.names):
            return True
    return False


def test_the_rooms_of_cases_write_the_audit_by_casework_alone() -> None:
    house = PROJECT_ROOT / "directory"
    files = [path for room in _ROOMS for path in (house / room).rglob("*.py")]
    assert len(files) > 15
    found = [str(path.relative_to(house)) for path in files if imports_audit(path.read_text(encoding="utf-8"))]
    assert found == [_WRITER]


@pytest.mark.parametrize(
    "source",
    [
        "from directory import audit, db",
        "from directory.audit import record",
        "import directory.audit",
        "from directory.models import AuditEntry",
    ],
)
def test_the_guard_sees_every_way_to_the_audit(source: str) -> None:
    assert imports_audit(source)
    assert not imports_audit("from directory import db\nfrom directory.models import CaseFile")


def test_every_room_that_declares_a_kind_of_case_is_guarded() -> None:
    rooms = {
        path.relative_to(PROJECT_ROOT / "directory").parts[0]
        for path in Path(PROJECT_ROOT / "directory").rglob("*.py")
        if "Workflow(" in path.read_text(encoding="utf-8").replace("class Workflow(", "")
    }
    assert rooms <= set(_ROOMS)
    assert PROPOSALS.kind == "proposal"
