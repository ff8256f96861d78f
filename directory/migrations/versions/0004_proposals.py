"""Cases and their first kind, proposals; answers to requests that may come again."""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geography
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# What happened to a case is read by both sides of it: nobody tells it otherwise afterwards.
_EVENTS_STAY = """
CREATE TRIGGER case_event_is_append_only BEFORE UPDATE OR DELETE ON case_event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse('events of a case are only added to')
"""


def upgrade() -> None:
    _create_cases()
    _create_words_and_files()
    _create_proposals()
    _create_supporters()
    _create_repeatable_requests()
    op.execute(_EVENTS_STAY)


def _create_cases() -> None:
    op.create_table(
        "case_file",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("client_id", sa.BigInteger(), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_in", sa.Text(), nullable=True),
        sa.Column("revision", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("clocks", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("due_what", sa.Text(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("(due_what IS NULL) = (due_on IS NULL)", name=op.f("ck_case_file_due_says_what")),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_case_file_revision")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_case_file_client_id")),
        sa.ForeignKeyConstraint(["opened_by"], ["account.id"], name=op.f("fk_case_file_opened_by")),
        sa.ForeignKeyConstraint(["owner_id"], ["account.id"], name=op.f("fk_case_file_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_file")),
        sa.UniqueConstraint("reference", name=op.f("uq_case_file_reference")),
    )
    op.create_index("ix_case_file_client_id", "case_file", ["client_id"], unique=False)
    op.create_index("ix_case_file_queue", "case_file", ["kind", "due_on"], unique=False)
    op.create_table(
        "case_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_role", sa.Text(), nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("from_state", sa.Text(), nullable=True),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.Column("internal", sa.Boolean(), server_default="false", nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["account.id"], name=op.f("fk_case_event_actor_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_event_case_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_event")),
    )
    op.create_index("ix_case_event_case_id", "case_event", ["case_id", "id"], unique=False)


def _create_words_and_files() -> None:
    op.create_table(
        "case_message",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("author_role", sa.Text(), nullable=False),
        sa.Column("author_name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "channel IN ('call', 'letter', 'email', 'visit', 'other')", name=op.f("ck_case_message_channel")
        ),
        sa.CheckConstraint("channel IS NULL OR kind = 'contact'", name=op.f("ck_case_message_channel_of_a_contact")),
        sa.CheckConstraint("kind IN ('message', 'note', 'contact')", name=op.f("ck_case_message_kind")),
        sa.CheckConstraint("text <> '' AND length(text) <= 4000", name=op.f("ck_case_message_text")),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_case_message_author_id")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_case_message_case_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_message")),
    )
    op.create_index("ix_case_message_case_id", "case_message", ["case_id", "at"], unique=False)
    op.create_table(
        "case_attachment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("author_role", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "media_type IN ('application/pdf', 'image/jpeg', 'image/png')", name=op.f("ck_case_attachment_media_type")
        ),
        sa.CheckConstraint("name <> '' AND length(name) <= 120", name=op.f("ck_case_attachment_name")),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_case_attachment_author_id")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_file.id"], name=op.f("fk_case_attachment_case_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_attachment")),
    )
    op.create_index("ix_case_attachment_case_id", "case_attachment", ["case_id"], unique=False)


def _create_proposals() -> None:
    op.create_table(
        "proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_local", sa.Text(), nullable=True),
        sa.Column("latin_names", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("specialties", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("point", Geography("POINT", srid=4326, spatial_index=False), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("website", sa.Text(), nullable=True),
        sa.Column("contact_person", sa.Text(), nullable=True),
        sa.Column("licence", sa.Text(), nullable=True),
        sa.Column("asked", sa.Boolean(), nullable=True),
        sa.Column("willing", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("visits", sa.Integer(), nullable=True),
        sa.Column("urgency", sa.Text(), server_default="normal", nullable=False),
        sa.Column("settings", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("consent_named", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("agreement", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.Column("end_message", sa.Text(), nullable=True),
        sa.Column("listing_id", sa.BigInteger(), nullable=True),
        sa.Column("duplicate_of", sa.Uuid(), nullable=True),
        sa.CheckConstraint("kind IN ('organisation', 'practitioner')", name=op.f("ck_proposal_kind")),
        sa.CheckConstraint("name <> '' AND length(name) <= 300", name=op.f("ck_proposal_name")),
        sa.CheckConstraint(
            "reason IN ('none_nearby', 'refuses_card', 'closed', 'already_used', 'other')",
            name=op.f("ck_proposal_reason"),
        ),
        sa.CheckConstraint("urgency IN ('low', 'normal', 'high')", name=op.f("ck_proposal_urgency")),
        sa.CheckConstraint("duplicate_of <> id", name=op.f("ck_proposal_not_its_own_duplicate")),
        sa.CheckConstraint("people BETWEEN 0 AND 1000000", name=op.f("ck_proposal_people")),
        sa.CheckConstraint("visits BETWEEN 0 AND 1000000", name=op.f("ck_proposal_visits")),
        sa.ForeignKeyConstraint(["country"], ["country.code"], name=op.f("fk_proposal_country")),
        sa.ForeignKeyConstraint(["duplicate_of"], ["proposal.id"], name=op.f("fk_proposal_duplicate_of")),
        sa.ForeignKeyConstraint(["id"], ["case_file.id"], name=op.f("fk_proposal_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["listing_id"], ["listing.id"], name=op.f("fk_proposal_listing_id")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_proposal_place_id")),
        sa.ForeignKeyConstraint(["type"], ["provider_type.code"], name=op.f("fk_proposal_type")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
    )
    op.create_index("ix_proposal_country", "proposal", ["country"], unique=False)
    op.create_index("ix_proposal_point", "proposal", ["point"], unique=False, postgresql_using="gist")


def _create_supporters() -> None:
    op.create_table(
        "proposal_supporter",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_proposal_supporter_account_id")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_proposal_supporter_client_id")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_supporter_proposal_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("proposal_id", "account_id", name=op.f("pk_proposal_supporter")),
    )


def _create_repeatable_requests() -> None:
    op.create_table(
        "repeatable_request",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_repeatable_request_account_id")),
        sa.PrimaryKeyConstraint("account_id", "key", name=op.f("pk_repeatable_request")),
    )
    op.create_index("ix_repeatable_request_at", "repeatable_request", ["at"], unique=False)


def downgrade() -> None:
    for table in (
        "repeatable_request",
        "proposal_supporter",
        "proposal",
        "case_attachment",
        "case_message",
        "case_event",
        "case_file",
    ):
        op.drop_table(table)
