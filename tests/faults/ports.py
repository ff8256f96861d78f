"""Ports of the tests' own servers."""

import socket


def hold_port() -> socket.socket:
    """A port that the system chose, kept from everybody else while the socket is open, also while its server is dead.

    The socket does not listen, so that a server, which reuses addresses as we do, can.
    """
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", 0))
    return held
