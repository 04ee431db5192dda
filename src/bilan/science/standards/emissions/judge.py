"""Rows judged by the emission standards: converted, compared with the limit that holds for their source and day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import narwhals as nw

from bilan.problems import BilanError, Problem
from bilan.science.engine import AnyFrame, Native, run
from bilan.science.rounding import snap
from bilan.science.standards.emissions.cases import CASE, Case, by_case, cases, unverified, with_case
from bilan.science.standards.emissions.limits import AVERAGINGS, Averaging, Limit, limits_of
from bilan.science.standards.emissions.marks import VALID, least_hours, status_of
from bilan.science.standards.emissions.oxygen import converted, oxygen_rule
from bilan.science.standards.emissions.sources import known_source, sources

WITHIN, OVER = 1, 2
"""Classes: within the limit, over it."""
OXYGEN_HIGH, OXYGEN_MISSING, NO_LIMIT = "oxygen_high", "oxygen_missing", "no_limit"
"""Why something that was measured is not judged."""
WARM_ABOVE = 12.0
"""Water temperature [°C] that chooses between the two limits of ammonia nitrogen (GB 18918-2002 Table 1, note)."""
_NOISE = 1 + 1e-12
_TOO_MUCH = 1e30


def judge(
    frame: Native,
    source: str | None = None,
    *,
    averaging: Averaging = "hour",
    conditions: Sequence[str] = (),
    items: Sequence[str] | None = None,
    permits: Mapping[str, float] | None = None,
) -> Native:
    """Judge every row of a frame by the limits of its source.

    Parameters:
        frame: one row a moment: items under their science names (``so2``, ``nox``, ``dust`` [mg/m³ of dry gas]; ``cod``, ``nh3n`` [mg/L]),
            and as far as there are: ``start`` (naive; the limits in force on that day then apply), ``source`` (key, where `source` is not
            given), ``o2`` [%] for standards with a reference oxygen, ``reference_o2`` [%] in place of the standard's, ``flag``, ``state``,
            ``running`` or ``status`` (see `with_status`), ``wt`` [°C] for ammonia nitrogen, ``limit_<item>`` in place of the standard's.
        source: key of the source of all rows (see `sources`).
        averaging: what the rows are: ``hour``, ``day``, ``instant``, ``sample`` or ``five_minutes``.
        conditions: conditions that choose between limits (see `conditions`); where one that decides is not told, the strictest limit holds.
        items: items to be judged; all known ones of the frame when not given.
        permits: item → limit of a permit [unit of the item], in place of the standard's.

    Returns:
        The frame with ``converted_<item>`` (where a reference oxygen applies), ``limit_<item>``, ``class_<item>`` (1 within, 2 over; empty
        where not judged), ``factor_<item>`` (times over the limit; empty when within), ``grade`` (worst class), ``main`` (symbols over
        the limit, joined by commas), ``deciding`` (the same as ``main``), ``attained``, ``items`` (how many were judged),
        ``unjudged`` (measured, but the limit is not known or nothing could be converted), ``unjudged_why`` (what is true of one of them
        first: ``oxygen_high``, more than `oxygen_rule` allows; ``oxygen_missing``; ``no_limit``), ``assumed`` (limit taken as the
        strictest of several), ``unverified`` (limit from recollection only), ``standard``, ``version``, ``status``, ``valid``.

    Raises:
        BilanError: no item, or an unknown source, averaging or condition.

    Reference:
        GB 13223-2011, GB 13271-2014, GB 18485-2014, GB 18918-2002, GB 25464-2010, GB 28662-2012, GB 28664-2012, GB 16297-1996;
        HJ 75-2017 10.2

    Examples:
        >>> import polars as pl
        >>> rows = pl.DataFrame({"so2": [90.0, 30.0], "nox": [40.0, 40.0], "o2": [7.0, 11.0]})
        >>> judge(rows, "gb13223-coal-special").select("converted_so2", "factor_so2", "main", "attained").rows()
        [(96.42857142857143, 0.928571, 'SO2', False), (45.0, None, '', True)]
    """
    return run(frame, lambda data: judged(data, source, averaging, conditions, items, permits or {}))


def judged(
    data: AnyFrame,
    source: str | None,
    averaging: Averaging,
    conditions: Sequence[str],
    wanted: Sequence[str] | None,
    permits: Mapping[str, float],
) -> AnyFrame:
    """Judge a narwhals frame (see `judge`)."""
    names = data.collect_schema().names()
    found = cases(data, source, averaging, conditions)
    known = {**_catalogue(), **{item: entry for case in found for item, entry in _first(case).items()}}
    items = [item for item in known if item in names and item not in _CONTEXT and (wanted is None or item in wanted)]
    if not items:
        raise BilanError(Problem("emissions.no_items", {"allowed": tuple(known)}))
    limited = [item for item in items if item in permits or f"limit_{item}" in names or any(item in case.choices for case in found)]
    ready = _with_limits(status_of(with_case(data, found, source is not None)), found, limited, permits, names)
    ready = _with_values(ready, found, limited, names)
    return _with_verdict(ready, found, items, limited, {item: known[item].symbol for item in items}, names)


_CONTEXT = ("o2", "wt", "gas_flow", "flow")


def _catalogue() -> dict[str, Limit]:
    found: dict[str, Limit] = {}
    for key in sources():
        for averaging in AVERAGINGS:
            for entry in limits_of(key, averaging):
                found.setdefault(entry.item, entry)
    return found


def _first(case: Case) -> dict[str, Limit]:
    return {item: choice.limit for item, choice in case.choices.items()}


def _with_limits(
    data: AnyFrame, found: Sequence[Case], items: Sequence[str], permits: Mapping[str, float], names: Sequence[str]
) -> AnyFrame:
    columns = {}
    for item in items:
        high = by_case(found, partial(_bound, item=item, side="high"), nw.Float64)
        if "wt" in names:
            high = _by_temperature(found, item, high)
        if item in permits:
            high = nw.lit(float(permits[item]))
        if f"limit_{item}" in names:
            own = nw.col(f"limit_{item}")
            high = nw.when(~own.is_null()).then(own).otherwise(high)
        columns[f"limit_{item}"] = high
    return data.with_columns(**columns)


def _bound(case: Case, item: str, side: str) -> float | None:
    choice = case.choices.get(item)
    bound: float | None = getattr(choice.limit, side) if choice else None
    return bound


def _by_temperature(found: Sequence[Case], item: str, otherwise: nw.Expr) -> nw.Expr:
    warm_limit, cold_limit = (partial(_alternative, item=item, when=when) for when in ("warm", "cold"))
    if not any(cold_limit(case) for case in found):
        return otherwise
    warm, cold = (by_case(found, pick, nw.Float64) for pick in (warm_limit, cold_limit))
    return nw.when(nw.col("wt") > WARM_ABOVE).then(warm).when(nw.col("wt") <= WARM_ABOVE).then(cold).otherwise(otherwise)


def _alternative(case: Case, item: str, when: str) -> float | None:
    choice = case.choices.get(item)
    return next((entry.high for entry in choice.alternatives if entry.when == when), None) if choice else None


def _with_values(data: AnyFrame, found: Sequence[Case], items: Sequence[str], names: Sequence[str]) -> AnyFrame:
    columns: dict[str, nw.Expr] = {}
    for item in items:
        value = nw.col(item).cast(nw.Float64)
        counted = nw.when((nw.col("status") == VALID) & (value >= 0) & (value < _TOO_MUCH)).then(value)
        references = {_reference(case, item) for case in found}
        if references - {None} or ("reference_o2" in names and _convertible(item)):
            columns[f"converted_{item}"] = _at_reference(counted, found, item, references, names)
        else:
            columns[f"__v_{item}"] = counted
    return data.with_columns(**columns)


def _reference(case: Case, item: str) -> float | None:
    choice = case.choices.get(item)
    return choice.limit.reference_o2 if choice else None


def _convertible(item: str) -> bool:
    return any(entry.reference_o2 is not None for key in sources("gas") for entry in limits_of(key, "hour") if entry.item == item)


def _at_reference(value: nw.Expr, found: Sequence[Case], item: str, references: set[float | None], names: Sequence[str]) -> nw.Expr:
    oxygen = nw.col("o2") if "o2" in names else nw.lit(None).cast(nw.Float64)
    only = next(iter(references)) if len(references) == 1 else None
    most = _most_oxygen(found)
    if only is not None and "reference_o2" not in names:
        return converted(value, oxygen, only, most)
    reference = by_case(found, lambda case: _reference(case, item), nw.Float64)
    if "reference_o2" in names:
        own = nw.col("reference_o2")
        reference = nw.when(~own.is_null()).then(own).otherwise(reference)
    return nw.when(reference.is_null()).then(value).otherwise(converted(value, oxygen, reference, most))


def _most_oxygen(found: Sequence[Case]) -> nw.Expr | float:
    general = oxygen_rule().most
    if all(oxygen_rule(case.source).most == general for case in found):
        return general
    own = by_case(found, lambda case: oxygen_rule(case.source).most, nw.Float64)
    return nw.when(own.is_null()).then(nw.lit(general)).otherwise(own)


def _unjudged_why(found: Sequence[Case], converted_items: Sequence[str], names: Sequence[str]) -> nw.Expr:
    why: nw.Expr = nw.lit(NO_LIMIT)
    if converted_items:
        blind = [_measured(item) & nw.col(f"class_{item}").is_null() & ~nw.col(f"limit_{item}").is_null() for item in converted_items]
        oxygen = nw.col("o2") if "o2" in names else nw.lit(None).cast(nw.Float64)
        high = nw.when(oxygen > _most_oxygen(found)).then(nw.lit(OXYGEN_HIGH)).otherwise(nw.lit(OXYGEN_MISSING))
        why = nw.when(nw.any_horizontal(*blind, ignore_nulls=True)).then(high).otherwise(why)
    return nw.when(nw.col("unjudged") != "").then(why)


def _with_verdict(
    data: AnyFrame, found: Sequence[Case], items: Sequence[str], limited: Sequence[str], symbols: Mapping[str, str], names: Sequence[str]
) -> AnyFrame:
    present = data.collect_schema().names()
    value = {item: nw.col(f"converted_{item}" if f"converted_{item}" in present else f"__v_{item}") for item in limited}
    classes = {item: _class(value[item], found, item) for item in limited}
    data = data.with_columns(**{f"class_{item}": expression for item, expression in classes.items()})
    factors = {f"factor_{item}": _factor(value[item], item) for item in limited}
    data = data.with_columns(**factors, **_worst(limited))
    over = [_when_symbol(nw.col(f"class_{item}") == OVER, symbols[item]) for item in limited]
    main = nw.concat_str(*over, separator=",", ignore_nulls=True) if over else nw.lit("")
    unjudged = [
        _when_symbol(_measured(item) & (nw.col(f"class_{item}").is_null() if item in limited else nw.lit(True)), symbols[item])
        for item in items
    ]
    data = data.with_columns(
        main=main,
        attained=nw.col("grade") == WITHIN,
        unjudged=nw.concat_str(*unjudged, separator=",", ignore_nulls=True),
        assumed=by_case(found, lambda case: case.symbols(limited, lambda choice: choice.assumed and not _told(choice, names)), nw.String),
        unverified=by_case(found, lambda case: case.symbols(limited, unverified), nw.String),
        standard=by_case(found, lambda case: case.standards, nw.String),
        version=by_case(found, lambda case: case.versions, nw.String),
        valid=~nw.col("grade").is_null(),
    ).with_columns(
        deciding=nw.col("main"), unjudged_why=_unjudged_why(found, [item for item in limited if f"converted_{item}" in present], names)
    )
    return data.drop([name for name in (CASE, *(f"__v_{item}" for item in limited)) if name in data.collect_schema().names()])


def verdict_of(days: AnyFrame, source: str | None, items: Sequence[str], conditions: Sequence[str], least: int | None = None) -> AnyFrame:
    """Judge means of days whose ``limit_<item>`` is known; an item with too few ``hours_<item>`` is not judged.

    Parameters:
        days: ``start``, `items`, ``hours_<item>``, ``limit_<item>``.
        source, conditions: as for `judge`.
        least: hours that an item needs; those of HJ 75 or HJ 356 when not given.
    """
    found = cases(days, source, "day", conditions)
    numbered = with_case(days, found, source is not None)
    if least is None:
        least = least_hours("wastewater" if source is not None and known_source(source).medium == "wastewater" else "gas")
    value = {item: nw.when(nw.col(f"hours_{item}") >= least).then(nw.col(item)) for item in items}
    judged_days = numbered.with_columns(**{f"class_{item}": _class(value[item], found, item) for item in items})
    judged_days = judged_days.with_columns(**{f"factor_{item}": _factor(value[item], item) for item in items}, **_worst(items))
    symbols = {item: entry.symbol for item, entry in _catalogue().items()}
    over = [_when_symbol(nw.col(f"class_{item}") == OVER, symbols[item]) for item in items]
    judged_days = judged_days.with_columns(
        main=nw.concat_str(*over, separator=",", ignore_nulls=True) if over else nw.lit(""),
        attained=nw.col("grade") == WITHIN,
        valid=~nw.col("grade").is_null(),
        unverified=by_case(found, lambda case: case.symbols(items, unverified), nw.String),
        standard=by_case(found, lambda case: case.standards, nw.String),
        version=by_case(found, lambda case: case.versions, nw.String),
    )
    return judged_days.with_columns(deciding=nw.col("main")).drop(CASE)


def _told(choice: Any, names: Sequence[str]) -> bool:
    return "wt" in names and any(entry.when == "cold" for entry in choice.alternatives)


def _class(value: nw.Expr, found: Sequence[Case], item: str) -> nw.Expr:
    limit = nw.col(f"limit_{item}")
    over = value > limit * _NOISE
    if any(_bound(case, item, "low") is not None for case in found):
        low = by_case(found, lambda case: _bound(case, item, "low"), nw.Float64)
        under = (value < low) & ~low.is_null()
        over = (over & ~limit.is_null()) | under
        known = ~value.is_null() & (~limit.is_null() | ~low.is_null())
    else:
        known = ~value.is_null() & ~limit.is_null()
    return nw.when(known).then(nw.when(over).then(nw.lit(OVER)).otherwise(nw.lit(WITHIN))).cast(nw.Int64)


def _factor(value: nw.Expr, item: str) -> nw.Expr:
    limit = nw.col(f"limit_{item}")
    return nw.when((nw.col(f"class_{item}") == OVER) & (value > limit) & (limit > 0)).then(snap(value / limit - 1))


def _worst(items: Sequence[str]) -> dict[str, nw.Expr]:
    if not items:
        return {"grade": nw.lit(None).cast(nw.Int64), "items": nw.lit(0)}
    classes = [nw.col(f"class_{item}") for item in items]
    counted = nw.sum_horizontal(*[(~one.is_null()).cast(nw.Int64) for one in classes])
    return {"grade": nw.max_horizontal(*classes), "items": counted}


def _measured(item: str) -> nw.Expr:
    value = nw.col(item).cast(nw.Float64)
    return (nw.col("status") == VALID) & (value >= 0) & (value < _TOO_MUCH)


def _when_symbol(test: nw.Expr, symbol: str) -> nw.Expr:
    return nw.when(test).then(nw.lit(symbol))
