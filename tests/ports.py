"""Ports for servers that a test starts."""

import random
import socket

_BELOW_THE_SYSTEM_S = range(20_000, 32_000)
"""Linux takes the near ends of connections from 32768 up: a port from there can be gone before its server starts."""


def free_port() -> int:
    """A port of 127.0.0.1 that nothing listens on, and that no connection of another process will be given."""
    for port in random.sample(_BELOW_THE_SYSTEM_S, 100):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError("no free port in 100 tries")
