"""Noise of factories, building sites and trade at their boundary: correction for background, limits, night maxima."""

from __future__ import annotations

from collections.abc import Mapping

import narwhals as nw

from bilan.problems import BilanError, Problem, nearest
from bilan.science.engine import AnyFrame, Native, need, run, with_missing
from bilan.science.rounding import half_even
from bilan.science.standards.noise.limits import BOUNDARIES, NoiseLimit, boundary_limits, peaks, rule_value
from bilan.science.standards.noise.zones import zone_of
from bilan.science.standards.water.main_pollutants import joined

_STEPS = (("background-3", 3), ("background-4", 4), ("background-6", 6))
"""Correction → least difference of source and background from which it holds [dB]."""
_NONE_ABOVE = 10
CORRECTION = "noise_rules background"
_SUDDEN: Mapping[str, str] = {"frequent": "night_frequent_peak", "sporadic": "night_sporadic_peak"}


def judge_boundary(frame: Native, standard: str = "GB 12348", *, zone_class: str = "zone_class") -> Native:
    """Judge the sound of a source at its boundary.

    Parameters:
        frame: one row a measurement: ``leq`` [dB(A)], ``period`` (``day`` or ``night``; 昼间, 夜间), the zone outside the boundary
            (not for building sites); optional ``background`` [dB(A)], ``lmax`` [dB(A)] of nights with ``sudden`` (``frequent`` or
            ``sporadic``; sporadic when empty).
        standard: ``GB 12348``, ``GB 12523`` or ``GB 22337``; the version in force today.
        zone_class: column of the zone: 0 to 4.

    Returns:
        The frame with ``level`` (corrected, whole decibels), ``limit_leq``, ``limit_lmax`` [dB(A)], ``factor_leq``, ``factor_lmax``
        (decibels above the limit), ``main``, ``attained``, ``standard``, ``version``, ``valid``, ``unverified``. A level within the
        limit needs no correction; over it, a source less than 3 dB above its background is not judged.

    Raises:
        BilanError: an unknown standard, or a column is missing.

    Reference:
        GB 12348-2008 4.1; GB 12523 4.1, 4.2; HJ 706-2014 5.2 to 5.4, 6.1.

    Examples:
        >>> import polars as pl
        >>> rows = {"period": ["day", "night", "night"], "zone_class": ["2", "2", "3"], "leq": [59.6, 53.2, 57.0]}
        >>> judge_boundary(pl.DataFrame(rows | {"background": [None, 48.0, 55.0]})).select("level", "limit_leq", "attained").rows()
        [(60.0, 60.0, True), (51.0, 50.0, False), (None, 55.0, None)]
    """
    if standard not in BOUNDARIES:
        close = nearest(standard, BOUNDARIES)
        raise BilanError(Problem("noise.unknown_standard", {"value": standard, "allowed": BOUNDARIES, "nearest": close}))
    return run(frame, lambda data: _judge(data, standard, zone_class))


def corrected(level: nw.Expr, background: nw.Expr) -> nw.Expr:
    """Level of a source without its background [dB(A)]; empty when it is less than 3 dB above it.

    Reference:
        HJ 706-2014 5.2 (noise_rules.csv background-10 to background-0; the steps of 3 to 10 dB unverified).
    """
    difference = (level - background).round(0)
    found: nw.Expr = nw.lit(None).cast(nw.Float64)
    for rule_id, least in _STEPS:
        found = nw.when(difference >= least).then(level + rule_value(rule_id)).otherwise(found)
    return nw.when(difference > _NONE_ABOVE).then(level).otherwise(found)


def _judge(data: AnyFrame, standard: str, zone_class: str) -> AnyFrame:
    sites = standard == "GB 12523"
    need(data, "leq", "period", *([] if sites else [zone_class]))
    limits, allowed = boundary_limits(standard), peaks(standard)
    data = with_missing(data, "background", "lmax")
    zone = nw.lit("all") if sites else nw.when(zone_of(zone_class).is_in(["4a", "4b"])).then(nw.lit("4")).otherwise(zone_of(zone_class))
    data = data.with_columns(
        _zone=zone, _period=_period(), _leq=nw.col("leq").cast(nw.Float64), _back=nw.col("background").cast(nw.Float64)
    )
    data = data.with_columns(limit_leq=_limit(limits))
    within = nw.col("_leq").round(0) <= nw.col("limit_leq")
    plain = within | nw.col("_back").is_null()
    level = nw.when(plain).then(nw.col("_leq")).otherwise(corrected(nw.col("_leq"), nw.col("_back")))
    apart = (nw.col("_leq") - nw.col("_back")).round(0)
    stepped = ~plain & (apart >= _STEPS[0][1]) & (apart <= _NONE_ABOVE)
    used = nw.when(stepped).then(nw.lit(CORRECTION)).otherwise(nw.lit(None).cast(nw.String))
    data = data.with_columns(level=half_even(level, 0), limit_lmax=_peak_limit(data, allowed))
    data = data.with_columns(factor_leq=_over("level", "limit_leq"), factor_lmax=_over("lmax", "limit_lmax"))
    met = (nw.col("level") <= nw.col("limit_leq")) & (nw.col("factor_lmax").is_null())
    row = next(iter(limits.values()))
    memory = nw.lit(row.standard if row.confidence == "memory_only" else None).cast(nw.String)
    names = [nw.when(~nw.col(f"factor_{name}").is_null()).then(nw.lit(said)) for name, said in (("leq", "Leq"), ("lmax", "Lmax"))]
    data = data.with_columns(
        main=joined(names), attained=met, standard=nw.lit(row.standard), version=nw.lit(row.version), valid=~met.is_null(),
        unverified=joined([memory, used]),
    )  # fmt: skip
    return data.drop("_zone", "_period", "_leq", "_back")


def _period() -> nw.Expr:
    text = nw.col("period").cast(nw.String).str.strip_chars()
    night = nw.when(text.is_in(["night", "夜间", "夜"])).then(nw.lit("night"))
    return nw.when(text.is_in(["day", "昼间", "昼"])).then(nw.lit("day")).otherwise(night)


def _limit(limits: Mapping[tuple[str, str], NoiseLimit]) -> nw.Expr:
    found: nw.Expr = nw.lit(None).cast(nw.Float64)
    for (zone, period), limit in limits.items():
        found = nw.when((nw.col("_zone") == zone) & (nw.col("_period") == period)).then(nw.lit(limit.limit)).otherwise(found)
    return found


def _peak_limit(data: AnyFrame, allowed: Mapping[str, NoiseLimit]) -> nw.Expr:
    none: nw.Expr = nw.lit(None).cast(nw.Float64)
    if not allowed:
        return none
    widest = max(entry.limit for entry in allowed.values())
    above: nw.Expr = nw.lit(widest)
    if "sudden" in data.collect_schema().names():
        for word, name in _SUDDEN.items():
            if name in allowed:
                above = nw.when(nw.col("sudden") == word).then(nw.lit(allowed[name].limit)).otherwise(above)
    return nw.when(nw.col("_period") == "night").then(nw.col("limit_leq") + above).otherwise(none)


def _over(level: str, limit: str) -> nw.Expr:
    return nw.when(nw.col(level) > nw.col(limit)).then((nw.col(level).cast(nw.Float64) - nw.col(limit)).round(1))
