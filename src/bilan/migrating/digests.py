"""Counts and digests of tables, the same whatever the order of the rows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bilan.migrating.columns import Column, canonical

_ROOM = 2**128


@dataclass(slots=True)
class Digest:
    """What a table holds: the number of its rows and the sum of their hashes.

    Examples:
        >>> one, other = Digest(), Digest()
        >>> one.add((1, "甲")), one.add((2, "乙")), other.add((2, "乙")), other.add((1, "甲"))
        (None, None, None, None)
        >>> one == other, one.rows
        (True, 2)
    """

    rows: int = 0
    total: int = 0

    def add(self, row: Sequence[Any]) -> None:
        """Take in a row of canonical values."""
        self.rows += 1
        self.total = (self.total + int.from_bytes(hashlib.blake2b(repr(row).encode(), digest_size=16).digest())) % _ROOM

    def text(self) -> str:
        """The sum as it is kept."""
        return f"{self.total:032x}"


def taking(digest: Digest, columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    """Pass rows on and take each into the digest."""
    for row in rows:
        digest.add(tuple(canonical(column, value) for column, value in zip(columns, row, strict=True)))
        yield row
