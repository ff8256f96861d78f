"""An import as JSON and pages show it."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from directory.imports.desk.states import allowed_in
from directory.imports.header import Decided
from directory.imports.looking import Looked, decide, read_looked
from directory.imports.reasons import find_problem, find_reasons
from directory.models import Import, ImportStatus, RowOutcome

OUTCOMES = ("created", "changed", "unchanged", "set_aside")
# Of what a preview found nothing is true any more once the import was dropped.
_SHOWS_COUNTS = frozenset(
    (ImportStatus.previewed, ImportStatus.applying, ImportStatus.applied, ImportStatus.undoing, ImportStatus.undone)
)


def render_import(brought: Import) -> dict[str, Any]:
    """All of it. Files and rows have addresses of their own."""
    return {
        **render_summary(brought),
        **_render_columns(brought),
        "warnings": _warnings(brought),
        "remarks": brought.report.get("remarks", []),
        "rejects_file": _address(brought, "rejects.csv") if _has_rejects(brought) else None,
        "warnings_file": _address(brought, "warnings.csv") if _warnings(brought) and brought.size else None,
        "undo": brought.undo,
        "actions": list(allowed_in(brought.status)),
    }


def render_summary(brought: Import) -> dict[str, Any]:
    """What a list says of it."""
    return {
        "id": str(brought.id),
        "state": brought.status,
        "source": brought.source,
        "file_name": brought.file_name,
        "size": brought.size,
        "by": brought.actor,
        "created_at": brought.created_at,
        "counts": _counts(brought),
        "progress": brought.progress,
        "problem": brought.problem,
        "problem_code": find_problem(brought.problem).code if brought.problem else None,
        "revision": brought.revision,
    }


def render_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with all that any outcome says of one."""
    codes = [each.code for each in find_reasons(row["reason"])] if row.get("reason") else []
    return {**_NOTHING, **row, "codes": codes}


_NOTHING: dict[str, Any] = {
    "external_id": None,
    "listing_id": None,
    "name": None,
    "changes": [],
    "otherwise": [],
    "column": None,
    "reason": None,
    "kind": None,
    "cell": None,
}


def _render_columns(brought: Import) -> dict[str, Any]:
    if brought.looked is None:
        # A command's import, or one that nobody has looked at yet: what the report says of them.
        columns = [{**each, "samples": [], "question": None} for each in brought.report.get("columns", [])]
        return {"format": brought.report.get("format"), "columns": columns, "missing": [], "unclear": []}
    looked = read_looked(brought.looked)
    decided = decide(looked, brought.told)
    return {
        "format": looked.format,
        "columns": _columns(looked, decided),
        "missing": list(decided.missing),
        "unclear": list(decided.twice),
    }


def _columns(looked: Looked, decided: Decided) -> list[dict[str, Any]]:
    questions = {each.number: each for each in decided.questions}
    return [
        {
            **asdict(column),
            "samples": list(samples),
            "question": None
            if (asked := questions.get(column.number)) is None
            else _question(asked.field, asked.reason),
        }
        for column, samples in zip(decided.layout.columns, looked.samples, strict=True)
    ]


def _question(field: str, reason: str) -> dict[str, str]:
    return {"field": field, "reason": reason}


def _counts(brought: Import) -> dict[str, int] | None:
    if brought.status not in _SHOWS_COUNTS or "rows" not in brought.report:
        return None
    return {name: brought.report[name] for name in ("rows", *OUTCOMES)}


def _warnings(brought: Import) -> dict[str, Any]:
    if brought.status not in _SHOWS_COUNTS:
        return {}
    first = brought.report.get("first_warnings", {})
    return {
        kind: {"count": count, "lines": [each["line"] for each in first.get(kind, [])]}
        for kind, count in brought.report.get("warnings", {}).items()
        if count
    }


def _has_rejects(brought: Import) -> bool:
    return bool(brought.size and brought.status in _SHOWS_COUNTS and brought.report.get("rejects_file"))


def _address(brought: Import, name: str) -> str:
    return f"/v1/imports/{brought.id}/{name}"


def rows_total(brought: Import, outcome: RowOutcome) -> int:
    """How many rows of the file have this outcome, kept or not; 0 while no preview stands."""
    if brought.status not in _SHOWS_COUNTS:
        return 0
    report = brought.report
    return int(sum(report.get("warnings", {}).values()) if outcome is RowOutcome.warned else report.get(outcome, 0))
