"""Overlapping agreements are refused by a trigger instead of a GiST index (docs/adr/0015-overlap-by-trigger.md)."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# Two writers of one listing meet at its row: the second one waits there until the first has ended, and the query that
# follows sees what the first one wrote. That needs a new snapshot for each statement, so READ COMMITTED.
_FUNCTION = """
-- Only ever by index: the plan is kept, and one that was made while the table was empty would read all of it each time.
CREATE FUNCTION refuse_overlapping_agreements() RETURNS trigger LANGUAGE plpgsql
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    overlap record;
BEGIN
    IF NOT EXISTS (SELECT FROM changed) THEN
        RETURN NULL;
    END IF;
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'agreements are written at READ COMMITTED' USING ERRCODE = 'feature_not_supported';
    END IF;
    -- Listings that this transaction made are seen by nobody else.
    PERFORM FROM listing
      WHERE id IN (SELECT listing_id FROM changed) AND xmin <> pg_current_xact_id()::xid
      ORDER BY id FOR NO KEY UPDATE;
    SELECT a.listing_id, a.network, a.period, c.period AS other INTO overlap
      FROM changed c
      JOIN agreement a ON a.listing_id = c.listing_id AND a.network = c.network
       AND a.period && c.period AND a.id <> c.id
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'conflicting agreements violate exclusion constraint "ex_agreement_overlap"' USING
            ERRCODE = 'exclusion_violation', TABLE = 'agreement', CONSTRAINT = 'ex_agreement_overlap',
            DETAIL = format('Listing %s in network %s: %s overlaps %s.',
                            overlap.listing_id, overlap.network, overlap.other, overlap.period);
    END IF;
    RETURN NULL;
END $$;
"""
_TRIGGERS = """
CREATE TRIGGER agreement_inserted AFTER INSERT ON agreement
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION refuse_overlapping_agreements();
CREATE TRIGGER agreement_updated AFTER UPDATE ON agreement
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION refuse_overlapping_agreements();
"""


def upgrade() -> None:
    op.execute("ALTER TABLE agreement DROP CONSTRAINT ex_agreement_overlap")
    op.execute(_FUNCTION)
    op.execute(_TRIGGERS)


def downgrade() -> None:
    op.execute("DROP TRIGGER agreement_inserted ON agreement")
    op.execute("DROP TRIGGER agreement_updated ON agreement")
    op.execute("DROP FUNCTION refuse_overlapping_agreements()")
    op.execute(
        "ALTER TABLE agreement ADD CONSTRAINT ex_agreement_overlap"
        " EXCLUDE USING gist (listing_id WITH =, network WITH =, period WITH &&)"
    )
