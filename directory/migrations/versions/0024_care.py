"""What members bring to customer service: refused cards, calls, questions; their secrets; what hooks are told."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_LANG = "lang IN ('en', 'fr', 'es', 'ar')"
_WAITING = "sent_at IS NULL AND given_up_at IS NULL"


def _of_case() -> sa.Column[Any]:
    return sa.Column("id", sa.Uuid(), sa.ForeignKey("case_file.id", ondelete="CASCADE"), primary_key=True)


def _moment(name: str, *, needed: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=not needed)


def upgrade() -> None:
    op.create_table(
        "case_secret",
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("case_file.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )
    _create_refusals()
    _create_calls()
    op.create_table(
        "contact",
        _of_case(),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("lang", sa.Text(), nullable=False),
        sa.Column("listing_id", sa.BigInteger(), sa.ForeignKey("listing.id")),
        sa.CheckConstraint(_LANG, name=op.f("ck_contact_lang")),
    )
    _create_hooks()


def _create_refusals() -> None:
    op.create_table(
        "refusal",
        _of_case(),
        sa.Column("listing_id", sa.BigInteger(), sa.ForeignKey("listing.id"), nullable=False),
        sa.Column("network", sa.Text(), sa.ForeignKey("network.code")),
        sa.Column("at_desk", sa.Boolean(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        _moment("received_at", needed=True),
        sa.Column("care", sa.Text()),
        sa.Column("asked_cash", sa.Boolean()),
        sa.Column("paid_amount", sa.Numeric(12, 2)),
        sa.Column("paid_currency", sa.Text()),
        sa.Column("lang", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("verified_on", sa.Date()),
        sa.Column("confirmed", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("alternatives", sa.ARRAY(sa.BigInteger()), server_default="{}", nullable=False),
        sa.Column("telehealth", sa.Boolean(), server_default="false", nullable=False),
        sa.CheckConstraint(_LANG, name=op.f("ck_refusal_lang")),
        sa.CheckConstraint(
            "(paid_amount IS NULL) = (paid_currency IS NULL)", name=op.f("ck_refusal_amount_with_currency")
        ),
        sa.CheckConstraint("paid_amount > 0", name=op.f("ck_refusal_paid_amount")),
        sa.CheckConstraint("cardinality(alternatives) <= 3", name=op.f("ck_refusal_alternatives")),
    )
    op.create_index("ix_refusal_listing_id", "refusal", ["listing_id"])
    op.create_index("ix_refusal_received_at", "refusal", ["received_at"])


def _create_calls() -> None:
    op.create_table(
        "call_back",
        _of_case(),
        sa.Column("country", sa.Text(), sa.ForeignKey("country.code"), nullable=False),
        sa.Column("lang", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("urgent", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("listing_id", sa.BigInteger(), sa.ForeignKey("listing.id")),
        sa.Column("about", sa.Text()),
        sa.Column("number_hash", sa.LargeBinary()),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("claimed_by", sa.Uuid(), sa.ForeignKey("account.id")),
        _moment("claimed_at"),
        _moment("closed_at"),
        sa.CheckConstraint(_LANG, name=op.f("ck_call_back_lang")),
    )
    op.create_index(
        "ix_call_back_open", "call_back", ["number_hash"], unique=True,
        postgresql_where=sa.text("closed_at IS NULL AND number_hash IS NOT NULL"),
    )  # fmt: skip


def _create_hooks() -> None:
    op.create_table(
        "hook_message",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("case_file.id", ondelete="CASCADE"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("error", sa.Text()),
        _moment("sent_at"),
        _moment("given_up_at"),
        sa.CheckConstraint("sent_at IS NULL OR given_up_at IS NULL", name=op.f("ck_hook_message_one_end")),
    )
    op.create_index("ix_hook_message_waiting", "hook_message", ["due_at"], postgresql_where=sa.text(_WAITING))


def downgrade() -> None:
    for table in ("hook_message", "contact", "call_back", "refusal", "case_secret"):
        op.drop_table(table)
