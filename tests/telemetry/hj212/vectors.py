"""The telegrams of the reference folder, unescaped."""

from __future__ import annotations

import csv
import gzip
import json
import re
from typing import Any, NamedTuple

from tests.shared import shared

_ESCAPE = re.compile(rb"\\(x[0-9A-F]{2}|r|n|\\)")


class Vector(NamedTuple):
    name: str
    raw: bytes
    crc_ok: bool
    expected: dict[str, Any]

    @property
    def key(self) -> bytes | None:
        return bytes.fromhex(self.expected["key_hex"]) if "key_hex" in self.expected else None


def vectors() -> list[Vector]:
    with shared("reference", "hj212_vectors.csv").open(encoding="utf-8", newline="") as file:
        return [
            Vector(row["id"], _unescape(row["packet"]), row["crc_ok"] == "true", json.loads(row["expected"]))
            for row in csv.DictReader(file)
        ]


def captured() -> list[tuple[str, bytes]]:
    with gzip.open(shared("data", "hj212_streams", "telegrams.tsv.gz")) as file:
        pairs = [line.rstrip(b"\n").split(b"\t") for line in file]
    return [(stream.decode(), telegram) for stream, telegram in pairs]


def _unescape(text: str) -> bytes:
    plain = {b"r": b"\r", b"n": b"\n", b"\\": b"\\"}
    return _ESCAPE.sub(lambda found: plain.get(found[1]) or bytes([int(found[1][1:], 16)]), text.encode("ascii"))
