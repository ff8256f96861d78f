"""What an import or an undo did, in numbers and names."""

from dataclasses import asdict, dataclass, field
from typing import Any

from directory.imports.columns import FileColumn

# Always told, so that a reader of the JSON can rely on them; other warnings appear when there are some.
ALWAYS_TOLD = ("swapped", "placed_by_city", "dropped_point")


@dataclass(frozen=True, slots=True)
class ImportReport:
    """Counts are rows of the file: created + changed + unchanged + set_aside = rows."""

    import_id: int | None  # None for a dry run
    source: str
    file_name: str
    rows: int
    created: int
    changed: int
    unchanged: int
    set_aside: int
    warnings: dict[str, int]  # of the rows created or changed, and of those that had to be read again
    rejects_file: str | None
    first_rejects: tuple[dict[str, Any], ...]  # line, column, reason
    first_warnings: dict[str, list[tuple[int, str]]]  # by kind: line, and the cell that it was about
    format: str
    encoding: str | None
    separator: str | None
    columns: tuple[FileColumn, ...]  # what was done with each
    ignored_columns: tuple[str, ...]
    remarks: tuple[str, ...]
    seconds: float
    dry_run: bool = False

    def as_json(self) -> dict[str, Any]:
        """What `import --json` prints and what is kept with the import."""
        return {
            "import_id": self.import_id,
            "created": self.created,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "set_aside": self.set_aside,
            "warnings": {**dict.fromkeys(ALWAYS_TOLD, 0), **self.warnings},
            "rejects_file": self.rejects_file,
            "rows": self.rows,
            "source": self.source,
            "file_name": self.file_name,
            "dry_run": self.dry_run,
            "format": self.format,
            "encoding": self.encoding,
            "separator": self.separator,
            "columns": [asdict(column) for column in self.columns],
            "ignored_columns": list(self.ignored_columns),
            "remarks": list(self.remarks),
            "first_rejects": list(self.first_rejects),
            "first_warnings": {
                kind: [{"line": line, "cell": cell} for line, cell in first]
                for kind, first in sorted(self.first_warnings.items())
            },
            "seconds": round(self.seconds, 3),
        }


@dataclass(frozen=True, slots=True)
class UndoReport:
    """What an undo did. `left` are listings that changed after the import: (id, external id)."""

    import_id: int
    restored: int
    retired: int
    left: tuple[tuple[int, str | None], ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """Listing ids are texts, as everywhere in JSON."""
        return {
            "import_id": self.import_id,
            "restored": self.restored,
            "retired": self.retired,
            "left": [{"listing_id": str(id_), "external_id": external_id} for id_, external_id in self.left],
        }
