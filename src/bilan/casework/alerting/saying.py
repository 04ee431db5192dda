"""What an alert says: the sentence of its rule, with the newest values and the names of its source."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from bilan.casework.models import Alert
from bilan.evaluation.rules.telling import say
from bilan.pack.registers.loading import current as registers
from bilan.pack.rules import RuleSpec, current
from bilan.pack.vocab import networks, parameters
from bilan.registers.models import Entry
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
        return f"{alert.rule} {place(alert, language)}"
    return say(spec, alert.values, names(alert, spec, language), language)


def place(alert: Alert, language: str) -> str:
    """Name of what the alert is about, as far as it has one.

    Parameters:
        language: ``zh-hans`` or ``en``.
    """
    return str((language == "en" and alert.name_en) or alert.name or alert.point or alert.code or alert.source)


def names(alert: Alert, spec: RuleSpec, language: str) -> dict[str, Any]:
    """Everything a sentence may name: the values, and what the source is called in a language."""
    english = language == "en"
    parameter = parameters().get(alert.parameter)
    network = networks().get(alert.network)
    register = registers(settings.CITY.pack).registers.get(alert.register)
    unit = str(alert.values.get("unit") or "")
    if not unit and parameter:
        unit = parameter.emission_unit if network and network.unit_kind == "emission" else parameter.unit
    return {
        "point": place(alert, language),
        "name": place(alert, language),
        "code": alert.code or alert.point,
        "parameter": (parameter.label_en if english else parameter.label_zh) if parameter else alert.parameter,
        "unit": UNITS.get(unit, unit),
        "enterprise": _enterprise(alert) or place(alert, language),
        "network": (network.name_en if english else network.name_zh) if network else alert.network,
        "register": register.title.text(language) if register else alert.register,
        "source": alert.source,
        "moment": _wall(alert.moment),
        "began": _wall(alert.began),
    }


def _enterprise(alert: Alert) -> str:
    """Name of the enterprise it is about; empty for none."""
    firm = Entry.objects.filter(register="enterprise", code=alert.organisation).values_list("name", flat=True).first()
    return str(firm or "")


def _wall(moment: int) -> str:
    return clock.moment(moment).strftime("%Y-%m-%d %H:%M") if moment else NOTHING
