"""The outbox has two lanes, and knows when what waits in it was committed (docs/adr/0033-lanes.md)."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_WAITING = sa.text("set_aside_at IS NULL")

# A writer of many says so for its transaction: set_config('directory.bulk', 'on', true). One statement that changes
# more listings than the fast lane brings into the index in a second is bulk whoever writes it.
_LANES = """
CREATE FUNCTION goes_by_bulk(listings bigint) RETURNS boolean STABLE LANGUAGE sql AS $$
    SELECT COALESCE(current_setting('directory.bulk', true), '') = 'on' OR listings > 5000
$$;

CREATE OR REPLACE FUNCTION put_new_listings_into_outbox() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO outbox (listing_id, bulk)
    SELECT id, goes_by_bulk((SELECT count(*) FROM changed)) FROM changed;
    IF FOUND THEN
        PERFORM pg_notify('outbox', '');
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION put_changed_listings_into_outbox() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO outbox (listing_id, bulk)
    SELECT changed.id, goes_by_bulk((SELECT count(*) FROM changed))
      FROM changed JOIN former USING (id) WHERE changed.revision > former.revision;
    IF FOUND THEN
        PERFORM pg_notify('outbox', '');
    END IF;
    RETURN NULL;
END $$;
"""

# `queued_at` is the beginning of the transaction, which for an import lies minutes before anybody can see its rows.
# One row a transaction is written at its very end, by a trigger that waits for the commit.
_COMMITS = """
CREATE FUNCTION note_outbox_commit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO outbox_commit SELECT transaction_id FROM added LIMIT 1 ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;

CREATE FUNCTION time_outbox_commit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE outbox_commit SET committed_at = clock_timestamp() WHERE transaction_id = NEW.transaction_id;
    RETURN NULL;
END $$;

CREATE TRIGGER outbox_filled AFTER INSERT ON outbox
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION note_outbox_commit();
CREATE CONSTRAINT TRIGGER outbox_commits AFTER INSERT ON outbox_commit
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION time_outbox_commit();
"""

_ONE_LANE = """
CREATE OR REPLACE FUNCTION put_new_listings_into_outbox() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO outbox (listing_id) SELECT id FROM changed;
    IF FOUND THEN
        PERFORM pg_notify('outbox', '');
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION put_changed_listings_into_outbox() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO outbox (listing_id)
    SELECT changed.id FROM changed JOIN former USING (id) WHERE changed.revision > former.revision;
    IF FOUND THEN
        PERFORM pg_notify('outbox', '');
    END IF;
    RETURN NULL;
END $$;

DROP FUNCTION goes_by_bulk(bigint);
"""


def upgrade() -> None:
    # What waits since before has no transaction that is known: its `queued_at` counts.
    op.add_column("outbox", sa.Column("transaction_id", sa.BigInteger(), nullable=True))
    op.alter_column("outbox", "transaction_id", server_default=sa.text("pg_current_xact_id()::text::bigint"))
    op.add_column("outbox", sa.Column("bulk", sa.Boolean(), server_default="false", nullable=False))
    op.create_table(
        "outbox_commit",
        sa.Column("transaction_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("committed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("transaction_id", name=op.f("pk_outbox_commit")),
    )
    op.drop_index("ix_outbox_waiting", table_name="outbox", postgresql_where=_WAITING)
    op.create_index("ix_outbox_waiting", "outbox", ["bulk", "id"], postgresql_where=_WAITING)
    op.create_index("ix_outbox_waiting_of", "outbox", ["listing_id"], postgresql_where=_WAITING)
    op.execute(_LANES)
    op.execute(_COMMITS)


def downgrade() -> None:
    op.execute("DROP TRIGGER outbox_filled ON outbox")
    op.execute("DROP TRIGGER outbox_commits ON outbox_commit")
    op.execute("DROP FUNCTION note_outbox_commit(), time_outbox_commit()")
    op.execute(_ONE_LANE)
    op.drop_index("ix_outbox_waiting_of", table_name="outbox", postgresql_where=_WAITING)
    op.drop_index("ix_outbox_waiting", table_name="outbox", postgresql_where=_WAITING)
    op.create_index("ix_outbox_waiting", "outbox", ["id"], postgresql_where=_WAITING)
    op.drop_table("outbox_commit")
    op.drop_column("outbox", "bulk")
    op.drop_column("outbox", "transaction_id")
