"""Search: the service beside the bare engine asked the very same, a relay to it, and SQL on PostGIS."""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any

import orjson

from bench.figures import compare, p50_p95
from bench.postgis import can_answer, make_flat_table
from bench.questions import KINDS, PROVIDERS, Question, draw_questions
from bench.telling import progress_bar, table, tell
from bench.wire import Asked, Kept, Recorder
from bench.world import World, serving
from directory.app import create_app
from directory.runtime.breaker import COOL_OFF_S

# Asked of the gazetteer's file alone: there is no engine to compare with.
_WITHOUT_ENGINE = frozenset({"places"})
# Who answers beside the engine, and the module of this package that does; the service itself is none.
_SERVERS = {"us": None, "relay": "relay", "postgis": "sql_service"}
_CLIENTS = 8
_TURNS = 3
_TRIES = 10


@dataclass(frozen=True, slots=True)
class Prepared:
    """A question, its address (page 2: with the cursor), and all that the service asks the engine for it."""

    question: Question
    url: str
    requests: tuple[Asked, ...]


def known_kinds() -> list[str]:
    """The kinds whose address this version of the service has."""
    routes = {rule.rule for rule in create_app().url_map.iter_rules()}
    return [kind for kind, (path, _) in KINDS.items() if path in routes]


def measure_search(world: World, *, of_each: int, rounds: int, seconds: float) -> dict[str, Any]:
    """All figures of searching; `of_each` questions of each kind, each asked `rounds` times of each side."""
    stores = world.open_stores()
    kinds = known_kinds()
    tell(f"Search: {of_each} questions of {', '.join(kinds)}")
    # Those that warm the engines up are others than those that are measured: no answer is remembered from before.
    drawn = [draw_questions(stores.engine, world.rows, world.seed + 1 + n, of_each, kinds) for n in range(2)]
    with Recorder(world.opensearch_url).running() as recorder:
        world.adopt(OPENSEARCH_URL=recorder.url)
        warming, measured = ([_prepare(question, recorder) for question in questions] for questions in drawn)
        opening = _prepare(Question("opening", PROVIDERS, {}), recorder)
    world.adopt()
    make_flat_table(world.database_url)
    with ExitStack() as peers:
        ports = {side: peers.enter_context(serving(world, peer=peer)) for side, peer in _SERVERS.items()}
        urls = {side: f"http://127.0.0.1:{port}" for side, port in ports.items()} | {"engine": world.opensearch_url}
        sides = {side: Kept(url) for side, url in urls.items()}
        _ask_all(warming, sides, rounds=1)
        times = _ask_all(measured, sides, rounds=rounds)
        result: dict[str, Any] = {"mix": _mix(times), "cases": _cases(times)}
        result["opening"] = _measure_opening(opening, sides)
        result["agreement_with_sql"] = _compare_totals(measured, sides)
        result["throughput"] = _measure_throughput(urls, [p for p in measured if p.requests], seconds)
    stores.engine.dispose()
    stores.client.close()
    _print(result)
    return result


def _prepare(question: Question, recorder: Recorder) -> Prepared:
    client = create_app().test_client() if not _clients else _clients[0]
    _clients[:] = [client]
    url = question.url
    if question.kind == "page_2":
        following = client.get(url).get_json()["links"]["next"]
        # A place with one page only is asked for that one again.
        url = following or url
    # An engine that has just started is slower than the service's patience, so that PostGIS would answer.
    for _ in range(_TRIES):
        recorder.take()
        answer = client.get(url)
        if answer.status_code == 200 and not (answer.get_json() or {}).get("degraded"):
            return Prepared(question, url, recorder.take())
        time.sleep(COOL_OFF_S)
    raise RuntimeError(f"{url} answered {answer.status_code}: {answer.get_data(as_text=True)[:400]}")


# One application for all of a run: what it keeps, it keeps as a worker of the service would.
_clients: list[Any] = []

Times = dict[str, dict[str, list[float]]]


def _ask_all(prepared: Sequence[Prepared], sides: dict[str, Kept], *, rounds: int) -> Times:
    """Seconds by kind and side. Sides take turns at being first, so that none profits from what the other warmed."""
    times: Times = {}
    with progress_bar() as bar:
        task = bar.add_task("Asking", total=len(prepared) * rounds)
        for turn in range(rounds):
            for number, one in enumerate(prepared):
                of_kind = times.setdefault(one.question.kind, {side: [] for side in sides})
                able = [side for side in sides if _can_answer(side, one)]
                shift = (number + turn) % len(able)
                for side in able[shift:] + able[:shift]:
                    of_kind[side].append(_seconds(lambda side=side: _ask(side, sides[side], one)))  # type: ignore[misc]  # noqa: B023
                bar.advance(task)
    return times


def _can_answer(side: str, one: Prepared) -> bool:
    if side == "postgis":
        return can_answer(one.question)
    return side == "us" or (bool(one.requests) and one.question.kind not in _WITHOUT_ENGINE)


def _ask(side: str, kept: Kept, one: Prepared) -> None:
    """The engine and the relay are asked what the service asks the engine; the others what a reader asks."""
    if side in ("us", "postgis"):
        kept.get(one.url)
    else:
        for request in one.requests:
            kept.ask(request)


def _seconds(ask: Callable[[], object]) -> float:
    started = time.perf_counter()
    ask()
    return time.perf_counter() - started


def _cases(times: Times) -> dict[str, Any]:
    cases: dict[str, Any] = {}
    for kind, sides in times.items():
        case = compare(sides["us"], sides["engine"]) if sides["engine"] else {"us": p50_p95(sides["us"])}
        case |= {side: p50_p95(sides[side]) for side in ("relay", "postgis") if sides[side]}
        cases[kind] = case
    return cases


def _mix(times: Times) -> dict[str, Any]:
    both = [sides for sides in times.values() if sides["engine"]]
    us, engine, relay = ([second for sides in both for second in sides[side]] for side in ("us", "engine", "relay"))
    return {**compare(us, engine), "relay": p50_p95(relay)}


def _measure_opening(opening: Prepared, sides: dict[str, Kept]) -> dict[str, Any]:
    """The page that everybody sees first, warm; the engine asked for it anew each time."""
    for _ in range(3):
        _ask("us", sides["us"], opening)
    ours = [_seconds(lambda: _ask("us", sides["us"], opening)) for _ in range(20)]
    theirs = [_seconds(lambda: _ask("engine", sides["engine"], opening)) for _ in range(5)]
    return compare(ours, theirs)


def _compare_totals(prepared: Sequence[Prepared], sides: dict[str, Kept]) -> dict[str, Any]:
    """How many questions without words have the same total from both, and those that have not."""
    same, different = 0, []
    for one in prepared:
        if can_answer(one.question) and "q" not in one.question.parameters and one.question.kind != "page_2":
            ours = orjson.loads(sides["us"].get(one.url))["total"]["value"]
            theirs = orjson.loads(sides["postgis"].get(one.url))["total"]
            if ours == theirs:
                same += 1
            else:
                different.append({"url": one.url, "us": ours, "postgis": theirs})
    return {"same": same, "different": different}


def _measure_throughput(urls: dict[str, str], prepared: Sequence[Prepared], seconds: float) -> dict[str, Any]:
    """Requests a second with eight clients, each side so often, taking turns."""
    tell(f"Throughput: {_CLIENTS} clients, {_TURNS} times {seconds:g} s each")
    rates: dict[str, list[float]] = {side: [] for side in ("us", "engine", "relay")}
    for _ in range(_TURNS):
        for side, seen in rates.items():
            seen.append(_rate(urls[side], side, prepared, seconds))
    us, engine, relay = (round(sum(seen) / _TURNS, 1) for seen in rates.values())
    return {"us": us, "engine": engine, "relay": relay, "ratio": round(us / engine, 3)}


def _rate(url: str, side: str, prepared: Sequence[Prepared], seconds: float) -> float:
    ends = time.perf_counter() + seconds
    counts = [0] * _CLIENTS
    failures: list[BaseException] = []

    def client(number: int) -> None:
        kept = Kept(url)
        try:
            # Each begins elsewhere in the mix.
            start = number * len(prepared) // _CLIENTS
            for one in islice(cycle(prepared), start, None):
                if time.perf_counter() >= ends:
                    return
                _ask(side, kept, one)
                counts[number] += 1
        except BaseException as error:
            failures.append(error)
        finally:
            kept.close()

    threads = [threading.Thread(target=client, args=(number,)) for number in range(_CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return sum(counts) / seconds


def _print(result: dict[str, Any]) -> None:
    rows = []
    for kind, case in [("the whole mix", result["mix"]), *result["cases"].items(), ("opening page", result["opening"])]:
        cells = [f"{case[side]['p50_ms']:.1f} / {case[side]['p95_ms']:.1f}" if side in case else "" for side in SIDES]
        shares = [f"{case[name]:.2f}" if name in case else "" for name in ("ratio_p50", "ratio_p95")]
        rows.append((kind, *cells, *shares))
    headings = ("p50 / p95 ms", "service", "bare engine", "relay", "PostGIS", "p50 ratio", "p95 ratio")
    table("Search", headings, rows)
    rate = result["throughput"]
    tell(f"{rate['us']:g} requests/s of {rate['engine']:g} of the bare engine: {rate['ratio']:.2f}x")


SIDES = ("us", "engine", "relay", "postgis")
