"""Publishable keys, rates, and reports on listings."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_keys()
    _create_rates()
    _create_reports()


def _create_keys() -> None:
    op.create_table(
        "api_key",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("origins", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("network", sa.Text(), nullable=True),
        sa.Column("rate_per_minute", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("cardinality(origins) > 0", name=op.f("ck_api_key_has_an_origin")),
        sa.CheckConstraint("rate_per_minute > 0", name=op.f("ck_api_key_rate_per_minute")),
        sa.ForeignKeyConstraint(["network"], ["network.code"], name=op.f("fk_api_key_network")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("key", name=op.f("uq_api_key_key")),
    )


def _create_rates() -> None:
    op.create_table(
        "rate",
        sa.Column("bucket", sa.Text(), nullable=False),
        sa.Column("restored_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("bucket", name=op.f("pk_rate")),
        prefixes=["UNLOGGED"],
        postgresql_with={"fillfactor": 50},
    )


def _create_reports() -> None:
    op.create_table(
        "report",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("listing_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("contact", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), server_default="open", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=True),
        sa.Column("request_digest", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("kind IN ('wrong_details', 'closed', 'card_refused', 'other')", name=op.f("ck_report_kind")),
        sa.CheckConstraint("status IN ('open', 'resolved', 'dismissed')", name=op.f("ck_report_status")),
        sa.CheckConstraint("length(text) <= 2000", name=op.f("ck_report_text")),
        sa.CheckConstraint("length(contact) <= 200", name=op.f("ck_report_contact")),
        sa.CheckConstraint(
            "(idempotency_key IS NULL) = (request_digest IS NULL)", name=op.f("ck_report_key_with_digest")
        ),
        sa.ForeignKeyConstraint(["listing_id"], ["listing.id"], name=op.f("fk_report_listing_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_report_idempotency_key")),
    )
    op.create_index("ix_report_listing_id", "report", ["listing_id"], unique=False)
    op.create_index(
        "ix_report_open",
        "report",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("status = 'open'"),
    )


def downgrade() -> None:
    for table in ("report", "rate", "api_key"):
        op.drop_table(table)
