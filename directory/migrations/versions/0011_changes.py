"""Changes are kept so that they can be undone; suspensions have dates, and groups of facts know who confirmed them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_STATUSES = "'choosing', 'previewed', 'waiting', 'applying', 'applied', 'undoing', 'undone', 'dropped'"
_IMPORTS_SO_FAR = """
INSERT INTO change (at, actor, role, action, import_id)
SELECT created_at, actor, 'system', 'import', id FROM import ORDER BY id
"""


def upgrade() -> None:
    op.create_table(
        "change",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("undoes", sa.BigInteger(), nullable=True),
        sa.Column("import_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
        sa.ForeignKeyConstraint(["undoes"], ["change.id"], name=op.f("fk_change_undoes")),
        sa.ForeignKeyConstraint(["import_id"], ["import.id"], name=op.f("fk_change_import_id"), ondelete="CASCADE"),
    )
    op.create_index("ix_change_at", "change", ["at"])
    op.create_index(
        "ix_change_undoes", "change", ["undoes"], unique=True, postgresql_where=sa.text("undoes IS NOT NULL")
    )
    op.create_index("ix_change_import_id", "change", ["import_id"], postgresql_where=sa.text("import_id IS NOT NULL"))
    op.create_table(
        "changed_listing",
        sa.Column("change_id", sa.BigInteger(), nullable=False),
        sa.Column("listing_id", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("fields", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("through", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("change_id", "listing_id", "revision", name=op.f("pk_changed_listing")),
        sa.ForeignKeyConstraint(
            ["change_id"], ["change.id"], name=op.f("fk_changed_listing_change_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_changed_listing_listing_id"), ondelete="CASCADE"
        ),
    )
    op.create_index("ix_changed_listing_listing_id", "changed_listing", ["listing_id", "revision"])
    _create_changes_of_many()
    # Which revision an import made of a listing stays known when an undo of a later one hands another down.
    op.add_column("import_change", sa.Column("made", sa.BigInteger(), nullable=True))
    op.execute(_IMPORTS_SO_FAR)
    _add_suspensions()


def _create_changes_of_many() -> None:
    op.create_table(
        "many_change",
        sa.Column("change_id", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("search", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("wanted", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("total", sa.Integer(), server_default="0", nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approver", sa.Text(), nullable=True),
        sa.Column("undo_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("change_id", name=op.f("pk_many_change")),
        sa.ForeignKeyConstraint(
            ["change_id"], ["change.id"], name=op.f("fk_many_change_change_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["undo_id"], ["change.id"], name=op.f("fk_many_change_undo_id")),
        sa.CheckConstraint(f"status IN ({_STATUSES})", name=op.f("ck_many_change_status")),
    )
    working = sa.text("status IN ('choosing', 'applying', 'undoing')")
    op.create_index("ix_many_change_waiting", "many_change", ["asked_at"], postgresql_where=working)
    op.create_table(
        "chosen_listing",
        sa.Column("change_id", sa.BigInteger(), nullable=False),
        sa.Column("listing_id", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("change_id", "listing_id", name=op.f("pk_chosen_listing")),
        sa.ForeignKeyConstraint(
            ["change_id"], ["many_change.change_id"], name=op.f("fk_chosen_listing_change_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_chosen_listing_listing_id"), ondelete="CASCADE"
        ),
    )
    for name, which in (("waiting", "outcome IS NULL"), ("left", "outcome = 'left'")):
        columns = ["change_id", "listing_id"]
        op.create_index(f"ix_chosen_listing_{name}", "chosen_listing", columns, postgresql_where=sa.text(which))


def _add_suspensions() -> None:
    for column in ("suspended_from", "suspended_until"):
        op.add_column("listing", sa.Column(column, sa.Date(), nullable=True))
        op.add_column("agreement", sa.Column(column, sa.Date(), nullable=True))
    op.add_column("agreement", sa.Column("suspension_reason", sa.Text(), nullable=True))
    op.add_column("agreement", sa.Column("instead", sa.Text(), nullable=True))
    op.add_column(
        "listing",
        sa.Column("confirmed", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
    )
    # What the calendar has to do on a day is found among the few that have dates.
    for table in ("listing", "agreement"):
        op.create_index(
            f"ix_{table}_suspension",
            table,
            ["suspended_from", "suspended_until"],
            postgresql_where=sa.text("suspended_from IS NOT NULL OR suspended_until IS NOT NULL"),
        )


def downgrade() -> None:
    for table in ("agreement", "listing"):
        op.drop_index(f"ix_{table}_suspension", table)
        for column in ("suspended_until", "suspended_from"):
            op.drop_column(table, column)
    op.drop_column("listing", "confirmed")
    op.drop_column("agreement", "instead")
    op.drop_column("agreement", "suspension_reason")
    op.drop_column("import_change", "made")
    op.drop_table("chosen_listing")
    op.drop_table("many_change")
    op.drop_table("changed_listing")
    op.drop_table("change")
