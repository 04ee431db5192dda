"""What an analysis hands out: its numbers as a frame and the figure that shows them."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from bilan.science.figures import Figure


@dataclass(frozen=True, kw_only=True)
class Analysis:
    """Numbers and their figure.

    Parameters:
        data: the numbers, one row each.
        figure: the drawing of them.
    """

    data: pl.DataFrame
    figure: Figure

    def _repr_svg_(self) -> str:
        return self.figure._repr_svg_()
