"""Which columns of a frame the names of an expression mean, for one parameter of a rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from bilan.pack import vocab
from bilan.pack.rules import Call, Name, Node, Operation, functions, walk
from bilan.pack.rules.columns import OWN

FAMILIES = {
    "value": ("mean", "value"),
    "converted": ("converted_mean", "converted"),
    "minimum": ("min",),
    "maximum": ("max",),
    "total": ("total",),
    "hours": ("hours",),
    "state": ("state",),
}
"""Aspect of a parameter → statistics of series that give it, the best first."""
BESIDE = ("raw", "flag", "valid", "present")
"""Aspects that come from the same series as the value."""
CONVERTED, OXYGEN = "converted", "o2"
"""Aspect that is computed from the value and the oxygen where the source does not report it; science column of the oxygen."""
LIMITS = ("limit", "limit_low")
ATTRIBUTE, LABEL, CITY = "attribute:", "label:", "city:"
TOGETHER = frozenset({"neighbours", "copied_points"})
"""Functions that compare points with each other, which must therefore stand in one frame."""


@dataclass(frozen=True, slots=True)
class Column:
    """A measured column: a parameter by its science column, and which aspect of it."""

    parameter: str
    aspect: str

    @classmethod
    def parse(cls, name: str) -> Column | None:
        """The measured column of a name in a frame; None when it is none.

        Examples:
            >>> Column.parse("so2@converted"), Column.parse("hour")
            (Column(parameter='so2', aspect='converted'), None)
        """
        parameter, _, aspect = name.partition("@")
        return cls(parameter, aspect or "value") if parameter in _columns() else None

    @property
    def family(self) -> str:
        """Aspect whose series it comes from; empty for limits."""
        if self.aspect in LIMITS:
            return ""
        return "value" if self.aspect in BESIDE else self.aspect


@cache
def _columns() -> frozenset[str]:
    return frozenset(parameter.column for parameter in vocab.vocabulary().by_code.values())


def with_basis(columns: Iterable[Column]) -> set[Column]:
    """Columns with those that the converted ones are computed from where the source reports none.

    Examples:
        >>> sorted(column.parameter for column in with_basis([Column("so2", "converted")]) if column.aspect == "value")
        ['o2', 'so2']
    """
    given = set(columns)
    needed = {Column(column.parameter, "value") for column in given if column.aspect == CONVERTED}
    return given | needed | ({Column(OXYGEN, "value")} if needed else set())


def bound(node: Node, column: str | None) -> Node:
    """The same part with names of columns of a frame.

    Args:
        node: as written.
        column: science column of the parameter that the rule's own names stand for, empty for none; None where they are names of the frame.

    Examples:
        >>> from bilan.pack.rules import Kind, parse
        >>> sorted(names([bound(parse("value > limit", {"value": Kind.NUMBER, "limit": Kind.NUMBER}).node, "so2")]))
        ['so2', 'so2@limit']
    """
    match node:
        case Name(name) if name in OWN and column is not None:
            return Name(column if name == "value" else f"{column}@{name}")
        case Operation(operator, parts):
            return Operation(operator, tuple(bound(part, column) for part in parts))
        case Call("attribute" | "label" as function, _, (key,)):
            return Name(f"{ATTRIBUTE if function == 'attribute' else LABEL}{key}")
        case Call("city", _, (other,)):
            return Name(f"{CITY}{other}")
        case Call("reading", _, (other, statistic)):
            return Name(str(other) if statistic == "mean" else f"{other}@{statistic}")
        case Call(function, parts, settings):
            return Call(function, tuple(bound(part, column) for part in parts), settings)
    return node


def names(nodes: Iterable[Node]) -> set[str]:
    """Columns that parts use; the parameters that `paired` names are among them."""
    found: set[str] = set()
    for node in nodes:
        for part in walk(node):
            if isinstance(part, Name):
                found.add(part.name)
            elif isinstance(part, Call) and part.function == "paired":
                found.add(str(part.settings[0]))
    return found


def calls(nodes: Iterable[Node], *groups: str) -> list[Call]:
    """Calls of functions of these groups, each once, inner before outer."""
    found = (part for node in nodes for part in walk(node) if isinstance(part, Call) and functions()[part.function].group in groups)
    return list(dict.fromkeys(found))


def owns(nodes: Iterable[Node]) -> bool:
    """Whether parts, as written, use the columns of the rule's own series."""
    return bool(names(nodes) & OWN.keys())
