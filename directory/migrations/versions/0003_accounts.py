"""Clients, accounts, mail, and an audit that is chained by hash; the database role of the service."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# A role belongs to the whole server, so another database's migration may have made it; one that may make no roles
# leaves that to whoever runs the server (docs/accounts.md).
_ROLE = """
DO $$ BEGIN
    CREATE ROLE provider_directory_service NOLOGIN;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;
    WHEN insufficient_privilege THEN
        RAISE WARNING 'role provider_directory_service was not made: see docs/accounts.md';
END $$
"""
# What later migrations make, the service may use too; the audit it may only read and add to, and of an entry it
# chooses neither number nor time. Seals are written by the trigger alone.
_GRANTS = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'provider_directory_service') THEN
        RETURN;
    END IF;
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO provider_directory_service', current_schema());
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO provider_directory_service',
                   current_schema());
    EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES'
                   ' TO provider_directory_service', current_schema());
    REVOKE ALL ON audit_entry, audit_seal, alembic_version FROM provider_directory_service;
    GRANT SELECT ON audit_entry, audit_seal, alembic_version TO provider_directory_service;
    GRANT INSERT (actor_id, actor, role, action, subject, before, after) ON audit_entry
        TO provider_directory_service;
END $$
"""
_NO_GRANTS = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'provider_directory_service') THEN
        RETURN;
    END IF;
    EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA %I FROM provider_directory_service', current_schema());
    EXECUTE format('REVOKE USAGE ON SCHEMA %I FROM provider_directory_service', current_schema());
    EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I REVOKE ALL ON TABLES FROM provider_directory_service',
                   current_schema());
END $$
"""
# At the end of the transaction, so that those who write hold the chain for a moment only, and never wait for each
# other in a ring. As the owner, so that the service needs no right to seals; with a search path that nobody else sets.
_SEAL = """
CREATE FUNCTION seal_audit_entry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    last record;
BEGIN
    PERFORM pg_advisory_xact_lock(7315203);
    SELECT number, hash INTO last FROM audit_seal ORDER BY number DESC LIMIT 1;
    INSERT INTO audit_seal (number, entry_id, hash)
    VALUES (coalesce(last.number, 0) + 1, NEW.id, sha256(coalesce(last.hash, ''::bytea) || convert_to(
        jsonb_build_array(coalesce(last.number, 0) + 1, NEW.id,
                          to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), NEW.actor_id,
                          NEW.actor, NEW.role, NEW.action, NEW.subject, NEW.before, NEW.after)::text, 'UTF8')));
    RETURN NULL;
END $$;
DO $$ BEGIN
    EXECUTE format('ALTER FUNCTION seal_audit_entry() SET search_path = %I, pg_temp', current_schema());
END $$;
CREATE CONSTRAINT TRIGGER audit_entry_is_sealed AFTER INSERT ON audit_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION seal_audit_entry();
CREATE TRIGGER audit_entry_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse('the audit is only added to');
CREATE TRIGGER audit_seal_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_seal
    FOR EACH STATEMENT EXECUTE FUNCTION refuse('the audit is only added to');
"""
_AUDIT_MOVES = """
INSERT INTO audit_entry (at, actor, role, action, subject, before, after)
SELECT at, actor, 'admin', action, subject || ':' || subject_id, before, after FROM audit ORDER BY id
"""
_AUDIT_MOVES_BACK = """
INSERT INTO audit (at, actor, action, subject, subject_id, before, after)
SELECT at, actor, action, split_part(subject, ':', 1), split_part(subject, ':', 2)::bigint, before, after
  FROM audit_entry WHERE subject ~ '^[a-z_]+:[0-9]{1,18}$' ORDER BY id
"""


def upgrade() -> None:
    _create_accounts()
    _create_what_accounts_have()
    _create_mail()
    _create_audit_entries()
    op.execute(_SEAL)
    op.execute(_AUDIT_MOVES)
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")
    op.drop_table("audit")
    op.execute(_ROLE)
    op.execute(_GRANTS)


def _key() -> sa.Column[object]:
    return sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False)


def _moment(name: str, default: str | None = "now()", *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=sa.text(default) if default else None, nullable=nullable
    )


def _word(name: str, default: str | None = None, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=nullable)


def _create_accounts() -> None:
    op.create_table(
        "client",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        _word("code"),
        _word("name"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client")),
        sa.UniqueConstraint("code", name=op.f("uq_client_code")),
    )
    op.create_table(
        "account",
        _key(),
        _word("email"),
        _word("role"),
        sa.Column("client_id", sa.BigInteger(), nullable=True),
        _word("lang", "en"),
        _word("display_name", ""),
        _word("password_hash", nullable=True),
        _word("totp_secret", nullable=True),
        sa.Column("totp_step", sa.BigInteger(), nullable=True),
        _word("oidc_issuer", nullable=True),
        _word("oidc_subject", nullable=True),
        _word("status", "invited"),
        _moment("created_at"),
        sa.CheckConstraint("role IN ('hr', 'network', 'admin')", name=op.f("ck_account_role")),
        sa.CheckConstraint("status IN ('invited', 'active', 'disabled')", name=op.f("ck_account_status")),
        sa.CheckConstraint("lang IN ('en', 'fr', 'es', 'ar')", name=op.f("ck_account_lang")),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_account_email")),
        sa.CheckConstraint("(role = 'hr') = (client_id IS NOT NULL)", name=op.f("ck_account_hr_has_a_client")),
        sa.CheckConstraint(
            "(oidc_issuer IS NULL) = (oidc_subject IS NULL)", name=op.f("ck_account_issuer_with_subject")
        ),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_account_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
        sa.UniqueConstraint("oidc_issuer", "oidc_subject", name=op.f("uq_account_oidc_issuer_oidc_subject")),
    )
    op.create_index("ix_account_client_id", "account", ["client_id"], unique=False)


def _create_what_accounts_have() -> None:
    of_account = {
        "account_session": (
            _word("awaits", nullable=True),
            _word("agent", ""),
            _moment("seen_at"),
            _moment("expires_at", None),
            _moment("ended_at", None, nullable=True),
            sa.CheckConstraint("awaits IN ('code', 'authenticator')", name=op.f("ck_account_session_awaits")),
        ),
        "access_token": (
            _word("name", ""),
            sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
            _moment("used_at", None, nullable=True),
            _moment("expires_at", None, nullable=True),
            _moment("revoked_at", None, nullable=True),
        ),
        "one_time_link": (
            _word("purpose"),
            _moment("expires_at", None),
            _moment("used_at", None, nullable=True),
            sa.CheckConstraint("purpose IN ('invitation', 'reset')", name=op.f("ck_one_time_link_purpose")),
        ),
    }
    for table, columns in of_account.items():
        op.create_table(
            table,
            _key(),
            sa.Column("account_id", sa.Uuid(), nullable=False),
            sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
            _moment("created_at"),
            *columns,
            sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f(f"fk_{table}_account_id")),
            sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
            sa.UniqueConstraint("secret_hash", name=op.f(f"uq_{table}_secret_hash")),
        )
        op.create_index(f"ix_{table}_account_id", table, ["account_id"], unique=False)


def _create_mail() -> None:
    op.create_table(
        "mail_message",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        _word("recipient"),
        _word("lang"),
        _word("message"),
        sa.Column("values", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        _moment("created_at"),
        _moment("due_at"),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        _word("error", nullable=True),
        _moment("sent_at", None, nullable=True),
        _moment("given_up_at", None, nullable=True),
        sa.CheckConstraint("lang IN ('en', 'fr', 'es', 'ar')", name=op.f("ck_mail_message_lang")),
        sa.CheckConstraint("sent_at IS NULL OR given_up_at IS NULL", name=op.f("ck_mail_message_one_end")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_message")),
    )
    op.create_index(
        "ix_mail_message_waiting",
        "mail_message",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("sent_at IS NULL AND given_up_at IS NULL"),
    )


def _create_audit_entries() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        _moment("at", "clock_timestamp()"),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        _word("actor"),
        _word("role"),
        _word("action"),
        _word("subject"),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index("ix_audit_entry_subject", "audit_entry", ["subject"], unique=False)
    op.create_table(
        "audit_seal",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["audit_entry.id"], name=op.f("fk_audit_seal_entry_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_seal")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_audit_seal_entry_id")),
    )


def downgrade() -> None:
    op.execute(_NO_GRANTS)
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        _moment("at"),
        _word("actor"),
        _word("action"),
        _word("subject"),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_subject", "audit", ["subject", "subject_id"], unique=False)
    op.execute(_AUDIT_MOVES_BACK)
    op.execute(
        "CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse('the audit is only added to')"
    )
    for table in ("audit_seal", "audit_entry", "mail_message"):
        op.drop_table(table)
    for table in ("one_time_link", "access_token", "account_session", "account", "client"):
        op.drop_table(table)
    op.execute("DROP FUNCTION seal_audit_entry()")
