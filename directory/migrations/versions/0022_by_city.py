"""What is found says whether its point is only its city's: such a listing is never nearest, and no pin on a map."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

# The functions of 0010 and 0013, which see 0010 for why they are planned so.
_BY_INDEX = (
    "LANGUAGE plpgsql"
    " SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_nestloop = on"
)
_BY_HASH = "LANGUAGE plpgsql SET enable_seqscan = off SET enable_nestloop = off SET enable_mergejoin = off"
_FORMER = {
    "country": "c.country",
    "place_id": "c.place_id",
    "type": "l.type",
    "languages": "l.languages",
    "sort_name": "p.sort_name",
    "names": "p.latin_names",
    "cities": "string_to_array(concat_ws(' ', NULLIF(btrim(c.latin_city), ''), btrim(pl.latin_name)), ' ')",
    "point": "c.point",
}
_NOW = _FORMER | {"by_city": "COALESCE(c.precision = 'place', false)"}


def _insert(table: str, columns: dict[str, str], listings: str, status: str) -> str:
    return f"""
    INSERT INTO {table} (listing_id, {", ".join(columns)})
    SELECT l.id, {", ".join(columns.values())}
      FROM {listings} l
      JOIN provider p ON p.id = l.provider_id
      JOIN location c ON c.id = l.location_id
      LEFT JOIN place pl ON pl.id = c.place_id
     WHERE l.status {status} 'active'"""


def _anew(table: str, columns: dict[str, str], status: str, lost: str) -> str:
    return f"""
    DELETE FROM {table} f USING listing l
     WHERE f.listing_id = ANY(listings) AND l.id = f.listing_id AND l.status {lost} 'active';
    {_insert(table, columns, "listing", status)} AND l.id = ANY(listings)
    ON CONFLICT (listing_id) DO UPDATE
       SET ({", ".join(columns)}) = ({", ".join(f"excluded.{name}" for name in columns)});"""


def _functions(columns: dict[str, str], told: str) -> str:
    hidden = columns | {"status": "l.status"}
    return f"""
CREATE OR REPLACE FUNCTION find_new_listings() RETURNS trigger {_BY_INDEX} AS $$
BEGIN
    {_insert("findable", columns, "changed", "=")};
    {_insert("hidden_listing", hidden, "changed", "<>")};
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION find_anew(listings bigint[]) RETURNS void {_BY_INDEX} AS $$
BEGIN
    {_anew("findable", columns, "=", "<>")}
    {_anew("hidden_listing", hidden, "<>", "=")}
END $$;

CREATE OR REPLACE FUNCTION find_changed_locations() RETURNS trigger {_BY_HASH} AS $$
BEGIN
    PERFORM find_anew(ARRAY(SELECT id FROM listing WHERE location_id = ANY(ARRAY(
        SELECT c.id FROM changed c JOIN former f USING (id)
         WHERE (c.country, c.place_id, c.latin_city{told.format("c")})
               IS DISTINCT FROM (f.country, f.place_id, f.latin_city{told.format("f")})
            OR c.point::bytea IS DISTINCT FROM f.point::bytea))));
    RETURN NULL;
END $$;
"""


def _views(columns: dict[str, str]) -> str:
    shown = [f"f.{name}" for name in columns if name != "by_city"]
    # A view that is there takes new columns at its end alone.
    last = ", f.by_city" if "by_city" in columns else ""
    return f"""
CREATE OR REPLACE VIEW curated_active AS
SELECT f.listing_id, {", ".join(shown)}, 'active'::text AS status,
       l.source, l.verified_on, o.account_id::text AS owner{last}
  FROM findable f
  LEFT JOIN listing l ON l.id = f.listing_id
  LEFT JOIN listing_owner o ON o.listing_id = f.listing_id;

CREATE OR REPLACE VIEW curated_hidden AS
SELECT f.listing_id, {", ".join(shown)}, f.status, l.source, l.verified_on, o.account_id::text AS owner{last}
  FROM hidden_listing f
  LEFT JOIN listing l ON l.id = f.listing_id
  LEFT JOIN listing_owner o ON o.listing_id = f.listing_id;

CREATE OR REPLACE VIEW curated_listing AS SELECT * FROM curated_active UNION ALL SELECT * FROM curated_hidden;
"""


def upgrade() -> None:
    for table in ("findable", "hidden_listing"):
        op.add_column(table, sa.Column("by_city", sa.Boolean(), server_default=sa.false(), nullable=False))
        op.execute(
            f"UPDATE {table} f SET by_city = true FROM listing l JOIN location c ON c.id = l.location_id"
            " WHERE l.id = f.listing_id AND c.precision = 'place'"
        )
    op.execute(_functions(_NOW, ", {}.precision"))
    op.execute(_views(_NOW))
    op.create_index(
        "ix_findable_point_by_city",
        "findable",
        ["point"],
        postgresql_using="gist",
        postgresql_where=sa.text("by_city"),
    )


def downgrade() -> None:
    op.execute("DROP VIEW curated_listing, curated_active, curated_hidden")
    op.execute(_functions(_FORMER, ""))
    op.execute(_views(_FORMER))
    op.drop_index("ix_findable_point_by_city", "findable")
    op.drop_column("findable", "by_city")
    op.drop_column("hidden_listing", "by_city")
