"""Rebuilding the index against a bare bulk load of the same documents, and importing a file."""

import csv
import os
import re
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson
from sqlalchemy import text

from bench.figures import p50_p95, ratios
from bench.questions import draw_questions
from bench.telling import table, tell
from bench.wire import Kept
from bench.world import World, make_empty_database, serving
from directory.search.mapping import build_index_body
from indexers.documents import load_documents
from indexers.romanising import romaniser
from indexers.stores import Stores

_LINES = 2_000
_SENDERS = 2
# The row of an import file, from the tables of the world.
_ROWS = """
SELECT l.external_id, p.name, n.text AS name_local, n.lang AS name_lang, p.kind, l.type,
       (SELECT string_agg(s.specialty, ';' ORDER BY s.position) FROM listing_specialty s WHERE s.listing_id = l.id)
           AS specialties,
       c.address, c.postal_code, c.city, c.region, c.country, ST_Y(c.point::geometry) AS lat,
       ST_X(c.point::geometry) AS lon, array_to_string(c.phones, ';') AS phone, c.email, c.website,
       array_to_string(l.languages, ';') AS languages, a.network, a.outpatient, a.inpatient, a.tariff, a.notice_days,
       l.verified_on
  FROM listing l
  JOIN provider p ON p.id = l.provider_id
  JOIN location c ON c.id = l.location_id
  LEFT JOIN provider_name n ON n.provider_id = p.id AND n.position = 0
  LEFT JOIN LATERAL (SELECT * FROM agreement a WHERE a.listing_id = l.id ORDER BY a.id LIMIT 1) a ON true
 ORDER BY l.id
"""


def measure_rebuild(world: World) -> dict[str, Any]:
    """Listings a second, memory, and what searches feel meanwhile; then the bare load, the same documents in a file."""
    stores = world.open_stores()
    with serving(world) as port:
        searches = _Searches(world, stores, port)
        searches.measure_for(2.0)  # warms up
        quiet = searches.measure_for(8.0)
        tell("Rebuild, with searches going on")
        stop = threading.Event()
        with ThreadPoolExecutor(1) as pool:
            meanwhile = pool.submit(searches.measure_until, stop)
            try:
                seconds, most_mb = _run_rebuild(world)
            finally:
                stop.set()
            busy = meanwhile.result()
    tell("Rebuild, alone")
    alone_s, alone_mb = _run_rebuild(world)
    file = world.state_dir / f"{world.alias}.ndjson"
    _write_documents(stores, file, world.rows)
    bare_s = _load_bare(world, stores, file)
    file.unlink()
    rate, bare_rate = world.rows / alone_s, world.rows / bare_s
    result = {
        "rate": round(rate),
        "bare_rate": round(bare_rate),
        "ratio": round(rate / bare_rate, 3),
        "rate_while_searched": round(world.rows / seconds),
        "most_memory_mb": max(most_mb, alone_mb),
        "search_quiet": quiet,
        "search_meanwhile": busy,
        "search_p95_ratio": ratios(busy, quiet)["ratio_p95"],
        **_measure_size(stores, world),
    }
    stores.engine.dispose()
    stores.client.close()
    table("Rebuild", ("", ""), [(key.replace("_", " "), str(value)) for key, value in result.items()])
    return result


class _Searches:
    """One client that searches all the time."""

    def __init__(self, world: World, stores: Stores, port: int) -> None:
        kinds = ["radius_25", "country_type", "specialty_words", "name_part"]
        self._urls = [question.url for question in draw_questions(stores.engine, world.rows, world.seed, 25, kinds)]
        self._kept = Kept(f"http://127.0.0.1:{port}")

    def measure_for(self, seconds: float) -> dict[str, float]:
        """Times of searches in a row for so long."""
        stop = threading.Event()
        threading.Timer(seconds, stop.set).start()
        return self.measure_until(stop)

    def measure_until(self, stop: threading.Event) -> dict[str, float]:
        """Times of searches in a row until told to stop, with a short pause after each.

        Those that were not answered, or by PostGIS alone, are counted, and their times belong to the others'.
        """
        times: list[float] = []
        unanswered = degraded = 0
        while not stop.is_set():
            started = time.perf_counter()
            try:
                answer = self._kept.get(self._urls[len(times) % len(self._urls)])
                degraded += bool(orjson.loads(answer)["degraded"])
            except RuntimeError:
                unanswered += 1
            times.append(time.perf_counter() - started)
            stop.wait(0.02)
        return {**p50_p95(times), "searches": len(times), "unanswered": unanswered, "degraded": degraded}


def _run_rebuild(world: World) -> tuple[float, int]:
    """Seconds that the command says it took, and the most memory that it had, in MB."""
    command = [str(Path(sys.executable).parent / "provider-indexer"), "rebuild", "--grace", "0", "--json"]
    _, most_mb, output = _run(command, world.environment())
    return orjson.loads(output.strip().rpartition("\n")[2])["seconds"], most_mb


def _run(command: list[str], environment: dict[str, str]) -> tuple[float, int, str]:
    """Seconds, the most memory in MB, and what it printed. Raises RuntimeError when it failed."""
    started = time.monotonic()
    with subprocess.Popen(
        command, env={**os.environ, **environment}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        peak: list[int] = [0]
        watcher = threading.Thread(target=_watch_memory, args=(process, peak))
        watcher.start()
        output = process.communicate()[0]
        watcher.join()
    if process.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}:\n{output[-2000:]}")
    return time.monotonic() - started, peak[0], output


def _watch_memory(process: "subprocess.Popen[str]", peak: list[int]) -> None:
    while process.poll() is None:
        peak[0] = max(peak[0], most_memory_kb(process.pid) // 1024)
        time.sleep(0.2)


def most_memory_kb(pid: int) -> int:
    """The high-water marks of a process and of those that it started, together."""
    task = Path(f"/proc/{pid}")
    try:
        status = (task / "status").read_text()
        started = " ".join(children.read_text() for children in task.glob("task/*/children")).split()
    except OSError:
        return 0  # it has just ended
    match = re.search(r"VmHWM:\s+(\d+) kB", status)
    return (int(match[1]) if match else 0) + sum(most_memory_kb(int(each)) for each in started)


def _write_documents(stores: Stores, file: Path, rows: int) -> None:
    tell("Writing the documents to a file")
    with file.open("wb") as out, stores.engine.connect() as connection:
        for start in range(1, rows + 1, _LINES):
            ids = range(start, min(start + _LINES, rows + 1))
            for document in load_documents(connection, ids, romaniser(stores.client, stores.alias)):
                action = {"_id": str(document.listing_id), "version": document.revision, "version_type": "external_gte"}
                out.write(orjson.dumps({"index": action}) + b"\n" + document.body + b"\n")


def _load_bare(world: World, stores: Stores, file: Path) -> float:
    """Seconds of sending the file as it is to an index made like ours, by two senders, without any other work."""
    tell("Bare bulk load of the same documents")
    index = f"{world.alias}-bare"
    body = build_index_body(shards=1, replicas=0)
    body["settings"]["refresh_interval"] = "-1"
    stores.client.indices.delete(index=index, ignore=404)
    stores.client.indices.create(index=index, body=body)
    parts = urlsplit(world.opensearch_url)
    local = threading.local()

    def send(chunk: bytes) -> None:
        if not hasattr(local, "connection"):
            local.connection = HTTPConnection(parts.hostname or "127.0.0.1", parts.port, timeout=120)
        path = f"/{index}/_bulk?filter_path=errors"
        local.connection.request("POST", path, chunk, {"Content-Type": "application/x-ndjson"})
        answer = local.connection.getresponse().read()
        if answer != b'{"errors":false}':
            raise RuntimeError(f"The bare load failed: {answer[:400]!r}")

    started = time.monotonic()
    with file.open("rb") as source, ThreadPoolExecutor(_SENDERS) as senders:
        under_way = []
        while lines := list(islice(source, 2 * _LINES)):
            under_way.append(senders.submit(send, b"".join(lines)))
            if len(under_way) > 2 * _SENDERS:
                under_way.pop(0).result()
        for future in under_way:
            future.result()
    stores.client.indices.refresh(index=index)
    seconds = time.monotonic() - started
    stores.client.indices.delete(index=index)
    return seconds


def _measure_size(stores: Stores, world: World, patience_s: float = 120) -> dict[str, Any]:
    """Bytes a listing on disk once merges have ended, and those of each kind of file (Lucene's own endings)."""
    deadline = time.monotonic() + patience_s
    while True:
        stats = stores.client.indices.stats(
            index=world.alias, metric="store,merge,docs,segments", params={"include_segment_file_sizes": "true"}
        )["_all"]["primaries"]
        if stats["merges"]["current"] == 0 or time.monotonic() > deadline:
            break
        time.sleep(1)
    count = stats["docs"]["count"]
    files = {ending: file["size_in_bytes"] / count for ending, file in stats["segments"]["file_sizes"].items()}
    largest = sorted(files.items(), key=lambda item: -item[1])[:8]
    return {
        "bytes_a_listing": round(stats["store"]["size_in_bytes"] / count, 1),
        "bytes_by_file": {ending: round(size, 1) for ending, size in largest},
    }


def measure_import(world: World) -> dict[str, Any]:
    """Rows a second of importing a file of the whole world into an empty database, and the same file again."""
    stores = world.open_stores()
    file = world.state_dir / f"{world.alias}.csv"
    tell(f"Writing an import file of {world.rows:,} rows")
    with stores.engine.connect() as connection, file.open("w", encoding="utf-8", newline="") as out:
        rows = connection.execution_options(stream_results=True).execute(text(_ROWS))
        writer = csv.writer(out)
        writer.writerow(rows.keys())
        for partition in rows.partitions(5_000):
            writer.writerows(
                tuple({True: "true", False: "false"}.get(v, v) if isinstance(v, bool) else v for v in row)
                for row in partition
            )
    stores.engine.dispose()
    stores.client.close()
    database_url = f"{world.database_url}_import"
    make_empty_database(database_url, world.gazetteer).dispose()
    environment = world.environment() | {"DATABASE_URL": database_url}
    command = [str(Path(sys.executable).parent / "provider-directory"), "import", str(file), "--source", "bench"]
    tell("Importing it, and again")
    (first_s, first_mb, _), (again_s, again_mb, _) = (_run(command, environment) for _ in range(2))
    file.unlink()
    result = {
        "rows_per_second": round(world.rows / first_s),
        "again_rows_per_second": round(world.rows / again_s),
        "most_memory_mb": max(first_mb, again_mb),
    }
    table("Import", ("", ""), [(key.replace("_", " "), str(value)) for key, value in result.items()])
    return result
