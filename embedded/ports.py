"""Free TCP ports on the loopback."""

import random
import socket


def is_free(port: int) -> bool:
    """Whether a server could listen on 127.0.0.1:`port` now; connections that linger there do not count."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def free_port(first: int, last: int, remembered: int | None = None) -> int:
    """The remembered port where it is still free, else any free one from `first` to `last`.

    Drawn at random, so that two that start at the same moment seldom meet.
    """
    if remembered is not None and is_free(remembered):
        return remembered
    for port in random.sample(range(first, last + 1), last - first + 1):
        if is_free(port):
            return port
    raise OSError(f"no free port from {first} to {last}")
