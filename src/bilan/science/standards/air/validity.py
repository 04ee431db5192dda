"""How many samples a mean needs, read from the tables of GB 3095 and HJ 663."""

from __future__ import annotations

from functools import cache

from bilan.science.tables import rows_where


@cache
def minimum(rule_id: str) -> int:
    """Threshold of a rule of ``air_validity``.

    Examples:
        >>> minimum("gb3095-2026-day-hours"), minimum("gb3095-2026-o3-8h"), minimum("hj663-2026-mda8-min")
        (20, 6, 14)
    """
    return int(rows_where("air_validity", rule_id=rule_id)[0]["threshold"])


def day_hours(version: str) -> int:
    """Hours that a daily mean needs (GB 3095, 6.4 Table 4)."""
    return minimum(f"gb3095-{version}-day-hours")


def window_hours(version: str) -> int:
    """Hours that an eight-hour mean needs (GB 3095, 6.4 Table 4)."""
    return minimum(f"gb3095-{version}-o3-8h")


def windows_needed(version: str) -> int:
    """Eight-hour means that a daily maximum needs unless it exceeds the limit (HJ 663, 6.1.2)."""
    return minimum(f"hj663-{_evaluation(version)}-mda8-min")


def first_window_start(version: str) -> int:
    """Start of the last hour of the first eight-hour window counted: the windows end at 08:00 to 24:00 (HJ 663, 6.1.2)."""
    return 24 - minimum(f"hj663-{_evaluation(version)}-mda8-window")


def _evaluation(version: str) -> str:
    """Version of HJ 663 that goes with a version of GB 3095."""
    return {"2012": "2013"}.get(version, version)
