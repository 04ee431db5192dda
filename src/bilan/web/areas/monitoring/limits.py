"""Limits that a standard sets for what a point measures, as lines of a chart."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from bilan.pack.vocab import Parameter
from bilan.science import air
from bilan.science.standards.water.limits import version_at
from bilan.telemetry.model import Point
from bilan.web.components import levels, numbers

_PERIODS = {"hour": ("1h",), "day": ("24h", "8h_max")}
_UNVERIFIED = "memory_only"


def limits(point: Point, parameter: Parameter, day: date) -> dict[str, list[dict[str, Any]]]:
    """Interval → limits for it, each with ``value`` and ``name``; empty where no standard has one.

    Parameters:
        day: day whose version of the standard applies.
    """
    if point.network == "air":
        return _of_air(parameter, day)
    return _of_water(point, parameter) if point.network == "surface_water" else {}


def _of_air(parameter: Parameter, day: date) -> dict[str, list[dict[str, Any]]]:
    """Limits of GB 3095 for zones of class 2."""
    symbol = next((entry.symbol for entry in air.pollutants() if entry.column == parameter.column), "")
    edition = air.edition_on(day)
    found: dict[str, list[dict[str, Any]]] = {}
    for interval, periods in _PERIODS.items():
        for period in periods:
            known = air.limit(edition, symbol, period) if symbol else None
            if known is not None:
                name = _("%(standard)s class 2") % {"standard": f"GB 3095-{edition.version}"}
                found.setdefault(interval, []).append({"value": known.value, "name": _marked(f"{name} {known.value:g}", known.confidence)})
    return found


def _of_water(point: Point, parameter: Parameter) -> dict[str, list[dict[str, Any]]]:
    """Limits of GB 3838 for the class that the section should reach."""
    target = point.attributes.get("target_class")
    item = version_at().items.get(parameter.column)
    if item is None or not target:
        return {}
    values = item.limits.get("lake" if point.attributes.get("section_type") == "lake" else "river", ())
    chosen = values[:2] if item.direction == "range" else values[int(target) - 1 : int(target)]
    reached = levels.level("water", target)
    label = reached.short(numbers.language()) if reached else ""
    lines = [
        {"value": value, "name": _marked(_("class %(name)s limit %(value)s") % {"name": label, "value": f"{value:g}"}, item.confidence)}
        for value in chosen
    ]
    return {"hour": lines, "day": lines} if lines else {}


def _marked(name: str, confidence: str) -> str:
    return f"{name} · {_('unverified')}" if confidence == _UNVERIFIED else name
