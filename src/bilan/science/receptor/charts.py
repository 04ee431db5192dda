"""Profiles and contributions as figures."""

from __future__ import annotations

import polars as pl

from bilan.science.figures import Axis, Figure, Layer, Specification, Words
from bilan.science.receptor.bootstrap import Bootstrap
from bilan.science.receptor.displacement import Displacement
from bilan.science.receptor.solution import Solution

LEFT, WIDE = 1, 2


def profile_figure(solution: Solution, unit: str = "") -> Figure:
    """Draw the profile of each factor beside the share of each species that it brings.

    Parameters:
        solution: what `pmf` gives.
        unit: unit of the concentrations, for the axis.

    Examples:
        >>> given = pl.DataFrame({"day": [1, 2, 3], "so4": [4.0, 8.0, 6.0], "no3": [2.0, 4.1, 3.0]})
        >>> from bilan.science import receptor
        >>> found = receptor.pmf(receptor.speciation(given, given.with_columns(so4=0.4, no3=0.2)), 1, seeds=1)
        >>> len(receptor.profile_figure(found, "µg/m³").parts)
        2
    """
    table = solution.profiles()
    parts = []
    for factor in range(1, solution.factors + 1):
        rows = table.filter(pl.col("factor") == factor)
        name = Words(f"因子 {factor}", f"Factor {factor}")
        across = Axis(kind="category", categories=tuple((species, Words(en=species)) for species in solution.data.species))
        amount = Axis(Words("浓度", "Concentration"), unit, lower=0.0)
        share = Axis(Words("占该组分", "Share of the species"), lower=0.0, upper=1.0)
        parts.append(Specification(title=name, data=rows, layers=(Layer("bar", x="species", y="concentration"),), x=across, y=amount))
        parts.append(Specification(title=name, data=rows, layers=(Layer("bar", x="species", y="share_of_species"),), x=across, y=share))
    return Figure(title=Words("因子谱", "Profiles of the factors"), data=table, parts=parts, columns=WIDE)


def contribution_figure(solution: Solution, total: str | None = None, unit: str = "") -> Figure:
    """Draw what each factor brings to each sample, in order of the samples.

    Parameters:
        solution: what `pmf` gives.
        total: the species in whose unit contributions are told; multiples of the mean when not told.
        unit: its unit, for the axis.

    Examples:
        >>> given = pl.DataFrame({"day": [1, 2, 3], "so4": [4.0, 8.0, 6.0], "no3": [2.0, 4.1, 3.0]})
        >>> from bilan.science import receptor
        >>> found = receptor.pmf(receptor.speciation(given, given.with_columns(so4=0.4, no3=0.2)), 1, seeds=1)
        >>> len(receptor.contribution_figure(found).parts)
        1
    """
    table = solution.contributions(total)
    key = table.columns[0]
    kind = "time" if table[key].dtype.is_temporal() else "category"
    across = (
        Axis(kind="time") if kind == "time" else Axis(kind="category", categories=tuple((str(v), Words(en=str(v))) for v in table[key]))
    )
    amount = Axis(Words("贡献", "Contribution") if total else Words("贡献（平均为 1）", "Contribution (mean 1)"), unit, lower=0.0)
    parts = [
        Specification(
            title=Words(f"因子 {factor}", f"Factor {factor}"),
            data=table.select(key, f"factor_{factor}"),
            layers=(Layer("line", x=key, y=f"factor_{factor}", smooth=True),),
            x=across,
            y=amount,
        )
        for factor in range(1, solution.factors + 1)
    ]
    return Figure(title=Words("因子贡献", "Contributions of the factors"), data=table, parts=parts, columns=LEFT)


def uncertainty_figure(solution: Solution, drawn: Bootstrap | None = None, moved: Displacement | None = None, rise: float = 4.0) -> Figure:
    """Draw how far each element of the profiles is held: its share of the species, the spread of the bootstrap, the interval of DISP.

    Parameters:
        solution: what `pmf` gives.
        drawn: what `bootstrap` gives; its 5th to 95th percentile is a broad stroke.
        moved: what `displacement` gives; its interval at `rise` is a narrow stroke.
        rise: which allowed rise of Q is drawn.

    Examples:
        >>> from bilan.science import receptor
        >>> given = pl.DataFrame({"day": [1, 2, 3, 4], "so4": [3.0, 5.0, 4.0, 8.0], "no3": [1.0, 2.0, 1.5, 3.0]})
        >>> found = receptor.pmf(receptor.speciation(given, given.with_columns(so4=0.5, no3=0.2)), 1, seeds=1)
        >>> receptor.uncertainty_figure(found, moved=receptor.displacement(found)).data.columns
        ['factor', 'species', 'share', 'p5', 'p95', 'low', 'high']
    """
    table = solution.profiles().select("factor", "species", "concentration", share=100 * pl.col("share_of_species"))
    whole = (pl.col("concentration").sum().over("species") / 100).alias("whole")
    none = pl.lit(None, dtype=pl.Float64)
    table = table.with_columns(whole)
    keys = ["factor", "species"]
    if drawn is not None:
        table = table.join(drawn.profiles.select(pl.col("factor").cast(pl.Int64), "species", "p5", "p95"), on=keys, how="left")
    if moved is not None:
        ends = moved.intervals.filter(pl.col("rise") == rise).select(pl.col("factor").cast(pl.Int64), "species", "low", "high")
        table = table.join(ends, on=keys, how="left")
    bounds = [name for name in ("p5", "p95", "low", "high") if name in table.columns]
    table = table.with_columns((pl.col(name) / pl.col("whole")).fill_nan(None).alias(name) for name in bounds)
    table = table.with_columns(none.alias(name) for name in ("p5", "p95", "low", "high") if name not in bounds)
    data = table.select("factor", "species", "share", "p5", "p95", "low", "high")
    across = Axis(kind="category", categories=tuple((species, Words(en=species)) for species in solution.data.species))
    strokes = []
    if drawn is not None:
        name = Words("重抽样 5–95%", "Bootstrap 5–95 %")
        strokes.append(Layer("range", x="species", lower="p5", upper="p95", width=4.0, colours=("#86b7e4",), name=name))
    if moved is not None:
        name = Words(f"位移 dQmax={rise:g}", f"Displacement dQmax = {rise:g}")
        strokes.append(Layer("range", x="species", lower="low", upper="high", width=1.2, colours=("#be185d",), name=name))
    strokes.append(Layer("point", x="species", y="share", colours=("#16242f",), name=Words("基础解", "Base")))
    parts = [
        Specification(
            title=Words(f"因子 {factor}", f"Factor {factor}"),
            data=data.filter(pl.col("factor") == factor),
            layers=tuple(strokes),
            x=across,
            y=Axis(Words("占该组分", "Share of the species"), "%", lower=0.0),
        )
        for factor in range(1, solution.factors + 1)
    ]
    return Figure(title=Words("因子谱的不确定性", "How far the profiles are held"), data=data, parts=parts, columns=LEFT)
