"""Ratios that chemistry does not allow."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple

import polars as pl

from bilan.science.integrity.frames import POINT, Frame, before, judged, rolled, with_began

TOLERANCE = 0.1


class Pair(NamedTuple):
    """Two quantities of one point whose ratio is bounded.

    Attributes:
        part, whole: science columns.
        most: largest possible part / whole.
        why_zh, why_en: the reason.
        reference: where it stands.
        confidence: how well it is verified.
    """

    part: str
    whole: str
    most: float
    why_zh: str
    why_en: str
    reference: str
    confidence: str


@cache
def _pairs() -> tuple[Pair, ...]:
    text = resources.files("bilan.science.integrity").joinpath("ratios.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    said = ("why_zh", "why_en", "reference", "confidence")
    return tuple(Pair(row["part"], row["whole"], float(row["most"]), *(row[name] for name in said)) for row in rows)


PAIRS = _pairs()
"""Every bounded pair."""


def impossible_ratio(
    frame: Frame,
    part: str,
    whole: str,
    *,
    most: float = 1.0,
    tolerance: float = TOLERANCE,
    least: int = 3,
    floor: float = 0.0,
    running: str | None = None,
    by: Sequence[str] = POINT,
    start: str = "start",
    name: str = "impossible_ratio",
) -> Frame:
    """Find moments when a part exceeds its whole.

    Parameters:
        part, whole: columns in the same unit, such as NH3-N and TN [mg/L], shape (rows,), in time order.
        most: largest possible part / whole [1]; see `PAIRS`.
        tolerance: share [1] by which two instruments may disagree: HJ 355 allows analysers of NH3-N and TN an error of a tenth.
        least: live moments in a row [1]; a single one may be a mistimed sample of one of the two analysers.
        floor: sum of both errors [unit of part] near zero, where shares say nothing.
        running: Boolean column: the plant runs.

    Returns:
        The frame with `name`, ``NAME_score`` [part / possible part] and ``NAME_began``.

    Examples:
        >>> from datetime import datetime
        >>> hours = pl.datetime_range(datetime(2026, 1, 1), datetime(2026, 1, 1, 4), "1h", eager=True)
        >>> frame = pl.DataFrame({"point": "a", "start": hours, "nh3n": [1.0, 4, 4, 4, 1], "tn": [9.0, 3, 3, 3, 9]})
        >>> impossible_ratio(frame, "nh3n", "tn")["impossible_ratio"].to_list()
        [False, False, False, True, False]
    """
    positive = pl.col(part).is_finite() & pl.col(whole).is_finite() & (pl.col(whole) >= 0) & (pl.col(part) > 0)
    live = positive & (pl.lit(value=True) if running is None else pl.col(running).fill_null(value=False))

    def work(moments: pl.LazyFrame) -> pl.LazyFrame:
        allowed = pl.col(whole) * most * (1 + tolerance) + floor
        over = moments.with_columns(over=(pl.col(part) > allowed).cast(pl.Float64), score=pl.col(part) / allowed)
        held = over.with_columns(found=rolled(pl.col("over"), "min", least) > 0)
        return with_began(held, before(pl.col(start), least - 1))

    return judged(frame, name, live, work, by)


def misconverted(
    frame: Frame,
    measured: str,
    converted: str,
    oxygen: str,
    *,
    reference: str | float,
    tolerance: float = 0.15,
    least: int = 3,
    running: str | None = None,
    by: Sequence[str] = POINT,
    start: str = "start",
    name: str = "misconverted",
) -> Frame:
    """Find converted concentrations that do not follow from the measured ones and the oxygen.

    Parameters:
        measured, converted: columns of concentration [mg/m3], shape (rows,), in time order.
        oxygen: column of oxygen in the dry gas [%].
        reference: column or number: reference oxygen of the emission standard [%].
        tolerance: share [1]; the mean of converted minutes differs from the conversion of means by a few percent while oxygen moves.
        least: live moments in a row [1].
        running: Boolean column: the plant runs.

    Returns:
        The frame with `name`, ``NAME_score`` [reported / expected] and ``NAME_began``. Moments with oxygen over 20 % are left out: the
        conversion has no meaning there.

    Reference:
        HJ 75-2017 annex C: converted = measured × (21 - reference) / (21 - oxygen).

    Examples:
        >>> from datetime import datetime
        >>> hours = pl.datetime_range(datetime(2026, 1, 1), datetime(2026, 1, 1, 2), "1h", eager=True)
        >>> frame = pl.DataFrame({"point": "a", "start": hours, "raw": 60.0, "zs": [45.0] * 3, "o2": [6.0, 6.0, 6.0]})
        >>> misconverted(frame, "raw", "zs", "o2", reference=6)["misconverted"].to_list()
        [False, False, True]
    """
    base = pl.col(reference) if isinstance(reference, str) else pl.lit(float(reference))
    numbers = pl.col(measured).is_finite() & pl.col(converted).is_finite() & (pl.col(measured) > 0) & (pl.col(oxygen) < 20)
    live = numbers & (pl.lit(value=True) if running is None else pl.col(running).fill_null(value=False))

    def work(moments: pl.LazyFrame) -> pl.LazyFrame:
        expected = pl.col(measured) * (21 - base) / (21 - pl.col(oxygen))
        scored = moments.with_columns(score=pl.col(converted) / expected)
        off = scored.with_columns(off=((pl.col("score") - 1).abs() > tolerance).cast(pl.Float64))
        held = off.with_columns(found=rolled(pl.col("off"), "min", least) > 0)
        return with_began(held, before(pl.col(start), least - 1))

    return judged(frame, name, live, work, by)
