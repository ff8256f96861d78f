"""Searches and edits at an even rate for as long as one likes, and what they did to time, memory and truth."""

import random
import secrets
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from directory.actors import command
from directory.listings.changing import rename_provider
from tests.faults.load import Load, Reply, quantile
from tests.faults.service import Service

EDITS_PER_SECOND = 1
EDITS_PER_SECOND_BESIDE_BULK = 5
# Later than this an edit counts as lost.
_GIVEN_UP_S = 30.0
_LOOKS_EVERY_S = 0.1
_PLACES = ("Nairobi", "Paris", "Cairo", "Lima", "Manila", "Kyiv", "Dakar", "Geneva", "Bangkok", "São Paulo", "القاهرة")
_COUNTRIES = ("FR", "KE", "BR", "IN", "CN", "US", "EG", "UA", "PH", "CD")
_TYPES = ("hospital", "pharmacy", "clinic", "dentist")
_WORDS = ("hospital", "clinic", "pharmacy", "dental", "saint", "central", "cardiology", "pediatrics", "farmacia")


def draw_paths(seed: int) -> Iterator[str]:
    """Searches as members make them, without end; the same seed draws the same."""
    chance = random.Random(seed)
    while True:
        place = {"near": chance.choice(_PLACES), "radius_km": chance.choice((5, 25, 100))}
        kinds: tuple[tuple[str, dict[str, Any]], ...] = (
            ("/v1/providers", place),
            ("/v1/providers", place | {"q": chance.choice(_WORDS)}),
            ("/v1/providers", {"country": chance.choice(_COUNTRIES), "type": chance.choice(_TYPES)}),
            ("/v1/providers", {"q": chance.choice(_WORDS), "country": chance.choice(_COUNTRIES)}),
            ("/v1/suggest", {"q": chance.choice(_WORDS)[:4]}),
            ("/v1/places", {"q": chance.choice(_PLACES)[:4]}),
            ("/v1/map", {"bbox": "30,-10,50,10", "zoom": chance.randint(4, 8)}),
        )
        path, parameters = chance.choice(kinds)
        yield f"{path}?{urlencode(parameters)}"


class Editing(threading.Thread):
    """Renames a provider now and then through the functions of the directory, and waits until a search shows it."""

    def __init__(self, engine: Engine, service: Service, seed: int, per_second: float = EDITS_PER_SECOND) -> None:
        super().__init__(name="editing", daemon=True)
        self._engine, self._service, self._per_second = engine, service, per_second
        self._chance = random.Random(seed)
        with engine.connect() as connection:
            statement = text("SELECT provider_id FROM listing WHERE status = 'active' ORDER BY id LIMIT 5000")
            self._providers = list(connection.execute(statement).scalars())
        self._ended = threading.Event()
        self._looking: list[threading.Thread] = []
        self.lags_s: list[float] = []
        self.lost: list[str] = []

    def run(self) -> None:
        due = time.monotonic()
        while not self._ended.wait(max(0.0, due - time.monotonic())):
            due += 1 / self._per_second
            name = f"Soaked {''.join(secrets.choice('bcdfghjklmnpqrstvwxz') for _ in range(14))}"
            with Session(self._engine) as session, session.begin():
                rename_provider(session, self._chance.choice(self._providers), name, actor=command("soak"))
            looking = threading.Thread(target=self._look, args=(name, time.monotonic()), daemon=True)
            looking.start()
            self._looking = [thread for thread in self._looking if thread.is_alive()] + [looking]

    def stop(self) -> None:
        """End, once the last edits were found or given up."""
        self._ended.set()
        self.join(30)
        for looking in self._looking:
            looking.join(2 * _GIVEN_UP_S)

    def _look(self, name: str, committed: float) -> None:
        path = f"/v1/providers?{urlencode({'q': name.split()[1], 'limit': 5, 'facets': 'none'})}"
        while time.monotonic() < committed + _GIVEN_UP_S:
            status, body = self._service.get(path)
            if status == 200 and any(item["name"] == name for item in body["items"]):
                self.lags_s.append(time.monotonic() - committed)
                return
            time.sleep(_LOOKS_EVERY_S)
        self.lost.append(name)


class Memory(threading.Thread):
    """What processes hold of the memory, looked at all the time."""

    def __init__(self, processes: dict[str, int], every_s: float) -> None:
        super().__init__(name="memory", daemon=True)
        self._processes, self._every_s = processes, every_s
        self._ended = threading.Event()
        self.seen: dict[str, list[float]] = {name: [] for name in processes}

    def run(self) -> None:
        while not self._ended.wait(self._every_s):
            for name, pid in self._processes.items():
                self.seen[name].append(_resident_mb(pid))

    def stop(self) -> None:
        """End."""
        self._ended.set()
        self.join(30)

    def growth(self, name: str, warm: float) -> float:
        """By what share a process grew, from the moment when the share `warm` of the time was over to the end."""
        seen = self.seen[name]
        begin = int(len(seen) * warm)
        few = max(1, len(seen) // 20)
        first, last = seen[begin : begin + few], seen[-few:]
        return (sum(last) / len(last)) / (sum(first) / len(first)) - 1


def _resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024


@dataclass
class Soaked:
    """What came of it."""

    replies: list[Reply]
    lags_s: list[float]
    lost: list[str]
    growth: dict[str, float]
    last_mb: dict[str, float]
    shed: list[Reply] = field(init=False)
    failures: list[Reply] = field(init=False)

    def __post_init__(self) -> None:
        self.shed = [reply for reply in self.replies if b"#problem-overloaded" in reply.body]
        whole = (reply.status == 200 and b'"degraded":true' not in reply.body[-2000:] for reply in self.replies)
        self.failures = [
            reply
            for reply, is_whole in zip(self.replies, whole, strict=True)
            if not is_whole and reply not in self.shed
        ]

    def as_json(self) -> dict[str, Any]:
        """The figures."""
        lags = sorted(self.lags_s)
        return {
            "searches": len(self.replies),
            "errors": len(self.failures),
            "shed": len(self.shed),
            "p50_ms": round(quantile(self.replies, 0.5) * 1000, 1),
            "p95_ms": round(quantile(self.replies, 0.95) * 1000, 1),
            "p99_ms": round(quantile(self.replies, 0.99) * 1000, 1),
            "edits": len(lags) + len(self.lost),
            "edits_lost": len(self.lost),
            "searchable_p50_s": round(lags[len(lags) // 2], 2),
            "searchable_p99_s": round(lags[int(0.99 * len(lags))], 2),
            "growth": {name: round(share, 4) for name, share in self.growth.items()},
            "last_mb": {name: round(size, 1) for name, size in self.last_mb.items()},
        }


@dataclass(frozen=True, slots=True)
class BesideBulk:
    """A bulk change of `rows` listings that took `seconds` to go into the index, and edits meanwhile."""

    rows: int
    seconds: float
    lags_s: list[float]
    lost: list[str]

    def as_json(self) -> dict[str, Any]:
        """The figures."""
        lags = sorted(self.lags_s)
        return {
            "bulk_rows": self.rows,
            "bulk_per_second": round(self.rows / self.seconds),
            "edits_beside_bulk": len(lags) + len(self.lost),
            "beside_bulk_searchable_p50_s": round(lags[len(lags) // 2], 2),
            "beside_bulk_searchable_p99_s": round(lags[int(0.99 * len(lags))], 2),
        }


def edit_beside_bulk(engine: Engine, service: Service, *, rows: int, seed: int) -> BesideBulk:
    """Change the first `rows` listings as an import does, and edit until all of them are in the index."""
    editing = Editing(engine, service, seed, EDITS_PER_SECOND_BESIDE_BULK)
    with engine.begin() as connection:
        connection.execute(text("SELECT set_config('directory.bulk', 'on', true)"))
        connection.execute(text("UPDATE listing SET revision = revision + 1 WHERE id <= :rows"), {"rows": rows})
    began = time.monotonic()
    editing.start()
    waits = text("SELECT EXISTS (SELECT FROM outbox WHERE set_aside_at IS NULL AND bulk)")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while connection.execute(waits).scalar() or not (editing.lags_s or editing.lost):
            time.sleep(_LOOKS_EVERY_S)
    seconds = time.monotonic() - began
    editing.stop()
    return BesideBulk(rows, seconds, editing.lags_s, editing.lost)


def soak_for(
    seconds: float,
    service: Service,
    indexer: int,
    engine: Engine,
    *,
    searches_per_second: float,
    warm: float,
    seed: int,
) -> Soaked:
    """Search and edit for so long. `warm`: the share of the time after which memory should no longer grow."""
    processes = {f"worker {number}": pid for number, pid in enumerate(service.workers)} | {"indexer": indexer}
    # Not counted: engine and service load what they need.
    Load(service.port).as_fast_as_it_answers(draw_paths(seed + 1), clients=4, seconds=5)
    memory, editing = Memory(processes, every_s=max(0.5, seconds / 600)), Editing(engine, service, seed)
    memory.start()
    editing.start()
    replies = Load(service.port).at_rate(draw_paths(seed), per_second=searches_per_second, seconds=seconds)
    editing.stop()
    memory.stop()
    growth = {name: memory.growth(name, warm) for name in processes}
    return Soaked(replies, editing.lags_s, editing.lost, growth, {name: seen[-1] for name, seen in memory.seen.items()})
