"""What is to be written of a chunk of rows: they are parsed and merged with what is known. No database is asked here.

A large file is settled by other processes, a small one by a thread: starting processes would take longer.
"""

import datetime as dt
import gc
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from directory.imports.columns import RowFault, unpack
from directory.imports.errors import ReadingStopped
from directory.imports.keeping import Kept
from directory.imports.merge import merge_rows
from directory.imports.noticing import Noticed
from directory.imports.rows import ParsedRow, RowParser, UnusableRow
from directory.imports.sameness import find_contradictions
from directory.imports.telling import RowTold, tell_rows
from directory.listings.blocks import NULL, Ids, build_blocks
from directory.listings.facts import Facts, Known
from directory.listings.placing import Placer
from directory.listings.writing import Change
from directory.runtime import child_processes
from directory.vocabulary.codes import load_codes
from geodata.gazetteer import Gazetteer

# Between the rows of a chunk, and between a row's external id, hash of its group, listing id, line and packed cells.
# No cell holds these characters (directory.imports.columns).
ROW_END, FIELD_END = "\x1c", "\x1d"

# A fault, the packed cells of its row or else its text.
Faulty = tuple[RowFault, str | None, str]
_Row = tuple[str, str, str, int, str]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Rows in the order of the file, those of one external id side by side, and what is known of their listings.

    `ids` are enough for every listing that they may make. `kept` is what people set of the listings, and `wanted` are
    the outcomes of which each row is told.
    """

    source: str
    import_id: int
    rows: str
    known: dict[int, Known]
    ids: list[Ids]
    kept: dict[int, Kept] = field(default_factory=dict)
    wanted: frozenset[str] = frozenset()


@dataclass(slots=True)
class Settled:
    """What is to be written of one chunk, and how its rows came out."""

    created: dict[str, bytes] = field(default_factory=dict)
    created_here: bytes = b""  # the rows that tell that this import made them
    changes: list[Change] = field(default_factory=list)
    # Other words for the same facts: only what was said is remembered, so that it need not be read again.
    said_anew: list[tuple[int, str | None]] = field(default_factory=list)
    rejected: list[Faulty] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    warnings: Noticed = field(default_factory=Noticed)
    told: list[RowTold] = field(default_factory=list)


def settle(parser: RowParser, chunk: Chunk) -> Settled:
    """Parse and merge the rows of a chunk."""
    settled = Settled()
    new: list[tuple[Ids, str, Facts]] = []
    ids = iter(chunk.ids)
    for external_id, rows in groupby(_rows(chunk.rows), key=lambda row: row[0]):
        group = list(rows)
        _, digest, listing_id, _, _ = group[0]
        parsed, faults = _parse(parser, group)
        if contradictions := find_contradictions(parsed):
            parsed, faults = [], faults + contradictions
        before = chunk.known[int(listing_id)] if listing_id else None
        kept = chunk.kept.get(before.listing_id) if before else None
        merged = merge_rows(before.facts if before else None, parsed, kept)
        faults += merged.faults
        if faults:
            cells = {line: packed for *_, line, packed in group}
            settled.rejected += [(fault, cells[fault.line], "") for fault in faults]
        for row, outcome in merged.outcomes:
            settled.outcomes[outcome] += 1
            for warning in row.warnings:
                settled.warnings.add(row.line, warning)
        if merged.facts is None:
            continue
        if chunk.wanted:
            settled.told += tell_rows(chunk.wanted, external_id, before, merged)
        # A listing with a row set aside is read again next time, so that the row is told again.
        after: Facts = {**merged.facts, "import_hash": None if faults else digest}
        if before is None:
            new.append((next(ids), external_id, after))
        elif merged.facts != before.facts:
            settled.changes.append(Change(before, after))
        elif after["import_hash"] != before.facts["import_hash"]:
            settled.said_anew.append((before.listing_id, after["import_hash"]))
    if new:
        settled.created = build_blocks(chunk.source, new)
        settled.created_here = "".join(f"{chunk.import_id}\t{ids[2]}\t1\t{NULL}\n" for ids, _, _ in new).encode()
    return settled


def _rows(text: str) -> Iterator[_Row]:
    for row in text.split(ROW_END):
        external_id, digest, listing_id, line, packed = row.split(FIELD_END)
        yield external_id, digest, listing_id, int(line), packed


def _parse(parser: RowParser, group: list[_Row]) -> tuple[list[ParsedRow], list[RowFault]]:
    rows: list[ParsedRow] = []
    faults: list[RowFault] = []
    for *_, line, packed in group:
        try:
            rows.append(parser.parse(line, unpack(packed)))
        except UnusableRow as error:
            faults += error.faults
    return rows, faults


class Settlers:
    """Settle chunks for one import, in a thread or in other processes; `submit` returns at once."""

    def __init__(self, pool: Executor, parser: RowParser | None) -> None:
        self._pool = pool
        self._parser = parser

    def submit(self, chunk: Chunk) -> "Future[Settled]":
        if self._parser:
            return self._pool.submit(settle, self._parser, chunk)
        return self._pool.submit(_settle_here, chunk)


@contextmanager
def start_settlers(
    gazetteer: Gazetteer, today: dt.date, own_words: Path | None, *, in_processes: bool
) -> Iterator[Settlers]:
    """Settlers, which are ended at the end. Raises ReadingStopped when one of their processes was killed."""
    parser = None if in_processes else _make_parser(gazetteer, today, own_words)
    pool = (
        child_processes.start_pool(_begin, gazetteer.path, today, own_words) if in_processes else ThreadPoolExecutor(1)
    )
    try:
        yield Settlers(pool, parser)
    except BrokenProcessPool as error:
        raise ReadingStopped("A process that read rows was ended from outside; nothing was imported.") from error
    finally:
        pool.shutdown(cancel_futures=True)


def _make_parser(gazetteer: Gazetteer, today: dt.date, own_words: Path | None) -> RowParser:
    return RowParser(load_codes(), Placer(gazetteer), today, own_words)


_here: list[RowParser] = []


def _begin(gazetteer: Path, today: dt.date, own_words: Path | None) -> None:
    # Nothing here makes cycles, and looking for them among all that is remembered took a quarter of the time.
    gc.set_threshold(200_000, 20, 20)
    _here.append(_make_parser(Gazetteer(gazetteer), today, own_words))


def _settle_here(chunk: Chunk) -> Settled:
    return settle(_here[0], chunk)
