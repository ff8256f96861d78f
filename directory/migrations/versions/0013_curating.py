"""The network team finds any listing: by owner, external id and telephone, and of every status without the engine."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geography

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
# What is not active stands in `hidden_listing` as what is active stands in `findable` (0010), which members' searches
# look in. The same functions write both: what they say of one is said of the other.
_BY_INDEX = (
    "LANGUAGE plpgsql"
    " SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_nestloop = on"
)
_COLUMNS = "country, place_id, type, languages, sort_name, names, cities, point"
_ROWS = """
    SELECT l.id, c.country, c.place_id, l.type, l.languages, p.sort_name, p.latin_names,
           string_to_array(concat_ws(' ', NULLIF(btrim(c.latin_city), ''), btrim(pl.latin_name)), ' '), c.point{status}
      FROM {listings} l
      JOIN provider p ON p.id = l.provider_id
      JOIN location c ON c.id = l.location_id
      LEFT JOIN place pl ON pl.id = c.place_id
     WHERE l.status {is_active} 'active'"""
_FIND = f"INSERT INTO findable (listing_id, {_COLUMNS})" + _ROWS.replace("{status}", "").replace("{is_active}", "=")
_HIDE = f"INSERT INTO hidden_listing (listing_id, {_COLUMNS}, status)" + _ROWS.replace(
    "{status}", ", l.status"
).replace("{is_active}", "<>")
_ANEW = f"""
    DELETE FROM findable f USING listing l
     WHERE f.listing_id = ANY(listings) AND l.id = f.listing_id AND l.status <> 'active';
    {_FIND.format(listings="listing")} AND l.id = ANY(listings)
    ON CONFLICT (listing_id) DO UPDATE
       SET ({_COLUMNS}) = (excluded.{_COLUMNS.replace(", ", ", excluded.")});
"""


def _functions(new: str, anew: str) -> str:
    return f"""
CREATE OR REPLACE FUNCTION find_new_listings() RETURNS trigger {_BY_INDEX} AS $$
BEGIN
    {_FIND.format(listings="changed")};
    {new}
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION find_anew(listings bigint[]) RETURNS void {_BY_INDEX} AS $$
BEGIN
    {_ANEW}
    {anew}
END $$;
"""


_BOTH = _functions(
    f"{_HIDE.format(listings='changed')};",
    f"""
    DELETE FROM hidden_listing h USING listing l
     WHERE h.listing_id = ANY(listings) AND l.id = h.listing_id AND l.status = 'active';
    {_HIDE.format(listings="listing")} AND l.id = ANY(listings)
    ON CONFLICT (listing_id) DO UPDATE
       SET ({_COLUMNS}, status) = (excluded.{_COLUMNS.replace(", ", ", excluded.")}, excluded.status);
    """,
)
# What of a joined table nobody asks for, PostgreSQL does not read; and where only a status is asked for that the first
# half has not, it leaves that out.
_VIEWS = f"""
CREATE VIEW curated_active AS
SELECT f.listing_id, f.{_COLUMNS.replace(", ", ", f.")}, 'active'::text AS status,
       l.source, l.verified_on, o.account_id::text AS owner
  FROM findable f
  LEFT JOIN listing l ON l.id = f.listing_id
  LEFT JOIN listing_owner o ON o.listing_id = f.listing_id;

CREATE VIEW curated_hidden AS
SELECT h.listing_id, h.{_COLUMNS.replace(", ", ", h.")}, h.status, l.source, l.verified_on, o.account_id::text AS owner
  FROM hidden_listing h
  LEFT JOIN listing l ON l.id = h.listing_id
  LEFT JOIN listing_owner o ON o.listing_id = h.listing_id;

CREATE VIEW curated_listing AS SELECT * FROM curated_active UNION ALL SELECT * FROM curated_hidden;
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
    op.create_table(
        "hidden_listing",
        sa.Column("listing_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("languages", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("sort_name", sa.Text(collation="C"), nullable=False),
        sa.Column("names", sa.Text(), nullable=False),
        sa.Column("cities", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("point", Geography("POINT", srid=4326, spatial_index=False), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("listing_id", name=op.f("pk_hidden_listing")),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_hidden_listing_listing_id"), ondelete="CASCADE"
        ),
    )
    op.execute(_HIDE.format(listings="listing"))
    op.create_index("ix_hidden_listing_sort_name", "hidden_listing", ["sort_name", "listing_id"])
    op.execute("ANALYZE hidden_listing")
    op.execute(_BOTH)
    op.execute(_ENDINGS)
    op.execute(_TOLD)
    op.execute(_VIEWS)
    op.create_index(
        "ix_listing_external_id", "listing", ["external_id"], postgresql_where=sa.text("external_id IS NOT NULL")
    )
    op.execute("CREATE INDEX ix_location_phone_endings ON location USING gin (phone_endings(phones))")


def downgrade() -> None:
    op.drop_index("ix_location_phone_endings", "location")
    op.drop_index("ix_listing_external_id", "listing")
    op.execute("DROP VIEW curated_listing, curated_active, curated_hidden")
    op.execute(_functions("", ""))
    op.drop_table("hidden_listing")
    op.execute("DROP TRIGGER listing_owner_told ON listing_owner")
    op.execute("DROP FUNCTION put_owned_listing_into_outbox()")
    op.execute("DROP FUNCTION phone_endings(text[])")
    op.drop_table("saved_view")
    op.drop_table("listing_owner")
