"""Long lists in portions, each short enough for the parameters of one statement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

PORTION = 500
"""Values asked for in one statement: below what SQLite takes as parameters."""
Items = TypeVar("Items", bound=Sequence[Any])


def portions(items: Items, size: int = PORTION) -> Iterator[Items]:
    """The items in portions.

    Examples:
        >>> list(portions([1, 2, 3], 2))
        [[1, 2], [3]]
    """
    for at in range(0, len(items), size):
        yield items[at : at + size]  # type: ignore[misc]  # a part of a sequence is one of the same kind
