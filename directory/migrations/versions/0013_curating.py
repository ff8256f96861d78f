"""The network team finds any listing: by owner, external id and telephone, and of every status without the engine."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

# The last six digits of each number, whoever writes it how: +254 20 366 2000 and 020-3662000 end alike. Its extension
# is no part of it.
_ENDINGS = r"""
CREATE FUNCTION phone_endings(phones text[]) RETURNS text[] IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$
    SELECT array_agg(right(regexp_replace(split_part(phone, ';', 1), '\D', '', 'g'), 6)) FROM unnest(phones) phone
$$
"""
# A listing's owner is no part of its revision: its document is written again with the one that it has.
_TOLD = """
CREATE FUNCTION put_owned_listing_into_outbox() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    owned bigint := COALESCE(NEW.listing_id, OLD.listing_id);
BEGIN
    -- Not where the listing itself goes, and its owner with it.
    INSERT INTO outbox (listing_id) SELECT id FROM listing WHERE id = owned;
    IF FOUND THEN
        PERFORM pg_notify('outbox', '');
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER listing_owner_told AFTER INSERT OR UPDATE OR DELETE ON listing_owner
    FOR EACH ROW EXECUTE FUNCTION put_owned_listing_into_outbox();
"""
# As `findable` (0010) with what is not active. Where only such are asked for, PostgreSQL leaves the first half out; and
# what of a joined table nobody asks for, it does not read.
_VIEW = """
CREATE VIEW curated_listing AS
SELECT f.listing_id, f.country, f.place_id, f.type, f.languages, f.sort_name, f.names, f.cities, f.point,
       'active'::text AS status, l.source, l.verified_on, o.account_id::text AS owner
  FROM findable f
  LEFT JOIN listing l ON l.id = f.listing_id
  LEFT JOIN listing_owner o ON o.listing_id = f.listing_id
UNION ALL
SELECT l.id, c.country, c.place_id, l.type, l.languages, p.sort_name, p.latin_names,
       string_to_array(concat_ws(' ', NULLIF(btrim(c.latin_city), ''), btrim(pl.latin_name)), ' '), c.point,
       l.status, l.source, l.verified_on, o.account_id::text
  FROM listing l
  JOIN provider p ON p.id = l.provider_id
  JOIN location c ON c.id = l.location_id
  LEFT JOIN place pl ON pl.id = c.place_id
  LEFT JOIN listing_owner o ON o.listing_id = l.id
 WHERE l.status <> 'active'
"""


def upgrade() -> None:
    op.create_table(
        "listing_owner",
        sa.Column("listing_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("listing_id", name=op.f("pk_listing_owner")),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_listing_owner_listing_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_listing_owner_account_id")),
    )
    op.create_index("ix_listing_owner_account_id", "listing_owner", ["account_id"])
    op.create_table(
        "saved_view",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.CheckConstraint("name <> '' AND length(name) <= 60", name=op.f("ck_saved_view_name")),
        sa.CheckConstraint("length(query) <= 2000", name=op.f("ck_saved_view_query")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_saved_view_account_id")),
        sa.UniqueConstraint("account_id", "name", name=op.f("uq_saved_view_account_id_name")),
    )
    op.execute(_ENDINGS)
    op.execute(_TOLD)
    op.execute(_VIEW)
    op.create_index("ix_listing_not_active", "listing", ["status"], postgresql_where=sa.text("status <> 'active'"))
    op.create_index(
        "ix_listing_external_id", "listing", ["external_id"], postgresql_where=sa.text("external_id IS NOT NULL")
    )
    op.execute("CREATE INDEX ix_location_phone_endings ON location USING gin (phone_endings(phones))")


def downgrade() -> None:
    op.drop_index("ix_location_phone_endings", "location")
    op.drop_index("ix_listing_external_id", "listing")
    op.drop_index("ix_listing_not_active", "listing")
    op.execute("DROP VIEW curated_listing")
    op.execute("DROP TRIGGER listing_owner_told ON listing_owner")
    op.execute("DROP FUNCTION put_owned_listing_into_outbox()")
    op.execute("DROP FUNCTION phone_endings(text[])")
    op.drop_table("saved_view")
    op.drop_table("listing_owner")
