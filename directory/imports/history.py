"""What was imported when."""

from typing import Any

from sqlalchemy import Engine, select

from directory.models import Import, ImportStatus


def list_imports(engine: Engine, limit: int) -> list[dict[str, Any]]:
    """The latest imports that were applied, newest first, each with its report as the command printed it."""
    columns = (Import.id, Import.source, Import.file_name, Import.status, Import.created_at, Import.report)
    with engine.connect() as connection:
        was_applied = Import.status.in_((ImportStatus.applied, ImportStatus.undone))
        rows = connection.execute(select(*columns).where(was_applied).order_by(Import.id.desc()).limit(limit))
        return [{**row._mapping, "created_at": row.created_at.isoformat(timespec="seconds")} for row in rows]
