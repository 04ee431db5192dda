"""Class of sea water by GB 3097: the worst item decides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from bilan.problems import BilanError, Problem, nearest
from bilan.science.engine import Native, run
from bilan.science.standards.single.judging import judged, judged_periods
from bilan.science.standards.single.limits import Version, version_at, versions
from bilan.science.standards.single.periods import Period

Use = Literal["", "shellfish"]

LIMITS = "seawater_limits"
REFERENCE_CLASS = 2
"""Exceedance is counted against class II unless the target of the function zone is asked for."""
WORST = 5
"""Class number of water worse than class IV (劣四类)."""
_USES = ("", "shellfish")


def known(use: str = "") -> Version:
    """The newest version of the standard."""
    return version_at(LIMITS, use=use)


def judge(frame: Native, *, items: Sequence[str] | None = None, targeted: bool = False, use: Use = "") -> Native:
    """Judge every row of a frame by GB 3097, the worst item deciding the class.

    Parameters:
        frame: one row a sample; item columns by their science names (``ph`` [-], ``do`` ``cod`` (by alkaline permanganate) ``din``
            ``dip`` ``oil`` … [mg/L], ``fc`` ``tc`` [count/L], ``ss_increase`` [mg/L], ``wt_rise`` [°C], radionuclides [Bq/L]), as
            numbers or as text with non-detects; optional ``start`` (naive date-time) and ``target_class`` (1..4).
        items: items that may decide the class; all that the frame has when not given.
        targeted: ``factor_*`` and ``main`` compare with ``target_class`` of the row and not with class II.
        use: ``shellfish`` for waters where shellfish are raised to be eaten raw, with limits of their own for bacteria.

    Returns:
        The frame with ``class_<item>`` (1..5, 5 worse than class IV), ``factor_<item>`` (times over the limit), ``grade``, ``main``,
        ``deciding``, ``items`` (how many were judged), ``attained``, ``standard``, ``version``, ``valid``, ``unverified``.

    Raises:
        BilanError: no item in the frame, an unknown one in `items`, or an unknown `use`.

    Reference:
        GB 3097-1997 Table 1; HJ 442.10-2020, single-factor evaluation

    Examples:
        >>> import polars as pl
        >>> stations = pl.DataFrame({"ph": [8.1, 8.0], "do": [7.0, 5.0], "din": [0.2, 0.62], "dip": [0.02, 0.05]})
        >>> judge(stations).select("grade", "main", "factor_din", "deciding").rows()
        [(2, '', None, 'DIP'), (5, 'DIN,DIP,DO', 1.066667, 'DIN,DIP')]
    """
    if use not in _USES:
        raise BilanError(Problem("value.unknown_choice", {"value": use, "allowed": _USES, "nearest": nearest(use, _USES)}))
    return run(frame, lambda data: judged(data, versions(LIMITS, use), REFERENCE_CLASS, targeted, items))


def evaluate_periods(frame: Native, by: Period = "year", *, point: str = "point", targeted: bool = False) -> Native:
    """Judge every station for every period by the means of its samples.

    Parameters:
        frame: one row a sample: `point`, ``start`` and items as for `judge`; columns that describe the station (``bay``, ``zone``,
            ``lon``, ``lat``, ``target_class`` …) are carried along.
        by: month, quarter, season (March to May, …) or year.
        point: column that names the station.
        targeted: as for `judge`.

    Returns:
        One row a station and period: ``start``, means, ``samples`` and the columns of `judge`.

    Raises:
        BilanError: a column is missing, or `by` is unknown.

    Reference:
        HJ 442.10-2020 (means of the campaigns; from recollection)

    Examples:
        >>> import polars as pl
        >>> from datetime import datetime
        >>> rows = pl.DataFrame({"point": ["a"] * 2, "start": [datetime(2025, 12, 9), datetime(2026, 2, 1)], "din": [0.28, 0.36]})
        >>> evaluate_periods(rows, "season").select("start", "din", "grade").rows()
        [(datetime.datetime(2025, 12, 1, 0, 0), 0.32, 3)]
    """
    return judged_periods(frame, versions(LIMITS), by, point, REFERENCE_CLASS, targeted)
