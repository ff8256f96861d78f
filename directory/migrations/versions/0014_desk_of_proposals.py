"""Proposals on the desk: reasons in words, look-alikes that are another; news of one case in one mail.

And codes for who lost an authenticator.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("proposal", sa.Column("reason_words", sa.Text(), nullable=True))
    op.add_column("proposal", sa.Column("reason_listing_id", sa.BigInteger(), nullable=True))
    op.add_column("proposal", sa.Column("not_same", sa.ARRAY(sa.Text()), server_default="{}", nullable=False))
    op.create_check_constraint(op.f("ck_proposal_reason_words"), "proposal", "length(reason_words) <= 500")
    op.create_foreign_key(op.f("fk_proposal_reason_listing_id"), "proposal", "listing", ["reason_listing_id"], ["id"])
    op.add_column(
        "account", sa.Column("recovery_hashes", sa.ARRAY(sa.LargeBinary()), server_default="{}", nullable=False)
    )
    op.add_column("mail_message", sa.Column("about", sa.Uuid(), nullable=True))
    op.create_index(
        "ix_mail_message_about", "mail_message", ["about", "recipient"],
        postgresql_where=sa.text("sent_at IS NULL AND given_up_at IS NULL"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_mail_message_about", "mail_message")
    op.drop_column("mail_message", "about")
    op.drop_column("account", "recovery_hashes")
    op.drop_constraint(op.f("fk_proposal_reason_listing_id"), "proposal", type_="foreignkey")
    op.drop_constraint(op.f("ck_proposal_reason_words"), "proposal", type_="check")
    for name in ("not_same", "reason_listing_id", "reason_words"):
        op.drop_column("proposal", name)
