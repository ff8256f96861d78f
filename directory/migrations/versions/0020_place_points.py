"""The index over the places' points goes: the gazetteer knows the nearest city, and no statement asks the database."""

from alembic import op

revision = "0020"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_place_point", table_name="place", postgresql_using="gist")


def downgrade() -> None:
    op.create_index("ix_place_point", "place", ["point"], unique=False, postgresql_using="gist")
