"""Ten thousand devices on one thread: connect, report, hold, report again, a line printed after each stage, one read before each."""

from __future__ import annotations

import selectors
import socket
import sys

from tests.telemetry.gateway.kit import upload

AT_ONCE = 500


def main(port: int, count: int) -> None:
    picker = selectors.DefaultSelector()
    links: list[socket.socket] = []
    for number in range(count):
        link = socket.create_connection(("127.0.0.1", port), 60)
        picker.register(link, selectors.EVENT_READ)
        links.append(link)
        if len(links) % AT_ONCE == 0:
            converse(picker, links[-AT_ONCE:], number + 1 - AT_ONCE, 0)
    print("connected", flush=True)  # noqa: T201
    for stage in range(1, 3):
        sys.stdin.readline()
        converse(picker, links, 0, stage)
        print("reported", flush=True)  # noqa: T201
    sys.stdin.read()


def converse(picker: selectors.BaseSelector, links: list[socket.socket], first: int, stage: int) -> None:
    """Every link sends one packet; wait until each is acknowledged."""
    for number, link in enumerate(links, first):
        link.sendall(upload(stage, mn=f"CROWD{number:05d}"))
    waiting = len(links)
    while waiting:
        for key, _ in picker.select(60):
            assert isinstance(key.fileobj, socket.socket)
            content = key.fileobj.recv(4096)
            assert content
            waiting -= content.count(b"CN=9014")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
