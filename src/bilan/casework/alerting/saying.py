"""What an alert says: the sentence of its rule, filled with the newest values and the names of its source."""

from __future__ import annotations

import string
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from bilan.casework.models import Alert
from bilan.pack.registers.loading import current as registers
from bilan.pack.rules import RuleSpec, current
from bilan.pack.vocab import networks, parameters
from bilan.telemetry import clock

NOTHING = "–"
UNITS = {"ug/m3": "µg/m³", "mg/m3": "mg/m³", "m3/h": "m³/h"}


def title(alert: Alert, language: str) -> str:
    """Title of an alert's rule; its name when it is no longer declared.

    Parameters:
        language: ``zh-hans`` or ``en``.
    """
    spec = current(settings.CITY.pack).get(alert.rule)
    return spec.title.text(language) if spec else alert.rule


def says(alert: Alert, language: str) -> str:
    """The alert in one sentence.

    Parameters:
        language: ``zh-hans`` or ``en``.
    """
    spec = current(settings.CITY.pack).get(alert.rule)
    if spec is None:
        return f"{alert.rule} {place(alert)}"
    return Filled().format(spec.says.text(language), **names(alert, spec, language))


def place(alert: Alert) -> str:
    """Name of what the alert is about, as far as it has one."""
    return str(alert.name or alert.point or alert.code or alert.source)


def names(alert: Alert, spec: RuleSpec, language: str) -> dict[str, Any]:
    """Everything a sentence may name: the values, and what the source is called in a language."""
    english = language == "en"
    parameter = parameters().get(alert.parameter)
    network = networks().get(alert.network)
    register = registers(settings.CITY.pack).registers.get(alert.register)
    value, limit = alert.values.get("value"), alert.values.get("limit")
    unit = str(alert.values.get("unit") or "")
    known: dict[str, Any] = {
        "point": place(alert),
        "name": place(alert),
        "code": alert.code or alert.point,
        "parameter": (parameter.label_en if english else parameter.label_zh) if parameter else alert.parameter,
        "unit": UNITS.get(unit, unit),
        "network": (network.name_en if english else network.name_zh) if network else alert.network,
        "register": register.title.text(language) if register else alert.register,
        "title": spec.title.text(language),
        "rule": alert.rule,
        "source": alert.source,
        "moment": _wall(alert.moment),
        "began": _wall(alert.began),
        "hours": (alert.moment - alert.began) / clock.HOUR + 1 if alert.moment and alert.began else None,
        "factor": value / limit if _number(value) and _number(limit) and limit else None,
    }
    return {**known, **{name: found for name, found in alert.values.items() if name not in {"unit", "point", "parameter"}}}


class Filled(string.Formatter):
    """Fills in plain names; what is not known, or does not fit the form asked for, is a dash or stands as it is.

    Examples:
        >>> Filled().format("{value:.1f} {unit} {value.__class__} {what}", value=1.25, unit="mg/L")
        '1.2 mg/L – –'
    """

    def get_field(self, field_name: str, args: Any, kwargs: Mapping[str, Any]) -> Any:
        """The value of a name; never an attribute or an item of one."""
        return kwargs.get(field_name), field_name

    def format_field(self, value: Any, format_spec: str) -> str:
        """A value in the form asked for."""
        if value is None or value == "":
            return NOTHING
        try:
            return str(format(value, format_spec))
        except (TypeError, ValueError):
            return str(value)


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _wall(moment: int) -> str:
    return clock.moment(moment).strftime("%Y-%m-%d %H:%M") if moment else NOTHING
