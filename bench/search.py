"""Search: the service against the bare engine asked the very same, and against SQL on PostGIS, side by side."""

import threading
import time
from collections.abc import Callable, Sequence
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
from directory.breaker import COOL_OFF_S

# Asked of the gazetteer's file alone: there is no engine to compare with.
_WITHOUT_ENGINE = frozenset({"places"})
_CLIENTS = 8
_TRIES = 10


@dataclass(frozen=True, slots=True)
class Prepared:
    """A question, its address (page 2: with the cursor), and all that the service asks the engine for it."""

    question: Question
    url: str
    asked: tuple[Asked, ...]


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
    with serving(world) as port, serving(world, peer=True) as peer_port:
        service, engine, peer = (
            Kept(url) for url in (f"http://127.0.0.1:{port}", world.opensearch_url, f"http://127.0.0.1:{peer_port}")
        )
        _ask_all(warming, service, engine, peer, rounds=1)
        times = _ask_all(measured, service, engine, peer, rounds=rounds)
        result: dict[str, Any] = {"mix": _mix(times), "cases": _cases(times)}
        result["opening"] = _measure_opening(opening, service, engine)
        result["agreement_with_sql"] = _compare_totals(measured, service, peer)
        result["throughput"] = _measure_throughput(port, world, [p for p in measured if p.asked], seconds)
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


def _ask_all(prepared: Sequence[Prepared], service: Kept, engine: Kept, peer: Kept, *, rounds: int) -> Times:
    """Seconds by kind and side. Sides take turns at being first, so that none profits from what the other warmed."""
    times: Times = {}
    with progress_bar() as bar:
        task = bar.add_task("Asking", total=len(prepared) * rounds)
        for turn in range(rounds):
            for number, one in enumerate(prepared):
                of_kind = times.setdefault(one.question.kind, {"us": [], "engine": [], "postgis": []})
                sides: list[tuple[str, Callable[[], object]]] = [("us", lambda one=one: service.get(one.url))]  # type: ignore[misc]
                if one.asked and one.question.kind not in _WITHOUT_ENGINE:
                    sides.append(("engine", lambda one=one: [engine.ask(asked) for asked in one.asked]))  # type: ignore[misc]
                if can_answer(one.question):
                    sides.append(("postgis", lambda one=one: peer.get(one.url)))  # type: ignore[misc]
                shift = (number + turn) % len(sides)
                for side, ask in sides[shift:] + sides[:shift]:
                    of_kind[side].append(_seconds(ask))
                bar.advance(task)
    return times


def _seconds(ask: Callable[[], object]) -> float:
    started = time.perf_counter()
    ask()
    return time.perf_counter() - started


def _cases(times: Times) -> dict[str, Any]:
    cases: dict[str, Any] = {}
    for kind, sides in times.items():
        case = compare(sides["us"], sides["engine"]) if sides["engine"] else {"us": p50_p95(sides["us"])}
        if sides["postgis"]:
            case["postgis"] = p50_p95(sides["postgis"])
        cases[kind] = case
    return cases


def _mix(times: Times) -> dict[str, Any]:
    both = [sides for sides in times.values() if sides["engine"]]
    return compare(
        [second for sides in both for second in sides["us"]], [second for sides in both for second in sides["engine"]]
    )


def _measure_opening(opening: Prepared, service: Kept, engine: Kept) -> dict[str, Any]:
    """The page that everybody sees first, warm; the engine asked for it anew each time."""
    for _ in range(3):
        service.get(opening.url)
    ours = [_seconds(lambda: service.get(opening.url)) for _ in range(20)]
    theirs = [_seconds(lambda: [engine.ask(asked) for asked in opening.asked]) for _ in range(5)]
    return compare(ours, theirs)


def _compare_totals(prepared: Sequence[Prepared], service: Kept, peer: Kept) -> dict[str, Any]:
    """How many questions without words have the same total from both, and those that have not."""
    same, different = 0, []
    for one in prepared:
        if can_answer(one.question) and "q" not in one.question.parameters and one.question.kind != "page_2":
            ours = orjson.loads(service.get(one.url))["total"]["value"]
            theirs = orjson.loads(peer.get(one.url))["total"]
            if ours == theirs:
                same += 1
            else:
                different.append({"url": one.url, "us": ours, "postgis": theirs})
    return {"same": same, "different": different}


def _measure_throughput(port: int, world: World, prepared: Sequence[Prepared], seconds: float) -> dict[str, Any]:
    """Requests a second with eight clients, each side twice, taking turns."""
    tell(f"Throughput: {_CLIENTS} clients, {seconds:g} s each")

    def ours(kept: Kept, one: Prepared) -> None:
        kept.get(one.url)

    def theirs(kept: Kept, one: Prepared) -> None:
        for asked in one.asked:
            kept.ask(asked)

    rates: dict[str, list[float]] = {"us": [], "engine": []}
    for _ in range(2):
        rates["us"].append(_rate(f"http://127.0.0.1:{port}", ours, prepared, seconds))
        rates["engine"].append(_rate(world.opensearch_url, theirs, prepared, seconds))
    us, engine = (round(sum(rates[side]) / 2, 1) for side in ("us", "engine"))
    return {"us": us, "engine": engine, "ratio": round(us / engine, 3)}


def _rate(url: str, ask: Callable[[Kept, Prepared], None], prepared: Sequence[Prepared], seconds: float) -> float:
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
                ask(kept, one)
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
    headings = ("p50 / p95 ms", "service", "bare engine", "PostGIS", "p50 ratio", "p95 ratio")
    table("Search", headings, rows)
    rate = result["throughput"]
    tell(f"{rate['us']:g} requests/s of {rate['engine']:g} of the bare engine: {rate['ratio']:.2f}x")


SIDES = ("us", "engine", "postgis")
