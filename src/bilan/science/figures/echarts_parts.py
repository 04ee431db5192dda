"""The pieces an ECharts option is put together from while several drawings share one canvas."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from bilan.science.figures.palettes import PALETTES, SOFT
from bilan.science.figures.spec import Scale


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a drawing stands [% of the canvas]."""

    left: float
    top: float
    width: float
    height: float

    def box(self) -> dict[str, str]:
        """The place as ECharts takes it."""
        return {"left": f"{self.left}%", "top": f"{self.top}%", "width": f"{self.width}%", "height": f"{self.height}%"}


@dataclass(slots=True)
class Parts:
    """Components and series of an option, in the order of their indices."""

    language: str
    titles: list[dict[str, Any]] = field(default_factory=list)
    legend: list[str] = field(default_factory=list)
    series: list[dict[str, Any]] = field(default_factory=list)
    grids: list[dict[str, Any]] = field(default_factory=list)
    x: list[dict[str, Any]] = field(default_factory=list)
    y: list[dict[str, Any]] = field(default_factory=list)
    polars: list[dict[str, Any]] = field(default_factory=list)
    angles: list[dict[str, Any]] = field(default_factory=list)
    radii: list[dict[str, Any]] = field(default_factory=list)
    calendars: list[dict[str, Any]] = field(default_factory=list)
    scales: list[dict[str, Any]] = field(default_factory=list)

    def components(self) -> dict[str, list[dict[str, Any]]]:
        """Everything but the series under its ECharts name."""
        return {
            "grid": self.grids,
            "xAxis": self.x,
            "yAxis": self.y,
            "polar": self.polars,
            "angleAxis": self.angles,
            "radiusAxis": self.radii,
            "calendar": self.calendars,
            "visualMap": self.scales,
        }

    def name(self, shown: str) -> str:
        """Enter a name into the legend once, and give it back."""
        if shown and shown not in self.legend:
            self.legend.append(shown)
        return shown

    def add_scale(self, scale: Scale, bounds: tuple[float, float], series: list[int], dimension: int, cell: Cell) -> None:
        """A colour scale beside a drawing, for the series at these places."""
        entry: dict[str, Any] = {
            "seriesIndex": series,
            "dimension": dimension,
            "right": f"{round(100 - cell.left - cell.width - 4, 2)}%",
            "top": f"{cell.top}%",
            "itemWidth": 12,
            "textStyle": {"color": SOFT, "fontSize": 11},
        }
        if scale.steps:
            edges = [-math.inf, *(step.upper for step in scale.steps)]
            pieces = [
                {"lte": finite(step.upper), "gt": finite(edge), "color": step.colour, "label": step.name.text(self.language)}
                for edge, step in zip(edges, scale.steps, strict=False)
            ]
            kept = [{key: value for key, value in piece.items() if value is not None and value != ""} for piece in pieces]
            self.scales.append({**entry, "type": "piecewise", "pieces": kept})
            return
        low, high = bounds
        self.scales.append(
            {**entry, "type": "continuous", "min": low, "max": high, "precision": decimals(high - low), "calculable": True}
            | {"text": [scale.label(self.language), ""], "inRange": {"color": list(PALETTES[scale.palette])}}
        )


def plain(value: Any) -> Any:
    """A value that JSON can carry: times become milliseconds of the wall clock, no number becomes None.

    Examples:
        >>> plain(datetime(1970, 1, 2)), plain(float("nan")), plain("N"), plain(date(1970, 1, 2))
        (86400000, None, 'N', 86400000)
    """
    if isinstance(value, datetime):
        return int(value.replace(tzinfo=UTC).timestamp() * 1000)
    if isinstance(value, date):
        return plain(datetime(value.year, value.month, value.day))
    if isinstance(value, float):
        return round(value, 6) if math.isfinite(value) else None
    return value


def pairs(*columns: Iterable[Any]) -> list[list[Any]]:
    """Rows of plain values from columns."""
    return [[plain(value) for value in row] for row in zip(*columns, strict=True)]


def finite(value: float) -> float | None:
    """The value, or None for infinity."""
    return value if math.isfinite(value) else None


def decimals(span: float) -> int:
    """Digits after the point that tell values of a span apart.

    Examples:
        >>> decimals(250), decimals(8), decimals(0.5)
        (0, 1, 2)
    """
    return 0 if span <= 0 or not math.isfinite(span) else max(0, 1 - math.floor(math.log10(span)))
