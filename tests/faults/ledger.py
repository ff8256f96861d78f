"""Someone who edits all the time, and the ledger of what the database said that it had committed."""

import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

_ADD = text("""
WITH p AS (INSERT INTO provider (kind, name, script, sort_name)
           VALUES ('organisation', :name, 'Latn', lower(:name)) RETURNING id),
     l AS (INSERT INTO location (city, country, point, precision)
           VALUES ('Nairobi', 'KE', ST_MakePoint(36.8, -1.3)::geography, 'exact') RETURNING id)
INSERT INTO listing (provider_id, location_id, type) SELECT p.id, l.id, 'hospital' FROM p, l RETURNING id
""")
_CHANGE = text("""
UPDATE listing SET revision = revision + 1, website = :website, status = :status WHERE id = :id RETURNING revision
""")


@dataclass
class Ledger:
    """What was acknowledged. A commit whose answer was lost is `unsure`: it may have been done, or not."""

    revisions: dict[int, int] = field(default_factory=dict)
    unsure_changes: Counter[int] = field(default_factory=Counter)
    added: dict[str, int] = field(default_factory=dict)
    unsure_added: set[str] = field(default_factory=set)

    def check(self, engine: Engine) -> None:
        """Fail where the database lost an acknowledged change, or did one twice."""
        with engine.connect() as connection:
            rows = connection.execute(
                text("SELECT l.id, l.revision, p.name FROM listing l JOIN provider p ON p.id = l.provider_id")
            ).all()
        revisions = {row.id: row.revision for row in rows}
        for listing, revision in self.revisions.items():
            assert listing in revisions, f"listing {listing} was acknowledged and is gone"
            most = revision + self.unsure_changes[listing]
            assert revision <= revisions[listing] <= most, (
                f"listing {listing}: {revision} acknowledged, {revisions[listing]} found"
            )
        names = Counter(row.name for row in rows)
        assert [name for name in self.added if names[name] != 1] == []
        assert [name for name in self.unsure_added if names[name] > 1] == []


class Editor(threading.Thread):
    """Adds, changes, suspends and resumes listings, one short transaction after the other, until stopped."""

    def __init__(self, engine: Engine, *, seed: int, pause_s: float = 0.02) -> None:
        super().__init__(name="editor", daemon=True)
        self.ledger = Ledger()
        self._engine = engine
        self._random = random.Random(seed)
        self._pause_s = pause_s
        self._ended = threading.Event()
        self.failures = 0

    def __enter__(self) -> "Editor":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self.join(60)
        assert not self.is_alive(), "the editor hangs"
        assert self.ledger.added, "nothing was edited"

    def run(self) -> None:
        """Edit; a failed transaction is noted, and the next one begun."""
        number = 0
        while not self._ended.wait(self._pause_s):
            number += 1
            try:
                if not self.ledger.added or self._random.random() < 0.3:
                    self._add(f"Edited Clinic {number}")
                else:
                    self._change(self._random.choice(list(self.ledger.added.values())), number)
            except SQLAlchemyError:
                self.failures += 1
                time.sleep(0.2)

    def _add(self, name: str) -> None:
        self.ledger.unsure_added.add(name)
        listing: int = self._commit(_ADD, name=name)
        self.ledger.unsure_added.discard(name)
        self.ledger.added[name] = listing
        self.ledger.revisions[listing] = 1

    def _change(self, listing: int, number: int) -> None:
        status = "suspended" if self._random.random() < 0.2 else "active"
        self.ledger.unsure_changes[listing] += 1
        self.ledger.revisions[listing] = self._commit(
            _CHANGE, id=listing, website=f"https://example.org/{number}", status=status
        )
        # What was unsure before shows in the revision that was given out now.
        self.ledger.unsure_changes[listing] = 0

    def _commit(self, statement: Any, **values: Any) -> int:
        with self._engine.begin() as connection:
            value: int = connection.execute(statement, values).scalar_one()
        return value
