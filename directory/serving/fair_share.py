"""How many connections each worker of the service holds, so that new ones go to the worker with the fewest.

The kernel gives a new connection to whichever worker asks first, and that is often the same one. Connections are kept
for minutes: of eight from a balancer one worker would hold six, and its lock would be waited for while another rests.
"""

import mmap
import struct

_SLOTS = 64
_ABSENT = 2**31 - 1
_SIZE = struct.calcsize("i")


class FairShare:
    """A count for each worker, in memory that they share. Make it before they are forked.

    A worker is known by its age, the number that gunicorn gives it. Should two share a place here, which takes sixty
    restarts while one of them goes on, a connection goes to the wrong one: nothing is lost.
    """

    def __init__(self) -> None:
        self._counts = memoryview(mmap.mmap(-1, _SLOTS * _SIZE)).cast("i")
        for slot in range(_SLOTS):
            self._counts[slot] = _ABSENT

    def holds(self, age: int, count: int) -> None:
        """The worker takes connections, and holds `count` of them."""
        self._counts[age % _SLOTS] = count

    def leaves(self, age: int) -> None:
        """The worker takes no more."""
        self._counts[age % _SLOTS] = _ABSENT

    def is_more_than_another_holds(self, count: int) -> bool:
        """Whether a worker that takes connections holds fewer than `count`."""
        return min(self._counts) < count
