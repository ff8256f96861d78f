"""Views: searches of listings that somebody keeps under a name, each account its own."""

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from directory.actors import Actor, NotAllowed
from directory.errors import Fault, InvalidRequest
from directory.models import SavedView

LONGEST_NAME = 60
LONGEST_QUERY = 2000
# More than anybody chooses from.
MOST = 50


def save_view(session: Session, actor: Actor, name: str, query: str) -> None:
    """Keep a search under a name; what was kept under it goes. Raises InvalidRequest, with what is wrong with which."""
    named = " ".join(name.split())
    if actor.account_id is None:
        raise NotAllowed("Only somebody with an account has views.")
    if not named or len(named) > LONGEST_NAME:
        raise InvalidRequest(Fault("/name", f"From 1 to {LONGEST_NAME} characters.", most=LONGEST_NAME))
    if len(query) > LONGEST_QUERY:
        raise InvalidRequest(Fault("/query", f"At most {LONGEST_QUERY} characters.", most=LONGEST_QUERY))
    _make_room(session, actor, named)
    kept = insert(SavedView).values(account_id=actor.account_id, name=named, query=query)
    session.execute(
        kept.on_conflict_do_update(index_elements=["account_id", "name"], set_={"query": kept.excluded.query})
    )


def load_views(session: Session, actor: Actor) -> list[SavedView]:
    """The actor's own, by name."""
    return list(session.scalars(select(SavedView).where(_of(actor)).order_by(SavedView.name)))


def remove_view(session: Session, actor: Actor, view_id: int) -> None:
    """Forget one of the actor's own; nothing where it is not there."""
    session.execute(delete(SavedView).where(_of(actor), SavedView.id == view_id))


def _make_room(session: Session, actor: Actor, name: str) -> None:
    others = select(func.count()).select_from(SavedView).where(_of(actor), SavedView.name != name)
    if (session.scalar(others) or 0) >= MOST:
        raise InvalidRequest(Fault("/name", f"There are {MOST} views already: remove one first.", most=MOST))


def _of(actor: Actor) -> ColumnElement[bool]:
    return SavedView.account_id == actor.account_id
