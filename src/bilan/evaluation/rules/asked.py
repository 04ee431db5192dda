"""Rules about frames that the caller gives: entries of registers, terms, indicators, forecasts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import polars as pl

from bilan.evaluation.rules import rowwise
from bilan.evaluation.rules.context import Context, day_of
from bilan.evaluation.rules.findings import Collected
from bilan.evaluation.rules.points import Points
from bilan.pack.rules import Kind, RuleSpec, Subject, walk
from bilan.pack.rules.columns import TERMS
from bilan.pack.rules.language import Name
from bilan.problems import Problem
from bilan.telemetry.store import Store

TERMS_FRAME = "terms"
_ENTRY_META = ("name", "district", "organisation")


def evaluate(store: Store, specs: Iterable[RuleSpec], now: int, context: Context) -> Collected:
    """Judge rules about what the caller's frames hold.

    Args:
        store: where points are, for forecasts.
        specs: rules about entries, terms, indicators or forecasts.
        now: time of the evaluation [s of the wall clock].
        context: its `frames`.
    """
    found, points, today = Collected(), Points(store), day_of(now)
    for spec in specs:
        for key in keys(spec):
            given = context.frames.get(key)
            if given is None:
                found.problems.append(Problem("rules.no_frame", {"value": spec.rule, "allowed": key}))
            elif given.height:
                found.add(rowwise.evaluate(spec, _frame(spec, key, given, points, today), now, today))
    return found


def keys(spec: RuleSpec) -> list[str]:
    """Names of the frames that a rule looks at.

    Examples:
        >>> from bilan.pack.rules import load
        >>> keys(load()["air-hour-heavy"])
        []
    """
    match spec.subject:
        case Subject.ENTRIES:
            return [f"entries:{name}" for name in spec.where.registers]
        case Subject.TERMS:
            return [TERMS_FRAME]
        case Subject.INDICATORS | Subject.FORECASTS:
            return [f"{spec.subject.value}:{name}" for name in spec.where.names] or [spec.subject.value]
    return []


def _frame(spec: RuleSpec, key: str, given: pl.DataFrame, points: Points, today: date) -> pl.DataFrame:
    """The caller's frame with typed columns and what tells each row's source."""
    kinds = {part.name: Kind.ANY for formula in spec.formulas for part in walk(formula.node) if isinstance(part, Name)}
    if spec.subject is Subject.TERMS:
        kinds = dict(TERMS)
    frame = rowwise.typed(given, {name: kind for name, kind in kinds.items() if name != "today"})
    frame = frame.with_columns(pl.lit(today).alias("today"))
    match spec.subject:
        case Subject.ENTRIES:
            return _entries(frame, key.partition(":")[2])
        case Subject.TERMS:
            return _terms(frame, spec)
        case Subject.FORECASTS:
            return _forecasts(frame, key, spec, points)
    return _told(frame, key)


def _entries(frame: pl.DataFrame, register: str) -> pl.DataFrame:
    meta = [_text(frame, name).alias(f"@{name}") for name in _ENTRY_META]
    return frame.with_columns(
        pl.concat_str(pl.lit(f"{register}|"), _text(frame, "code")).alias("@source"),
        pl.lit(register).alias("@register"),
        _text(frame, "code").alias("@code"),
        *meta,
    )


def _terms(frame: pl.DataFrame, spec: RuleSpec) -> pl.DataFrame:
    chosen = frame.filter(pl.col("register").is_in(list(spec.where.registers))) if spec.where.registers else frame
    parts = pl.concat_str([_text(chosen, name).fill_null("") for name in ("register", "code", "term")], separator="|")
    names = ("register", "code", *_ENTRY_META)
    return chosen.with_columns(parts.alias("@source"), *(_text(chosen, name).alias(f"@{name}") for name in names))


def _forecasts(frame: pl.DataFrame, key: str, spec: RuleSpec, points: Points) -> pl.DataFrame:
    where = spec.where
    if where.networks or where.points:
        codes = [point.code for found in points.of(spec).values() for point in found]
        frame = frame.filter(pl.col("point").is_in(codes))
    if where.parameters and "parameter" in frame.columns:
        frame = frame.filter(pl.col("parameter").is_in(list(where.parameters)))
    return _told(frame, key, points)


def _told(frame: pl.DataFrame, key: str, points: Points | None = None) -> pl.DataFrame:
    """Sources of rows that say themselves what they are about: by ``source``, else by point and parameter, register and code, or name."""
    present = [name for name in rowwise.META if name in frame.columns]
    if "source" in frame.columns:
        named = _text(frame, "source")
    else:
        parts = [_text(frame, name).fill_null("") for name in ("point", "parameter", "register", "code", "name") if name in frame.columns]
        named = pl.concat_str([pl.lit(key.replace(":", "|")), *parts], separator="|")
    made = [named.alias("@source"), *(_text(frame, name).alias(f"@{name}") for name in present if name != "source")]
    if "moment" in frame.columns:
        made.append(_seconds(frame).alias("@moment"))
    found = frame.with_columns(made)
    if points is None or "point" not in frame.columns:
        return found
    rows = [(code, point.network, point.district, point.name_zh) for code, point in points.by_code.items()]
    about = pl.DataFrame(rows, schema=["@point", "@network", "@district", "@name"], orient="row")
    return found.drop([name for name in ("@network", "@district", "@name") if name in found.columns]).join(about, on="@point", how="left")


def _text(frame: pl.DataFrame, name: str) -> pl.Expr:
    return pl.col(name).cast(pl.String) if name in frame.columns else pl.lit(None, dtype=pl.String)


def _seconds(frame: pl.DataFrame) -> pl.Expr:
    kind = frame.schema["moment"]
    return pl.col("moment").cast(pl.Datetime("us")).dt.epoch("s") if kind.is_temporal() else pl.col("moment").cast(pl.Int64, strict=False)
