"""Small things by name: precomputed JSON for pages, and how far a stream has been read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bilan.telemetry.store.database import Database


class Digests:
    """Precomputed answers that a page shows at once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, key: str, payload: Mapping[str, Any]) -> None:
        """Keep `payload` under `key`, in place of what was there."""
        text = json.dumps(payload, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        self._database.bulk_upsert("digest", ("name", "payload"), [(key, text)], ["name"])

    def get(self, key: str) -> dict[str, Any] | None:
        """What is kept under `key`, or None."""
        rows = self._database.query("SELECT payload FROM digest WHERE name = ?", (key,))
        found: dict[str, Any] | None = json.loads(rows[0][0]) if rows else None
        return found


class Offsets:
    """Position up to which a stream is in the store; set it inside the transaction of the write it belongs to."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, stream: str) -> int:
        """Position of `stream`; 0 before the first `set`."""
        rows = self._database.query("SELECT position FROM stream_offset WHERE stream = ?", (stream,))
        return int(rows[0][0]) if rows else 0

    def set(self, stream: str, position: int) -> None:
        """Remember `position` of `stream`."""
        self._database.bulk_upsert("stream_offset", ("stream", "position"), [(stream, position)], ["stream"])
