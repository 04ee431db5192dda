"""Taking values out of the declaration of a flow or a checklist."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from typing import Self

from bilan.pack.expressions import Expression
from bilan.pack.flows.spans import Span
from bilan.pack.loader import Declared
from bilan.pack.registers.taking import Taker
from bilan.problems import BilanError, Place, Problem

UNITS = "30wd 30d 48h 6mo 90min"
"""How terms are written, for the reader of a problem."""


class FlowTaker(Taker):
    """A reader that knows the keys of flows and checklists."""

    folder = "flows"

    def at(self, line: int) -> Self:
        """The same, with problems of a key that is not there noted at another line."""
        found = copy(self)
        found.line, found.declared = line, Declared()
        found.declared.lines = {}
        return found

    def span(self, key: str) -> Span | None:
        """A term such as ``30wd``; None when absent or wrong."""
        value = self.declared.get(key)
        if value is None:
            return None
        found = Span.parse(str(value))
        if found is None:
            self.note("flow.bad_term", key, {"value": str(value), "allowed": UNITS})
        return found

    def asking(self, key: str, asks: Mapping[str, tuple[int, int]]) -> Expression | None:
        """An expression that may ask by functions of its own; None when absent or wrong."""
        value = self.word(key)
        if not value:
            return None
        try:
            return Expression(value, None, outside=asks)
        except BilanError as error:
            for problem in error.problems:
                self.problems.append(Problem(problem.code, problem.values, Place(self.source, self.where(key), key)))
            return None
