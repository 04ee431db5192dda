"""One figure: the share of each class by month for the sections of a city, drawn as an SVG without further libraries.

Run: python examples/water_month_report.py [OUT.svg]
"""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from math import sin
from pathlib import Path

import polars as pl

from bilan.science import water

WIDTH, HEIGHT, LEFT, TOP = 720, 320, 60, 30


def samples() -> pl.DataFrame:
    """Forty made-up sections, sampled every ten days for a year."""
    days = [datetime(2025, 1, 5) + timedelta(days=10 * step) for step in range(36)]
    return pl.DataFrame(
        [
            {
                "point": f"S{section:02d}",
                "start": day,
                "ph": 7.2,
                "do": 8.5 - 2.5 * sin(day.month / 4) - section / 20,
                "codmn": 2.0 + section / 8 + sin(section + day.day),
                "nh3n": 0.1 + abs(sin(section * 7 + day.month)) * section / 25,
                "tp": 0.04 + section / 200 + 0.03 * sin(day.month + section),
            }
            for section in range(40)
            for day in days
        ]
    )


def figure(months: pl.DataFrame) -> str:
    """Stack the shares of classes 1 to 6, one bar a month."""
    shares = months.group_by("start", "grade").len().join(months.group_by("start").len("all"), on="start").sort("start", "grade")
    colours = {known.grade: known.colour for known in water.water_classes()}
    width = (WIDTH - LEFT) / shares["start"].n_unique()
    height = HEIGHT - 2 * TOP
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">']
    for place, (start, rows) in enumerate(shares.group_by("start", maintain_order=True)):
        x, y = LEFT + place * width, TOP + height
        parts.append(f'<text x="{x + width / 3:.0f}" y="{HEIGHT - 8}">{start[0].month}</text>')
        for row in rows.iter_rows(named=True):
            tall = height * row["len"] / row["all"]
            y -= tall
            box = f'x="{x:.1f}" y="{y:.1f}" width="{width - 4:.1f}" height="{tall:.1f}"'
            parts.append(f'<rect {box} fill="{colours[row["grade"]]}" stroke="#555"/>')
    return "\n".join([*parts, '<text x="8" y="18">Share of classes by month · 各月水质类别比例</text>', "</svg>"])


if __name__ == "__main__":
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "water_month_report.svg")
    target.write_text(figure(water.evaluate_periods(samples(), "month")), encoding="utf-8")
