"""What both renderers need to know of the data: bounds of colours, outer rings, round numbers."""

from __future__ import annotations

import math

import polars as pl

from bilan.science.figures.spec import Scale, Specification


def colour_bounds(figure: Specification, scale: Scale) -> tuple[float, float]:
    """Lower and upper bound of the colours: those declared, else those of the data."""
    values = [layer.rows(figure.data)[layer.value] for layer in figure.layers if layer.value]
    joined = (
        pl.concat([column.cast(pl.Float64).alias("value") for column in values]).drop_nulls().drop_nans() if values else pl.Series([0.0])
    )
    low, high = (float(joined.min() or 0.0), float(joined.max() or 0.0)) if len(joined) else (0.0, 1.0)  # type: ignore[arg-type]
    return (low if scale.lower is None else scale.lower), (high if scale.upper is None else scale.upper)


def outermost(figure: Specification) -> float:
    """How far a compass reaches from its centre [unit of `y`]."""
    if figure.y.upper is not None:
        return figure.y.upper
    reach = [0.0]
    for layer in figure.layers:
        rows = layer.rows(figure.data)
        if layer.mark == "sector":
            reach.append(float(rows.group_by(layer.x).agg(pl.col(layer.y).sum())[layer.y].max() or 0.0))  # type: ignore[arg-type]
        elif layer.mark == "rule" and layer.at is not None:
            reach.append(layer.at)
        elif layer.y:
            reach.append(float(rows[layer.y].max() or 0.0) + (layer.step[1] / 2 if layer.mark == "tile" else 0.0))  # type: ignore[arg-type]
    return max(reach) if any(layer.mark == "tile" for layer in figure.layers) else rounded_up(max(reach))


def rounded_up(value: float) -> float:
    """The next number that reads well at the end of an axis.

    Examples:
        >>> [rounded_up(value) for value in (0.173, 1.0, 23, 61, 0)]
        [0.2, 1.0, 25.0, 80.0, 1.0]
    """
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(
        round(step * power, 10) for step in (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0) if step * power >= value * (1 - 1e-9)
    )
