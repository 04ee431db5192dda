"""Why a sample of groundwater has its class."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bilan.science.standards.groundwater.judge import judge, known
from bilan.science.standards.single.explaining import Explanation, Medium, explained

MEDIUM = Medium("地下水", "Groundwater", "groundwater_classes", "以最差单项类别定类（6.2、6.3）", "worst item decides (6.2, 6.3)")


def explain(sample: Mapping[str, Any], *, targeted: bool = False) -> Explanation:
    """Explain the class of one sample of groundwater.

    Parameters:
        sample: values by column name as for `judge`.
        targeted: as for `judge`.

    Returns:
        Every item with its value, limits, class, clause and confidence, and what decided.

    Raises:
        BilanError: no item in the sample.

    Reference:
        GB/T 14848-2017, 6.2 and 6.3, Tables 1 and 2

    Examples:
        >>> why = explain({"nh3n": 1.6, "ph": 7.1})
        >>> why.grade, why.deciding
        (5, ('NH3-N',))
        >>> print(why.text("en").splitlines()[0])
        Groundwater, Class V: GB/T 14848-2017, in force since 2018-05-01, worst item decides (6.2, 6.3)
    """
    return explained(sample, known(), MEDIUM, lambda frame: judge(frame, targeted=targeted))
