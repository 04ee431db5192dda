"""What the store says when it cannot work."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bilan.problems import BilanError, Problem


class StoreUnavailable(BilanError):
    """The database or the lake cannot be used now (locked, full, read-only, unreachable); the same call may succeed later."""


def unavailable(code: str, values: Mapping[str, Any]) -> StoreUnavailable:
    """Make the error for problem `code` of the pack table ``problems/store.csv``."""
    return StoreUnavailable(Problem(code, values))
