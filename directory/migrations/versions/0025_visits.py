"""Members say with one tap whether a provider took their card: counts of days, and nobody's name."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

# What is counted is no part of a listing's revision: its document is written again, as with a new owner (0013).
_TOLD = """
CREATE TRIGGER visit_day_told AFTER INSERT OR UPDATE ON visit_day
    FOR EACH ROW EXECUTE FUNCTION put_owned_listing_into_outbox()
"""


def upgrade() -> None:
    op.create_table(
        "visit_day",
        sa.Column("listing_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("accepted", sa.Integer(), server_default="0", nullable=False),
        sa.Column("refused", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint("accepted >= 0 AND refused >= 0", name=op.f("ck_visit_day_counts")),
        sa.PrimaryKeyConstraint("listing_id", "day", name=op.f("pk_visit_day")),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_visit_day_listing_id"), ondelete="CASCADE"
        ),
    )
    op.create_table(
        "visit_sender",
        sa.Column("listing_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("listing_id", "sender", "day", name=op.f("pk_visit_sender")),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_visit_sender_listing_id"), ondelete="CASCADE"
        ),
    )
    op.create_index("ix_visit_sender_day", "visit_sender", ["day"])
    op.execute(_TOLD)


def downgrade() -> None:
    op.drop_table("visit_sender")
    op.drop_table("visit_day")
