"""What is found has no foreign key to its listing, which a new one would pay for a row at a time.

Nothing but triggers writes `findable`, from rows of `listing` that are there, and a listing is retired, never deleted.
The key's check locked each new listing once more, a quarter of what an import pays for being found
(docs/adr/0035-findable.md).
"""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_FOLLOW = """
CREATE FUNCTION lose_all_listings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    TRUNCATE findable;
    RETURN NULL;
END $$;

CREATE TRIGGER listings_lost AFTER TRUNCATE ON listing
    FOR EACH STATEMENT EXECUTE FUNCTION lose_all_listings();
"""


def upgrade() -> None:
    op.drop_constraint(op.f("fk_findable_listing_id"), "findable", type_="foreignkey")
    op.execute(_FOLLOW)


def downgrade() -> None:
    op.execute("DROP TRIGGER listings_lost ON listing")
    op.execute("DROP FUNCTION lose_all_listings()")
    op.create_foreign_key(
        op.f("fk_findable_listing_id"), "findable", "listing", ["listing_id"], ["id"], ondelete="CASCADE"
    )
