"""The room that changes listings, against a model of its promises: in whatever order people, files and undos come.

`SOAK=1` runs it long: 300 runs of 40 steps.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, ClassVar, NamedTuple

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from sqlalchemy import text
from sqlalchemy.orm import Session

from directory.actors import Actor, Role, command
from directory.db import transaction
from directory.imports.undo import undo_import
from directory.listings.changing import change_listing, rename_provider, set_status
from directory.listings.facts import Facts
from directory.listings.making import NewListing, make_listing
from directory.models import ListingStatus
from tests.engines.import_world import ImportWorld, clinic
from tests.worlds.machines import try_orders

NAMES = st.sampled_from(("Mercy Clinic", "Clínica del Sol", "عيادة الأمل", "仁心診所", "St. Mary's"))
HOURS = st.sampled_from(("24/7", "Mo-Fr 08:00-17:00", None))
ACTORS = st.sampled_from(
    (
        command("operator"),
        Actor(None, Role.network, None, "Nadia", "en"),
        Actor(None, Role.admin, None, "Root", "fr"),
    )
)
STATUSES = st.sampled_from((ListingStatus.active, ListingStatus.suspended, ListingStatus.retired))
# One listing for each letter, as the same file brings it again and again.
ROWS = st.dictionaries(st.sampled_from("abcdef"), st.tuples(NAMES, HOURS), min_size=1)


class Seen(NamedTuple):
    """What the database says of one listing."""

    revision: int
    updated_at: dt.datetime
    shown: str


class NotToday(Exception):
    """Raised in the middle of a change."""


class Machine(RuleBasedStateMachine):
    """Each step is watched: what it raised, by how much, and what audit and outbox were told."""

    world: ClassVar[ImportWorld]

    def __init__(self) -> None:
        super().__init__()
        self.world.query("TRUNCATE listing, provider, location, import, outbox CASCADE")
        self.imports: list[int] = []
        self.older: Session | None = None

    def teardown(self) -> None:
        if self.older:
            self.older.close()

    # The steps

    @rule(name=NAMES, hours=HOURS, actor=ACTORS)
    def make(self, name: str, hours: str | None, actor: Actor) -> None:
        with self.watched(actor, "create", made=1), self.session() as session:
            make_listing(session, NewListing(name, "organisation", "clinic", "KE", hours=hours), actor=actor)

    @precondition(lambda self: self.listings())
    @rule(data=st.data(), hours=HOURS, actor=ACTORS)
    def change(self, data: st.DataObject, hours: str | None, actor: Actor) -> None:
        listing = self.one(data)
        with self.watched(actor, "edit", raised={listing}), self.session() as session:
            change_listing(session, listing, said_hours(hours), actor=actor, action="edit")

    @precondition(lambda self: self.listings())
    @rule(data=st.data(), status=STATUSES, actor=ACTORS)
    def settle(self, data: st.DataObject, status: ListingStatus, actor: Actor) -> None:
        listing = self.one(data)
        with self.watched(actor, status.value, raised={listing}), self.session() as session:
            set_status(session, listing, status, actor=actor, reason="for the model")

    @precondition(lambda self: self.listings())
    @rule(data=st.data(), name=NAMES, actor=ACTORS)
    def rename(self, data: st.DataObject, name: str, actor: Actor) -> None:
        [[provider]] = self.world.query("SELECT provider_id FROM listing WHERE id = %s", self.one(data))
        showing = {row[0] for row in self.world.query("SELECT id FROM listing WHERE provider_id = %s", provider)}
        with self.watched(actor, "rename", raised=showing), self.session() as session:
            rename_provider(session, provider, name, actor=actor)

    @rule(rows=ROWS, actor=ACTORS)
    def import_many(self, rows: dict[str, tuple[str, str | None]], actor: Actor) -> None:
        cells = [clinic(key, name=name, hours=hours or "") for key, (name, hours) in rows.items()]
        with self.watched(actor, "import") as told:
            report = self.world.run_rows(*cells, actor=actor)
            told["made"], told["count"] = report.created, report.changed
        self.imports.append(self.world.query("SELECT max(id) FROM import")[0][0])

    @precondition(lambda self: self.imports)
    @rule(actor=ACTORS)
    def undo(self, actor: Actor) -> None:
        with self.watched(actor, "undo") as told:
            report = undo_import(self.world.engine, self.imports.pop(), actor)
            told["made"], told["count"] = 0, report.restored + report.retired

    @precondition(lambda self: self.listings())
    @rule(data=st.data(), actor=ACTORS)
    def fail(self, data: st.DataObject, actor: Actor) -> None:
        def edit(facts: Facts) -> Facts:
            raise NotToday

        with self.watched(None, ""), pytest.raises(NotToday), self.session() as session:
            change_listing(session, self.one(data), edit, actor=actor, action="edit")

    @precondition(lambda self: self.older is None)
    @rule()
    def begin(self) -> None:
        """A transaction begins now, and will change something later."""
        self.older = Session(self.world.engine, expire_on_commit=False)
        self.older.execute(text("SELECT now()"))

    @precondition(lambda self: self.older and self.listings())
    @rule(data=st.data(), hours=HOURS, actor=ACTORS)
    def end(self, data: st.DataObject, hours: str | None, actor: Actor) -> None:
        """The transaction that began before others ended changes what they changed."""
        assert self.older
        listing = self.one(data)
        with self.watched(actor, "edit", raised={listing}), self.older as session:
            change_listing(session, listing, said_hours(hours), actor=actor, action="edit")
            session.commit()
        self.older = None

    # What is held after each

    @contextmanager
    def watched(
        self, actor: Actor | None, action: str, *, made: int = 0, raised: set[int] | None = None
    ) -> Iterator[dict[str, Any]]:
        """The step inside makes so many listings and raises these; `actor` None: it does nothing at all.

        What a file or its undo does is known when it is done: the step says it in what is given.
        """
        self.world.query("DELETE FROM outbox")
        before, audited = self.seen(), self.audited()
        told: dict[str, Any] = {"made": made, "count": len(raised or ())}
        yield told
        after, told_audit = self.seen(), self.audited()[len(audited) :]
        assert before.keys() <= after.keys()
        new = after.keys() - before.keys()
        up = {each for each in before if after[each].revision != before[each].revision}
        assert len(new) == told["made"]
        assert {after[each].revision for each in new} <= {1}
        assert len(up) == told["count"]
        assert raised is None or up == raised
        for each in up:
            assert after[each].revision == before[each].revision + 1
            assert after[each].updated_at > before[each].updated_at
        # What was not raised shows what it showed, to the letter.
        assert {each: after[each] for each in before.keys() - up} == {each: before[each] for each in before.keys() - up}
        waiting = {row[0] for row in self.world.query("SELECT listing_id FROM outbox WHERE set_aside_at IS NULL")}
        assert waiting == up | new
        assert told_audit == ([(actor.name, actor.audited_role, action)] if actor else [])

    def seen(self) -> dict[int, Seen]:
        """Every listing, with all that members see of it."""
        rows = self.world.query(
            """
            SELECT l.id, l.revision, l.updated_at,
                   concat_ws('|', l.type, l.status, l.status_reason, l.hours, l.verified_by, p.name, o.country, o.city,
                             (SELECT string_agg(n.text, ',' ORDER BY n.text) FROM provider_name n
                               WHERE n.provider_id = p.id))
              FROM listing l JOIN provider p ON p.id = l.provider_id JOIN location o ON o.id = l.location_id
            """
        )
        return {id_: Seen(*more) for id_, *more in rows}

    def audited(self) -> list[tuple[str, str, str]]:
        """Who did what, in the order of its doing."""
        return [tuple(row) for row in self.world.query("SELECT actor, role, action FROM audit_entry ORDER BY id")]

    def listings(self) -> list[int]:
        return [row[0] for row in self.world.query("SELECT id FROM listing ORDER BY id")]

    def one(self, data: st.DataObject) -> int:
        return int(data.draw(st.sampled_from(self.listings())))

    def session(self) -> AbstractContextManager[Session]:
        return transaction(self.world.engine)


def said_hours(hours: str | None) -> Any:
    """An edit that says these hours."""

    def edit(facts: Facts) -> Facts:
        return {**facts, "listing": {**facts["listing"], "hours": hours}}

    return edit


def test_no_order_of_changes_breaks_a_promise_of_the_room_that_changes_listings(world: ImportWorld) -> None:
    machine = type("OfThisWorld", (Machine,), {"world": world})
    try_orders(machine, usual=(12, 25), long=(300, 40))
