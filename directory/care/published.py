"""Numbers that everybody can read: whoever asks us to call one may have copied the wrong one."""

from sqlalchemy import text
from sqlalchemy.orm import Session

# By the index on the endings of numbers; which of those it is, is looked at then.
_PUBLISHED = text("""
SELECT EXISTS (
    SELECT FROM location WHERE phone_endings(phones) @> ARRAY[right(:digits, 6)] AND :number = ANY(phones))
""")


def is_published(session: Session, e164: str) -> bool:
    """Whether a listing has this number."""
    return bool(session.scalar(_PUBLISHED, {"digits": e164.lstrip("+"), "number": e164}))
