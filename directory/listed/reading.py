"""Who stands on the list, in the order of the reader's language; and a digest of it that two lists are compared by.

A row is a listing that members find, with an agreement in force that pays something or has a tariff: what is suspended
or over gives no tick, and who has no tick is not on the list. PostgreSQL collates, as ICU has it for each language.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from config.languages import LANGUAGES
from directory.db import get_engine
from directory.search.agreements import AgreementFilter
from directory.search.postgis.clauses import IN_FORCE, Values, build_agreement_terms
from geodata.gazetteer import get_gazetteer


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose list it is: of a country, of networks (none: of any), of one city or of all."""

    country: str
    networks: tuple[str, ...] = ()
    place: int | None = None


class ListedRow(NamedTuple):
    """A line of the list. `local`: its name in the reader's language, where it has one besides."""

    id: int
    name: str
    local: str | None
    city: str | None
    place: int | None
    address: str | None
    consultations: bool
    stays: bool
    tariff: bool

    @property
    def ticks(self) -> tuple[bool, bool, bool]:
        """The three columns."""
        return self.consultations, self.stays, self.tariff


class Town(NamedTuple):
    """A city of the list, and how many stand there."""

    id: int
    name: str
    size: int


class State(NamedTuple):
    """How many rows a list has, and a digest that any change of a row, a name or a tick changes."""

    rows: int
    digest: str


@contextmanager
def one_moment() -> Iterator[Connection]:
    """A connection on which all that is read is of one moment: rows, count and digest belong together."""
    engine = get_engine().execution_options(isolation_level="REPEATABLE READ")
    with engine.connect() as connection, connection.begin():
        yield connection


def load_rows(
    connection: Connection, wanted: Wanted, lang: str, *, offset: int = 0, most: int | None = None
) -> Iterator[ListedRow]:
    """The lines, by city and name; all of them, or so many from one on."""
    values = Values()
    agreed = _agreed(wanted, values)
    towns = _name_towns(connection, wanted, lang)
    # A language tag of ours, never a reader's words.
    collation = f'COLLATE "{LANGUAGES[lang].code}-x-icu"'
    statement = f"""
WITH agreed AS ({agreed}),
     town AS (SELECT * FROM unnest(CAST({values.add(list(towns))} AS integer[]),
                                   CAST({values.add(list(towns.values()))} AS text[])) AS t (id, label))
SELECT l.id, p.name, spoken.text AS local, COALESCE(town.label, c.city) AS city, c.place_id AS place, c.address,
       agreed.consultations, agreed.stays, agreed.tariff
  FROM agreed JOIN listing l ON l.id = agreed.listing_id
  JOIN provider p ON p.id = l.provider_id JOIN location c ON c.id = l.location_id
  LEFT JOIN town ON town.id = c.place_id
  LEFT JOIN LATERAL (SELECT n.text FROM provider_name n WHERE n.provider_id = p.id AND n.lang = {values.add(lang)}
                      ORDER BY n.position LIMIT 1) AS spoken ON true
 ORDER BY COALESCE(town.label, c.city) {collation} NULLS LAST, c.place_id,
       COALESCE(spoken.text, p.name) {collation}, l.id
 LIMIT {values.add(most)} OFFSET {values.add(offset)}"""
    for row in connection.execute(text(statement), values.bound):
        yield ListedRow(*row)


def load_state(connection: Connection, wanted: Wanted) -> State:
    """The size and the digest of the whole list, which its language and order do not change."""
    values = Values()
    # Each row has a digest, and together they are one without being sorted.
    row = """json_build_array(l.id, p.name, c.place_id, c.city, c.address, agreed.consultations, agreed.stays,
                              agreed.tariff)::text"""
    statement = f"""
WITH agreed AS ({_agreed(wanted, values)})
SELECT count(*), COALESCE(bit_xor(('x' || left(md5({row}), 16))::bit(64)::bigint), 0)
  FROM agreed JOIN listing l ON l.id = agreed.listing_id
  JOIN provider p ON p.id = l.provider_id JOIN location c ON c.id = l.location_id"""
    rows, digest = connection.execute(text(statement), values.bound).one()
    return State(rows, f"{digest & (2**64 - 1):016x}")


def load_towns(connection: Connection, wanted: Wanted, lang: str) -> list[Town]:
    """The cities of the list with their sizes, in the reader's order."""
    values = Values()
    names = _name_towns(connection, Wanted(wanted.country, wanted.networks), lang)
    statement = f"""
WITH agreed AS ({_agreed(Wanted(wanted.country, wanted.networks), values)}),
     town AS (SELECT * FROM unnest(CAST({values.add(list(names))} AS integer[]),
                                   CAST({values.add(list(names.values()))} AS text[])) AS t (id, label))
SELECT town.id, town.label, count(*) FROM agreed JOIN findable f USING (listing_id) JOIN town ON town.id = f.place_id
 GROUP BY town.id, town.label ORDER BY town.label COLLATE "{LANGUAGES[lang].code}-x-icu", town.id"""
    return [Town(*row) for row in connection.execute(text(statement), values.bound)]


def _agreed(wanted: Wanted, values: Values) -> str:
    """The listings of the list with their ticks, of the same agreements that the search's filter asks."""
    terms = build_agreement_terms(AgreementFilter(networks=wanted.networks, direct_or_tariff=True), values)
    in_town = f"AND f.place_id = {values.add(wanted.place)}" if wanted.place is not None else ""
    return f"""SELECT a.listing_id, bool_or(a.outpatient <> 'none') AS consultations,
       bool_or(a.inpatient <> 'none') AS stays, bool_or(a.tariff) AS tariff
  FROM findable f JOIN agreement a ON a.listing_id = f.listing_id
 WHERE f.country = {values.add(wanted.country)} {in_town} AND {IN_FORCE} AND {terms}
 GROUP BY a.listing_id"""


def _name_towns(connection: Connection, wanted: Wanted, lang: str) -> dict[int, str]:
    """What the list's cities are called; with the region where two are called alike."""
    statement = text("SELECT DISTINCT place_id FROM findable WHERE country = :country AND place_id IS NOT NULL")
    ids: Sequence[int] = connection.scalars(statement, {"country": wanted.country}).all()
    places = get_gazetteer().places(ids)
    names = {place_id: place.name_in(lang) for place_id, place in places.items()}
    counts: dict[str, int] = {}
    for name in names.values():
        counts[name] = counts.get(name, 0) + 1
    return {place_id: _apart(places[place_id], name, lang, counts[name]) for place_id, name in names.items()}


def _apart(place: Any, name: str, lang: str, count: int) -> str:
    region = place.region_in(lang) if count > 1 else None
    return f"{name} ({region})" if region and region != name else name
