"""What is found follows its listing by triggers in both directions: no foreign key is checked for each new listing.

Nothing but triggers writes `findable`, from rows of `listing` that are there. The key's check locked each of them once
more, a quarter of what an import pays for being found (docs/adr/0035-findable.md).
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_FOLLOW = """
CREATE FUNCTION lose_deleted_listings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM findable WHERE listing_id = ANY(ARRAY(SELECT id FROM deleted));
    RETURN NULL;
END $$;

CREATE FUNCTION lose_all_listings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    TRUNCATE findable;
    RETURN NULL;
END $$;

CREATE TRIGGER listing_lost AFTER DELETE ON listing
    REFERENCING OLD TABLE AS deleted FOR EACH STATEMENT EXECUTE FUNCTION lose_deleted_listings();
CREATE TRIGGER listings_lost AFTER TRUNCATE ON listing
    FOR EACH STATEMENT EXECUTE FUNCTION lose_all_listings();
"""


def upgrade() -> None:
    op.drop_constraint(op.f("fk_findable_listing_id"), "findable", type_="foreignkey")
    op.execute(sa.text(_FOLLOW))


def downgrade() -> None:
    op.execute("DROP TRIGGER listings_lost ON listing")
    op.execute("DROP TRIGGER listing_lost ON listing")
    op.execute("DROP FUNCTION lose_all_listings()")
    op.execute("DROP FUNCTION lose_deleted_listings()")
    op.create_foreign_key(
        op.f("fk_findable_listing_id"), "findable", "listing", ["listing_id"], ["id"], ondelete="CASCADE"
    )
