"""Free ports on the loopback address, so that a second demo beside a first one just starts."""

from __future__ import annotations

import socket

from bilan.problems import BilanError, Problem

TRIES = 50


def free_port(wanted: int, taken: set[int]) -> int:
    """Give `wanted` when nothing listens there, else the next free port after it.

    Raises:
        BilanError: none of the following ports is free.
    """
    for port in range(wanted, wanted + TRIES):
        if port in taken:
            continue
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        taken.add(port)
        return port
    raise BilanError(Problem("demo.port_taken", {"value": wanted}))
