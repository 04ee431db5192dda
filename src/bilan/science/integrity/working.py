"""Production, treatment and discharge that do not belong together."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from bilan.science.integrity.frames import POINT, Frame, before, judged, rolled, with_began

USUAL = 0.9
"""Quantile that stands for the usual working level: most plants stand still for part of the time, so a mean would not do."""


def treatment_off(
    frame: Frame,
    production: str,
    treatment: str,
    *,
    works: float = 0.3,
    rests: float = 0.15,
    least: int = 3,
    by: Sequence[str] = POINT,
    start: str = "start",
    name: str = "treatment_off",
) -> Frame:
    """Find production that runs while the treatment of its gas or water does not.

    Parameters:
        production, treatment: columns of electric power or energy [kW or kWh], shape (rows,), in time order.
        works: share of its usual power from which production counts as running [1]; lighting and standby need a tenth at most.
        rests: share of its usual power under which treatment counts as off [1]; controls and heating of a stopped filter need less.
        least: moments in a row [1]; starting and stopping in turn takes an hour or two.

    Returns:
        The frame with `name`, ``NAME_score`` [share of the usual treatment that is missing] and ``NAME_began``.

    Examples:
        >>> from datetime import datetime
        >>> hours = pl.datetime_range(datetime(2026, 1, 1), datetime(2026, 1, 1, 7), "1h", eager=True)
        >>> frame = pl.DataFrame({"point": "a", "start": hours, "made": [500.0] * 6 + [5, 5], "cleaned": [80.0, 80, 80, 2, 2, 2, 2, 2]})
        >>> treatment_off(frame, "made", "cleaned")["treatment_off"].to_list()
        [False, False, False, False, False, True, False, False]
    """

    def work(moments: pl.LazyFrame) -> pl.LazyFrame:
        made, cleaned = _share(production, by), _share(treatment, by)
        shares = moments.with_columns(made=made, score=1 - cleaned)
        off = shares.with_columns(off=((pl.col("made") >= works) & (pl.col("score") > 1 - rests)).cast(pl.Float64))
        held = off.with_columns(found=rolled(pl.col("off"), "min", least) > 0)
        return with_began(held, before(pl.col(start), least - 1))

    return judged(frame, name, pl.col(production).is_finite() & pl.col(treatment).is_finite(), work, by)


def flow_without_load(
    frame: Frame,
    flow: str = "flow",
    *,
    load: str,
    flows: float = 0.1,
    idle: float = 0.05,
    least: int = 3,
    by: Sequence[str] = POINT,
    start: str = "start",
    name: str = "flow_without_load",
) -> Frame:
    """Find discharge from a plant that is said to stand still.

    Parameters:
        flow: column of discharged gas or water [any unit], shape (rows,), in time order.
        load: column that is zero at a standstill [any unit]: power of production, a pollutant that only production makes, or reported load.
        flows: share of the usual flow from which something is discharged [1]; the zero of flow meters lies far below.
        idle: share of the usual load under which nothing is produced [1].
        least: moments in a row [1]; ducts and tanks empty for an hour or two after a stop.

    Returns:
        The frame with `name`, ``NAME_score`` [share of the usual flow] and ``NAME_began``.

    Examples:
        >>> from datetime import datetime
        >>> hours = pl.datetime_range(datetime(2026, 1, 1), datetime(2026, 1, 1, 5), "1h", eager=True)
        >>> frame = pl.DataFrame({"point": "a", "start": hours, "flow": [90.0, 90, 30, 30, 30, 0], "kw": [400.0, 400, 0, 0, 0, 0]})
        >>> flow_without_load(frame, load="kw")["flow_without_load"].to_list()
        [False, False, False, False, True, False]
    """

    def work(moments: pl.LazyFrame) -> pl.LazyFrame:
        shares = moments.with_columns(score=_share(flow, by), loaded=_share(load, by))
        odd = shares.with_columns(odd=((pl.col("score") >= flows) & (pl.col("loaded") < idle)).cast(pl.Float64))
        held = odd.with_columns(found=rolled(pl.col("odd"), "min", least) > 0)
        return with_began(held, before(pl.col(start), least - 1))

    return judged(frame, name, pl.col(flow).is_finite() & pl.col(load).is_finite(), work, by)


def _share(column: str, by: Sequence[str]) -> pl.Expr:
    """A column as a share of its usual working level."""
    return pl.col(column) / pl.col(column).filter(pl.col(column) > 0).quantile(USUAL).over(by)
