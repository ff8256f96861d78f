"""The stamp of a list: whose it is, the day, how many rows, and a code that is held against today's list."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection

from directory.listed.reading import State, Wanted, load_state
from directory.papers.codes import NoCode, read, seal

KIND = "list"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a list says of itself."""

    wanted: Wanted
    day: dt.date
    state: State

    @property
    def code(self) -> str:
        """The code that stands on it."""
        wanted = self.wanted
        content = [wanted.country, list(wanted.networks), wanted.place, self.day.isoformat(), *self.state]
        return seal(KIND, content)


def stamp(connection: Connection, wanted: Wanted, today: dt.date | None = None) -> Stamp:
    """The stamp of the list as it is."""
    return Stamp(wanted, today or dt.datetime.now(dt.UTC).date(), load_state(connection, wanted))


def read_stamp(code: str) -> Stamp:
    """The stamp that a code is of. Raises NoCode."""
    match read(KIND, code):
        case [str(country), list(networks), int() | None as place, str(day), int(rows), str(digest)]:
            wanted = Wanted(country, tuple(map(str, networks)), place)
            return Stamp(wanted, dt.date.fromisoformat(day), State(rows, digest))
    raise NoCode
