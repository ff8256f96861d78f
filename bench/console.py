"""The network team at work, by the interface: lists of listings, an edit, and how soon a search finds it."""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import orjson
from sqlalchemy import text

from bench.figures import p50_p95, percentile
from bench.lanes import indexing
from bench.telling import table, tell
from bench.world import World, serving
from directory.accounts.people import add_account
from directory.accounts.tokens import add_token
from directory.actors import SYSTEM, Role
from directory.db import transaction
from directory.models import AccountStatus

_FACTS = text(
    "SELECT l.id, p.name, l.external_id, c.country, l.type, c.phones[1] AS phone FROM listing l"
    " JOIN provider p ON p.id = l.provider_id JOIN location c ON c.id = l.location_id"
    " WHERE l.id = ANY(:ids) AND l.status = 'active'"
)
# Later than this an edit counts as not found.
_GIVEN_UP_S = 60.0


def measure_console(world: World, *, of_each: int, edits: int) -> dict[str, Any]:
    """Milliseconds of each kind of list, one page after the other, and of an edit; seconds until it is found."""
    token, drawn = _make_token(), _draw(world, max(of_each, edits))
    # What is slow is measured, not refused.
    with serving(world, PATIENCE="10") as port, indexing(world), _team(port, token) as team:
        lists = {kind: _time_lists(team, queries[:of_each]) for kind, queries in _queries(drawn).items()}
        tell(f"{edits} edits, each searched for until it is found")
        edited, found = zip(*(_edit(team, row["id"]) for row in drawn[:edits]), strict=True)
    every = [seconds for kind in lists.values() for seconds in kind]
    result = {
        "lists": {**p50_p95(every), "longest_ms": round(max(every) * 1000, 2)},
        **{f"list_{kind}": p50_p95(seconds) for kind, seconds in lists.items()},
        "edit": p50_p95(edited),
        "found_p50_s": round(percentile(found, 0.5), 2),
        "found_p99_s": round(percentile(found, 0.99), 2),
    }
    table("Console", ("", ""), [(key.replace("_", " "), str(value)) for key, value in result.items()])
    return result


def _make_token() -> str:
    """Of somebody of the team who was made for this."""
    with transaction() as session:
        account = add_account(session, SYSTEM, f"bench.{uuid4().hex[:8]}@insurer.example", Role.network)
        account.status = AccountStatus.active
        return add_token(session, SYSTEM, account, name="bench")[0]


def _draw(world: World, count: int) -> list[Any]:
    stores = world.open_stores()
    step = max(1, world.rows // (2 * count))
    with stores.engine.connect() as connection:
        rows = connection.execute(_FACTS, {"ids": [*range(1, world.rows, step)]}).mappings().all()
    stores.engine.dispose()
    return list(rows)[:count]


def _queries(drawn: list[Any]) -> dict[str, list[dict[str, Any]]]:
    facets = "status,source,country,type"
    return {
        "opening": [{"facets": facets} for _ in drawn],
        "name": [{"q": row["name"]} for row in drawn],
        "word": [{"q": row["name"].split()[0], "facets": facets} for row in drawn],
        "number": [{"q": str(row["id"])} for row in drawn],
        "telephone": [{"q": row["phone"]} for row in drawn if row["phone"]],
        "country_and_type": [{"country": row["country"], "type": row["type"], "facets": facets} for row in drawn],
        "not_active": [{"status": "suspended,retired", "country": row["country"]} for row in drawn],
        "not_confirmed": [{"stale": 365, "country": row["country"]} for row in drawn],
    }


class _Team:
    """One of the team, over a connection that is kept."""

    def __init__(self, port: int, token: str) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The answer's body; RuntimeError where it is not good."""
        sent = orjson.dumps(body) if body is not None else None
        self._connection.request(method, path, body=sent, headers=self._headers | headers)
        answer = self._connection.getresponse()
        read = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path.partition('?')[0]} answered {answer.status}: {read[:400]!r}")
        return orjson.loads(read)

    def close(self) -> None:
        self._connection.close()


@contextmanager
def _team(port: int, token: str) -> Iterator[_Team]:
    team = _Team(port, token)
    yield team
    team.close()


def _time_lists(team: _Team, queries: list[dict[str, Any]]) -> list[float]:
    seconds = []
    for query in queries:
        started = time.perf_counter()
        team.ask("GET", f"/v1/listings?{urlencode(query)}")
        seconds.append(time.perf_counter() - started)
    return seconds


def _edit(team: _Team, listing: int) -> tuple[float, float]:
    """Seconds that a new name takes, and until members find it."""
    revision = team.ask("GET", f"/v1/listings/{listing}")["revision"]
    word = "".join(secrets.choice("bcdfghjklmnpqrstvwxz") for _ in range(14))
    started = time.perf_counter()
    team.ask("PATCH", f"/v1/listings/{listing}", {"name": f"Edited {word}"}, **{"If-Match": f'"{revision}"'})
    answered = time.perf_counter()
    while time.perf_counter() - answered < _GIVEN_UP_S:
        if team.ask("GET", f"/v1/providers?{urlencode({'q': word, 'facets': ''})}")["total"]["value"]:
            break
        time.sleep(0.02)
    return answered - started, time.perf_counter() - answered
