"""Sums of parameters, as rules write them: ``1.533*no + no2``."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TERM = re.compile(r"^(?:(?P<factor>\d+(?:\.\d+)?)\s*\*\s*)?(?P<column>[a-z0-9_]+)$")


@dataclass(frozen=True, slots=True)
class Combination:
    """A sum of science columns with factors.

    Attributes:
        terms: column and factor of each term.
    """

    terms: tuple[tuple[str, float], ...]

    @classmethod
    def parse(cls, text: str) -> Combination | None:
        """Read a sum; None when it is none.

        Examples:
            >>> Combination.parse("1.533*no + no2").terms
            (('no', 1.533), ('no2', 1.0))
            >>> Combination.parse("no - no2") is None
            True
        """
        terms = []
        for part in text.split("+"):
            match = _TERM.match(part.strip())
            if not match:
                return None
            terms.append((match["column"], float(match["factor"] or 1)))
        return cls(tuple(terms))

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns it needs."""
        return tuple(column for column, _ in self.terms)
