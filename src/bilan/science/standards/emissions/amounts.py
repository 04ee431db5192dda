"""What was emitted: kilograms of every hour, and the rate limits that depend on the height of the stack."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import narwhals as nw

from bilan.problems import BilanError, Problem
from bilan.science.engine import AnyFrame, Native, need, run
from bilan.science.standards.emissions.limits import limits_of
from bilan.science.standards.emissions.marks import EXCLUDED, VALID, status_of

_HOUR = 3600
_SPLIT = 0.5
"""Rates of stacks below the lowest of the table are halved (GB 16297-1996, 7.4)."""


def with_amounts(frame: Native, items: Sequence[str], *, flow: str = "gas_flow") -> Native:
    """Add ``amount_<item>``: what was emitted in each hour.

    Parameters:
        frame: items as measured, not converted [mg/m³ of dry gas at standard state, or mg/L], and `flow` [m³/s of
            the same gas, or L/s of water].
        items: columns of concentrations.
        flow: column of the flow: ``gas_flow`` or ``flow``.

    Returns:
        The frame with ``status`` and a column more an item [kg]; null where the hour does not count or something is missing, 0 while the
        source stands still. Hours of start-up, shut-down and banked fire emit too and keep what was measured.

    Raises:
        BilanError: a column is missing.

    Reference:
        HJ 212-2017 Annex D (rate), eq 8 to 11 (wastewater); HJ 75-2017 Annex C.

    Examples:
        >>> import polars as pl
        >>> with_amounts(pl.DataFrame({"so2": [35.0], "gas_flow": [100.0]}), ["so2"])["amount_so2"].to_list()
        [12.6]
    """

    def rule(data: AnyFrame) -> AnyFrame:
        need(data, *items, flow)
        ready = status_of(data)
        return ready.with_columns(_amount(item, flow).alias(f"amount_{item}") for item in items)

    return run(frame, rule)


def _amount(item: str, flow: str) -> nw.Expr:
    # mg/m³ × m³/s and mg/L × L/s are both milligrams a second.
    emitted = nw.when((nw.col(item) >= 0) & (nw.col(flow) >= 0)).then(nw.col(item) * nw.col(flow) * (_HOUR * 1e-6))
    counted = nw.when(nw.col("status").is_in([VALID, EXCLUDED])).then(emitted)
    stopped = nw.col("status") == "stopped"
    return nw.when(stopped).then(nw.lit(0.0)).otherwise(counted)


def rate_limit(item: str, height: float, *, source: str = "gb16297", near_buildings: bool = False, dust: str = "other_dust") -> float:
    """Highest permitted emission rate [kg/h] of a stack.

    Parameters:
        item: science column, e.g. ``so2``.
        height: of the stack [m].
        source: key of the source whose rates are looked up.
        near_buildings: the stack is not 5 m higher than the buildings within 200 m: half of the limit.
        dust: kind of dust, where the limits of dust differ.

    Returns:
        Between two heights of the table interpolated, above the highest extrapolated by the square of the height, below the lowest
        extrapolated and halved.

    Raises:
        BilanError: the table has no rate of this item.

    Reference:
        GB 16297-1996 Table 2, Annex B, 7.1, 7.4 (`emission_heights.csv`; 7.1 not verified).

    Examples:
        >>> round(rate_limit("so2", 25), 2), rate_limit("so2", 60), round(rate_limit("so2", 10), 3)
        (9.65, 60.0, 0.578)
    """
    heights = _heights(item, source, dust)
    (lowest, least), (highest, most) = heights[0], heights[-1]
    if height < lowest:
        rate = least * (height / lowest) ** 2 * _SPLIT
    elif height >= highest:
        rate = most * (height / highest) ** 2
    else:
        (low, below), (high, above) = next(pair for pair in pairwise(heights) if height < pair[1][0])
        rate = below + (above - below) * (height - low) / (high - low)
    return rate * _SPLIT if near_buildings else rate


def judge_rates(
    frame: Native, *, source: str = "gb16297", height: str = "stack_height", items: Sequence[str] | None = None, dust: str = "other_dust"
) -> Native:
    """Judge emission rates by the height of the stack.

    Parameters:
        frame: items as rates [kg/h] and the height of the stack [m] in column `height`.
        source, dust: as for `rate_limit`.
        items: columns to judge; every one with a rate limit when not given.

    Returns:
        The frame with ``limit_<item>`` [kg/h], ``class_<item>`` (1 within, 2 over), ``factor_<item>``, ``grade``, ``attained``.

    Raises:
        BilanError: no item has a rate limit.

    Reference:
        GB 16297-1996 Table 2, Annex B.

    Examples:
        >>> import polars as pl
        >>> judge_rates(pl.DataFrame({"so2": [9.0, 10.0], "stack_height": [25.0, 25.0]})).select("limit_so2", "attained").rows()
        [(9.65, True), (9.65, False)]
    """

    def rule(data: AnyFrame) -> AnyFrame:
        need(data, height)
        names = data.collect_schema().names()
        known = {entry.item for entry in limits_of(source, "rate")}
        chosen = [item for item in sorted(known) if item in names and (items is None or item in items)]
        if not chosen:
            raise BilanError(Problem("emissions.no_items", {"allowed": tuple(sorted(known))}))
        ready = data.with_columns(_by_height(_heights(item, source, dust), nw.col(height)).alias(f"limit_{item}") for item in chosen)
        ready = ready.with_columns(
            nw.when(nw.col(item) > nw.col(f"limit_{item}")).then(nw.lit(2)).when(nw.col(item) >= 0).then(nw.lit(1)).alias(f"class_{item}")
            for item in chosen
        )
        ready = ready.with_columns(
            nw.when(nw.col(f"class_{item}") == 2).then(nw.col(item) / nw.col(f"limit_{item}") - 1).round(6).alias(f"factor_{item}")
            for item in chosen
        )
        return ready.with_columns(grade=nw.max_horizontal(*(f"class_{item}" for item in chosen))).with_columns(
            attained=nw.col("grade") == 1
        )

    return run(frame, rule)


def _heights(item: str, source: str, dust: str) -> list[tuple[float, float]]:
    known = limits_of(source, "rate")
    rows = [entry for entry in known if entry.item == item and entry.when in {"", dust}]
    found = sorted((entry.height, entry.high) for entry in rows if entry.height is not None and entry.high is not None)
    if not found:
        raise BilanError(Problem("emissions.no_height", {"item": item, "allowed": tuple(sorted({entry.item for entry in known}))}))
    return found


def _by_height(heights: Sequence[tuple[float, float]], height: nw.Expr) -> nw.Expr:
    (lowest, least), (highest, most) = heights[0], heights[-1]
    share = height / highest
    chain: nw.Expr = nw.lit(most) * share * share
    for (low, below), (high, above) in reversed(list(pairwise(heights))):
        chain = nw.when(height < high).then((height - low) * ((above - below) / (high - low)) + below).otherwise(chain)
    small = height / lowest
    chain = nw.when(height < lowest).then(small * small * (least * _SPLIT)).otherwise(chain)
    return nw.when(height > 0).then(chain).round(9)
