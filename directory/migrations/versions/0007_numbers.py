"""The service's login may take numbers for providers, locations, listings and agreements, which it makes itself."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_ON = "provider_id_seq, location_id_seq, listing_id_seq, agreement_id_seq"
_WHERE_THE_ROLE_IS = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'provider_directory_service') THEN
        {statement};
    END IF;
END $$
"""


def upgrade() -> None:
    op.execute(_WHERE_THE_ROLE_IS.format(statement=f"GRANT USAGE ON SEQUENCE {_ON} TO provider_directory_service"))


def downgrade() -> None:
    op.execute(_WHERE_THE_ROLE_IS.format(statement=f"REVOKE USAGE ON SEQUENCE {_ON} FROM provider_directory_service"))
