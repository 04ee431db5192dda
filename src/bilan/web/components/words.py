"""Names of intervals and statistics in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

INTERVALS = {
    "instant": _("Moment"),
    "minute": _("Minutes"),
    "hour": _("Hour"),
    "day": _("Day"),
    "sample": _("Sample"),
}
STATISTICS = {
    "value": _("Value"),
    "mean": _("Mean"),
    "min": _("Minimum"),
    "max": _("Maximum"),
    "total": _("Total"),
    "converted": _("Converted value"),
    "converted_mean": _("Converted mean"),
    "converted_min": _("Converted minimum"),
    "converted_max": _("Converted maximum"),
    "state": _("State"),
    "hours": _("Running hours"),
}


def interval(name: str) -> str:
    """Name of an interval; what is unknown stays as it is."""
    return str(INTERVALS.get(name, name))


def statistic(name: str) -> str:
    """Name of a statistic; what is unknown stays as it is."""
    return str(STATISTICS.get(name, name))
