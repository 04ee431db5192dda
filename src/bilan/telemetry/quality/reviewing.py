"""Checks on whole hours of many parameters at once: range, rate of change, persistence, consistency."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from bilan.pack import quality as pack
from bilan.pack.quality import Combination, CrossRule, PersistenceRule, RateRule
from bilan.pack.vocab import vocabulary
from bilan.telemetry.quality.check import Check
from bilan.telemetry.quality.limits import plausible

_KEYS = ("point", "start")
_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Review:
    """What a review found.

    Attributes:
        bits: `point`, `start` and one `Int32` column a parameter, named as in the frame that was reviewed: bits of `Check`.
        findings: one row a value and rule that it broke: `point`, `start`, `parameter` (name as in the frame), `value`,
            `check` (bit), `rule`, `zh`, `en`.
    """

    bits: pl.DataFrame
    findings: pl.DataFrame


@dataclass(frozen=True, slots=True)
class _Finding:
    column: str
    check: Check
    rule: str
    zh: str
    en: str
    broken: pl.Expr


def review(frame: pl.DataFrame, network: str, *, city_pack: Path | None = None) -> Review:
    """Review hourly means of one network.

    Args:
        frame: `point`, `start` (naive datetime or seconds), and one column a parameter, named by factor code or science
            column; other columns are left alone. Rows in any order.
        network: whose rules apply.
        city_pack: pack folder of the city.

    Returns:
        Bits and findings; rows of `bits` stand as in `frame`.

    Raises:
        BilanError: unknown network, or its rules are wrong.

    Examples:
        >>> from datetime import datetime
        >>> frame = pl.DataFrame({"point": ["A"], "start": [datetime(2026, 3, 1)], "pm25": [90.0], "pm10": [60.0]})
        >>> review(frame, "air").bits["pm25"].to_list()
        [8]
    """
    rules = pack.rules(network, city_pack)
    names = _names(frame)
    values = frame.select(
        pl.int_range(pl.len()).alias("_row"), *_KEYS, **{column: pl.col(name).cast(pl.Float64) for column, name in names.items()}
    ).sort("point", "start", maintain_order=True)
    seconds = values["start"] if values["start"].dtype.is_integer() else values["start"].dt.epoch("s")
    values = values.with_columns(seconds.alias("_seconds"))
    checks: list[_Finding] = []
    for column in names:
        checks += _single(column, rules)
    for rule in rules.crosses:
        if set(rule.columns) <= set(names):
            checks += _cross(rule)
    marked = values.with_columns(check.broken.fill_null(False).alias(f"_{index}") for index, check in enumerate(checks))
    return Review(_bits(marked, checks, names), _findings(marked, checks, names))


def _names(frame: pl.DataFrame) -> dict[str, str]:
    """Science column → name in the frame, of every column that is a parameter."""
    known = vocabulary().by_code
    columns = {parameter.column for parameter in known.values()}
    return {known[name].column if name in known else name: name for name in frame.columns if name in known or name in columns}


def _single(column: str, rules: pack.NetworkRules) -> list[_Finding]:
    checks = []
    lower, upper = plausible(vocabulary().by_column(column), rules)
    value = pl.col(column)
    outside = [] if lower is None else [value < lower]
    outside += [] if upper is None else [value > upper]
    if outside:
        span = f"{'' if lower is None else f'{lower:g}'} – {'' if upper is None else f'{upper:g}'}"
        checks.append(_Finding(column, Check.RANGE, "range", f"合理范围 {span}", f"plausible range {span}", pl.any_horizontal(outside)))
    if rate := rules.rates.get(column):
        checks.append(_rate(rate))
    if persistence := rules.persistences.get(column):
        checks.append(_persistence(persistence))
    return checks


def _rate(rule: RateRule) -> _Finding:
    """The later of two values that follow each other too fast; hours without a value in between are bridged up to `hours`."""
    value = pl.col(rule.column)
    filled = value.forward_fill().shift(1).over("point")
    when = pl.when(value.is_not_null()).then("_seconds").forward_fill().shift(1).over("point")
    change = (value - filled).abs()
    broken = (change > rule.change) & (change > rule.ratio * pl.min_horizontal(value.abs(), filled.abs()))
    near = pl.col("_seconds") - when <= rule.hours * _HOUR
    zh, en = f"{rule.hours:g} 小时内变化超过 {rule.change:g}", f"changes by more than {rule.change:g} within {rule.hours:g} h"
    return _Finding(rule.column, Check.RATE, "rate", zh, en, broken & near)


def _persistence(rule: PersistenceRule) -> _Finding:
    """Every value of a run of equal ones that is too long; a missing hour ends a run."""
    value = pl.col(rule.column)
    step = (value - value.shift(1)).abs() <= rule.tolerance
    next_hour = pl.col("_seconds") - pl.col("_seconds").shift(1) == _HOUR
    same = (step & next_hour).fill_null(False)
    run = (~same).cast(pl.Int32).cum_sum().over("point")
    long = pl.len().over("point", run) >= rule.hours
    wanted = value > rule.above if rule.above is not None else value.is_not_null()
    zh, en = f"{rule.hours} 小时及以上数值不变", f"the same value for {rule.hours} h or longer"
    return _Finding(rule.column, Check.PERSISTENCE, "persistence", zh, en, long & wanted)


def _cross(rule: CrossRule) -> list[_Finding]:
    left, right = _sum(rule.left), _sum(rule.right)
    allowed = rule.absolute + rule.relative * right.abs()
    broken = left - right > allowed if rule.operator == "<=" else (left - right).abs() > allowed
    return [_Finding(column, Check.CROSS, rule.id, rule.zh, rule.en, broken) for column in dict.fromkeys(rule.columns)]


def _sum(combination: Combination) -> pl.Expr:
    first, *more = [pl.col(column) * factor for column, factor in combination.terms]
    for term in more:
        first = first + term
    return first


def _bits(marked: pl.DataFrame, checks: list[_Finding], names: dict[str, str]) -> pl.DataFrame:
    columns = []
    for column, name in names.items():
        total = pl.lit(0, pl.Int32)
        for check in Check:
            own = [f"_{index}" for index, entry in enumerate(checks) if entry.column == column and entry.check == check]
            if own:
                total = total + pl.any_horizontal(own).cast(pl.Int32) * int(check)
        columns.append(total.alias(name))
    return marked.sort("_row").select(*_KEYS, *columns)


def _findings(marked: pl.DataFrame, checks: list[_Finding], names: dict[str, str]) -> pl.DataFrame:
    parts = [
        marked.filter(f"_{index}").select(
            *_KEYS,
            pl.lit(names[entry.column]).alias("parameter"),
            pl.col(entry.column).alias("value"),
            pl.lit(int(entry.check), pl.Int32).alias("check"),
            pl.lit(entry.rule).alias("rule"),
            pl.lit(entry.zh).alias("zh"),
            pl.lit(entry.en).alias("en"),
        )
        for index, entry in enumerate(checks)
    ]
    if parts:
        return pl.concat(parts).sort("point", "start", "parameter", "rule")
    empty = {"parameter": pl.String, "value": pl.Float64, "check": pl.Int32, "rule": pl.String, "zh": pl.String, "en": pl.String}
    return pl.DataFrame(schema={"point": pl.String, "start": marked.schema["start"], **empty})
