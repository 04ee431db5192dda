"""Emission amounts of hours without valid data, replaced as HJ 75 says: by the greatest of the valid hours before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import narwhals as nw

from bilan.science.engine import AnyFrame, Native, need, run
from bilan.science.standards.emissions.hours import GIVEN, POINT, joined, on_grid, stacked
from bilan.science.standards.emissions.marks import EXCLUDED, INVALID, STOPPED, VALID, status_of
from bilan.science.tables import rows_where

BLOCK = 60
"""Every window of the standard is a whole number of blocks of so many valid hours."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table: capture rate within [`capture_from`, `capture_below`) [%], gap from `gap_from` to `gap_to` hours → window."""

    capture_from: float
    capture_below: float | None
    gap_from: int
    gap_to: int | None
    valid_hours: int
    clause: str
    confidence: str


@cache
def rules() -> tuple[Rule, ...]:
    """Rows of HJ 75-2017 Tables 5 and 6 that replace something.

    Examples:
        >>> [(rule.capture_from, rule.gap_from, rule.valid_hours) for rule in rules()]
        [(90.0, 1, 180), (90.0, 25, 720), (75.0, 1, 2160)]
    """
    rows = [row for row in rows_where("emission_substitution", standard="HJ 75") if row["valid_hours"]]
    return tuple(
        Rule(
            float(row["capture_from"]),
            float(row["capture_below"]) if row["capture_below"] else None,
            int(row["gap_from"]),
            int(row["gap_to"]) if row["gap_to"] else None,
            int(row["valid_hours"]),
            row["clause"],
            row["confidence"],
        )
        for row in rows
    )


def substitute(frame: Native, items: Sequence[str]) -> Native:
    """Fill the amounts of hours without valid data, and say with what.

    Parameters:
        frame: one row an hour: ``point``, ``start`` (naive), ``amount_<item>`` [kg] (see `with_amounts`), and what tells the status of an
            hour (``status``, or ``flag``, ``state``, ``running``). Hours that are not there between the first and last of a point count as
            without valid data. Mark the hours between the last passed and the failed check as invalid: the standard goes back to the check.
        items: of the amounts.

    Returns:
        Every hour of each point, sorted: the frame's columns, ``amount_<item>`` filled, ``window_<item>`` (0 measured; 180, 720 or
        2160: the greatest amount of so many valid hours before; empty while the source stands still, or where nothing replaces it) and
        ``capture_<item>``: share of the running hours of the quarter that are valid [%].

    Raises:
        BilanError: a column is missing or an hour is there twice.

    Reference:
        HJ 75-2017, 12.1 and Tables 5 and 6. Below 75 % nothing is replaced. Where fewer valid hours lie before, those there are count.

    Examples:
        >>> import polars as pl
        >>> from datetime import datetime
        >>> start = pl.datetime_range(datetime(2026, 1, 1), datetime(2026, 1, 1, 23), "1h", eager=True)
        >>> frame = pl.DataFrame({"point": "a", "start": start, "amount_so2": [9.0, 12.0, None] + [7.0] * 21})
        >>> substitute(frame, ["so2"]).select("amount_so2", "window_so2", "capture_so2").row(2)
        (12.0, 180, 95.83333333333333)
    """

    def rule(data: AnyFrame) -> AnyFrame:
        need(data, "point", "start", *(f"amount_{item}" for item in items))
        grid = _with_quarter(status_of(on_grid(data)))
        base = grid.with_columns(_counts(item).alias(f"__ok_{item}") for item in items)
        base = base.with_columns(nw.col(f"__ok_{item}").cum_sum().over(POINT, order_by="start").alias(f"__seq_{item}") for item in items)
        filled = base
        # Every item is worked out from the same frame, so that the plan of a lazy engine grows with their number and no faster.
        for item in items:
            filled = _filled(filled, base, item)
        return filled.drop(["__quarter", "__runs", POINT, GIVEN])

    return run(frame, rule)


def _with_quarter(grid: AnyFrame) -> AnyFrame:
    start = nw.col("start")
    quarter = start.dt.year().cast(nw.Int64) * 4 + (start.dt.month().cast(nw.Int64) - 1) // 3
    absent = nw.col(GIVEN).is_null()
    known = grid.with_columns(__quarter=quarter, status=nw.when(absent).then(nw.lit(INVALID)).otherwise(nw.col("status")))
    return known.with_columns(__runs=(nw.col("status") != STOPPED).cast(nw.Int64))


def _counts(item: str) -> nw.Expr:
    return (nw.col("status").is_in([VALID, EXCLUDED]) & ~nw.col(f"amount_{item}").is_null()).cast(nw.Int64)


def _filled(filled: AnyFrame, base: AnyFrame, item: str) -> AnyFrame:
    named = {f"__ok_{item}": "__ok", f"__seq_{item}": "__seq", f"amount_{item}": "__amount"}
    ready = base.select(POINT, "__quarter", "__runs", *(nw.col(old).alias(new) for old, new in named.items()))
    captured = _captured(ready)
    greatest = _greatest(ready, _gaps(ready, captured))
    known = joined(filled, captured, [POINT, "__quarter"])
    known = joined(known.with_columns(nw.col(f"__seq_{item}").alias("__seq")), greatest, [POINT, "__seq", "__quarter"])
    measured = nw.col(f"__ok_{item}") == 1
    lost = ~measured & (nw.col("__runs") == 1)
    window = nw.when(measured).then(nw.lit(0)).when(lost & ~nw.col("__greatest").is_null()).then(nw.col("__window"))
    amount = nw.when(measured).then(nw.col(f"amount_{item}")).when(lost).then(nw.col("__greatest")).otherwise(nw.lit(0.0))
    known = known.with_columns(
        amount.alias(f"amount_{item}"), window.cast(nw.Int64).alias(f"window_{item}"), nw.col("__capture").alias(f"capture_{item}")
    )
    return known.drop([f"__ok_{item}", f"__seq_{item}", "__seq", "__capture", "__window", "__greatest"])


def _captured(ready: AnyFrame) -> AnyFrame:
    """Share of the running hours of each point and quarter that are valid [%]."""
    both = nw.col("__ok") * nw.col("__runs")
    counted = ready.with_columns(__both=both).group_by(POINT, "__quarter").agg(nw.col("__both").sum(), nw.col("__runs").sum())
    share = nw.col("__both") * 100.0 / nw.col("__runs")
    return counted.select(POINT, "__quarter", nw.when(nw.col("__runs") > 0).then(share).alias("__capture"))


def _gaps(ready: AnyFrame, captured: AnyFrame) -> AnyFrame:
    """Stretches of lost hours by the number of valid hours before them, with the window that replaces them in each quarter."""
    lost = ready.filter((nw.col("__ok") == 0) & (nw.col("__runs") == 1))
    parts = lost.group_by(POINT, "__seq", "__quarter").agg(nw.len().alias("__part"))
    told = parts.with_columns(__hours=nw.col("__part").sum().over(POINT, "__seq"))
    told = joined(told, captured, [POINT, "__quarter"])
    window: nw.Expr = nw.lit(None).cast(nw.Int64)
    capture, hours = nw.col("__capture"), nw.col("__hours")
    for rule in rules():
        held = (capture >= rule.capture_from) & (hours >= rule.gap_from)
        if rule.capture_below is not None:
            held = held & (capture < rule.capture_below)
        if rule.gap_to is not None:
            held = held & (hours <= rule.gap_to)
        window = nw.when(held).then(nw.lit(rule.valid_hours)).otherwise(window)
    told = told.with_columns(window.cast(nw.Int64).alias("__window")).filter(~nw.col("__window").is_null() & (nw.col("__seq") > 0))
    block = (nw.col("__seq") - 1) // BLOCK
    return told.select(POINT, "__seq", "__quarter", "__window", __block=block, __oldest=block - nw.col("__window") // BLOCK)


def _greatest(ready: AnyFrame, gaps: AnyFrame) -> AnyFrame:
    """Greatest amount of the window of valid hours before each gap.

    A window of n blocks of valid hours is the part of the block at its end, n - 1 whole blocks, and the part of the block at its beginning:
    equal joins, which every engine does alike, in place of sliding maxima by count.
    """
    valid = ready.filter(nw.col("__ok") == 1).select(
        POINT, "__amount", nw.col("__seq").alias("__at"), __block=(nw.col("__seq") - 1) // BLOCK
    )
    keys = [POINT, "__seq", "__quarter", "__window"]
    ends = joined(gaps, valid, [POINT, "__block"], "inner").filter(nw.col("__at") <= nw.col("__seq"))
    oldest = gaps.select(*keys, nw.col("__oldest").alias("__block"))
    begins = joined(oldest, valid, [POINT, "__block"], "inner").filter(nw.col("__at") > nw.col("__seq") - nw.col("__window"))
    parts = [part.select(*keys, "__amount") for part in (ends, begins)]
    whole = joined(gaps, _block_maxima(valid), [POINT, "__block"], "inner")
    size = nw.col("__window")
    earlier: nw.Expr = nw.lit(None).cast(nw.Float64)
    for hours in _windows():
        earlier = nw.when(size == hours).then(nw.col(f"__of_{hours}")).otherwise(earlier)
    parts.append(whole.select(*keys, earlier.alias("__amount")))
    return stacked(parts).group_by(*keys).agg(nw.col("__amount").max().alias("__greatest"))


def _block_maxima(valid: AnyFrame) -> AnyFrame:
    """Greatest amount of the n - 1 blocks before each, for every window of n blocks; spans double until they reach."""
    blocks = valid.group_by(POINT, "__block").agg(nw.col("__amount").max().alias("__span_1"))

    def earlier(name: str, by: int) -> nw.Expr:
        return nw.col(name).shift(by).over(POINT, order_by="__block")

    reach = 1
    while reach * 2 < _windows()[-1] // BLOCK:
        last, reach = f"__span_{reach}", reach * 2
        blocks = blocks.with_columns(nw.max_horizontal(nw.col(last), earlier(last, reach // 2)).alias(f"__span_{reach}"))
    made = {}
    for hours in _windows():
        count = hours // BLOCK - 1
        widest = 2 ** (count.bit_length() - 1)
        name = f"__span_{widest}"
        made[f"__of_{hours}"] = nw.max_horizontal(earlier(name, 1), earlier(name, 1 + count - widest))
    return blocks.with_columns(**made)


def _windows() -> list[int]:
    return sorted({rule.valid_hours for rule in rules()})
