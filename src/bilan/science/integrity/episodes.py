"""From moments to episodes."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from bilan.science.integrity.frames import POINT, Frame


def episodes(frame: Frame, name: str, *, patience: str = "2d", by: Sequence[str] = POINT, start: str = "start") -> Frame:
    """Join the moments at which a pattern holds into episodes.

    Parameters:
        frame: with the columns of the pattern `name`, in time order.
        patience: moments no further apart belong to one episode.

    Returns:
        One row an episode: `by`, ``began`` (start of the evidence), ``found`` (first moment at which it was known), ``last`` (last
        moment at which it held), ``moments`` [1] and ``score`` (largest).

    Examples:
        >>> from datetime import datetime
        >>> hours = pl.datetime_range(datetime(2026, 1, 1), datetime(2026, 1, 6), "1d", eager=True)
        >>> held = pl.DataFrame({"point": "a", "start": hours, "x": [True, True, False, False, False, True], "x_score": 1.0})
        >>> episodes(held.with_columns(x_began=pl.col("start")), "x")["moments"].to_list()
        [2, 1]
    """
    held = frame.lazy().filter(name).sort(*by, start)
    far = (pl.col(start) > pl.col(start).shift(1).dt.offset_by(patience)).fill_null(value=True).over(by)
    numbered = held.with_columns(__episode=far.cast(pl.Int64)).with_columns(pl.col("__episode").cum_sum().over(by))
    joined = numbered.group_by([*by, "__episode"], maintain_order=True).agg(
        began=pl.col(f"{name}_began").min(),
        found=pl.col(start).first(),
        last=pl.col(start).last(),
        moments=pl.len(),
        score=pl.col(f"{name}_score").max(),
    )
    result = joined.drop("__episode").sort(*by, "found")
    return result.collect() if isinstance(frame, pl.DataFrame) else result
