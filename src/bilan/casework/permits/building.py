"""Putting the clauses of an enterprise's permits beside what is known about each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bilan.casework.docket import Docket
from bilan.casework.models import Alert
from bilan.casework.permits import gaps
from bilan.casework.permits.measuring import Asked, against_limits, totals
from bilan.casework.permits.model import Clause, OnePermit, Permit
from bilan.people.monitoring import Monitoring
from bilan.people.visibility import NotVisible
from bilan.registers.computing import codes_of
from bilan.registers.ledger import Ledger, Record
from bilan.telemetry import clock

DAYS = 30
"""How far back hours are compared with limits [d]."""
TOTALS = {"total_cod": "w01018", "total_nh3n": "w21003", "total_so2": "a21026", "total_nox": "a21002", "total_voc": "a24088"}
"""Field of a permit → parameter whose yearly quantity it limits [t/a]."""
MOST = 200
KINDS = {"water": "DW", "air": "DA"}
"""Medium of an enforcement case → beginning of the numbers of the outlets it can be about."""


@dataclass(frozen=True)
class Known:
    """What is known of an enterprise, read once."""

    outlets: Mapping[str, Record]
    inspections: Sequence[Record]
    decisions: Sequence[Record]
    applications: Sequence[Record]
    alerts: Sequence[Alert]

    def decided(self, outlet: str) -> list[Record]:
        """Enforcement cases that can be about an outlet, by their medium."""
        return [entry for entry in self.decisions if outlet.startswith(KINDS.get(str(entry.data.get("medium")), "D"))]

    def points(self, outlet: str) -> list[str]:
        """Monitoring points of an outlet."""
        entry = self.outlets.get(outlet)
        return codes_of(entry.data.get("points")) if entry is not None else []


def build(ledger: Ledger, monitoring: Monitoring, docket: Docket, record: Record, now: int) -> OnePermit:
    """The permits of an enterprise, clause by clause, as far as the reader may see.

    Parameters:
        record: entry of the register ``enterprise``.
        now: wall time [s].
    """
    today = clock.moment(now).date()
    begin = now - DAYS * clock.DAY
    known = Known(
        {str(entry.data.get("number")): entry for entry in _of(ledger, "outlet", record)},
        _recent(_of(ledger, "inspection-record", record), "day", today),
        _recent(_of(ledger, "enforcement-case", record), "found_on", today),
        _of(ledger, "permit-application", record),
        list(docket.alerts().filter(organisation=record.code, began__gte=begin - 335 * clock.DAY).order_by("-opened")[:MOST]),
    )
    permits = _of(ledger, "discharge-permit", record)
    asked = [
        Asked(point, str(item["parameter"]), float(item["limit"]))
        for permit in permits
        for row in permit.data.get("limits") or ()
        if (item := _item(row)) and isinstance(item.get("limit"), int | float)
        for point in known.points(str(row.get("outlet") or ""))
    ]
    measured = against_limits(monitoring, asked, begin, now) if asked else {}
    every = sorted({point for outlet in known.outlets for point in known.points(outlet)})
    discharged = totals(monitoring, every, list(TOTALS.values()), now) if every else {}
    found = []
    for permit in permits:
        clauses = [
            _validity(permit, known, today),
            *(_limit(row, known, measured) for row in permit.data.get("limits") or () if _item(row)),
            *(_plan(row, known, measured) for row in permit.data.get("plan") or ()),
            *_duties(permit, today),
            *_totals(permit, discharged, today),
        ]
        found.append(Permit(permit, clauses))
    return OnePermit(record, found, begin, now, known.inspections, known.decisions)


def _of(ledger: Ledger, register: str, record: Record) -> list[Record]:
    """Visible entries of a register that name the enterprise; none where the reader may not see the register."""
    try:
        return list(ledger.entries(register, {"enterprise": record.code})[:MOST])
    except NotVisible:
        return []


def _recent(records: Sequence[Record], name: str, today: date) -> list[Record]:
    edge = (today - timedelta(days=365)).isoformat()
    return sorted(
        (entry for entry in records if str(entry.data.get(name) or "") >= edge), key=lambda entry: str(entry.data[name]), reverse=True
    )


def _item(row: Mapping[str, Any]) -> Mapping[str, Any]:
    value = row.get("item")
    item = value[0] if isinstance(value, list) and value else value
    return item if isinstance(item, Mapping) and item.get("parameter") else {}


def _day(record: Record, name: str) -> date | None:
    text = record.data.get(name)
    return date.fromisoformat(text) if text else None


def _validity(permit: Record, known: Known, today: date) -> Clause:
    days = {"issued": _day(permit, "issued"), "expires": _day(permit, "expires")}
    handed_in = [entry for entry in known.applications if permit.code in codes_of(entry.data.get("permit"))]
    return Clause("validity", days=days, reported=handed_in, gaps=gaps.of_validity(permit, days["expires"], handed_in, today))


def _limit(row: Mapping[str, Any], known: Known, measured: Mapping[Asked, Any]) -> Clause:
    item, outlet = _item(row), str(row.get("outlet") or "")
    limit = float(item["limit"]) if isinstance(item.get("limit"), int | float) else None
    parameter = str(item["parameter"])
    points = known.points(outlet)
    seen = [measured[key] for point in points if limit is not None and (key := Asked(point, parameter, limit)) in measured]
    alerts = [entry for entry in known.alerts if entry.point in points and entry.parameter == parameter]
    decided = known.decided(outlet)
    return Clause(
        "limit",
        outlet,
        known.outlets.get(outlet),
        parameter,
        limit,
        str(item.get("unit") or ""),
        standard=" ".join(str(row[name]) for name in ("standard", "clause") if row.get(name)),
        measured=seen,
        inspected=known.inspections,
        decided=decided,
        alerts=alerts,
        gaps=gaps.of_limit(outlet, known.outlets, points, seen, alerts, decided),
    )


def _plan(row: Mapping[str, Any], known: Known, measured: Mapping[Asked, Any]) -> Clause:
    item, outlet = _item(row), str(row.get("outlet") or "")
    parameter, mode = str(item.get("parameter") or ""), str(row.get("mode") or "")
    points = known.points(outlet)
    seen = [entry for key, entry in measured.items() if key.point in points and key.parameter == parameter]
    text = " · ".join(str(row[name]) for name in ("frequency", "method") if row.get(name))
    return Clause(
        "plan", outlet, known.outlets.get(outlet), parameter, text=text, standard=mode, measured=seen, gaps=gaps.of_plan(mode, points, seen)
    )


def _duties(permit: Record, today: date) -> list[Clause]:
    found = []
    if permit.data.get("auto_required"):
        since = _day(permit, "auto_installed")
        found.append(Clause("automatic", days={"since": since}, gaps=gaps.of_automatic(since)))
    report = _day(permit, "yearly_report")
    return [*found, Clause("report", days={"yearly_report": report}, gaps=gaps.of_report(report, _day(permit, "issued"), today))]


def _totals(permit: Record, discharged: Mapping[str, float], today: date) -> list[Clause]:
    found = []
    for name, parameter in TOTALS.items():
        limit = permit.data.get(name)
        if isinstance(limit, int | float):
            total = discharged.get(parameter)
            kept = gaps.of_total(total, float(limit), today)
            found.append(Clause("total", parameter=parameter, limit=float(limit), unit="t/a", total=total, gaps=kept))
    return found
