"""Frames with the same moments for every source, one source after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from bilan.evaluation.rules.compiling import Compiler, kind_of, numbered
from bilan.pack.rules import Call, Kind, Node, functions, walk

Numbers = npt.NDArray[np.float64]
UNKNOWN = -1


@dataclass
class Grid:
    """Columns of many sources over the same moments.

    Attributes:
        frame: rows source by source, moment by moment; columns that expressions name, and calls already computed.
        sources: what the sources are called, in the order of the rows.
        moments: begin of each moment [s of the wall clock].
        step: length of a moment [s].
        lead: moments at the beginning that are only looked back on.
        per: moments that one unit of a window's length has.
        today: the day conditions on dates count from.
        kinds: kinds of the columns; of columns that are not there, None values stand.
    """

    frame: pl.DataFrame
    sources: Sequence[str]
    moments: npt.NDArray[np.int64]
    step: int
    lead: int = 0
    per: float = 1.0
    today: date | None = None
    kinds: dict[str, Kind] = field(default_factory=dict)
    placed: dict[Call, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.frame = numbered(self.frame)
        self.kinds = {name: kind_of(dtype) for name, dtype in self.frame.schema.items()} | self.kinds

    @property
    def width(self) -> int:
        """Rows of each source."""
        return len(self.moments)

    def compiler(self) -> Compiler:
        """What makes expressions for the frame as it is now."""
        return Compiler(self.kinds, self.per, self.placed, self.width, self.today)

    def prepare(self, nodes: Sequence[Node]) -> None:
        """Compute the windows of these parts, each once, those within others first.

        Raises:
            BilanError: parts do not fit together.
        """
        waiting = {call: None for node in nodes for call in walk(node) if isinstance(call, Call) and call not in self.placed}
        windows = [call for call in waiting if functions()[call.function].group == "window"]
        while windows:
            ready = [
                call
                for call in windows
                if not any(isinstance(part, Call) and part in windows for inner in call.parts for part in walk(inner))
            ]
            self._place(ready)
            windows = [call for call in windows if call not in self.placed]

    def _place(self, calls: Sequence[Call]) -> None:
        compiler = self.compiler()
        made: list[pl.Expr] = []
        for call in calls:
            expression, kind = compiler.call(call)
            name = f"__call{len(self.placed)}"
            made.append(expression.alias(name))
            self.placed[call] = name
            self.kinds[name] = kind
        self.frame = self.frame.with_columns(made)

    def put(self, call: Call, values: pl.Series) -> None:
        """Take in what was computed of a call elsewhere."""
        name = f"__call{len(self.placed)}"
        self.frame = self.frame.with_columns(values.alias(name))
        self.placed[call] = name
        self.kinds[name] = kind_of(values.dtype)

    def compute(self, nodes: Sequence[Node], rows: Sequence[int] | None = None) -> pl.DataFrame:
        """Values of these parts, in columns named by their place.

        Args:
            nodes: parts.
            rows: numbers of the rows wanted; None for all.
        """
        self.prepare(nodes)
        compiler = self.compiler()
        expressions = [compiler.of(node)[0].alias(str(at)) for at, node in enumerate(nodes)]
        frame = self.frame if rows is None else self.frame[list(rows)]
        found = frame.select(pl.col("__row"), *expressions)
        return found.drop("__row")

    def truth(self, nodes: Sequence[Node]) -> list[npt.NDArray[np.int8]]:
        """Whether conditions hold: sources × moments of 1, 0 and -1 for not known."""
        found = self.compute(nodes)
        shape = (len(self.sources), self.width)
        return [found[name].cast(pl.Boolean).cast(pl.Int8).fill_null(UNKNOWN).to_numpy().reshape(shape) for name in found.columns]


def clock_columns(moments: npt.NDArray[np.int64], sources: int) -> dict[str, Any]:
    """The columns hour, weekday, day and month of every row."""
    times = pl.Series("start", moments).cast(pl.Int64)
    stamps = pl.from_epoch(times, time_unit="s")
    parts = {"hour": stamps.dt.hour(), "weekday": stamps.dt.weekday(), "day": stamps.dt.day(), "month": stamps.dt.month()}
    return {name: pl.Series(name, np.tile(part.cast(pl.Float64).to_numpy(), sources)) for name, part in parts.items()}


def series_of(values: Numbers) -> pl.Series:
    """A column of numbers, absent where they are none."""
    return pl.Series(values.reshape(-1)).fill_nan(None)
