"""What an alert says: the sentence of its rule with the newest values and the names of its source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from bilan.casework.models import Alert, Level
from bilan.evaluation.rules.telling import say
from bilan.pack import roles
from bilan.pack import rules as declared
from bilan.pack.registers.loading import current as registers
from bilan.pack.rules import RuleSpec
from bilan.pack.rules.columns import PLACEHOLDERS
from bilan.pack.vocab import networks, parameters
from bilan.problems import Problem
from bilan.telemetry.model import Point
from bilan.web import site
from bilan.web.components import numbers
from bilan.web.remember import Remembered

NOTHING = "–"
NAMED = PLACEHOLDERS - {"factor", "hours"}
"""Names of the source, which the page shows elsewhere."""
WITH_UNIT = frozenset({"value", "limit", "limit_low", "raw", "converted", "before", "minimum", "maximum"})
TITLES = {
    "value": gettext_lazy("Value"),
    "raw": gettext_lazy("As received"),
    "converted": gettext_lazy("Converted value"),
    "limit": gettext_lazy("Limit"),
    "limit_low": gettext_lazy("Lower limit"),
    "factor": gettext_lazy("Times the limit"),
    "hours": gettext_lazy("Hours"),
    "grade": gettext_lazy("Level or class"),
    "class_": gettext_lazy("Level or class"),
    "target": gettext_lazy("Target"),
    "main": gettext_lazy("What decides it"),
    "before": gettext_lazy("Before"),
    "deviation": gettext_lazy("Deviation"),
    "share": gettext_lazy("Share"),
    "left": gettext_lazy("Days left"),
    "due": gettext_lazy("Due"),
    "silent": gettext_lazy("Silent (h)"),
    "data_age": gettext_lazy("Age of the newest data (h)"),
    "delay": gettext_lazy("Delay (h)"),
    "transmission": gettext_lazy("Transmission rate"),
    "validity": gettext_lazy("Validity rate"),
    "effective": gettext_lazy("Effective transmission rate"),
    "gaps": gettext_lazy("Gaps"),
    "errors": gettext_lazy("Errors"),
}
"""Columns by the names people know; what is not among them is shown by its own."""


_kept: Remembered[Mapping[str, RuleSpec]] = Remembered(1.0, most=2)


def rules() -> Mapping[str, RuleSpec]:
    """The rules as they are now, or were a second ago: a page asks for them once a sentence."""
    return _kept.get(site.city().pack, declared_now)


def declared_now() -> Mapping[str, RuleSpec]:
    """The rules as they are now."""
    return declared.current(site.city().pack)


def faults() -> list[Problem]:
    """What is wrong with the files of the rules as they are now."""
    return declared.faults(site.city().pack)


def title_of(rule: str) -> str:
    """Title of a rule in the reader's language; its name when it is no longer declared."""
    spec = rules().get(rule)
    return spec.title.text(numbers.language()) if spec else rule


def sentence(alert: Alert, points: Mapping[str, Point]) -> str:
    """The alert in words; of a rule that is gone its name and what is known of the source.

    Parameters:
        points: visible points by code, for names.
    """
    spec = rules().get(alert.rule)
    if spec is None:
        return f"{alert.rule} {place(alert, points)}"
    values = {name: value for name, value in alert.values.items() if name not in NAMED}
    return say(spec, values, _names(alert, points.get(alert.point)), numbers.language())


def place(alert: Alert, points: Mapping[str, Point]) -> str:
    """Name of what the alert is about: its point, else its entry, else its source."""
    point = points.get(alert.point)
    own = (alert.name_en if numbers.language() == "en" else "") or alert.name
    return numbers.named(point) if point else own or alert.code or alert.point or alert.source


def role_of(code: str) -> str:
    """Title of a role in the reader's language."""
    role = roles.current(site.city().pack).get(code)
    return role.title.text(numbers.language()) if role else code


def facts(alert: Alert) -> list[tuple[str, str]]:
    """The numbers of the newest evaluation, with what each is called; names that a rule gave to its own steps are left out."""
    unit = numbers.unit(str(alert.values.get("unit", "")))
    columns = {entry.column: entry for entry in parameters().values()}
    found = []
    for name, value in alert.values.items():
        if value is None or isinstance(value, dict | list) or name in NAMED or not (name in columns or name in TITLES):
            continue
        title = numbers.labelled(columns[name]) if name in columns else str(TITLES[name])
        found.append((title, f"{_said(value)} {unit}" if unit and name in WITH_UNIT else _said(value)))
    return found


def _names(alert: Alert, point: Point | None) -> dict[str, Any]:
    """What a sentence may say of the source, as pages write it; none of it asks a database."""
    language = numbers.language()
    parameter = parameters().get(alert.parameter)
    network = networks().get(alert.network)
    register = registers(site.city().pack).registers.get(alert.register)
    unit = str(alert.values.get("unit") or "")
    if not unit and parameter:
        unit = parameter.emission_unit if network and network.unit_kind == "emission" else parameter.unit
    where = place(alert, {point.code: point} if point else {})
    enterprise = point.attributes.get("enterprise_en" if language == "en" else "enterprise_zh") if point else ""
    return {
        "point": where,
        "name": where,
        "code": alert.code or alert.point,
        "parameter": numbers.labelled(parameter) if parameter else alert.parameter,
        "unit": numbers.unit(unit),
        "enterprise": enterprise or where,
        "district": site.district_name(alert.district, language) if alert.district else "",
        "network": numbers.named(network) if network else alert.network,
        "register": register.title.text(language) if register else alert.register,
        "source": alert.source,
        "moment": numbers.wall(alert.moment) if alert.moment else NOTHING,
        "began": numbers.wall(alert.began) if alert.began else NOTHING,
        "level": str(Level(alert.level).label) if alert.level in Level.values else "",
    }


def _said(value: Any) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.4g}" if isinstance(value, float) and abs(value) < 1e4 else str(value)
