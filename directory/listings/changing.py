"""Listings: read one, change one. Every change locks the listing, raises its revision and writes the audit."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from directory import audit
from directory.actors import SYSTEM, Actor
from directory.db import get_engine
from directory.errors import ListingGone, ListingNotFound
from directory.listings.shown import PublicListing, load_public_listings
from directory.models import Listing, ListingStatus, Provider
from geodata.text import latin_names, script_of, sort_key


def load_public_listing(listing_id: int) -> PublicListing:
    """One listing as members see it, from the truth. Raises ListingNotFound, or ListingGone when merged or retired."""
    with get_engine().connect() as connection:
        found = load_public_listings(connection, [listing_id])
    if not found:
        raise ListingNotFound(f"There is no listing {listing_id}.")
    shown = found[0]
    if shown["status"] in (ListingStatus.merged, ListingStatus.retired):
        raise ListingGone(listing_id, shown["status"], shown["status_reason"], shown["merged_into"])
    return shown


def lock_listing(session: Session, listing_id: int) -> Listing:
    """The listing, locked until the transaction ends, so that two changes come one after the other."""
    listing = session.scalar(
        select(Listing)
        .where(Listing.id == listing_id)
        .with_for_update(of=Listing)
        .execution_options(populate_existing=True)
    )
    if listing is None:
        raise ListingNotFound(f"There is no listing {listing_id}.")
    return listing


def raise_revisions(session: Session, listing_ids: list[int]) -> None:
    """Raise the revision of each listing by one; the database puts them into the outbox."""
    session.flush()
    session.execute(
        update(Listing)
        .where(Listing.id.in_(listing_ids))
        .values(revision=Listing.revision + 1, updated_at=text("now()"))
        .execution_options(synchronize_session=False)
    )


def write_audit(
    session: Session,
    *,
    actor: Actor | str,
    action: str,
    subject: str,
    subject_id: int,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
) -> None:
    """Record who changed what, from what, to what. A bare name is that of a command."""
    who = actor if isinstance(actor, Actor) else replace(SYSTEM, name=actor)
    audit.record(session, who, action, f"{subject}:{subject_id}", before, after)


def set_status(
    session: Session,
    listing_id: int,
    status: ListingStatus,
    *,
    actor: Actor | str,
    reason: str | None = None,
    merged_into: int | None = None,
) -> Listing:
    """Suspend, resume, retire or merge a listing. `merged_into` goes with `merged`, and only with it."""
    listing = lock_listing(session, listing_id)
    before = {"status": listing.status, "reason": listing.status_reason, "merged_into": listing.merged_into}
    listing.status, listing.status_reason, listing.merged_into = status, reason, merged_into
    listing.revision += 1
    write_audit(
        session,
        actor=actor,
        action=status,
        subject="listing",
        subject_id=listing_id,
        before=before,
        after={"status": status, "reason": reason, "merged_into": merged_into},
    )
    return listing


def rename_provider(session: Session, provider_id: int, name: str, *, actor: Actor | str) -> list[int]:
    """Give a provider another first name. Every listing that shows it is raised; returns their ids."""
    provider = session.get_one(Provider, provider_id, with_for_update=True)
    others = [other.text for other in provider.other_names]
    before = {"name": provider.name}
    provider.name, provider.script, provider.sort_name = name, script_of(name), sort_key(name)
    provider.latin_names = latin_names([name, *others])
    showing = list(
        session.scalars(
            select(Listing.id).where(Listing.provider_id == provider_id).order_by(Listing.id).with_for_update()
        )
    )
    raise_revisions(session, showing)
    write_audit(
        session,
        actor=actor,
        action="rename",
        subject="provider",
        subject_id=provider_id,
        before=before,
        after={"name": name},
    )
    return showing
