"""How good a model is beside measurements: the usual statistics, the Taylor and the target diagram."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from bilan.science.figures import Axis, Figure, Layer, Words
from bilan.science.figures.measure import rounded_up
from bilan.science.stats.frames import enough, prepared
from bilan.science.stats.result import Analysis

_SHOWN = 2000


def model_statistics(
    frame: Any,
    *,
    observed: str = "observed",
    modelled: str = "modelled",
    by: str | Sequence[str] = (),
    unit: str = "",
) -> Analysis:
    """Statistics of a model beside observations, over pairs that have both.

    Parameters:
        frame: a row a pair.
        observed: column of measured values [any unit].
        modelled: column of modelled values [same unit].
        by: columns to split by, such as model, site or season.
        unit: unit of both, for the figure.

    Returns:
        data: `by`, n, fac2 (share within a factor of two), mb (mean bias), mge (mean gross error), nmb, nmge (divided by the sum observed),
        rmse, r, coe (coefficient of efficiency), ioa (index of agreement, −1 to 1).

    Raises:
        BilanError: a column is missing or no pair is left.

    Reference:
        Carslaw, D.C. (2024): The openair book, chapter Model evaluation (modStats); Willmott, C.J. et al. (2012): Int. J. Climatology 32,
        2088–2094 (ioa); Legates, D.R. and McCabe, G.J. (2013): Int. J. Climatology 33, 1053–1056 (coe).

    Examples:
        >>> frame = pl.DataFrame({"observed": [10.0, 20.0, 30.0], "modelled": [12.0, 18.0, 33.0]})
        >>> model_statistics(frame).data.select("n", "fac2", "mb", "mge", "coe").row(0)
        (3, 1.0, 1.0, 2.333..., 0.65)
    """
    keys = [by] if isinstance(by, str) else list(by)
    rows = enough(prepared(frame, [observed, modelled], keep=keys).drop_nulls([observed, modelled]), 1, modelled)
    seen, told = pl.col(observed), pl.col(modelled)
    error = told - seen
    spread = (seen - seen.mean()).abs().sum()
    gross = error.abs().sum()
    ratio = told / seen
    statistics = [
        pl.len().alias("n"),
        # Two zeros agree.
        (ratio.is_between(0.5, 2.0) | ((seen == 0) & (told == 0))).mean().alias("fac2"),
        error.mean().alias("mb"),
        error.abs().mean().alias("mge"),
        (error.sum() / seen.sum()).alias("nmb"),
        (gross / seen.sum()).alias("nmge"),
        error.pow(2).mean().sqrt().alias("rmse"),
        pl.corr(observed, modelled).alias("r"),
        (1 - gross / spread).alias("coe"),
        pl.when(gross <= 2 * spread).then(1 - gross / (2 * spread)).otherwise(2 * spread / gross - 1).alias("ioa"),
    ]
    data = rows.group_by(keys, maintain_order=True).agg(statistics) if keys else rows.select(statistics)
    return Analysis(data=data, figure=_scatter(rows, observed, modelled, keys, unit))


def taylor(
    frame: Any,
    *,
    observed: str = "observed",
    modelled: str = "modelled",
    model: str = "model",
) -> Analysis:
    """Taylor diagram: correlation as angle, spread relative to that of the observations as radius, and with both the centred error.

    Parameters:
        frame: a row a pair.
        observed: column of measured values.
        modelled: column of modelled values [same unit].
        model: column that names the model (or site, season …).

    Returns:
        data: model, n, r, ratio (standard deviation over that observed), error (centred RMSE over the same), x, y (place in the diagram).

    Raises:
        BilanError: a column is missing or no pair is left.

    Reference:
        Taylor, K.E. (2001): Journal of Geophysical Research 106, 7183–7192.

    Examples:
        >>> frame = pl.DataFrame({"observed": [1.0, 2.0, 3.0], "modelled": [2.0, 4.0, 6.0], "model": "a"})
        >>> taylor(frame).data.select("r", "ratio", "error").row(0)
        (1.0, 2.0, 1.0)
    """
    data = _moments(frame, observed, modelled, model).with_columns(
        error=(1 + pl.col("ratio") ** 2 - 2 * pl.col("ratio") * pl.col("r")).clip(0).sqrt(),
        x=pl.col("ratio") * pl.col("r"),
        y=pl.col("ratio") * (1 - pl.col("r") ** 2).clip(0).sqrt(),
    )
    reach = rounded_up(max(1.5, float(data["ratio"].max() or 1.0)))  # type: ignore[arg-type]
    lines = [_arc(reach, radius, 0.0, f"σ {radius:g}") for radius in (0.5, 1.0, 1.5) if radius <= reach]
    lines += [_arc(reach, radius, 1.0, f"E {radius:g}") for radius in (0.5, 1.0)]
    lines += [_ray(reach, share) for share in (0.3, 0.6, 0.8, 0.9, 0.95, 0.99)]
    grid = pl.concat(lines)
    title = Words("泰勒图", "Taylor diagram")
    x = Axis(Words("σ 模拟/σ 观测", "σ modelled / σ observed"), lower=min(0.0, float(data["x"].min() or 0.0)), upper=reach)  # type: ignore[arg-type]
    return Analysis(data=data, figure=_diagram(data, grid, title, x, Axis(lower=0.0, upper=reach), model))


def target(
    frame: Any,
    *,
    observed: str = "observed",
    modelled: str = "modelled",
    model: str = "model",
) -> Analysis:
    """Target diagram: bias upwards, centred error sideways (left when the model varies too little), both in observed standard deviations.

    Parameters:
        frame: a row a pair.
        observed: column of measured values.
        modelled: column of modelled values [same unit].
        model: column that names the model (or site, season …).

    Returns:
        data: model, n, r, ratio, x (signed centred RMSE / σ), y (bias / σ), distance (RMSE / σ; below 1 is better than the observed mean).

    Raises:
        BilanError: a column is missing or no pair is left.

    Reference:
        Jolliff, J.K. et al. (2009): Journal of Marine Systems 76, 64–82.

    Examples:
        >>> frame = pl.DataFrame({"observed": [1.0, 2.0, 3.0], "modelled": [2.0, 3.0, 4.0], "model": "a"})
        >>> round(target(frame).data["distance"].item(), 4)
        1.2247
    """
    data = _moments(frame, observed, modelled, model)
    error = (1 + pl.col("ratio") ** 2 - 2 * pl.col("ratio") * pl.col("r")).clip(0).sqrt()
    sign = pl.when(pl.col("ratio") < 1).then(-1.0).otherwise(1.0)
    data = data.with_columns(x=sign * error, y=pl.col("bias") / pl.col("sigma"))
    data = data.with_columns(distance=(pl.col("x") ** 2 + pl.col("y") ** 2).sqrt()).drop("bias", "sigma")
    grid = pl.concat([_circle(radius) for radius in (0.5, 1.0)])
    reach = rounded_up(max(1.2, float(data["distance"].max() or 1.0)))  # type: ignore[arg-type]
    title = Words("目标图", "Target diagram")
    x = Axis(Words("中心化均方根误差/σ", "Signed centred RMSE / σ"), lower=-reach, upper=reach)
    y = Axis(Words("偏差/σ", "Bias / σ"), lower=-reach, upper=reach)
    return Analysis(data=data, figure=_diagram(data, grid, title, x, y, model))


def _moments(frame: Any, observed: str, modelled: str, model: str) -> pl.DataFrame:
    rows = prepared(frame, [observed, modelled], keep=[model]).drop_nulls([observed, modelled])
    seen, told = pl.col(observed), pl.col(modelled)
    return (
        enough(rows, 2, modelled)
        .group_by(model, maintain_order=True)
        .agg(
            pl.len().alias("n"),
            pl.corr(observed, modelled).alias("r"),
            (told.std(ddof=0) / seen.std(ddof=0)).alias("ratio"),
            (told.mean() - seen.mean()).alias("bias"),
            seen.std(ddof=0).alias("sigma"),
        )
    )


def _diagram(data: pl.DataFrame, grid: pl.DataFrame, title: Words, x: Axis, y: Axis, model: str) -> Figure:
    """Models as points over grey lines; the lines stand in the same frame as rows of their own."""
    drawn = pl.concat([grid.with_columns(kind=pl.lit("grid")), data.with_columns(kind=pl.lit("model"))], how="diagonal_relaxed")
    groups = tuple((str(line), Words()) for line in grid["line"].unique(maintain_order=True))
    grey = ("#b8c4ce",)
    lines = Layer("line", x="x", y="y", by="line", groups=groups, smooth=True, width=0.8, colours=grey, where=(("kind", "grid"),))
    ends = grid.group_by("line", maintain_order=True).last().with_columns(kind=pl.lit("label"))
    drawn = pl.concat([drawn, ends], how="diagonal_relaxed")
    labels = Layer("text", x="x", y="y", text="line", where=(("kind", "label"),))
    points = Layer("point", x="x", y="y", by=model, where=(("kind", "model"),))
    return Figure(title=title, data=drawn, x=x, y=y, equal=True, layers=(lines, labels, points))


def _arc(reach: float, radius: float, around: float, name: str) -> pl.DataFrame:
    """Half a circle around a place of the first axis, as far as the diagram reaches."""
    turn = np.linspace(0, np.pi, 91)
    x, y = around + radius * np.cos(turn), radius * np.sin(turn)
    keep = (np.hypot(x, y) <= reach + 1e-9) & (x >= -1e-9)
    return pl.DataFrame({"x": x[keep], "y": y[keep], "line": name})


def _ray(reach: float, share: float) -> pl.DataFrame:
    return pl.DataFrame({"x": [0.0, reach * share], "y": [0.0, reach * (1 - share**2) ** 0.5], "line": f"r {share:g}"})


def _circle(radius: float) -> pl.DataFrame:
    turn = np.linspace(0, 2 * np.pi, 121)
    return pl.DataFrame({"x": radius * np.cos(turn), "y": radius * np.sin(turn), "line": f"RMSE {radius:g}"})


def _scatter(rows: pl.DataFrame, observed: str, modelled: str, keys: list[str], unit: str) -> Figure:
    step = max(1, rows.height // _SHOWN)
    points = rows.gather_every(step).with_columns(kind=pl.lit("pair"))
    reach = rounded_up(float(max(rows[observed].max() or 1.0, rows[modelled].max() or 1.0)))  # type: ignore[arg-type]
    lines = pl.DataFrame(
        [{observed: end, modelled: end * slope, "kind": f"{slope:g}"} for slope in (0.5, 1.0, 2.0) for end in (0.0, reach)]
    )
    data = pl.concat([points, lines], how="diagonal_relaxed")
    guides = [
        Layer("line", x=observed, y=modelled, smooth=True, dashed=slope != 1, colours=("#6b7280",), where=(("kind", f"{slope:g}"),))
        for slope in (0.5, 1.0, 2.0)
    ]
    cloud = Layer("point", x=observed, y=modelled, by=keys[0] if keys else "", where=(("kind", "pair"),))
    x = Axis(Words("观测", "Observed"), unit, lower=0.0, upper=reach)
    y = Axis(Words("模拟", "Modelled"), unit, lower=0.0, upper=reach)
    return Figure(title=Words("模拟与观测", "Modelled and observed"), data=data, x=x, y=y, equal=True, layers=(*guides, cloud))
