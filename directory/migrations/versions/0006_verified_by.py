"""Who confirmed a listing: its source, as an import says it, or the network team."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("listing", sa.Column("verified_by", sa.Text(), server_default="source", nullable=False))
    op.create_check_constraint(op.f("ck_listing_verified_by"), "listing", "verified_by IN ('source', 'network_team')")


def downgrade() -> None:
    op.drop_column("listing", "verified_by")
