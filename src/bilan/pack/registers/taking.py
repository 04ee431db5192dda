"""Taking typed values out of a declaration: bilingual texts, expressions, patterns, dates, names."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from typing import Any, ClassVar, Self

from bilan.pack.expressions import Expression
from bilan.pack.loader import Declared
from bilan.pack.registers.keys import Key, keys
from bilan.pack.registers.words import Bilingual
from bilan.pack.schema import Reader
from bilan.problems import BilanError, Place, Problem, nearest

NAME = re.compile(r"[a-z][a-z0-9_]*")
SLUG = re.compile(r"[a-z][a-z0-9_-]*")
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


class Taker(Reader):
    """A reader that knows the keys of the mapping it reads.

    Args:
        source: name of the file.
        declared: the mapping.
        problems: list that problems are added to.
        table: which table of keys holds, such as ``field``.
        line: line to name when `declared` is no mapping.

    Attributes:
        folder: folder of the base pack whose tables of keys hold.
    """

    folder: ClassVar[str] = "registers"

    def __init__(self, source: str, declared: Any, problems: list[Problem], table: str, line: int = 1) -> None:
        super().__init__(source, declared, problems, line)
        self.keys: dict[str, Key] = keys(self.folder)[table]
        self.only(self.keys)

    def child(self, key: str, table: str) -> Self:
        """The mapping under `key`; an empty one when absent."""
        value = self.declared.get(key)
        if value is None:
            value = Declared()
            value.line, value.lines = self.line, {}
        return type(self)(self.source, value, self.problems, table, self.where(key))

    def children(self, key: str, table: str) -> list[Self]:
        """The list of mappings under `key`, which must not be empty when the key is needed."""
        if key not in self.declared and self.keys[key].needed:
            self.text(key)
        items = self.items(key)
        if not items and key in self.declared and self.keys[key].needed:
            self.note("declaration.empty", key, {"key": key})
        return [type(self)(self.source, item, self.problems, table, self.where(key)) for item in items]

    def word(self, key: str, default: str = "") -> str:
        """A text, one of those allowed where the table says so."""
        entry = self.keys[key]
        return self.text(key, None if entry.needed else default, entry.allowed)

    def name(self, key: str, form: re.Pattern[str] = SLUG) -> str:
        """A name: lower case letters, digits, dashes or underscores."""
        value = self.word(key)
        if value and not form.fullmatch(value):
            self.note("declaration.bad_name", key, {"value": value, "allowed": "_" if form is NAME else "- _"})
        return value

    def words(self, key: str) -> Bilingual:
        """A text in both languages."""
        value = self.word(key)
        found = Bilingual.parse(value)
        if value and not found.complete:
            self.note("declaration.not_bilingual", key, {"key": key, "value": value})
        return found

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        items = self.items(key)
        for item in items:
            if not isinstance(item, str):
                self.note("pack.wrong_type", key, {"key": key, "value": repr(item)[:80], "allowed": "text"})
        return tuple(item for item in items if isinstance(item, str))

    def expression(self, key: str, names: Collection[str] | None, *, outside: bool = False) -> Expression | None:
        """An expression over `names` (None for any); None when absent or wrong; `outside`: it may ask what lies outside the entry."""
        value = self.word(key)
        if not value:
            return None
        try:
            return Expression(value, names, outside=outside)
        except BilanError as error:
            for problem in error.problems:
                self.problems.append(Problem(problem.code, problem.values, Place(self.source, self.where(key), key)))
            return None

    def regex(self, key: str) -> str:
        """A regular expression that compiles."""
        value = self.word(key)
        try:
            re.compile(value)
        except re.error as error:
            self.note("declaration.bad_pattern", key, {"value": value, "allowed": str(error)})
            return ""
        return value

    def day(self, key: str) -> str:
        """An ISO date; empty when absent."""
        value = self.word(key)
        if value and not is_date(value):
            self.note("declaration.bad_date", key, {"value": value})
            return ""
        return value

    def colour(self, key: str, default: str) -> str:
        """A colour ``#rrggbb``."""
        value = self.word(key, default)
        if not COLOUR.fullmatch(value):
            self.note("declaration.bad_colour", key, {"value": value})
            return default
        return value

    def within(self, key: str, default: float | None, lowest: float, highest: float) -> float | None:
        """A number between two bounds; `default` when absent."""
        if key not in self.declared:
            return default
        value = self.number(key, 0.0)
        if not lowest <= value <= highest:
            self.note("pack.wrong_value", key, {"key": key, "value": value, "allowed": f"{lowest:g} … {highest:g}"})
            return default
        return value

    def known(self, key: str, values: Collection[str], allowed: Collection[str], code: str = "declaration.unknown_field") -> None:
        """Note each of `values` that is not among `allowed`."""
        for value in values:
            if value not in allowed:
                self.note(code, key, {"value": value, "allowed": sorted(allowed), "nearest": nearest(value, allowed)})


def is_date(text: str) -> bool:
    """Whether a text is an ISO date as declarations write it.

    Examples:
        >>> is_date("2024-02-29"), is_date("2023-02-29"), is_date("20240229")
        (True, False, False)
    """
    try:
        return len(text) == 10 and bool(date.fromisoformat(text))
    except ValueError:
        return False
