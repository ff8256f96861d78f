"""What members say of whether a provider took their card: counted by the day, each sender once, with nobody's name."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from directory.listings.shown import load_public_listing

_FORGET = text("DELETE FROM visit_sender WHERE day < CURRENT_DATE")
_FIRST = text("""
INSERT INTO visit_sender (listing_id, sender, day) VALUES (:listing, :sender, CURRENT_DATE) ON CONFLICT DO NOTHING
""")
_COUNT = text("""
INSERT INTO visit_day AS v (listing_id, day, accepted, refused)
VALUES (:listing, CURRENT_DATE, CAST(:card AS boolean)::int, (NOT CAST(:card AS boolean))::int)
ON CONFLICT (listing_id, day) DO UPDATE
   SET accepted = v.accepted + excluded.accepted, refused = v.refused + excluded.refused
""")


def record_visit(session: Session, listing_id: int, *, card: bool, sender: str) -> bool:
    """Count an answer; False where this sender gave one today, which stays as it was.

    `sender` is a name that means nothing tomorrow, and it is kept no longer. Raises ListingNotFound, ListingGone.
    """
    load_public_listing(listing_id, session.connection())
    session.execute(_FORGET)
    first = session.execute(_FIRST, {"listing": listing_id, "sender": sender}).rowcount  # type: ignore[attr-defined]
    if not first:
        return False
    session.execute(_COUNT, {"listing": listing_id, "card": card})
    return True
