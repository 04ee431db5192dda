"""Doing an analysis: from material and settings to figures, numbers and facts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl

from bilan.pack.analyses import Analysis
from bilan.science import stats
from bilan.science.figures import Words
from bilan.science.figures.spec import DIRECTIONS
from bilan.science.stats.frames import named
from bilan.science.stats.panels import DAYLIGHT
from bilan.science.stats.periods import MONTHS, SEASONS, WEEKDAYS, WEEKENDS, season
from bilan.web.areas.analysis.factors import pmf
from bilan.web.areas.analysis.outcome import Fact, Outcome, number
from bilan.web.areas.analysis.reading import Material

Progress = Callable[[float], None]
Run = Callable[[Material, dict[str, Any], Progress], Outcome]
WEAK_SKILL, FAIR_SKILL = 0.3, 0.6
"""r² on weeks left out below which a normalised series should not be read, or only with care."""
UNREADABLE = Words(
    "模型解释不了这些数据：归一化的结果不要解读。", "The model does not explain these data: do not read the normalised series."
)
ENOUGH = 0.75
"""Share of valid values below which the reader is warned."""
PARTS = {words.en: words for _, words in (*SEASONS, *WEEKDAYS, *WEEKENDS, *MONTHS, *DAYLIGHT)} | {words.en: words for words in DIRECTIONS}
"""Words for the parts that rows are split by."""
THREADS = 1
"""Of the learner: the site keeps the other cores."""


def quietly(_share: float) -> None:
    """Progress that nobody looks at."""


def run(analysis: Analysis, material: Material, settings: dict[str, Any], progress: Progress = quietly) -> Outcome:
    """Do an analysis.

    Raises:
        BilanError: too little is left to analyse, or an extra is not installed.
    """
    return RUNS[analysis.name](material, settings, progress)


def _split(of: Material, settings: dict[str, Any]) -> dict[str, Any]:
    """What the functions that draw panels are told."""
    return {"by": "" if settings["by"] == "none" else settings["by"], "place": of.place}


def _variation(of: Material, settings: dict[str, Any], _progress: Progress) -> Outcome:
    plan = {"statistic": settings["statistic"], "normalise": settings["normalise"] == "yes", **_split(of, settings)}
    found = stats.time_variation(of.frame, list(of.columns), unit=of.unit, **plan)
    return Outcome((found.figure,), found.data, (_used(of),), names=PARTS)


def _proportion(of: Material, settings: dict[str, Any], _progress: Progress) -> Outcome:
    plan = {"by": settings["part"], "every": settings["every"], "normalise": settings["normalise"] == "yes", "place": of.place}
    found = stats.time_proportion(of.frame, of.columns[0], unit=of.unit, **plan)
    return Outcome((found.figure,), found.data, (_used(of),), names=PARTS)


def _coverage(of: Material, settings: dict[str, Any], _progress: Progress) -> Outcome:
    found = stats.coverage(of.frame, of.columns, every=settings["every"])
    worst: Any = found.data["missing_share"].max()
    facts = (
        Fact(Words("参数", "Parameters"), number(len(of.columns), 6)),
        Fact(Words("最高缺测率", "Most that is missing"), number(worst), "%", tone="ok" if worst <= 100 * (1 - ENOUGH) else "risk"),
    )
    periods = {"periods": (Words("各时段有效率", "Coverage of each period"), found.periods)}
    return Outcome((found.figure,), found.data, facts, names=_named(of.columns), tables=periods)


def _correlations(of: Material, settings: dict[str, Any], _progress: Progress) -> Outcome:
    found = stats.correlations(of.frame, of.columns, cluster=settings["cluster"] == "yes")
    return Outcome((found.figure,), found.data, (_used(of),), names=_named(of.columns))


def _relation(of: Material, settings: dict[str, Any], _progress: Progress) -> Outcome:
    up, across = of.columns
    plan = {"every": settings["every"], "least_r2": settings["least_r2"], "units": (of.second, of.unit)}
    found = stats.relation(of.frame, across, up, **plan)
    interval = Words(en=f"{found.lower:.3g} – {found.upper:.3g}")
    facts = (
        Fact(Words("斜率", "Slope"), number(found.slope)),
        Fact(Words("95%区间", "95 % interval"), interval),
        Fact(Words("截距", "Intercept"), number(found.intercept), of.unit),
        Fact(Words("r²", "r²"), number(found.r2)),
        Fact(Words("数据对", "Pairs"), number(found.count, 7)),
    )
    return Outcome((found.figure,), found.data, facts)


def _clusters(of: Material, settings: dict[str, Any], _progress: Progress) -> Outcome:
    found = stats.polar_clusters(of.frame, of.columns[0], clusters=int(settings["clusters"]), keep=("start",))
    top = found.data.row(0, named=True)
    facts = (
        Fact(Words("C1 均值", "Mean of C1"), number(top["mean"]), of.unit),
        Fact(Words("C1 占时数", "Hours of C1"), number(top["share"]), "%"),
        Fact(Words("C1 占总量", "Sum of C1"), number(top["share_of_value"]), "%"),
        _used(of),
    )
    hours = {"hours": (Words("各小时的类别", "Cluster of each hour"), found.hours)}
    return Outcome((found.figure,), found.data, facts, tables=hours)


def _named(columns: tuple[str, ...]) -> dict[str, Words]:
    return {column: named(column) for column in columns}


def _calendar(of: Material, settings: dict[str, Any], _progress: Progress) -> Outcome:
    found = stats.calendar(of.frame, of.columns[0], statistic=settings["statistic"], least=int(settings["least"]), unit=of.unit)
    days = found.data["value"].drop_nulls()
    mean: Any = days.mean()
    facts = (
        Fact(Words("有效天数", "Days with a value"), number(len(days), 6), "d"),
        Fact(Words("各日平均", "Mean of the days"), number(mean), of.unit),
    )
    return Outcome((found.figure,), found.data, (_used(of), *facts))


def _wind_rose(of: Material, settings: dict[str, Any], _progress: Progress) -> Outcome:
    found = stats.wind_rose(of.frame, sector=settings["sector"], calm=settings["calm"], **_split(of, settings))
    return _rose(of, found, "m/s")


def _pollution_rose(of: Material, settings: dict[str, Any], _progress: Progress) -> Outcome:
    plan = {"sector": settings["sector"], "calm": settings["calm"], "normalise": settings["normalise"] == "yes", **_split(of, settings)}
    found = stats.pollution_rose(of.frame, of.columns[0], unit=of.unit, **plan)
    return _rose(of, found, of.unit)


def _rose(of: Material, found: stats.Rose, unit: str) -> Outcome:
    facts = (Fact(Words("静风", "Calm"), number(found.calm), "%"), Fact(Words("平均", "Mean"), number(found.mean), unit))
    return Outcome((found.figure,), found.data, (_used(of), *facts), names=PARTS)


def _polar(of: Material, settings: dict[str, Any], _progress: Progress) -> Outcome:
    plan = {"statistic": settings["statistic"], "percentile": settings["percentile"], **_split(of, settings)}
    found = stats.polar_plot(of.frame, of.columns[0], unit=of.unit, **plan)
    unit = "" if settings["statistic"] == "probability" else of.unit
    facts = [
        Fact(Words("最高处风向", "Highest from"), number(found.direction, 4), "°"),
        Fact(Words("最高处风速", "at a speed of"), number(found.speed), "m/s"),
        Fact(Words("最高值", "Highest"), number(found.value), unit),
    ]
    if found.threshold:
        facts.append(Fact(Words("高值指高于", "High means above"), number(found.threshold[0]), of.unit))
    return Outcome((found.figure,), found.data, (_used(of), *facts), names=PARTS)


def _cpf(of: Material, settings: dict[str, Any], _progress: Progress) -> Outcome:
    found = stats.cpf(of.frame, of.columns[0], **{name: settings[name] for name in ("percentile", "sector", "calm")})
    facts = (
        Fact(Words("概率最高的来向", "Most likely from"), number(found.direction, 4), "°"),
        Fact(Words("高值指高于", "High means above"), number(found.threshold), of.unit),
        Fact(Words("总体概率", "Over all directions"), number(100 * found.overall), "%"),
    )
    return Outcome((found.figure,), found.data, (_used(of), *facts))


def _source(of: Material, settings: dict[str, Any], _progress: Progress) -> Outcome:
    found = stats.source_direction(
        of.frame, of.columns[0], spread=settings["spread"], calm=settings["calm"], resamples=int(settings["resamples"]), unit=of.unit
    )
    interval = Words(f"{found.lower:.0f}–{found.upper:.0f}", f"{found.lower:.0f}–{found.upper:.0f}")
    facts = (
        Fact(Words("来向", "From"), number(found.direction, 4), "°"),
        Fact(Words("95%区间（顺时针）", "95 % interval, clockwise"), interval, "°"),
        Fact(Words("集中程度（0–1）", "Sharpness, 0 to 1"), number(found.sharpness, 2)),
    )
    return Outcome((found.figure,), found.data, (_used(of), *facts))


def _trend(of: Material, settings: dict[str, Any], _progress: Progress) -> Outcome:
    found = stats.trend(
        of.frame,
        of.columns[0],
        period=settings["period"],
        completeness=settings["completeness"] / 100,
        resamples=int(settings["resamples"]),
        unit=of.unit,
    )
    interval = Words(en=f"{found.lower:.3g} – {found.upper:.3g}")
    way = {1: Words("上升", "rising"), -1: Words("下降", "falling"), 0: Words("不显著", "not significant")}[found.sign]
    facts = (
        Fact(Words("结论", "Verdict"), way, tone="quiet" if not found.sign else "info"),
        Fact(Words("每年变化", "Change a year"), number(found.slope), f"{of.unit}/a"),
        Fact(Words("95%区间", "95 % interval"), interval, f"{of.unit}/a"),
        Fact(Words("相对起点", "of the level at the start"), number(found.percent), "%/a"),
        Fact(Words("p（重抽样）", "p (bootstrap)"), number(found.p, 2)),
        Fact(Words("p（季节Kendall）", "p (seasonal Kendall)"), number(found.p_kendall, 2)),
    )
    return Outcome((found.figure,), found.data, (*facts, _used(of)))


def _smooth(of: Material, settings: dict[str, Any], _progress: Progress) -> Outcome:
    found = stats.smooth_trend(
        of.frame,
        of.columns[0],
        period=settings["period"],
        completeness=settings["completeness"] / 100,
        deseason=settings["deseason"] == "yes",
        unit=of.unit,
    )
    facts = (Fact(Words("自由度（2为直线）", "Degrees of freedom (2 is a line)"), number(found.freedom)), _used(of))
    return Outcome((found.figure,), found.data, facts)


def _normalise(of: Material, settings: dict[str, Any], progress: Progress) -> Outcome:
    found = stats.normalise_weather(
        of.frame,
        of.columns[0],
        window=int(settings["window"]),
        resamples=int(settings["resamples"]),
        rounds=int(settings["rounds"]),
        threads=THREADS,
        unit=of.unit,
        progress=progress,
    )
    tone = "bad" if found.r2 < WEAK_SKILL else "risk" if found.r2 < FAIR_SKILL else "ok"
    facts = (
        Fact(Words("r²（留出整周）", "r² on weeks left out"), number(found.r2), tone=tone),
        Fact(Words("均方根误差", "RMSE"), number(found.rmse), of.unit),
        _used(of),
    )
    notes = (UNREADABLE,) if found.r2 < WEAK_SKILL else ()
    return Outcome((found.figure,), found.months, facts, notes)


def _evaluation(of: Material, settings: dict[str, Any], _progress: Progress) -> Outcome:
    seen, *told = of.columns
    base = of.frame.select("start", pl.col(seen).alias("observed"), *told)
    parts = [base.select("start", "observed", pl.col(name).alias("modelled"), pl.lit(name).alias("model")) for name in told]
    pairs = pl.concat(parts).drop_nulls(["observed", "modelled"])
    keys = ["model"]
    if settings["split"] == "season":
        pairs, keys = pairs.with_columns(season("start").cast(pl.String).alias("season")), ["model", "season"]
    table = stats.model_statistics(pairs, by=keys, unit=of.unit)
    cloud = stats.model_statistics(pairs, by="model", unit=of.unit).figure
    figures = (cloud, stats.taylor(pairs).figure, stats.target(pairs).figure)
    facts = (Fact(Words("观测", "Observed"), Words(en=seen)), Fact(Words("数据对", "Pairs"), number(pairs.height, 7)))
    return Outcome(figures, table.data, facts)


def _used(of: Material) -> Fact:
    """How much of what there could be was there."""
    share = of.count / of.expected if of.expected else 0.0
    told = Words(f"{of.count}（{share:.0%}）", f"{of.count} ({share:.0%})")
    return Fact(Words("有效数据", "Valid values"), told, tone="" if share >= ENOUGH else "risk")


RUNS: dict[str, Run] = {
    "time-variation": _variation,
    "time-proportion": _proportion,
    "coverage": _coverage,
    "calendar": _calendar,
    "wind-rose": _wind_rose,
    "pollution-rose": _pollution_rose,
    "polar-plot": _polar,
    "polar-clusters": _clusters,
    "cpf": _cpf,
    "source-direction": _source,
    "trend": _trend,
    "smooth-trend": _smooth,
    "normalise": _normalise,
    "correlations": _correlations,
    "relation": _relation,
    "model-evaluation": _evaluation,
    "pmf": pmf,
}
"""Declared analyses → what does them."""
