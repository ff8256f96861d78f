"""Reads the gazetteer's SQLite file: exact names, prefixes, near spellings, regions. Its tables: geodata/build.py."""

import os
import sqlite3
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from geodata.build import FORMAT, spelling_buckets
from geodata.labels import unpack
from geodata.places import GazetteerMissing, Kind, Place
from geodata.points import Point
from geodata.text import fold

TWO_SLIPS_FROM = 8
FEW_COUNTRIES = 2
_LAST_CHARACTER = "\U0010ffff"
_COLUMNS = (
    "id, kind, place.name, place.country, place.region_code, region, lon, lat, population, time_zone, capital, labels"
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name of a place that fits the words: its written forms, and how well known the place is by it.

    `main` says that it is the place's main name; `slips` counts the letters that are wrong, missing, too many,
    or exchanged with their neighbour.
    """

    place: int
    score: int
    forms: tuple[str, ...]
    kind: Kind
    country: str
    region_code: str
    main: bool
    point: Point
    slips: int = 0

    def less(self, cost: int) -> "Candidate":
        """The same by a name that says it less surely."""
        return replace(self, score=self.score - cost)


class Named(NamedTuple):
    """A row of a place, and the written forms of the folded name that was asked for."""

    row: tuple[Any, ...]
    forms: tuple[str, ...]

    def called(self, matched: str) -> Place:
        """The place by this one of its names: made once, as copying one costs more than making it."""
        return _place(self.row, matched)


class PlaceFile:
    """The read-only file, opened when first asked: one connection for each thread, anew after a fork."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        # Sorting the 100,000 names of a large country takes 20 ms; there are some 250 countries.
        self._best: dict[str, list[tuple[int, int, str]]] = {}

    def rows(self, statement: str, values: Iterable[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query; GazetteerMissing where there is no usable file."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None or self._local.pid != os.getpid():
            connection = self._open()
            self._local.connection, self._local.pid = connection, os.getpid()
        return connection.execute(statement, tuple(values)).fetchall()

    def _open(self) -> sqlite3.Connection:
        advice = "build it with `provider-directory places load`"
        if not self.path.is_file():
            raise GazetteerMissing(f"there is no gazetteer at {self.path}: {advice}")
        # A new build replaces the file by another one, so what is open never changes.
        connection = sqlite3.connect(f"{self.path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            connection.execute("PRAGMA mmap_size=1000000000")
            version = connection.execute("SELECT value FROM meta WHERE key = 'format'").fetchone()
        except sqlite3.DatabaseError as error:
            connection.close()
            raise GazetteerMissing(f"{self.path} is no gazetteer ({error}): {advice}") from error
        if version != (FORMAT,):
            connection.close()
            raise GazetteerMissing(f"the gazetteer at {self.path} is of another version: {advice}")
        return connection

    def places(self, ids: Iterable[int]) -> dict[int, Place]:
        """The places of these ids that there are, by id."""
        wanted = list(ids)
        rows = self.rows(f"SELECT {_COLUMNS} FROM place WHERE id IN ({_marks(wanted)})", wanted)
        return {row[0]: _place(row) for row in rows}

    def places_named(self, keys: Mapping[int, str]) -> dict[int, Named]:
        """Places, each with the written forms of one of its folded names, in one look into the file."""
        wanted = [value for place, key in keys.items() for value in (place, key)]
        asked = ",".join(["(?, ?)"] * len(keys)) or "(NULL, NULL)"
        rows = self.rows(
            f"WITH wanted (place, key) AS (VALUES {asked})"
            f" SELECT {_COLUMNS}, name.forms FROM wanted CROSS JOIN place ON id = wanted.place"
            " LEFT JOIN name ON name.key = wanted.key AND name.place = wanted.place",
            wanted,
        )
        # Regions have their names in a table of their own.
        return {row[0]: Named(row[:-1], _forms(row[-1]) or self.forms(keys[row[0]], row[0])) for row in rows}

    def all_places(self) -> Iterator[Place]:
        """Every place, by id, without holding them all."""
        last = -1
        while rows := self.rows(f"SELECT {_COLUMNS} FROM place WHERE id > ? ORDER BY id LIMIT 5000", [last]):
            yield from map(_place, rows)
            last = rows[-1][0]

    def names(self, place: int) -> tuple[str, ...]:
        """Every name of a place as written, those it is best known by first."""
        rows = self.rows("SELECT forms FROM name WHERE place = ? ORDER BY score DESC, key", [place])
        rows = rows or self.rows("SELECT forms FROM region_name WHERE place = ? ORDER BY score DESC, key", [place])
        return tuple(form for (forms,) in rows for form in forms.split("\n"))

    def exact(self, key: str, countries: tuple[str, ...]) -> list[Candidate]:
        """Cities and regions with this folded name, best known first."""
        named = self.named([key]).get(key, [])
        return [candidate for candidate in named if not countries or candidate.country in countries]

    def cities_called(self, key: str, countries: tuple[str, ...]) -> list[tuple[int, int, bool]]:
        """(place, score, whether it is the main name) of the cities with this folded name."""
        rows = self.rows(
            "SELECT place, score, place.name, country FROM name JOIN place ON id = place"
            " WHERE key = ? AND kind = 'city'",
            [key],
        )
        return [
            (place, score, fold(name) == key)
            for place, score, name, country in rows
            if not countries or country in countries
        ]

    def named(self, keys: Collection[str]) -> dict[str, list[Candidate]]:
        """Cities and regions by those of the folded names that they have, best known first."""
        found: dict[str, list[Candidate]] = {}
        for table in ("name", "region_name"):
            for key, place, score, forms, name, kind, country, region_code, lon, lat in self.rows(
                f"SELECT key, place, score, forms, place.name, kind, place.country, place.region_code, lon, lat"
                f" FROM {table} JOIN place ON id = place WHERE key IN ({_marks(keys)})",
                keys,
            ):
                candidate = Candidate(
                    place,
                    score,
                    tuple(forms.split("\n")),
                    kind,
                    country,
                    region_code,
                    fold(name) == key,
                    Point(lon, lat),
                )
                found.setdefault(key, []).append(candidate)
        for candidates in found.values():
            candidates.sort(key=lambda candidate: (-candidate.score, candidate.place))
        return found

    def regions_named(self, keys: Collection[str], *, counties: bool) -> dict[str, set[tuple[str, str]]]:
        """(country, region code) of the regions that have one of the folded names, or a county in them has."""
        found: dict[str, set[tuple[str, str]]] = {}
        for table in ("region_name", "county_name") if counties else ("region_name",):
            statement = f"SELECT key, country, region_code FROM {table} WHERE key IN ({_marks(keys)})"
            for key, country, region_code in self.rows(statement, keys):
                found.setdefault(key, set()).add((country, region_code))
        return found

    def regions_starting(self, prefix: str) -> set[tuple[str, str]]:
        """(country, region code) of the regions with a name that starts so."""
        return set(
            self.rows(
                "SELECT country, region_code FROM region_name WHERE key >= ? AND key < ?",
                [prefix, prefix + _LAST_CHARACTER],
            )
        )

    def starting(self, prefix: str, country: str = "") -> list[tuple[int, int, str]]:
        """(place, score, key) of the cities with a name that starts so; only the best where those are many."""
        if rows := self.rows("SELECT place, score, key FROM top WHERE scope = ? AND prefix = ?", [country, prefix]):
            return rows
        limits = [prefix, prefix + _LAST_CHARACTER]
        if country:
            return self.rows(
                "SELECT place, score, key FROM country_name WHERE country = ? AND key >= ? AND key < ?",
                [country, *limits],
            )
        return self.rows("SELECT place, score, key FROM name WHERE key >= ? AND key < ?", limits)

    def forms(self, key: str, place: int) -> tuple[str, ...]:
        """The written forms of a place's folded name; none where it has no such name."""
        for table in ("name", "region_name"):
            for (forms,) in self.rows(f"SELECT forms FROM {table} WHERE key = ? AND place = ?", [key, place]):
                return tuple(forms.split("\n"))
        return ()

    def near_spellings(self, key: str, countries: tuple[str, ...]) -> list[Candidate]:
        """Well-known cities whose folded name is the words but for a slip or two, each place once.

        One slip is allowed in up to seven letters, two in more; fewest slips first, then best known.
        """
        allowed = _allowed_slips(key)
        rows = self.rows(
            "SELECT key, place, score, country FROM spelling WHERE bucket IN (?, ?) AND length(key) BETWEEN ? AND ?",
            [*spelling_buckets(key), len(key) - allowed, len(key) + allowed],
        )
        return self._closest(key, [row[:3] for row in rows if not countries or row[3] in countries])

    def near_spellings_of_small(self, key: str, countries: tuple[str, ...]) -> list[Candidate]:
        """The same among all places of a country or two that begin with the same letter; none for more countries."""
        if not countries or len(countries) > FEW_COUNTRIES:
            return []
        allowed = _allowed_slips(key)
        rows = [
            row
            for country in countries
            for row in self.rows(
                "SELECT key, place, score FROM country_name WHERE country = ? AND key >= ? AND key < ?"
                " AND length(key) BETWEEN ? AND ?",
                [country, key[0], key[0] + _LAST_CHARACTER, len(key) - allowed, len(key) + allowed],
            )
        ]
        return self._closest(key, rows)

    def _closest(self, key: str, rows: list[tuple[Any, ...]]) -> list[Candidate]:
        """Of (key, place, score) those that the words may be with a slip."""
        names, allowed = [row[0] for row in rows], _allowed_slips(key)
        best: dict[int, tuple[int, int, str]] = {}
        for name, slips, number in process.extract(key, names, scorer=OSA.distance, score_cutoff=allowed, limit=None):
            _, place, score = rows[number]
            best[place] = min(best.get(place, (9, 0, "")), (int(slips), -score, name))
        order = sorted(best.items(), key=lambda item: item[1])[:20]
        places = self.places(place for place, _ in order)
        return [
            Candidate(
                place,
                -minus_score,
                self.forms(name, place),
                places[place].kind,
                places[place].country,
                places[place].region_code,
                fold(places[place].name) == name,
                places[place].point,
                slips,
            )
            for place, (slips, minus_score, name) in order
        ]

    def best_of_country(self, country: str, limit: int) -> list[tuple[int, int, str]]:
        """(place, score, key) of a country's best known cities."""
        if country not in self._best:
            self._best[country] = self.rows(
                "SELECT place, score, key FROM country_name WHERE country = ? ORDER BY score DESC LIMIT 40", [country]
            )
        return self._best[country][:limit]


def _allowed_slips(key: str) -> int:
    return 1 if len(key) < TWO_SLIPS_FROM else 2


def _marks(values: Collection[Any]) -> str:
    return ",".join("?" * len(values))


def _place(row: tuple[Any, ...], matched: str = "") -> Place:
    *told, capital, labels = row
    return Place(*(*told, bool(capital), matched, unpack(labels)))


def _forms(packed: str | None) -> tuple[str, ...]:
    return tuple(packed.split("\n")) if packed else ()
