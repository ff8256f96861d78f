"""The search that PostGIS answers while OpenSearch is away: the whole mix, asked of the service by one client."""

import time
from collections.abc import Sequence
from typing import Any

import orjson

from bench.figures import p50_p95
from bench.questions import Question, draw_questions
from bench.search import known_kinds
from bench.telling import progress_bar, table, tell
from bench.wire import Kept
from bench.world import World, serving

# Within this, 95 of 100 answers must be there.
WITHIN_S = 1.5
# Nobody listens there.
_AWAY = "http://127.0.0.1:9"


class Tally:
    """What came of the questions of one kind."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.in_time = self.refused = self.at_least = self.left_out = 0

    def hear(self, seconds: float, answer: dict[str, Any] | None) -> None:
        """Count one answer; None: it was refused."""
        self.times.append(seconds)
        self.refused += answer is None
        self.in_time += answer is not None and seconds <= WITHIN_S
        total: dict[str, Any] = (answer or {}).get("total", {})
        self.at_least += total.get("relation") == "gte"
        self.left_out += bool((answer or {}).get("facets_left_out"))

    def add(self, other: "Tally") -> None:
        """Count what another one counted, too."""
        self.times += other.times
        self.in_time += other.in_time
        self.refused += other.refused
        self.at_least += other.at_least
        self.left_out += other.left_out

    def figures(self) -> dict[str, Any]:
        """As JSON: how many, the share in time, refusals, totals that say `gte`, answers without some facet."""
        return {
            **p50_p95(self.times),
            "asked": len(self.times),
            "share_in_time": round(self.in_time / len(self.times), 3),
            "refused": self.refused,
            "total_at_least": self.at_least,
            "facets_left_out": self.left_out,
        }


def measure_degraded(world: World, *, of_each: int) -> dict[str, Any]:
    """Figures of the mix and of each kind; `of_each` questions of each."""
    stores = world.open_stores()
    kinds = known_kinds()
    tell(f"Without OpenSearch: {of_each} questions of each kind")
    warming, questions = (draw_questions(stores.engine, world.rows, world.seed + 1 + n, of_each, kinds) for n in (0, 1))
    stores.engine.dispose()
    stores.client.close()
    with serving(world, OPENSEARCH_URL=_AWAY) as port:
        kept = Kept(f"http://127.0.0.1:{port}")
        _ask_all(kept, warming[: len(kinds) * 2])
        tallies = _ask_all(kept, questions)
    result = describe(tallies)
    _print(result)
    return result


def describe(tallies: dict[str, Tally]) -> dict[str, Any]:
    """The figures of each kind and of all together."""
    whole = Tally()
    for one in tallies.values():
        whole.add(one)
    cases = {kind: one.figures() for kind, one in tallies.items()}
    return {"within_s": WITHIN_S, "mix": whole.figures(), "cases": cases}


def _ask_all(kept: Kept, questions: Sequence[Question]) -> dict[str, Tally]:
    tallies: dict[str, Tally] = {}
    with progress_bar() as bar:
        for question in bar.track(questions, description="Asking"):
            url = question.url
            if question.kind == "page_2":
                first = _ask(kept, url)
                url = (first and first["links"]["next"]) or url
            started = time.perf_counter()
            answer = _ask(kept, url)
            tallies.setdefault(question.kind, Tally()).hear(time.perf_counter() - started, answer)
    return tallies


def _ask(kept: Kept, url: str) -> dict[str, Any] | None:
    try:
        answer: dict[str, Any] = orjson.loads(kept.get(url))
    except RuntimeError:  # any status but 200
        return None
    return answer


def _print(result: dict[str, Any]) -> None:
    rows = [("the whole mix", result["mix"]), *result["cases"].items()]
    headings = ("Without OpenSearch", "p50 ms", "p95 ms", f"within {WITHIN_S:g} s", "refused", "gte", "facets left out")
    keys = ("p50_ms", "p95_ms", "share_in_time", "refused", "total_at_least", "facets_left_out")
    table("Degraded", headings, [(name, *(str(figures[key]) for key in keys)) for name, figures in rows])
