"""Imports that people bring: where each stands, its file, what is said of its columns, what becomes of its rows."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_STATES = (
    "uploaded", "columns", "previewing", "previewed", "applying", "applied", "undoing", "undone", "dropped", "failed",
)  # fmt: skip
_WAITING = "status IN ('uploaded', 'previewing', 'applying', 'undoing')"
_OUTCOMES = ("created", "changed", "unchanged", "set_aside", "warned")


def _one_of(column: str, words: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(word) for word in words)})"


def upgrade() -> None:
    op.drop_constraint("ck_import_status", "import")
    op.create_check_constraint("status", "import", _one_of("status", _STATES))
    op.alter_column("import", "report", server_default="{}")
    for column in (
        sa.Column("revision", sa.BigInteger, server_default="1", nullable=False),
        sa.Column("asked_by", sa.Uuid, sa.ForeignKey("account.id")),
        sa.Column("asked_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("size", sa.BigInteger),
        sa.Column("told", postgresql.JSONB, server_default="{}", nullable=False),
        sa.Column("looked", postgresql.JSONB),
        sa.Column("progress", postgresql.JSONB),
        sa.Column("attempts", sa.SmallInteger, server_default="0", nullable=False),
        sa.Column("problem", sa.Text),
        sa.Column("undo", postgresql.JSONB),
    ):
        op.add_column("import", column)
    op.create_index("ix_import_waiting", "import", ["asked_at", "id"], postgresql_where=sa.text(_WAITING))
    op.create_index("ix_import_source", "import", ["source"])
    _create_pieces()
    _create_rows()
    # Which fields people set of listings is asked of the audit before each import (directory/imports/keeping.py).
    op.create_index(
        "ix_audit_entry_of_people",
        "audit_entry",
        ["subject"],
        postgresql_where=sa.text("role IN ('network', 'admin') AND subject LIKE 'listing:%'"),
    )


def _create_pieces() -> None:
    op.create_table(
        "import_piece",
        sa.Column("import_id", sa.BigInteger, sa.ForeignKey("import.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.CheckConstraint(_one_of("kind", ("file", "rejects")), name="kind"),
    )
    # To press a file while it comes in would take longer than to write it as it is.
    op.execute("ALTER TABLE import_piece ALTER COLUMN content SET STORAGE EXTERNAL")


def _create_rows() -> None:
    op.create_table(
        "import_row",
        sa.Column("import_id", sa.BigInteger, sa.ForeignKey("import.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("outcome", sa.Text, primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("line", sa.Integer, nullable=False),
        sa.Column("told", postgresql.JSONB, nullable=False),
        sa.CheckConstraint(_one_of("outcome", _OUTCOMES), name="outcome"),
    )


def downgrade() -> None:
    op.drop_index("ix_audit_entry_of_people", "audit_entry")
    op.drop_table("import_row")
    op.drop_table("import_piece")
    op.drop_index("ix_import_source", "import")
    op.drop_index("ix_import_waiting", "import")
    # Whatever is on its way changed nothing yet; what is being undone is as it was applied until that is done.
    op.execute("DELETE FROM import WHERE status NOT IN ('applied', 'undoing', 'undone')")
    op.execute("UPDATE import SET status = 'applied' WHERE status = 'undoing'")
    for name in (
        "undo", "problem", "attempts", "progress", "looked", "told", "size", "asked_at", "asked_by", "revision",
    ):  # fmt: skip
        op.drop_column("import", name)
    op.alter_column("import", "report", server_default=None)
    op.drop_constraint("ck_import_status", "import")
    op.create_check_constraint("status", "import", _one_of("status", ("applied", "undone")))
