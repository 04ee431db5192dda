"""One figure: a year of days coloured by official level, drawn as an SVG without further libraries.

Run: python examples/air_calendar.py [OUT.svg]
"""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import numpy as np
import polars as pl

from bilan.science import air

CELL, LEFT, TOP = 14, 40, 40


def hours() -> pl.DataFrame:
    """A made-up year of hours at one point, dustier in spring, with more ozone in summer."""
    start = pl.datetime_range(datetime(2025, 1, 1), datetime(2025, 12, 31, 23), "1h", eager=True, time_unit="us")
    random = np.random.default_rng(5)
    season = np.cos((np.arange(len(start)) / len(start) - 0.05) * 2 * np.pi)
    weather = np.repeat(random.gamma(4, 0.25, len(start) // 24), 24)
    sun = np.clip(np.sin((np.arange(len(start)) % 24 - 6) / 12 * np.pi), 0, None)
    columns = {"so2": 8, "no2": 25, "co": 0.7, "pm10": 55 + 30 * season, "pm25": 30 + 18 * season, "o3": 30 + sun * (90 - 50 * season)}
    return pl.DataFrame({"point": ["a"] * len(start), "start": start}).with_columns(
        **{name: pl.Series(np.round(base * weather, 1 if name == "co" else 0)) for name, base in columns.items()}
    )


def figure(days: pl.DataFrame) -> str:
    """One column a week, one cell a day."""
    colours = {category.level: category.colour for category in air.categories("2012")}
    box = f'viewBox="0 0 {LEFT + 54 * CELL} {TOP + 8 * CELL}"'
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" {box} font-family="sans-serif" font-size="12">']
    for row in days.iter_rows(named=True):
        x, y = LEFT + int(row["day"].strftime("%W")) * CELL, TOP + row["day"].weekday() * CELL
        cell = f'x="{x}" y="{y}" width="{CELL - 2}" height="{CELL - 2}" fill="{colours[row["level"]]}"'
        parts.append(f"<rect {cell}><title>{row['day']} AQI {row['aqi']} {row['primary']}</title></rect>")
    counted = air.good_days(days, "year").row(0, named=True)
    title = f"{counted['good']} good days of {counted['days']} ({counted['ratio']} %) · 优良 {counted['good']} 天"
    return "\n".join([*parts, f'<text x="8" y="20">{title}</text>', "</svg>"])


if __name__ == "__main__":
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "air_calendar.svg")
    target.write_text(figure(air.judge_days(hours())), encoding="utf-8")
