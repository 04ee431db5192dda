"""A few bytes of HTTP for those who watch the gateway: `/status` as JSON, `/metrics` for Prometheus."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any, cast

LONGEST_REQUEST = 8192
PATIENCE = 5.0


class Admin(asyncio.Protocol):
    """Answers one GET request and closes.

    Args:
        status: gives what `/status` shows.
        metrics: gives what `/metrics` shows.
    """

    def __init__(self, status: Callable[[], dict[str, Any]], metrics: Callable[[], bytes]) -> None:
        self._status = status
        self._metrics = metrics
        self._received = b""
        self._transport: asyncio.Transport | None = None
        self._patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._patience = asyncio.get_running_loop().call_later(PATIENCE, self._transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._patience:
            self._patience.cancel()

    def data_received(self, data: bytes) -> None:
        self._received += data
        if b"\r\n\r\n" in self._received or len(self._received) > LONGEST_REQUEST:
            self._answer(self._received.split(b" ", 2))

    def _answer(self, words: list[bytes]) -> None:
        path = words[1].split(b"?")[0] if len(words) > 1 and words[0] == b"GET" else b""
        if path == b"/status":
            self._send(200, "application/json; charset=utf-8", json.dumps(self._status(), ensure_ascii=False).encode())
        elif path == b"/metrics":
            self._send(200, "text/plain; version=0.0.4; charset=utf-8", self._metrics())
        else:
            self._send(404, "text/plain; charset=utf-8", b"/status /metrics\n")

    def _send(self, code: int, kind: str, body: bytes) -> None:
        assert self._transport is not None
        reason = "OK" if code == 200 else "Not Found"
        head = f"HTTP/1.1 {code} {reason}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        self._transport.write(head.encode() + body)
        self._transport.close()
