"""What each clause of a permit asks for that is not there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bilan.casework.permits.model import Gap, Measured
from bilan.registers.ledger import Record

RENEWAL = 60
"""Days before its end at which renewal must be asked for [d]. References: 排污许可管理条例 (2021), article 14."""
ENOUGH = 0.9
"""Share of hours that must have come and be valid for automatic monitoring to count as running."""
REPORT_UNTIL = (1, 31)
"""Month and day by which the report on the year before is due."""


def of_validity(permit: Record, expires: date | None, handed_in: Sequence[Any], today: date) -> list[Gap]:
    """A permit that has ended, or ends soon and is not being renewed."""
    if expires is None:
        return [Gap("no_end")]
    left = (expires - today).days
    if left < 0:
        return [Gap("expired", {"day": expires.isoformat()}, grave=True)]
    if left <= RENEWAL and permit.status != "renewal" and not handed_in:
        return [Gap("not_renewed", {"days": left}, grave=True)]
    return []


def of_limit(
    outlet: str,
    outlets: Mapping[str, Any],
    points: Sequence[str],
    seen: Sequence[Measured],
    alerts: Sequence[Any],
    decided: Sequence[Any],
) -> list[Gap]:
    """A limit that nobody measures, that is not measured well, or that was exceeded without anybody acting."""
    if outlet not in outlets:
        return [Gap("no_outlet", {"outlet": outlet}, grave=True)]
    if not points:
        return [Gap("no_point", {"outlet": outlet})]
    if not seen:
        return [Gap("not_measured")]
    found = [Gap("few_hours", {"share": entry.share, "point": entry.point}) for entry in seen if entry.share < ENOUGH]
    over = sum(entry.over for entry in seen)
    acted = decided or any(alert.case_id is not None for alert in alerts)
    if over:
        found.append(Gap("exceeded" if acted else "exceeded_unanswered", {"hours": over}, grave=not acted))
    return found


def of_plan(mode: str, points: Sequence[str], seen: Sequence[Measured]) -> list[Gap]:
    """Self-monitoring that was promised and is not seen."""
    if mode in {"automatic", "both"}:
        if not points:
            return [Gap("no_point")]
        return [] if any(entry.hours for entry in seen) else [Gap("not_measured", grave=True)]
    return [] if any(entry.hours for entry in seen) else [Gap("not_reported")]


def of_automatic(since: date | None) -> list[Gap]:
    """Automatic monitoring that must be there and is not."""
    return [] if since is not None else [Gap("not_networked", grave=True)]


def of_report(report: date | None, issued: date | None, today: date) -> list[Gap]:
    """The yearly report that is due: on the year before by the end of January, from the first whole year of the permit on."""
    due_year = today.year if (today.month, today.day) > REPORT_UNTIL else today.year - 1
    if issued is None or issued.year >= due_year or (report is not None and report.year >= due_year):
        return []
    return [Gap("report_late", {"year": due_year - 1}, grave=True)]


def of_total(total: float | None, limit: float, today: date) -> list[Gap]:
    """A yearly quantity that is used up, or is used faster than the year passes."""
    if total is None:
        return [Gap("not_measured")]
    if total > limit:
        return [Gap("total_exceeded", {"total": total, "limit": limit}, grave=True)]
    passed = today.timetuple().tm_yday / 365
    return [Gap("total_ahead", {"share": total / limit, "passed": passed})] if passed > 0.25 and total > limit * passed * 1.1 else []
