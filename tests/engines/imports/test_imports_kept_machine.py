"""Whatever the team and files say in turn: a field that somebody set stays until that is undone; all others follow."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import hypothesis
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from directory.actors import Actor, Role
from directory.listings.changing import change_listing
from directory.listings.facts import Facts
from directory.listings.undoing import undo_change
from tests.engines.import_world import ImportWorld, clinic, counts

NADIA = Actor(None, Role.network, None, "nadia", "en")
FIELDS = {"email": ("a@x.example", "b@x.example", "c@x.example"), "address": ("1 Road", "2 Road", "3 Road")}
IDS = ("1", "2")

ids, names, places = st.sampled_from(IDS), st.sampled_from(tuple(FIELDS)), st.integers(0, 2)
files = st.tuples(st.just("file"), st.dictionaries(ids, st.tuples(places, places), min_size=1))
edits = st.tuples(st.sampled_from(("edit", "undo")), ids, names, places)


@dataclass
class Model:
    """What each listing should say, and who set what."""

    said: dict[str, dict[str, str]] = field(default_factory=dict)
    kept: set[tuple[str, str]] = field(default_factory=set)

    def take_file(self, rows: dict[str, dict[str, str]]) -> int:
        """How many rows say otherwise of what somebody set."""
        otherwise = 0
        for each, row in rows.items():
            known = self.said.setdefault(each, dict(row))
            for name, value in row.items():
                if (each, name) not in self.kept:
                    known[name] = value
                elif known[name] != value:
                    otherwise += 1
        return otherwise


def edit(world: ImportWorld, external_id: str, name: str, value: str) -> int:
    def say(facts: Facts) -> Facts:
        return {**facts, "location": {**facts["location"], name: value}}

    with Session(world.engine) as session, session.begin():
        listing_id = world.listing(external_id).listing_id
        return change_listing(session, listing_id, say, actor=NADIA, action="edit").change_id


@hypothesis.settings(
    max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(hypothesis.HealthCheck), database=None
)
@hypothesis.given(steps=st.lists(st.one_of(files, edits), min_size=2, max_size=8))
def test_files_and_people_in_any_order_leave_what_the_model_says(world: ImportWorld, steps: list[Any]) -> None:
    turn = ImportWorld(world.engine, world.gazetteer, world.gazetteer_path, world.folder, f"kept {uuid4().hex}")
    model = Model()
    for step in (("file", dict.fromkeys(IDS, (0, 0))), *steps):
        if step[0] == "file":
            rows = {each: {name: FIELDS[name][at[n]] for n, name in enumerate(FIELDS)} for each, at in step[1].items()}
            otherwise = model.take_file(rows)
            report = turn.run_rows(*(clinic(each, **row) for each, row in rows.items()))
            assert report.warnings.get("kept", 0) == otherwise
            assert sum(counts(report)) == len(rows)
        else:
            action, external_id, name, at = step
            change_id = edit(turn, external_id, name, FIELDS[name][at])
            if action == "undo":
                with Session(world.engine) as session, session.begin():
                    undo_change(session, change_id, actor=NADIA)
            elif model.said[external_id][name] != FIELDS[name][at]:
                model.said[external_id][name] = FIELDS[name][at]
                model.kept.add((external_id, name))
        now = {
            each: {name: known.facts["location"][name] for name in FIELDS} for each, known in turn.listings().items()
        }
        assert now == model.said
