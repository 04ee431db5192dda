"""The figure that analyses hand out: its data, drawn by ECharts on the site and by matplotlib in notebooks and files."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bilan.problems import LANGUAGES, BilanError, Problem
from bilan.science.figures.echarts import option
from bilan.science.figures.spec import Specification

FORMATS = (".svg", ".png", ".pdf", ".json", ".csv", ".parquet")


@dataclass(frozen=True, kw_only=True)
class Figure(Specification):
    """A drawing with its data, for people of both languages.

    Examples:
        >>> import polars as pl
        >>> from bilan.science.figures import Figure, Layer, Words
        >>> data = pl.DataFrame({"hour": [0, 1, 2], "no2": [31.0, 28.5, 27.0]})
        >>> figure = Figure(title=Words("日变化", "Day"), data=data, layers=(Layer("line", x="hour", y="no2"),))
        >>> figure.option("en")["series"][0]["data"]
        [[0, 31.0], [1, 28.5], [2, 27.0]]
    """

    def option(self, language: str = LANGUAGES[0]) -> dict[str, Any]:
        """The figure as an ECharts option: plain values that JSON can carry."""
        return option(self, language)

    def draw(self, language: str = LANGUAGES[0], size: tuple[float, float] | None = None) -> Any:
        """The figure as a matplotlib figure.

        Parameters:
            size: width and height [inch].

        Raises:
            BilanError: matplotlib is not installed.
        """
        return _renderer().draw(self, language, size)

    def save(self, path: str | Path, language: str = LANGUAGES[0], size: tuple[float, float] | None = None) -> Path:
        """Write the drawing (.svg, .png, .pdf), its ECharts option (.json) or its data (.csv, .parquet).

        Raises:
            BilanError: the ending is none of these, or matplotlib is not installed.
        """
        target = Path(path)
        ending = target.suffix.lower()
        if ending == ".csv":
            self.data.write_csv(target, include_bom=True)
        elif ending == ".parquet":
            self.data.write_parquet(target)
        elif ending == ".json":
            target.write_text(json.dumps(self.option(language), ensure_ascii=False, allow_nan=False), encoding="utf-8")
        elif ending in FORMATS:
            _renderer().write(self, target, language, size)
        else:
            raise BilanError(Problem("drawing.format", {"value": ending, "allowed": list(FORMATS)}))
        return target

    def _repr_svg_(self) -> str:
        return str(_renderer().svg(self, LANGUAGES[0]))


def _renderer() -> Any:
    """The matplotlib renderer, loaded when something is drawn."""
    try:
        from bilan.science.figures import drawing  # noqa: PLC0415 - matplotlib is heavy and an extra
    except ModuleNotFoundError as error:
        raise BilanError(Problem("drawing.missing", {"value": error.name or "matplotlib"})) from error
    return drawing
