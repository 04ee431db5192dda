"""The functions of the column language: one table that the checker, the compiler and the reference page are made from."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache

from bilan.pack.loader import base, read_csv
from bilan.pack.registers.words import Bilingual
from bilan.problems import BilanError, Place, Problem

TABLES = ("functions.csv", "patterns.csv")
_ARGUMENT = re.compile(r"(?P<name>\w+):(?P<kind>\w+)(?P<optional>\?)?(?:=(?P<default>[\w.]+))?")


class Kind(StrEnum):
    """What a column or a part of an expression is."""

    NUMBER = "number"
    TEXT = "text"
    BOOL = "bool"
    DATE = "date"
    LIST = "list"
    ANY = "any"
    """Not known before the data are there."""


COLUMNS = frozenset({"number", "bool", "text", "date", "list", "any", "column"})
"""Kinds of arguments that are columns; the others are written out."""


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a function.

    Attributes:
        kind: a kind of column, ``column`` (the name of a measured one), or what is written out: ``length`` [h], ``distance`` [km],
            ``fraction`` (0 to 1), ``scalar``, ``integer``, ``word``, ``parameter``, ``statistic``.
        default: what holds when it is left out; None when there is none.
        optional: whether it is a column that can be left out.
    """

    name: str
    kind: str
    default: float | None = None
    optional: bool = False

    @property
    def needed(self) -> bool:
        """Whether it must be given."""
        return self.default is None and not self.optional


@dataclass(frozen=True, slots=True)
class Function:
    """One function.

    Attributes:
        group: ``window`` looks back over moments, ``moment`` at one, ``outside`` beyond the point's own column, ``pattern`` is a test for
            fraud that `bilan.science` computes on whole columns.
        gives: kind of the result; ``same`` as its first argument.
        lookback: how far it looks back: ``n`` for its argument `n`, or a number [h].
        shows: of a pattern: ``found``, ``score`` (its evidence) or ``hours`` (how long it has been under way).
    """

    name: str
    group: str
    arguments: tuple[Argument, ...]
    gives: str
    lookback: str
    about: Bilingual
    example: str
    shows: str = "found"

    @property
    def pattern(self) -> str:
        """Name of the pattern it belongs to."""
        return self.name if self.shows == "found" else self.name.removesuffix(f"_{self.shows}")

    @property
    def signature(self) -> str:
        """How it is called.

        Examples:
            >>> functions()["mean"].signature
            'mean(x, n=24)'
        """
        shown = {True: "{}", False: "[{}]"}
        parts = [
            shown[not entry.optional].format(entry.name) if entry.default is None else f"{entry.name}={entry.default:g}"
            for entry in self.arguments
        ]
        return f"{self.name}({', '.join(parts)})"


@cache
def functions() -> dict[str, Function]:
    """Every function by its name.

    Examples:
        >>> functions()["share"].arguments[0].kind
        'bool'
    """
    columns = ("name", "group", "arguments", "gives", "lookback", "zh", "en", "example")
    found: dict[str, Function] = {}
    for table in TABLES:
        source = base("rules", table)
        for line, row in enumerate(read_csv(source, columns) if source.is_file() else (), start=2):
            if row["name"] in found:
                raise BilanError(Problem("pack.duplicate", {"value": row["name"]}, Place(str(source), line, "name")))
            arguments = tuple(_argument(text, Place(str(source), line, "arguments")) for text in row["arguments"].split())
            about = Bilingual(row["zh"], row["en"])
            function = Function(row["name"], row["group"], arguments, row["gives"], row["lookback"], about, row["example"])
            found |= {entry.name: entry for entry in (function, *_beside(function))}
    return found


def _beside(function: Function) -> tuple[Function, ...]:
    """What else can be asked of a pattern: its evidence, and for how long it has held."""
    if function.group != "pattern":
        return ()
    about = function.about
    score = Bilingual(f"{about.zh.partition('：')[0]}：证据强度", f"evidence of {function.name}")
    hours = Bilingual(f"{about.zh.partition('：')[0]}：已持续的小时数", f"hours since {function.name} began")
    changed = (("score", score), ("hours", hours))
    return tuple(
        replace(function, name=f"{function.name}_{shows}", gives="number", shows=shows, about=text, example="") for shows, text in changed
    )


def _argument(text: str, place: Place) -> Argument:
    found = _ARGUMENT.fullmatch(text)
    if not found:
        raise BilanError(Problem("pack.wrong_value", {"key": "arguments", "value": text, "allowed": "name:kind=default"}, place))
    default = found["default"]
    return Argument(found["name"], found["kind"], None if default is None else float(default), bool(found["optional"]))
