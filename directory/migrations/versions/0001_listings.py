"""Providers, locations, listings, agreements, the outbox, imports and the audit."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geography
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# The outbox and the revision are the database's business, so that no writer can forget them (docs/adr/0003).
TRIGGERS = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION put_new_listings_into_outbox() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO outbox (listing_id) SELECT id FROM changed;
    IF FOUND THEN
        PERFORM pg_notify('outbox', '');
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION put_changed_listings_into_outbox() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO outbox (listing_id)
    SELECT changed.id FROM changed JOIN former USING (id) WHERE changed.revision > former.revision;
    IF FOUND THEN
        PERFORM pg_notify('outbox', '');
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER listing_inserted AFTER INSERT ON listing
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION put_new_listings_into_outbox();
CREATE TRIGGER listing_updated AFTER UPDATE ON listing
    REFERENCING NEW TABLE AS changed OLD TABLE AS former
    FOR EACH STATEMENT EXECUTE FUNCTION put_changed_listings_into_outbox();
-- Every column but import_hash, which is no fact of the listing.
CREATE TRIGGER listing_revision_grows
    BEFORE UPDATE OF id, provider_id, location_id, type, status, status_reason, merged_into, revision, languages,
                     hours, verified_on, source, external_id, updated_at ON listing
    FOR EACH ROW WHEN (NEW.revision <= OLD.revision)
    EXECUTE FUNCTION refuse('a change of a listing must raise its revision');
CREATE TRIGGER listing_is_never_deleted BEFORE DELETE ON listing
    FOR EACH STATEMENT EXECUTE FUNCTION refuse('a listing is retired, never deleted: its index entry would stay');
CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse('the audit is only added to');
"""


def upgrade() -> None:
    for extension in ("postgis", "btree_gist", "pg_trgm", "unaccent"):
        op.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    _create_codes()
    _create_places()
    _create_providers()
    _create_locations()
    _create_listings()
    _create_agreements()
    _create_outbox()
    _create_imports()
    _create_audit()
    op.execute(TRIGGERS)


def _create_codes() -> None:
    # Countries, types, specialties and networks.
    op.create_table(
        "country",
        sa.Column("code", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_country")),
    )
    op.create_table(
        "network",
        sa.Column("code", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_network")),
    )
    op.create_table(
        "provider_type",
        sa.Column("code", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_provider_type")),
    )
    op.create_table(
        "specialty",
        sa.Column("code", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_specialty")),
    )


def _create_places() -> None:
    # Places of the gazetteer.
    op.create_table(
        "place",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("latin_name", sa.Text(), server_default="", nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=True),
        sa.Column("point", Geography("POINT", srid=4326, spatial_index=False), nullable=False),
        sa.ForeignKeyConstraint(["country"], ["country.code"], name=op.f("fk_place_country")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
    )
    op.create_index("ix_place_point", "place", ["point"], unique=False, postgresql_using="gist")


def _create_providers() -> None:
    # Who gives care.
    op.create_table(
        "provider",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("lang", sa.Text(), nullable=True),
        sa.Column("script", sa.Text(), nullable=False),
        sa.Column("sort_name", sa.Text(collation="C"), nullable=False),
        sa.Column("latin_names", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("kind IN ('organisation', 'practitioner')", name=op.f("ck_provider_kind")),
        sa.CheckConstraint("name <> '' AND length(name) <= 300", name=op.f("ck_provider_name")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider")),
    )
    op.create_table(
        "provider_identifier",
        sa.Column("provider_id", sa.BigInteger(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["provider_id"],
            ["provider.id"],
            name=op.f("fk_provider_identifier_provider_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("provider_id", "system", name=op.f("pk_provider_identifier")),
        sa.UniqueConstraint("system", "value", name=op.f("uq_provider_identifier_system_value")),
    )
    op.create_table(
        "provider_name",
        sa.Column("provider_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("lang", sa.Text(), nullable=True),
        sa.Column("script", sa.Text(), nullable=False),
        sa.CheckConstraint("text <> '' AND length(text) <= 300", name=op.f("ck_provider_name_text")),
        sa.ForeignKeyConstraint(
            ["provider_id"], ["provider.id"], name=op.f("fk_provider_name_provider_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("provider_id", "position", name=op.f("pk_provider_name")),
    )


def _create_locations() -> None:
    # Where care is given.
    op.create_table(
        "location",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("postal_code", sa.Text(), nullable=True),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("latin_city", sa.Text(), server_default="", nullable=False),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("point", Geography("POINT", srid=4326, spatial_index=False), nullable=True),
        sa.Column("precision", sa.Text(), nullable=True),
        sa.Column("time_zone", sa.Text(), nullable=True),
        sa.Column("phones", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("website", sa.Text(), nullable=True),
        sa.CheckConstraint("precision IN ('exact', 'place')", name=op.f("ck_location_precision")),
        sa.CheckConstraint("(point IS NULL) = (precision IS NULL)", name=op.f("ck_location_precision_tells_of_point")),
        sa.CheckConstraint(
            "point IS NULL OR (ST_X(point::geometry) BETWEEN -180 AND 180 "
            "AND ST_Y(point::geometry) BETWEEN -90 AND 90)",
            name=op.f("ck_location_point_on_earth"),
        ),
        sa.ForeignKeyConstraint(["country"], ["country.code"], name=op.f("fk_location_country")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_location_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_location")),
    )
    op.create_index("ix_location_country", "location", ["country"], unique=False)
    op.create_index("ix_location_place_id", "location", ["place_id"], unique=False)
    op.create_index("ix_location_point", "location", ["point"], unique=False, postgresql_using="gist")


def _create_listings() -> None:
    # One provider at one location.
    op.create_table(
        "listing",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("provider_id", sa.BigInteger(), nullable=False),
        sa.Column("location_id", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="active", nullable=False),
        sa.Column("status_reason", sa.Text(), nullable=True),
        sa.Column("merged_into", sa.BigInteger(), nullable=True),
        sa.Column("revision", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("languages", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("hours", sa.Text(), nullable=True),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("import_hash", sa.LargeBinary(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("(status = 'merged') = (merged_into IS NOT NULL)", name=op.f("ck_listing_merged_says_into")),
        sa.CheckConstraint("status IN ('active', 'suspended', 'retired', 'merged')", name=op.f("ck_listing_status")),
        sa.CheckConstraint("(source IS NULL) = (external_id IS NULL)", name=op.f("ck_listing_source_with_external_id")),
        sa.CheckConstraint("merged_into <> id", name=op.f("ck_listing_not_merged_into_itself")),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_listing_revision")),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_listing_location_id")),
        sa.ForeignKeyConstraint(["merged_into"], ["listing.id"], name=op.f("fk_listing_merged_into")),
        sa.ForeignKeyConstraint(["provider_id"], ["provider.id"], name=op.f("fk_listing_provider_id")),
        sa.ForeignKeyConstraint(["type"], ["provider_type.code"], name=op.f("fk_listing_type")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listing")),
        sa.UniqueConstraint("source", "external_id", name=op.f("uq_listing_source_external_id")),
    )
    op.create_index("ix_listing_location_id", "listing", ["location_id"], unique=False)
    op.create_index(
        "ix_listing_merged_into",
        "listing",
        ["merged_into"],
        unique=False,
        postgresql_where=sa.text("merged_into IS NOT NULL"),
    )
    op.create_index("ix_listing_provider_id", "listing", ["provider_id"], unique=False)
    op.create_table(
        "listing_specialty",
        sa.Column("listing_id", sa.BigInteger(), nullable=False),
        sa.Column("specialty", sa.Text(), nullable=False),
        sa.Column("position", sa.SmallInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_listing_specialty_listing_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["specialty"], ["specialty.code"], name=op.f("fk_listing_specialty_specialty")),
        sa.PrimaryKeyConstraint("listing_id", "specialty", name=op.f("pk_listing_specialty")),
    )
    op.create_index("ix_listing_specialty_specialty", "listing_specialty", ["specialty"], unique=False)


def _create_agreements() -> None:
    # A listing's place in a network.
    op.create_table(
        "agreement",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("listing_id", sa.BigInteger(), nullable=False),
        sa.Column("network", sa.Text(), nullable=False),
        sa.Column("period", postgresql.DATERANGE(), server_default="[,)", nullable=False),
        sa.Column("status", sa.Text(), server_default="active", nullable=False),
        sa.Column("outpatient", sa.Text(), nullable=False),
        sa.Column("inpatient", sa.Text(), nullable=False),
        sa.Column("tariff", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("notice_days", sa.SmallInteger(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("listing_id"), "="),
            (sa.column("network"), "="),
            (sa.column("period"), "&&"),
            using="gist",
            name="ex_agreement_overlap",
        ),
        sa.CheckConstraint("inpatient IN ('card', 'guarantee_letter', 'none')", name=op.f("ck_agreement_inpatient")),
        sa.CheckConstraint("outpatient IN ('card', 'guarantee_letter', 'none')", name=op.f("ck_agreement_outpatient")),
        sa.CheckConstraint("status IN ('active', 'suspended', 'ended')", name=op.f("ck_agreement_status")),
        sa.CheckConstraint("NOT isempty(period)", name=op.f("ck_agreement_period")),
        sa.CheckConstraint("notice_days BETWEEN 0 AND 90", name=op.f("ck_agreement_notice_days")),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_agreement_listing_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["network"], ["network.code"], name=op.f("fk_agreement_network")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
    )
    op.create_index("ix_agreement_ends", "agreement", [sa.literal_column("upper(period)")], unique=False)
    op.create_index("ix_agreement_listing_id", "agreement", ["listing_id"], unique=False)
    op.create_index("ix_agreement_starts", "agreement", [sa.literal_column("lower(period)")], unique=False)


def _create_outbox() -> None:
    # What the index has yet to hear of.
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("listing_id", sa.BigInteger(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("set_aside_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("(set_aside_at IS NULL) = (reason IS NULL)", name=op.f("ck_outbox_set_aside_has_reason")),
        sa.ForeignKeyConstraint(["listing_id"], ["listing.id"], name=op.f("fk_outbox_listing_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_index(
        "ix_outbox_set_aside",
        "outbox",
        ["listing_id"],
        unique=False,
        postgresql_where=sa.text("set_aside_at IS NOT NULL"),
    )
    op.create_index(
        "ix_outbox_waiting", "outbox", ["id"], unique=False, postgresql_where=sa.text("set_aside_at IS NULL")
    )
    op.create_table(
        "agreement_sweep",
        sa.Column("singleton", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("through", sa.Date(), nullable=False),
        sa.CheckConstraint("singleton", name=op.f("ck_agreement_sweep_one_row")),
        sa.PrimaryKeyConstraint("singleton", name=op.f("pk_agreement_sweep")),
    )


def _create_imports() -> None:
    # What files did.
    op.create_table(
        "import",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="applied", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("report", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("source <> ''", name=op.f("ck_import_source")),
        sa.CheckConstraint("status IN ('applied', 'undone')", name=op.f("ck_import_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import")),
    )
    op.create_table(
        "import_change",
        sa.Column("import_id", sa.BigInteger(), nullable=False),
        sa.Column("listing_id", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import.id"], name=op.f("fk_import_change_import_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name=op.f("fk_import_change_listing_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("import_id", "listing_id", name=op.f("pk_import_change")),
    )
    op.create_index("ix_import_change_listing_id", "import_change", ["listing_id"], unique=False)


def _create_audit() -> None:
    # Who changed what.
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_subject", "audit", ["subject", "subject_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_outbox_waiting", table_name="outbox", postgresql_where=sa.text("set_aside_at IS NULL"))
    op.drop_index("ix_outbox_set_aside", table_name="outbox", postgresql_where=sa.text("set_aside_at IS NOT NULL"))
    op.drop_table("outbox")
    op.drop_index("ix_listing_specialty_specialty", table_name="listing_specialty")
    op.drop_table("listing_specialty")
    op.drop_index("ix_import_change_listing_id", table_name="import_change")
    op.drop_table("import_change")
    op.drop_index("ix_agreement_starts", table_name="agreement")
    op.drop_index("ix_agreement_listing_id", table_name="agreement")
    op.drop_index("ix_agreement_ends", table_name="agreement")
    op.drop_table("agreement")
    op.drop_index("ix_listing_provider_id", table_name="listing")
    op.drop_index("ix_listing_merged_into", table_name="listing", postgresql_where=sa.text("merged_into IS NOT NULL"))
    op.drop_index("ix_listing_location_id", table_name="listing")
    op.drop_table("listing")
    op.drop_index("ix_location_point", table_name="location", postgresql_using="gist")
    op.drop_index("ix_location_place_id", table_name="location")
    op.drop_index("ix_location_country", table_name="location")
    op.drop_table("location")
    op.drop_table("provider_name")
    op.drop_table("provider_identifier")
    op.drop_index("ix_place_point", table_name="place", postgresql_using="gist")
    op.drop_table("place")
    op.drop_table("specialty")
    op.drop_table("provider_type")
    op.drop_table("provider")
    op.drop_table("network")
    op.drop_table("import")
    op.drop_table("country")
    op.drop_index("ix_audit_subject", table_name="audit")
    op.drop_table("audit")
    op.drop_table("agreement_sweep")
    op.execute("DROP FUNCTION put_new_listings_into_outbox()")
    op.execute("DROP FUNCTION put_changed_listings_into_outbox()")
    op.execute("DROP FUNCTION refuse()")
