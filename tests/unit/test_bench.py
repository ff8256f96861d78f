"""The benchmark's own arithmetic, questions, SQL, recorder, table and chart."""

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import orjson
import pytest

from bench.degraded import Tally, describe
from bench.figures import compare, p50_p95, percentile
from bench.line import build_line
from bench.loading import most_memory_kb
from bench.postgis import build_statement
from bench.questions import KINDS, PROVIDERS, Question
from bench.results import draw_chart, save
from bench.wire import Asked, Kept, Recorder
from directory.web.parameters import PlacesQuery, SearchQuery, SuggestQuery

SCHEMAS = {PROVIDERS: SearchQuery, "/v1/places": PlacesQuery, "/v1/suggest": SuggestQuery}
ROW = SimpleNamespace(
    id=5, name="Riverside Memorial Hospital", local_name="مستشفى النور", type="hospital", country="KE", city="Nairobi",
    lon=36.82, lat=-1.29, specialty="cardiology",
)  # fmt: skip


@pytest.mark.parametrize(
    ("share", "expected"), [(0.5, 10), (0.95, 19), (1.0, 20), (0.0, 1)], ids=["half", "95", "all", "none"]
)
def test_percentile_is_the_nearest_rank(share: float, expected: float) -> None:
    assert percentile([float(value) for value in range(20, 0, -1)], share) == expected


def test_percentile_of_nothing_is_an_error() -> None:
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.5)


def test_times_are_told_in_milliseconds() -> None:
    assert p50_p95([0.001, 0.002, 0.003]) == {"p50_ms": 2.0, "p95_ms": 3.0}


def test_ratio_is_ours_to_theirs() -> None:
    compared = compare([0.010, 0.010], [0.005, 0.004])
    assert compared["ratio_p50"] == 2.5
    assert compared["ratio_p95"] == 2.0


@pytest.mark.parametrize("kind", [kind for kind, (path, _) in KINDS.items() if path in SCHEMAS])
def test_every_kind_of_question_is_one_that_the_service_understands(kind: str) -> None:
    path, draw = KINDS[kind]
    for seed in range(20):
        parameters = draw(random.Random(seed), ROW)
        assert parameters is not None
        SCHEMAS[path]().load(parameters)


def test_question_about_a_listing_without_a_name_in_its_script_is_not_drawn() -> None:
    _, draw = KINDS["name_script"]
    assert draw(random.Random(1), SimpleNamespace(**{**vars(ROW), "local_name": None})) is None


def test_slip_changes_the_word() -> None:
    _, draw = KINDS["name_slip"]
    words = {(draw(random.Random(seed), ROW) or {})["q"] for seed in range(20)}
    assert not words & set(ROW.name.split())


def test_question_is_asked_percent_encoded() -> None:
    question = Question("name_script", PROVIDERS, {"q": "مستشفى النور"})
    assert question.url.isascii()
    assert question.url.startswith("/v1/providers?q=%D9%85")


@pytest.mark.parametrize("kind", ["radius_25", "country_type", "specialty_words", "name_slip", "all_of_it"])
@pytest.mark.parametrize("near_spellings", [False, True])
def test_sql_has_a_value_for_each_of_its_places(kind: str, near_spellings: bool) -> None:
    parameters = KINDS[kind][1](random.Random(3), ROW)
    assert parameters is not None
    statement, values = build_statement(parameters, near_spellings=near_spellings)
    assert statement.count("%s") == len(values)


def test_sql_counts_a_facet_without_its_own_filter() -> None:
    statement, values = build_statement({"country": "KE", "type": "hospital"}, near_spellings=False)
    (country_facet,) = (part for part in statement.split("UNION ALL") if "'country'" in part)
    assert "type = ANY" in country_facet
    assert "country = ANY" not in country_facet
    assert values.count(["hospital"]) == 2


@pytest.fixture
def engine_url() -> Iterator[str]:
    class Echo(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = 200 if body != b"wrong" else 400
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_recorder_passes_on_and_keeps_what_was_asked(engine_url: str) -> None:
    asked = Asked("POST", "/a/_search?x=1", "application/json", b'{"size":0}')
    with Recorder(engine_url).running() as recorder:
        kept = Kept(recorder.url)
        assert kept.ask(asked) == b'{"size":0}'
        kept.close()
        assert recorder.take() == (asked,)
        assert recorder.take() == ()


def test_answer_that_is_no_answer_stops_the_measurement(engine_url: str) -> None:
    kept = Kept(engine_url)
    with pytest.raises(RuntimeError, match="answered 400"):
        kept.ask(Asked("POST", "/a/_search", "application/json", b"wrong"))
    kept.close()


def _result(rows: int, p50: float) -> dict[str, object]:
    case = {
        "us": {"p50_ms": p50, "p95_ms": 3 * p50},
        "engine": {"p50_ms": p50 / 2, "p95_ms": 2 * p50},
        "ratio_p50": 2.0,
        "ratio_p95": 1.5,
    }
    return {"rows": rows, "machine": "a machine", "mix": case, "cases": {"radius_5": case}, "opening": case}


def test_chart_is_svg_with_every_size_and_side() -> None:
    chart = draw_chart([_result(15_000, 3.0), _result(1_500_000, 12.0)])
    ElementTree.fromstring(chart)
    for words in ("15,000 listings", "1,500,000 listings", "service p95: 36 ms", "bare engine p50: 6 ms"):
        assert words in chart


def test_memory_of_a_program_is_its_own_and_that_of_the_processes_that_it_started() -> None:
    alone = most_memory_kb(os.getpid())
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        both = alone + 1
        for _ in range(100):
            both = most_memory_kb(os.getpid())
            if both > alone + 4_000:
                break
            time.sleep(0.05)
        process.communicate(b"\n")
    assert both > alone + 4_000
    assert most_memory_kb(process.pid) == 0


def test_chart_of_one_size_is_drawn_too() -> None:
    ElementTree.fromstring(draw_chart([_result(15_000, 3.0)]))


def test_figures_of_a_later_run_are_added_to_those_of_the_same_size(tmp_path: Path) -> None:
    save(15_000, _result(15_000, 3.0), tmp_path)
    path = save(15_000, {"import": {"rows_per_second": 7000}}, tmp_path)
    known = orjson.loads(path.read_bytes())
    assert known["import"] == {"rows_per_second": 7000}
    assert known["mix"]["ratio_p50"] == 2.0
    table = (tmp_path / "15000.md").read_text()
    assert "| radius_5 | 3.0 / 9.0 | 1.5 / 6.0 |  |  | 2.00 | 1.50 |" in table
    assert "| rows per second | 7000 |" in table
    assert (tmp_path / "size.svg").exists()


def test_table_says_what_share_came_in_time_without_the_search_engine(tmp_path: Path) -> None:
    quick, slow, refused = Tally(), Tally(), Tally()
    for _ in range(9):
        quick.hear(0.1, {"total": {"value": 3, "relation": "eq"}, "facets_left_out": []})
    slow.hear(2.0, {"total": {"value": 10_000, "relation": "gte"}, "facets_left_out": ["country"]})
    refused.hear(0.2, None)
    cases = {"radius_5": quick, "country_type": slow, "map": refused}
    degraded = describe(cases)
    assert degraded["mix"]["share_in_time"] == round(9 / 11, 3)
    assert (degraded["mix"]["refused"], degraded["mix"]["total_at_least"]) == (1, 1)
    save(15_000, {"degraded": degraded}, tmp_path)
    table = (tmp_path / "15000.md").read_text()
    assert "| radius_5 | 100.0 / 100.0 | 1.0 | 0 | 0 | 0 |" in table
    assert "| country_type | 2000.0 / 2000.0 | 0.0 | 0 | 1 | 1 |" in table
    assert "| map | 200.0 / 200.0 | 0.0 | 1 | 0 | 0 |" in table


def test_lines_are_what_people_type_in_four_languages() -> None:
    said = {"name": "Aga Khan Hospital", "city": "Nairobi", "country": "KE"}
    row = SimpleNamespace(**said, type="hospital", specialty="cardiology")
    lines = {build_line(random.Random(seed), row) for seed in range(400)}
    assert {"Cardiology Nairobi", "Aga Khan Hospital Nairobi"} <= lines
    assert not [line for line in lines if "{" in line]
    assert any("قلب" in line for line in lines)
