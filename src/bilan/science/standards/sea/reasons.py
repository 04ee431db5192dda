"""Why a sample of sea water has its class."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bilan.science.standards.sea.judge import Use, judge, known
from bilan.science.standards.single.explaining import Explanation, Medium, explained

MEDIUM = Medium("海水", "Sea water", "seawater_classes", "单因子评价，以最差项目定类", "worst item decides")


def explain(sample: Mapping[str, Any], *, targeted: bool = False, use: Use = "") -> Explanation:
    """Explain the class of one sample of sea water.

    Parameters:
        sample: values by column name as for `judge`.
        targeted, use: as for `judge`.

    Returns:
        Every item with its value, limits, class, clause and confidence, and what decided.

    Raises:
        BilanError: no item in the sample.

    Reference:
        GB 3097-1997 Table 1

    Examples:
        >>> why = explain({"din": 0.62, "do": 7.1})
        >>> why.grade, why.deciding
        (5, ('DIN',))
        >>> print(why.text("en").splitlines()[0])
        Sea water, Worse than class IV: GB 3097-1997, in force since 1998-07-01, worst item decides
    """
    return explained(sample, known(use), MEDIUM, lambda frame: judge(frame, targeted=targeted, use=use))
