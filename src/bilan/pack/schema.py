"""Checking declared mappings key by key: what is allowed, what was found, what comes nearest, on which line."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import Any

from bilan.pack.loader import Declared
from bilan.problems import BilanError, Place, Problem, nearest


class Reader:
    """Takes values out of one mapping and notes everything that is wrong with it.

    Args:
        source: name of the file.
        declared: the mapping; anything else counts as empty and is noted.
        problems: list that problems are added to.
        line: line to name when `declared` is no mapping.
    """

    def __init__(self, source: str, declared: Any, problems: list[Problem], line: int = 1) -> None:
        self.source = source
        self.problems = problems
        self.line = line
        if not isinstance(declared, Declared):
            self._note("pack.wrong_type", "", {"key": "", "value": _shown(declared), "allowed": "mapping"})
            declared = Declared()
            declared.lines = {}
        else:
            self.line = declared.line
        self.declared: Declared = declared

    def only(self, allowed: Collection[str]) -> None:
        """Note every key that is not allowed."""
        for key in self.declared:
            if key not in allowed:
                values = {"value": key, "allowed": sorted(allowed), "nearest": nearest(str(key), allowed)}
                self._note("pack.unknown_key", str(key), values)

    def text(self, key: str, default: str | None = None, allowed: Collection[str] = ()) -> str:
        """A text; without `default` it must be there, with `allowed` it must be one of these."""
        value = self._take(key, default, str, "text")
        if value and allowed and value not in allowed:
            self._note("value.unknown_choice", key, {"value": value, "allowed": sorted(allowed), "nearest": nearest(value, allowed)})
        return value or ""

    def number(self, key: str, default: float | None = None, lowest: float = -math.inf) -> float:
        """A finite number of at least `lowest`; without `default` it must be there."""
        value = self._take(key, default, (int, float), "number")
        if isinstance(value, bool) or value is None or not math.isfinite(value) or value < lowest:
            if value is not None:
                allowed = "a finite number" if lowest == -math.inf else f"≥ {lowest:g}"
                self._note("pack.wrong_value", key, {"key": key, "value": value, "allowed": allowed})
            return default if default is not None else 0.0
        return float(value)

    def flag(self, key: str, default: bool) -> bool:
        """True or false."""
        return bool(self._take(key, default, bool, "true / false"))

    def items(self, key: str) -> list[Any]:
        """A list; empty when absent."""
        return list(self._take(key, [], list, "list"))

    def inner(self, key: str) -> Reader:
        """The mapping under `key`; empty when absent."""
        value = self.declared.get(key)
        if value is None:
            value = Declared()
            value.line, value.lines = self.line, {}
        return Reader(self.source, value, self.problems, self.where(key))

    def where(self, key: str) -> int:
        """Line of a key, or of the mapping when the key is absent."""
        return self.declared.lines.get(key, self.line)

    def note(self, code: str, key: str, values: dict[str, Any]) -> None:
        """Note a problem of one key."""
        self._note(code, key, values)

    def _take(self, key: str, default: Any, kind: Any, allowed: str) -> Any:
        if key not in self.declared:
            if default is None:
                self._note("pack.missing_key", "", {"value": key})
            return default
        value = self.declared[key]
        if not isinstance(value, kind):
            self._note("pack.wrong_type", key, {"key": key, "value": _shown(value), "allowed": allowed})
            return default
        return value

    def _note(self, code: str, key: str, values: dict[str, Any]) -> None:
        line = self.declared.lines.get(key, self.line) if key and hasattr(self, "declared") else self.line
        self.problems.append(Problem(code, values, Place(self.source, line, key)))


def settle(problems: list[Problem]) -> None:
    """Raise what was noted.

    Raises:
        BilanError: anything was noted.
    """
    if problems:
        raise BilanError(*problems)


def _shown(value: Any) -> str:
    return repr(value)[:80]
