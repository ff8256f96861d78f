"""What is known of a change: of one listing or of many, how far it is, what it makes of the first, what it left."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.actors import Actor
from directory.changes.choosing import ALLOWED, needs_second_person
from directory.changes.leaving import Left, why_left
from directory.changes.working import wanted_of
from directory.errors import DirectoryError
from directory.listings.changing import driver_of
from directory.listings.facts import load_known
from directory.listings.history import changed_fields, load_history
from directory.listings.undoing import ChangeNotFound
from directory.models import Change, ChangedListing, ChosenListing, ManyChange, ManyStatus
from geodata.gazetteer import Gazetteer

PREVIEWED = 20
MOST_LEFT = 1000

Differences = Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Previewed:
    """What a change makes, or made, of one listing; `why` says why it would be left."""

    listing_id: int
    name: str
    fields: Differences
    why: Left | None = None


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A change with what people ask of it. `left` are (listing, why)."""

    change: Change
    many: ManyChange | None
    state: str
    total: int
    done: int
    undone_by: int | None
    actions: tuple[str, ...]
    needs_approval: bool = False
    left: list[tuple[int, Left]] = field(default_factory=list)
    left_total: int = 0
    preview: list[Previewed] = field(default_factory=list)


def load_change(session: Session, change_id: int, actor: Actor, gazetteer: Gazetteer) -> ChangeView:
    """One change. Raises ChangeNotFound."""
    change = session.get(Change, change_id)
    if change is None:
        raise ChangeNotFound(f"There is no change {change_id}.")
    undone_by = session.scalar(select(Change.id).where(Change.undoes == change_id))
    many = session.get(ManyChange, change_id)
    if many is None:
        return _single(session, change, undone_by)
    return _many(session, change, many, undone_by, actor, gazetteer)


def list_changes(session: Session, limit: int, before: int | None = None) -> list[tuple[Change, ManyChange | None]]:
    """Changes of many and of files, the latest first; those of single listings stand in their histories."""
    query = (
        select(Change, ManyChange)
        .outerjoin(ManyChange, ManyChange.change_id == Change.id)
        .where((ManyChange.change_id.is_not(None)) | (Change.import_id.is_not(None)))
        .order_by(Change.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(Change.id < before)
    return [(change, many) for change, many in session.execute(query)]


def _single(session: Session, change: Change, undone_by: int | None) -> ChangeView:
    mine = ChangedListing.change_id == change.id, ChangedListing.through.is_(None)
    ids = session.scalars(select(ChangedListing.listing_id).where(*mine).limit(PREVIEWED)).all()
    total = session.scalar(select(func.count()).select_from(ChangedListing).where(*mine)) or 0
    connection = driver_of(session)
    preview = []
    for listing_id in ids:
        step = next(each for each in load_history(connection, listing_id) if each.change_id == change.id)
        preview.append(Previewed(listing_id, step.after["provider"]["name"], step.fields if step.before else {}))
    return ChangeView(
        change,
        None,
        state="undone" if undone_by else "applied",
        total=total,
        done=total,
        undone_by=undone_by,
        actions=() if undone_by else ("undo",),
        preview=preview,
    )


def _many(  # noqa: PLR0917 - one answer of many parts
    session: Session,
    change: Change,
    many: ManyChange,
    undone_by: int | None,
    actor: Actor,
    gazetteer: Gazetteer,
) -> ChangeView:
    by_outcome = select(ChosenListing.outcome, func.count()).where(ChosenListing.change_id == change.id)
    rows = session.execute(by_outcome.group_by(ChosenListing.outcome)).all()
    counts = {row[0]: row[1] for row in rows}
    left = session.execute(
        select(ChosenListing.listing_id, ChosenListing.why_code, ChosenListing.why)
        .where(ChosenListing.change_id == change.id, ChosenListing.outcome == "left")
        .order_by(ChosenListing.listing_id)
        .limit(MOST_LEFT)
    )
    actions = ALLOWED[many.status]
    if many.asked_by == actor.account_id:
        actions = tuple(action for action in actions if action != "approve")
    undoing = many.status in (ManyStatus.undoing, ManyStatus.undone)
    return ChangeView(
        change,
        many,
        state=many.status,
        total=many.total,
        done=counts.get("undone" if undoing else "done", 0),
        undone_by=undone_by,
        actions=actions,
        needs_approval=needs_second_person(many),
        left=[(listing_id, Left(code or "other", about or "")) for listing_id, code, about in left],
        left_total=counts.get("left", 0),
        preview=_preview(session, many, change.actor, gazetteer) if many.total else [],
    )


def _preview(session: Session, many: ManyChange, actor: str, gazetteer: Gazetteer) -> list[Previewed]:
    ids = session.scalars(
        select(ChosenListing.listing_id)
        .where(ChosenListing.change_id == many.change_id)
        .order_by(ChosenListing.listing_id)
        .limit(PREVIEWED)
    ).all()
    connection = driver_of(session)
    if many.status not in (ManyStatus.previewed, ManyStatus.waiting):
        return [
            Previewed(id_, step.after["provider"]["name"], step.fields)
            for id_ in ids
            for step in load_history(connection, id_)
            if step.change_id == many.change_id and step.through is None
        ]
    wanted = wanted_of(many, actor, gazetteer)
    previewed = []
    for known in load_known(connection, ids).values():
        name = known.facts["provider"]["name"]
        try:
            previewed.append(Previewed(known.listing_id, name, changed_fields(known.facts, wanted(known.facts))))
        except DirectoryError as error:
            previewed.append(Previewed(known.listing_id, name, {}, why_left(error)))
    return previewed
