"""Each active listing in one row with the indexes that a search of the database wants (docs/adr/0035-findable.md).

While it runs, edits wait: a trigger is put on a table only while nobody writes to it. Searches and pages go on. The
indexes are of a table that nobody reads yet, so they need not be made concurrently: 1,500,000 listings take three
minutes on two cores.
"""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geography

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# Plans are kept. One made while the tables were empty would read all of them each time: so by index only. And one made
# for a change of one row would hold each of a hundred thousand rows against each: so what changed is told by a hash.
_BY_INDEX = (
    "LANGUAGE plpgsql"
    " SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_nestloop = on"
)
_BY_HASH = "LANGUAGE plpgsql SET enable_seqscan = off SET enable_nestloop = off SET enable_mergejoin = off"
# What is written for listings; each user says which.
_ROWS = """
    SELECT l.id, c.country, c.place_id, l.type, l.languages, p.sort_name, p.latin_names,
           string_to_array(concat_ws(' ', NULLIF(btrim(c.latin_city), ''), btrim(pl.latin_name)), ' '), c.point
      FROM {listings} l
      JOIN provider p ON p.id = l.provider_id
      JOIN location c ON c.id = l.location_id
      LEFT JOIN place pl ON pl.id = c.place_id
     WHERE l.status = 'active'"""
_INSERT = (
    f"INSERT INTO findable (listing_id, country, place_id, type, languages, sort_name, names, cities, point){_ROWS}"
)

_FUNCTIONS = f"""
-- Provider and location are there before their listing, so that most rows are written once.
CREATE FUNCTION find_new_listings() RETURNS trigger {_BY_INDEX} AS $$
BEGIN
    {_INSERT.format(listings="changed")};
    RETURN NULL;
END $$;

CREATE FUNCTION find_anew(listings bigint[]) RETURNS void {_BY_INDEX} AS $$
BEGIN
    DELETE FROM findable f USING listing l
     WHERE f.listing_id = ANY(listings) AND l.id = f.listing_id AND l.status <> 'active';
    {_INSERT.format(listings="listing")} AND l.id = ANY(listings)
    ON CONFLICT (listing_id) DO UPDATE
       SET (country, place_id, type, languages, sort_name, names, cities, point) =
           (excluded.country, excluded.place_id, excluded.type, excluded.languages, excluded.sort_name,
            excluded.names, excluded.cities, excluded.point);
END $$;

CREATE FUNCTION find_changed_listings() RETURNS trigger {_BY_HASH} AS $$
BEGIN
    PERFORM find_anew(ARRAY(
        SELECT c.id FROM changed c JOIN former f USING (id)
         WHERE (c.status, c.provider_id, c.location_id, c.type, c.languages)
               IS DISTINCT FROM (f.status, f.provider_id, f.location_id, f.type, f.languages)));
    RETURN NULL;
END $$;

CREATE FUNCTION find_changed_providers() RETURNS trigger {_BY_HASH} AS $$
BEGIN
    PERFORM find_anew(ARRAY(SELECT id FROM listing WHERE provider_id = ANY(ARRAY(
        SELECT c.id FROM changed c JOIN former f USING (id)
         WHERE (c.sort_name, c.latin_names) IS DISTINCT FROM (f.sort_name, f.latin_names)))));
    RETURN NULL;
END $$;

CREATE FUNCTION find_changed_locations() RETURNS trigger {_BY_HASH} AS $$
BEGIN
    PERFORM find_anew(ARRAY(SELECT id FROM listing WHERE location_id = ANY(ARRAY(
        SELECT c.id FROM changed c JOIN former f USING (id)
         WHERE (c.country, c.place_id, c.latin_city) IS DISTINCT FROM (f.country, f.place_id, f.latin_city)
            OR c.point::bytea IS DISTINCT FROM f.point::bytea))));
    RETURN NULL;
END $$;

CREATE FUNCTION find_changed_places() RETURNS trigger {_BY_HASH} AS $$
BEGIN
    PERFORM find_anew(ARRAY(SELECT id FROM listing WHERE location_id = ANY(ARRAY(
        SELECT id FROM location WHERE place_id = ANY(ARRAY(
            SELECT c.id FROM changed c JOIN former f USING (id) WHERE c.latin_name IS DISTINCT FROM f.latin_name))))));
    RETURN NULL;
END $$;
"""
_TRIGGERS = {
    "listing": "find_changed_listings",
    "provider": "find_changed_providers",
    "location": "find_changed_locations",
    "place": "find_changed_places",
}


def upgrade() -> None:
    op.create_table(
        "findable",
        sa.Column("listing_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("languages", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("sort_name", sa.Text(collation="C"), nullable=False),
        sa.Column("names", sa.Text(), nullable=False),
        sa.Column("cities", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("point", Geography("POINT", srid=4326, spatial_index=False), nullable=True),
        sa.PrimaryKeyConstraint("listing_id", name=op.f("pk_findable")),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_findable_listing_id"), ondelete="CASCADE"
        ),
    )
    op.execute(_FUNCTIONS)
    for table, function in _TRIGGERS.items():
        op.execute(
            f"CREATE TRIGGER {table}_found_anew AFTER UPDATE ON {table} REFERENCING NEW TABLE AS changed"
            f" OLD TABLE AS former FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
        )
    op.execute(
        "CREATE TRIGGER listing_found AFTER INSERT ON listing REFERENCING NEW TABLE AS changed"
        " FOR EACH STATEMENT EXECUTE FUNCTION find_new_listings()"
    )
    op.execute(_INSERT.format(listings="listing"))
    # How often a word stands in names is read from a sample of them: the larger it is, the rarer the words it knows.
    op.execute("ALTER TABLE findable ALTER names SET STATISTICS 300")
    _create_indexes()
    op.execute("ANALYZE findable")


def _create_indexes() -> None:
    for name, columns in (
        ("ix_findable_sort_name", ["sort_name", "listing_id"]),
        ("ix_findable_country_sort_name", ["country", "sort_name", "listing_id"]),
        ("ix_findable_type", ["type"]),
        ("ix_findable_place_id", ["place_id"]),
    ):
        op.create_index(name, "findable", columns)
    op.create_index("ix_findable_point", "findable", ["point"], postgresql_using="gist")
    op.create_index("ix_findable_cities", "findable", ["cities"], postgresql_using="gin")
    op.create_index(
        "ix_findable_names", "findable", ["names"], postgresql_using="gin", postgresql_ops={"names": "gin_trgm_ops"}
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER listing_found ON listing")
    for table, function in _TRIGGERS.items():
        op.execute(f"DROP TRIGGER {table}_found_anew ON {table}")
        op.execute(f"DROP FUNCTION {function}()")
    op.execute("DROP FUNCTION find_new_listings()")
    op.execute("DROP FUNCTION find_anew(bigint[])")
    op.drop_table("findable")
