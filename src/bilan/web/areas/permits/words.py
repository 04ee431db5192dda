"""Clauses, measurements and gaps in the reader's language."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bilan.casework.permits import Clause, Gap, Measured
from bilan.pack.vocab import parameters
from bilan.registers.declared import declared
from bilan.web.components import numbers

KINDS = {
    "validity": gettext_lazy("Validity of the permit"),
    "limit": gettext_lazy("Emission limit"),
    "plan": gettext_lazy("Self-monitoring"),
    "automatic": gettext_lazy("Automatic monitoring"),
    "report": gettext_lazy("Yearly report"),
    "total": gettext_lazy("Yearly quantity"),
}
GAPS = {
    "no_end": gettext_lazy("the permit names no end"),
    "expired": gettext_lazy("ended on %(day)s"),
    "not_renewed": gettext_lazy("ends in %(days)d days, renewal not asked for"),
    "no_outlet": gettext_lazy("outlet %(outlet)s is not in the register"),
    "no_point": gettext_lazy("the outlet has no monitoring point"),
    "not_measured": gettext_lazy("no measurement"),
    "not_reported": gettext_lazy("no result was handed in"),
    "few_hours": gettext_lazy("only %(percent)d %% of the hours are valid"),
    "exceeded": gettext_lazy("%(hours)d hours above the limit, acted upon"),
    "exceeded_unanswered": gettext_lazy("%(hours)d hours above the limit, no case"),
    "not_networked": gettext_lazy("not connected"),
    "report_late": gettext_lazy("report on %(year)d is missing"),
    "total_exceeded": gettext_lazy("quantity exceeded"),
    "total_ahead": gettext_lazy("%(percent)d %% used with %(passed)d %% of the year gone"),
}


def parameter(code: str) -> str:
    """Name of a parameter; its code when it is not known."""
    known = parameters().get(code)
    return numbers.labelled(known) if known is not None else code


def says(clause: Clause) -> str:
    """What the permit says, in a line."""
    match clause.kind:
        case "validity":
            return _("Valid from %(begin)s to %(end)s") % {"begin": _day(clause, "issued"), "end": _day(clause, "expires")}
        case "limit":
            return f"{parameter(clause.parameter)} ≤ {_limit(clause)}"
        case "plan":
            return " · ".join(filter(None, (parameter(clause.parameter) if clause.parameter else "", _mode(clause.standard))))
        case "automatic":
            return _("Automatic monitoring is required; connected since %(day)s") % {"day": _day(clause, "since")}
        case "report":
            return _("A report each year; the last one of %(day)s") % {"day": _day(clause, "yearly_report")}
    return _("%(parameter)s at most %(limit)s a year") % {"parameter": parameter(clause.parameter), "limit": f"{clause.limit:g} t"}


def measured(clause: Clause) -> str:
    """What the instruments said, in a line; empty for nothing."""
    if clause.kind == "total":
        return "" if clause.total is None else _("%(total)s t this year") % {"total": numbers.digits(clause.total, 3)}
    return "；".join(_measured(entry) for entry in clause.measured)


def gap(entry: Gap) -> str:
    """The sentence of a gap."""
    values: dict[str, Any] = dict(entry.values)
    for name, share in (("percent", "share"), ("passed", "passed")):
        if share in values:
            values[name] = round(100 * float(values[share]))
    return str(GAPS[entry.code] % values if values else GAPS[entry.code])


def _measured(entry: Measured) -> str:
    if entry.highest is None or entry.mean is None:
        return _("no valid hour")
    return _("%(hours)d h, mean %(mean)s, highest %(highest)s %(unit)s, %(over)d h above") % {
        "hours": entry.hours,
        "mean": numbers.digits(entry.mean, 2),
        "highest": numbers.digits(entry.highest, 2),
        "unit": numbers.unit(entry.unit),
        "over": entry.over,
    }


def _limit(clause: Clause) -> str:
    return f"{clause.limit:g} {numbers.unit(clause.unit)}" if clause.limit is not None else numbers.NOTHING


def _mode(code: str) -> str:
    term = declared().vocabularies["monitoring-mode"].by_code.get(code)
    return term.title.text(numbers.language()) if term is not None else code


def _day(clause: Clause, name: str) -> str:
    day = clause.days.get(name)
    return day.isoformat() if day is not None else numbers.NOTHING
