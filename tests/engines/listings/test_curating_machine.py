"""Whatever several curators, files, the calendar and undos do to listings, a plain model of it agrees.

`SOAK=1` runs it long: 300 runs of 50 steps.
"""

import datetime as dt
from contextlib import AbstractContextManager
from typing import Any, ClassVar, cast

import psycopg
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from sqlalchemy.orm import Session

from directory.actors import Actor, Role
from directory.changes.choosing import Asked, act, ask_change
from directory.changes.working import work_on_changes
from directory.db import transaction
from directory.errors import DirectoryError
from directory.imports.undo import undo_import
from directory.listings import curating, merging, terms
from directory.listings.agreements import Terms
from directory.listings.calendar import Calendar, follow_calendar
from directory.listings.creating import create_listing
from directory.listings.curating import Curator
from directory.listings.facts import Facts, load_known
from directory.listings.history import facts_at_revision, flat_fields, load_history
from directory.listings.undoing import blocked_by, undo_change
from tests.engines.import_world import ImportWorld, clinic
from tests.worlds.machines import try_orders

DAY = dt.date(2026, 6, 1)
_CHANGED = """
SELECT count(*) FROM changed_listing k JOIN change c ON c.id = k.change_id LEFT JOIN change u ON u.id = c.undoes
 WHERE k.through IS NULL AND u.import_id IS NULL
"""
CURATORS = st.sampled_from(
    (Actor(None, Role.network, None, "Nadia", "en"), Actor(None, Role.admin, None, "Root", "fr"))
)
PATCHES = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(("Mercy Clinic", "Clínica del Sol", "عيادة الأمل")),
        "hours": st.sampled_from(("24/7", "Mo-Fr 08:00-17:00", None)),
        "phones": st.lists(st.sampled_from(("+254203662000", "+254733610000")), max_size=2),
        "specialties": st.lists(st.sampled_from(("cardiology", "paediatrics")), max_size=2, unique=True),
        "city": st.sampled_from(("Nairobi", "Mombasa", None)),
        "lat": st.just(-1.29),
        "lon": st.just(36.82),
    },
).filter(lambda patch: ("lat" in patch) == ("lon" in patch))
DAYS = st.integers(-40, 40).map(lambda days: DAY + dt.timedelta(days=days))
TERMS = st.builds(
    Terms,
    network=st.sampled_from(("worldwide", "essential")),
    outpatient=st.sampled_from(("card", "none")),
    inpatient=st.sampled_from(("guarantee_letter", "none")),
    notice_days=st.sampled_from((7, 12, None)),
    effective_from=DAYS,
)
DECISIONS = st.sampled_from(("suspend", "resume", "retire", "restore", "verify"))


class Machine(RuleBasedStateMachine):
    """The model keeps of each listing all the facts that it ever had, by revision."""

    world: ClassVar[ImportWorld]

    def __init__(self) -> None:
        super().__init__()
        self.world.query("TRUNCATE change, listing, provider, location, import, outbox, many_change CASCADE")
        self.states: dict[int, dict[int, Facts]] = {}
        self.imports: list[int] = []
        self.today = DAY
        self.audited_before = self.audited()

    # What they do

    @rule(patch=PATCHES, actor=CURATORS)
    def create(self, patch: dict[str, Any], actor: Actor) -> None:
        said = {"name": "New Clinic", "type": "clinic", "country": "KE", **patch}
        with self.session() as session:
            create_listing(Curator(session, actor, self.today), said, [], self.world.gazetteer)
        self.see(made=1)

    @precondition(lambda self: self.states)
    @rule(data=st.data(), patch=PATCHES, actor=CURATORS)
    def edit(self, data: st.DataObject, patch: dict[str, Any], actor: Actor) -> None:
        listing = self.one(data)
        self.attempt(actor, {listing}, lambda c: curating.edit_listing(c, listing, patch, self.world.gazetteer))

    @precondition(lambda self: self.states)
    @rule(data=st.data(), terms_=TERMS, actor=CURATORS)
    def agree(self, data: st.DataObject, terms_: Terms, actor: Actor) -> None:
        listing = self.one(data)
        self.attempt(actor, {listing}, lambda c: terms.add_agreement(c, listing, terms_))

    @precondition(lambda self: self.states)
    @rule(data=st.data(), name=DECISIONS, days=st.tuples(DAYS, DAYS), actor=CURATORS)
    def decide(self, data: st.DataObject, name: str, days: tuple[dt.date, dt.date], actor: Actor) -> None:
        listing = self.one(data)
        does = {
            "suspend": lambda c: curating.suspend_listing(c, listing, "why", begins=days[0], ends=days[1]),
            "resume": lambda c: curating.resume_listing(c, listing),
            "retire": lambda c: curating.retire_listing(c, listing, "why"),
            "restore": lambda c: curating.restore_listing(c, listing),
            "verify": lambda c: curating.verify_listing(c, listing, ["hours"], "phone"),
        }
        self.attempt(actor, {listing}, does[name])

    @precondition(lambda self: self.states)
    @rule(data=st.data(), days=st.tuples(DAYS, DAYS), actor=CURATORS)
    def suspend_agreement(self, data: st.DataObject, days: tuple[dt.date, dt.date], actor: Actor) -> None:
        listing = self.one(data)
        agreements = self.facts(listing)["agreements"]
        if agreements:
            chosen = data.draw(st.sampled_from([each["id"] for each in agreements]))
            suspend = terms.suspend_agreement
            self.attempt(actor, {listing}, lambda c: suspend(c, listing, chosen, "why", begins=days[0], ends=days[1]))

    @precondition(lambda self: len(self.states) > 1)
    @rule(data=st.data(), fields=st.sets(st.sampled_from(merging.FIELDS)), actor=CURATORS)
    def merge(self, data: st.DataObject, fields: set[str], actor: Actor) -> None:
        goes, stays = self.one(data), self.one(data)
        chosen = dict.fromkeys(fields, goes)
        self.attempt(actor, {goes, stays}, lambda c: merging.merge_listings(c, goes, stays, chosen, "the same"))

    @rule(names=st.dictionaries(st.sampled_from("abc"), st.sampled_from(("Mercy", "Hope")), min_size=1))
    def import_file(self, names: dict[str, str]) -> None:
        report = self.world.run_rows(*(clinic(key, name=name) for key, name in names.items()))
        self.imports.append(report.import_id or 0)
        self.see(made=report.created)

    @precondition(lambda self: self.imports)
    @rule()
    def undo_file(self) -> None:
        undo_import(self.world.engine, self.imports.pop(), Actor(None, Role.admin, None, "Root", "fr"))
        self.see()

    @precondition(lambda self: self.states)
    @rule(data=st.data(), hours=st.sampled_from(("24/7", None)), actor=CURATORS)
    def change_many(self, data: st.DataObject, hours: str | None, actor: Actor) -> None:
        said: dict[str, Any] = {"hours": hours} if hours else {"add_specialties": ["cardiology"]}
        ids = data.draw(st.sets(st.sampled_from(sorted(self.states)), min_size=1))
        try:
            with self.session() as session:
                change = ask_change(session, actor, Asked(said, ids=ids), self.today)
                act(session, actor, change.change_id, "apply")
        except DirectoryError:
            self.see(raised=set())
            return
        while work_on_changes(self.world.engine, self.world.gazetteer, lambda search: []):
            pass
        self.see(most=ids)

    @precondition(lambda self: self.states)
    @rule(days=st.integers(1, 30))
    def pass_days(self, days: int) -> None:
        """What is due is what the calendar changes, and doing it again changes nothing."""
        self.today += dt.timedelta(days=days)
        due = {id_ for id_ in self.states if Calendar(self.today)(self.facts(id_)) != self.facts(id_)}
        follow_calendar(self.world.engine, self.today)
        self.see(raised=due)
        follow_calendar(self.world.engine, self.today)
        self.see(raised=set())

    @precondition(lambda self: self.states)
    @rule(data=st.data(), actor=CURATORS)
    def undo(self, data: st.DataObject, actor: Actor) -> None:
        """One change is taken back: its fields are what they were, and no other is touched; or nothing is."""
        listing = self.one(data)
        steps = [each for each in self.history(listing) if each.import_id is None]
        if not steps:
            return
        step = data.draw(st.sampled_from(steps))
        before = flat_fields(self.facts(listing))
        try:
            with self.session() as session:
                undo_change(session, step.change_id, actor=actor)
        except DirectoryError:
            assert step.undone_by or blocked_by(self.history(listing), step) or step.action in ("merge", "many", "undo")
            self.see(raised=set())
            return
        self.see()
        after = flat_fields(self.facts(listing))
        if step.before is not None:
            former = flat_fields(step.before)
            expected = {**before, **{name: former.get(name) for name in step.fields}}
            assert after == {name: value for name, value in expected.items() if value is not None or name in after}

    def teardown(self) -> None:
        """At the end all is undone, the latest first: each listing is what it was when it was made."""
        for listing in self.states:
            for step in self.history(listing):
                if step.import_id is None and step.undone_by is None and step.before is not None:
                    self.undo_at_last(step.change_id)
        assert self.world.query("SELECT count(*) FROM change WHERE undoes = id") == [(0,)]

    def undo_at_last(self, change_id: int) -> None:
        try:
            with self.session() as session:
                undo_change(session, change_id, actor=Actor(None, Role.admin, None, "Root", "fr"))
        except DirectoryError:
            pass
        self.see()

    # What is held after each

    def attempt(self, actor: Actor, listings: set[int], work: Any) -> None:
        """One change of these listings, and of no other; or a refusal that changes nothing."""
        try:
            with self.session() as session:
                work(Curator(session, actor, self.today))
        except DirectoryError:
            self.see(raised=set())
            return
        self.see(raised=listings)

    def see(self, made: int = 0, raised: set[int] | None = None, most: set[int] | None = None) -> None:
        """Take note of what there is now: revisions rise by one, and history gives back every state there ever was."""
        known = self.known()
        assert len(known.keys() - self.states.keys()) == made
        up = {id_ for id_ in self.states if known[id_].revision != max(self.states[id_])}
        assert raised is None or up == raised
        assert most is None or up <= most
        for id_, each in known.items():
            states = self.states.setdefault(id_, {})
            if states and each.revision != max(states):
                assert each.revision == max(states) + 1
            elif states:
                assert flat_fields(states[each.revision]) == flat_fields(each.facts)
            states[each.revision] = each.facts
        for id_ in up:
            self.replay(id_)
        # Each change of a listing by a person or the calendar is in the audit; a file and its undo are one entry there.
        assert self.audited() - self.audited_before == self.world.query(_CHANGED)[0][0]

    def audited(self) -> int:
        return int(self.world.query("SELECT count(*) FROM audit_entry WHERE starts_with(subject, 'listing:')")[0][0])

    def replay(self, listing: int) -> None:
        with self.world.engine.begin() as connection:
            driver = cast("psycopg.Connection", connection.connection.driver_connection)
            for revision, facts in self.states[listing].items():
                then = facts_at_revision(driver, listing, revision)
                assert then is not None
                assert flat_fields(then) == flat_fields(facts)

    def known(self) -> dict[int, Any]:
        ids = [row[0] for row in self.world.query("SELECT id FROM listing")]
        with self.world.engine.begin() as connection:
            return load_known(cast("psycopg.Connection", connection.connection.driver_connection), ids)

    def history(self, listing: int) -> list[Any]:
        with self.world.engine.begin() as connection:
            return load_history(cast("psycopg.Connection", connection.connection.driver_connection), listing)

    def facts(self, listing: int) -> Facts:
        return self.states[listing][max(self.states[listing])]

    def one(self, data: st.DataObject) -> int:
        return int(data.draw(st.sampled_from(sorted(self.states))))

    def session(self) -> AbstractContextManager[Session]:
        return transaction(self.world.engine)


def test_no_order_of_curating_breaks_a_promise(world: ImportWorld) -> None:
    try_orders(type("OfThisWorld", (Machine,), {"world": world}), usual=(15, 25), long=(300, 50))
