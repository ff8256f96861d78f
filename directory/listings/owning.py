"""Who of the network team looks after a listing: taken, handed to nobody else, and given back."""

from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from directory import audit
from directory.actors import Actor, NotAllowed
from directory.errors import ListingNotFound
from directory.listings.rows import Owner
from directory.models import Account, Listing, ListingOwner

_TEAM = text("""
SELECT id::text, COALESCE(NULLIF(display_name, ''), email) AS name FROM account a
 WHERE (role IN ('network', 'admin') AND status = 'active')
    OR EXISTS (SELECT FROM listing_owner o WHERE o.account_id = a.id)
 ORDER BY 2
""")
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended(:owner_of, 0))")


def take_listing(session: Session, listing_id: int, actor: Actor) -> None:
    """From now on the actor looks after the listing, whoever did. Raises ListingNotFound; NotAllowed for a command."""
    if actor.account_id is None:
        raise NotAllowed("Only somebody with an account can look after a listing.")
    before = _lock_owner(session, listing_id)
    if before == actor.account_id:
        return
    taken = insert(ListingOwner).values(listing_id=listing_id, account_id=actor.account_id)
    session.execute(
        taken.on_conflict_do_update(index_elements=["listing_id"], set_={"account_id": taken.excluded.account_id})
    )
    audit.record(
        session, actor, "take", f"listing:{listing_id}", _owned(session, before), _owned(session, actor.account_id)
    )


def give_back_listing(session: Session, listing_id: int, actor: Actor) -> None:
    """From now on nobody looks after the listing. Raises ListingNotFound."""
    before = _lock_owner(session, listing_id)
    if before is None:
        return
    session.execute(text("DELETE FROM listing_owner WHERE listing_id = :id"), {"id": listing_id})
    audit.record(session, actor, "give_back", f"listing:{listing_id}", _owned(session, before), _owned(session, None))


def load_team(session: Session) -> dict[str, str]:
    """Who can look after listings, and who does though the account has ended since: names by id, in their order."""
    return {row.id: row.name for row in session.execute(_TEAM)}


def load_owner(session: Session, listing_id: int) -> Owner | None:
    """Who looks after a listing."""
    owner = session.scalar(select(ListingOwner.account_id).where(ListingOwner.listing_id == listing_id))
    return Owner(str(owner), _name(session, owner)) if owner else None


def _lock_owner(session: Session, listing_id: int) -> UUID | None:
    """Whose the listing is; two who take it at once take turns."""
    # Not by the listing's row: an import that holds it for minutes would be waited for.
    session.execute(_ONE_AT_A_TIME, {"owner_of": f"owner of {listing_id}"})
    if session.scalar(select(Listing.id).where(Listing.id == listing_id)) is None:
        raise ListingNotFound(f"There is no listing {listing_id}.")
    return session.scalar(select(ListingOwner.account_id).where(ListingOwner.listing_id == listing_id))


def _owned(session: Session, account: UUID | None) -> dict[str, str | None]:
    """As the audit has it."""
    return {"owner": _name(session, account) if account else None}


def _name(session: Session, account: UUID) -> str:
    found = session.get(Account, account)
    return (found.display_name or found.email) if found else str(account)
