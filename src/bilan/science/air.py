"""Air quality of GB 3095, HJ 633 and HJ 663: the names an analyst needs, in one place.

Examples:
    >>> from datetime import datetime
    >>> from bilan.science import air
    >>> verdict = air.judge({"pm25": 38, "pm10": 60, "so2": 3, "no2": 17, "co": 0.7, "o3": 84}, datetime(2018, 2, 20, 7))
    >>> verdict["aqi"], verdict["level"], verdict["primary"]
    (55, 2, 'PM10')
"""

from __future__ import annotations

from bilan.science.standards.air import *  # noqa: F403
