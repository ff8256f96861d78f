"""Cases of other kinds: openers without an account, moments instead of days; one table for requests that come again."""

import tomllib

import sqlalchemy as sa
from alembic import op

from config.settings import PROJECT_ROOT

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_ROLES, _ROLES_BEFORE = ("hr", "network", "admin", "care", "medical", "complaints"), ("hr", "network", "admin")
_ENDS = "('listed', 'duplicate', 'withdrawn', 'declined_by_network', 'declined_by_provider', 'no_response')"
# The last step into the state that the case is in: what came after it, say another owner, did not end it.
_ENDED = f"""
UPDATE case_file SET ended_at = (
    SELECT max(at) FROM case_event e WHERE e.case_id = case_file.id AND e.from_state IS DISTINCT FROM e.to_state
) WHERE kind = 'proposal' AND state IN {_ENDS}
"""
_DUE = sa.text("UPDATE case_file SET due_at = (due_on + 1)::timestamp AT TIME ZONE :zone WHERE due_on IS NOT NULL")


def upgrade() -> None:
    _set_roles(_ROLES)
    _let_others_open_cases()
    _say_when_cases_are_due()
    _know_every_sender()


def _set_roles(roles: tuple[str, ...]) -> None:
    op.drop_constraint(op.f("ck_account_role"), "account")
    known = ", ".join(f"'{role}'" for role in roles)
    op.create_check_constraint(op.f("ck_account_role"), "account", f"role IN ({known})")


def _let_others_open_cases() -> None:
    for column in ("client_id", "opened_by"):
        op.alter_column("case_file", column, nullable=True)
    op.add_column("case_file", sa.Column("member_id", sa.Uuid(), nullable=True))
    op.add_column("case_file", sa.Column("follow_hash", sa.LargeBinary(), nullable=True))
    op.create_unique_constraint(op.f("uq_case_file_follow_hash"), "case_file", ["follow_hash"])
    op.create_check_constraint(op.f("ck_case_file_one_opener"), "case_file", "num_nonnulls(opened_by, member_id) <= 1")


def _say_when_cases_are_due() -> None:
    now = sa.text("now()")
    op.add_column("case_file", sa.Column("received_at", sa.DateTime(timezone=True), server_default=now, nullable=False))
    op.add_column("case_file", sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("case_file", sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE case_file SET received_at = opened_at")
    op.execute(_ENDED)
    calendar = tomllib.loads((PROJECT_ROOT / "config" / "calendar.toml").read_text(encoding="utf-8"))
    op.execute(_DUE.bindparams(zone=calendar["time_zone"]))
    op.drop_constraint(op.f("ck_case_file_due_says_what"), "case_file")
    op.create_check_constraint(
        op.f("ck_case_file_due_says_what"), "case_file", "num_nulls(due_what, due_on, due_at) IN (0, 3)"
    )
    op.drop_index("ix_case_file_queue", "case_file")
    op.create_index("ix_case_file_queue", "case_file", ["kind", "due_at"])


def _know_every_sender() -> None:
    table = "repeatable_request"
    op.add_column(table, sa.Column("sender", sa.Text(), nullable=True))
    op.add_column(table, sa.Column("made", sa.Text(), nullable=True))
    # What was sent a moment before the change is as old as its answer: nobody can tell what it made.
    op.execute(f"UPDATE {table} SET sender = account_id::text, made = ''")
    op.drop_constraint(op.f("pk_repeatable_request"), table)
    op.drop_column(table, "account_id")
    for column in ("sender", "made"):
        op.alter_column(table, column, nullable=False)
    op.create_primary_key(op.f("pk_repeatable_request"), table, ["sender", "key"])
    op.drop_column("report", "idempotency_key")
    op.drop_column("report", "request_digest")


def downgrade() -> None:
    """Cases that nobody of an account opened, and accounts of the new roles, cannot be kept by the schema before."""
    _know_accounts_and_reports()
    op.drop_index("ix_case_file_queue", "case_file")
    op.create_index("ix_case_file_queue", "case_file", ["kind", "due_on"])
    op.drop_constraint(op.f("ck_case_file_due_says_what"), "case_file")
    for column in ("due_at", "ended_at", "received_at", "follow_hash", "member_id"):
        op.drop_column("case_file", column)
    op.create_check_constraint(op.f("ck_case_file_due_says_what"), "case_file", "(due_what IS NULL) = (due_on IS NULL)")
    for column in ("client_id", "opened_by"):
        op.alter_column("case_file", column, nullable=False)
    _set_roles(_ROLES_BEFORE)


def _know_accounts_and_reports() -> None:
    table = "repeatable_request"
    op.add_column("report", sa.Column("idempotency_key", sa.Text(), nullable=True))
    op.add_column("report", sa.Column("request_digest", sa.LargeBinary(), nullable=True))
    op.create_unique_constraint(op.f("uq_report_idempotency_key"), "report", ["idempotency_key"])
    op.create_check_constraint(
        op.f("ck_report_key_with_digest"), "report", "(idempotency_key IS NULL) = (request_digest IS NULL)"
    )
    op.execute(f"DELETE FROM {table} WHERE sender = 'anyone'")
    op.add_column(table, sa.Column("account_id", sa.Uuid(), nullable=True))
    op.execute(f"UPDATE {table} SET account_id = sender::uuid")
    op.drop_constraint(op.f("pk_repeatable_request"), table)
    for column in ("sender", "made"):
        op.drop_column(table, column)
    op.create_primary_key(op.f("pk_repeatable_request"), table, ["account_id", "key"])
    op.create_foreign_key(op.f("fk_repeatable_request_account_id"), table, "account", ["account_id"], ["id"])
