"""Why a listing was left is a code, said in any language; all that an import noticed is a file of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_AS_CODES = """
UPDATE chosen_listing
   SET why_code = CASE WHEN why LIKE 'Changed since, by change %' THEN 'touched'
                       WHEN why LIKE 'It was changed meanwhile%' THEN 'meanwhile' ELSE 'other' END,
       why = CASE WHEN why LIKE 'Changed since, by change %' THEN regexp_replace(why, '[^0-9,]', '', 'g')
                  WHEN why LIKE 'It was changed meanwhile%' THEN '' ELSE why END
 WHERE why IS NOT NULL
"""
_AS_WORDS = """
UPDATE chosen_listing
   SET why = CASE why_code WHEN 'touched' THEN 'Changed since, by change ' || replace(why, ',', ', ') || '.'
                           WHEN 'meanwhile' THEN 'It was changed meanwhile.'
                           ELSE COALESCE(NULLIF(why, ''), why_code) END
 WHERE why_code IS NOT NULL
"""


def upgrade() -> None:
    op.add_column("chosen_listing", sa.Column("why_code", sa.Text(), nullable=True))
    op.execute(_AS_CODES)
    _allow_kinds("'file', 'rejects', 'warnings'")


def downgrade() -> None:
    op.execute("DELETE FROM import_piece WHERE kind = 'warnings'")
    _allow_kinds("'file', 'rejects'")
    op.execute(_AS_WORDS)
    op.drop_column("chosen_listing", "why_code")


def _allow_kinds(kinds: str) -> None:
    name = op.f("ck_import_piece_kind")
    op.drop_constraint(name, "import_piece", type_="check")
    op.create_check_constraint(name, "import_piece", f"kind IN ({kinds})")
