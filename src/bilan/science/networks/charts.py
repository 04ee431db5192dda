"""Loads and belts as figures."""

from __future__ import annotations

import polars as pl

from bilan.science.figures import Axis, Figure, Layer, Words
from bilan.science.networks.loads import Loads


def load_figure(found: Loads, first_month: int = 10) -> Figure:
    """Draw the load of every year as bars and the flow-normalised load as a line.

    Parameters:
        found: what `loads` gives.
        first_month: month in which a year begins.

    Examples:
        >>> from bilan.science import networks, samples
        >>> figure = load_figure(networks.loads(*samples.river_record(years=3), method="rating"), first_month=1)
        >>> figure.data["year"].to_list()
        [2019, 2020, 2021]
    """
    years = found.years(first_month).with_columns(pl.col("load", "normal_load") / 1000.0)
    return Figure(
        title=Words("年通量", "Load of each year"),
        data=years,
        layers=(
            Layer("bar", x="year", y="load", name=Words("通量", "Load")),
            Layer("line", x="year", y="normal_load", name=Words("流量归一化通量", "Flow-normalised load")),
        ),
        x=Axis(Words("年", "Year"), kind="category", categories=tuple((str(year), Words(en=str(year))) for year in years["year"])),
        y=Axis(Words("通量", "Load"), "t/a", lower=0.0),
    )
