"""Who is connected from where, and which connections may be closed when there are too many."""

from collections import Counter

from directory.serving.connection import Connection
from directory.serving.limits import Limits


class Holding:
    """The connections of a worker. Those that wait for their client are known in the order in which they began to."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._connected: Counter[str] = Counter()
        self._count = 0
        self._waiting: dict[str, dict[Connection, None]] = {}
        self.waiting: dict[Connection, None] = {}

    def came(self, place: str) -> None:
        """A new connection."""
        self._connected[place] += 1
        self._count += 1

    def went(self, place: str) -> None:
        """It ended."""
        self._connected[place] -= 1
        self._count -= 1
        if not self._connected[place]:
            del self._connected[place]

    def waits(self, connection: Connection) -> None:
        """It waits for its client."""
        self.waiting[connection] = None
        self._waiting.setdefault(connection.place, {})[connection] = None

    def goes_on(self, connection: Connection) -> None:
        """It waits no more."""
        del self.waiting[connection]
        of_place = self._waiting[connection.place]
        del of_place[connection]
        if not of_place:
            del self._waiting[connection.place]

    def is_over(self, place: str) -> bool:
        """Whether one from there would be too many, of that place or of all."""
        return self._has_its_share(place) or self._count >= self._limits.connections

    def stalest(self, place: str) -> Connection | None:
        """Which to close for a new one from there: of its own that waits for longest, else of whoever has the most."""
        if not self._has_its_share(place):
            place = max(self._waiting, key=self._connected.__getitem__, default=place)
        return next(iter(self._waiting.get(place, ())), None)

    def _has_its_share(self, place: str) -> bool:
        is_limited = place not in self._limits.unlimited
        return is_limited and self._connected[place] >= self._limits.connections_of_an_address
