"""Class of groundwater: 93 items of GB/T 14848, the worst decides."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw

from bilan.science.engine import AnyFrame, Native, run
from bilan.science.standards.single.judging import judged, judged_periods
from bilan.science.standards.single.limits import Version, version_at, versions
from bilan.science.standards.single.periods import Period
from bilan.science.standards.single.shares import class_shares

LIMITS = "groundwater_limits"
REFERENCE_CLASS = 3
WORST = 5


def known() -> Version:
    """The newest version of the standard."""
    return version_at(LIMITS)


def judge(frame: Native, *, items: Sequence[str] | None = None, targeted: bool = False) -> Native:
    """Judge every row of a frame by GB/T 14848, the worst item deciding the class.

    Parameters:
        frame: one row a sample; item columns by their science names (``ph`` [-], ``tds`` ``nh3n`` ``no3n`` ``chloroform`` …
            [mg/L], ``tc`` ``bacteria`` [count/L], ``odour`` ``visible_matter`` [0 none, 1 present]), as numbers or as text with
            non-detects; optional ``start`` (naive date-time) and ``target_class`` (1..5).
        items: items that may decide the class; all that the frame has when not given.
        targeted: ``factor_*`` and ``main`` compare with ``target_class`` of the row and not with class III.

    Returns:
        The frame with ``class_<item>`` (1..5), ``factor_<item>`` (times over the limit), ``grade``, ``main``, ``deciding``,
        ``items`` (how many were judged), ``attained``, ``standard``, ``version``, ``valid``, ``unverified``. Equal limits of two
        classes give the better one, so gross α and β over the limit of class III are class IV.

    Raises:
        BilanError: no item in the frame, or an unknown one in `items`.

    Reference:
        GB/T 14848-2017, 6.2, 6.3, Tables 1 and 2

    Examples:
        >>> import polars as pl
        >>> wells = pl.DataFrame({"ph": [7.2, 8.8], "nh3n": [0.3, 1.6], "mn": [0.1, 0.3], "las": ["<0.05", "<0.05"]})
        >>> judge(wells).select("grade", "main", "factor_nh3n", "deciding").rows()
        [(3, '', None, 'Mn,NH3-N'), (5, 'NH3-N,Mn,pH', 2.2, 'NH3-N')]
    """
    return run(frame, lambda data: judged(data, versions(LIMITS), REFERENCE_CLASS, targeted, items))


def evaluate_periods(frame: Native, by: Period = "year", *, point: str = "point", targeted: bool = False) -> Native:
    """Judge every well for every period by the means of its samples.

    Parameters:
        frame: one row a sample: `point`, ``start`` and items as for `judge`; columns that describe the well are carried along.
        by: month, quarter, season or year.
        point: column that names the well.
        targeted: as for `judge`.

    Returns:
        One row a well and period: ``start``, means, ``samples`` and the columns of `judge`.

    Raises:
        BilanError: a column is missing, or `by` is unknown.

    Reference:
        GB/T 14848-2017, 6.1 to 6.3

    Examples:
        >>> import polars as pl
        >>> from datetime import datetime
        >>> rows = pl.DataFrame({"point": ["w"] * 2, "start": [datetime(2026, 4, 1), datetime(2026, 9, 1)], "no3n": [18.0, 24.0]})
        >>> evaluate_periods(rows).select("no3n", "samples", "grade").rows()
        [(21.0, 2, 4)]
    """
    return judged_periods(frame, versions(LIMITS), by, point, REFERENCE_CLASS, targeted)


def evaluate_areas(frame: Native, by: str | Sequence[str] = ()) -> Native:
    """Shares of the classes among the wells of an area.

    Parameters:
        frame: one row a well of one period, with ``grade``.
        by: columns that make an area; the whole frame when empty.

    Returns:
        One row an area: ``wells``, ``class_1`` … ``class_5``, ``share_good`` (I to III), ``share_fourth`` (I to IV) and
        ``share_worst`` (class V) [fraction].

    Raises:
        BilanError: a column is missing.

    Reference:
        地下水质量区域点位Ⅴ类水比例 as plans ask for it; GB/T 14848-2017, 6.3

    Examples:
        >>> import polars as pl
        >>> evaluate_areas(pl.DataFrame({"grade": [2, 4, 4, 5]})).select("wells", "share_good", "share_worst").rows()
        [(4, 0.25, 0.25)]
    """
    keys = [by] if isinstance(by, str) else list(by)

    def rule(data: AnyFrame) -> AnyFrame:
        found = class_shares(data, keys, good=REFERENCE_CLASS, worst=WORST, points="wells").with_columns(
            share_fourth=(nw.col("wells") - nw.col(f"class_{WORST}")) / nw.col("wells")
        )
        return found.sort(*keys) if keys else found

    return run(frame, rule)
