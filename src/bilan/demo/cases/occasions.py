"""What the demo's cases come from besides entries: two campaigns, a random inspection, alerts that are over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import polars as pl
from django.conf import settings
from django.utils import timezone

from bilan.casework import campaigns, drawings
from bilan.casework.alerting import take
from bilan.casework.models import Alert, Campaign, Case, Drawing
from bilan.casework.moving import Opening, as_of, flow_named, move_many, open_many
from bilan.demo.cases.filling import Files, filled
from bilan.demo.cases.staff import Staff
from bilan.pack.rules import current
from bilan.people.models import Person
from bilan.problems import BilanError
from bilan.registers.declared import declared
from bilan.telemetry.clock import seconds
from bilan.telemetry.model import Point
from bilan.telemetry.store import Store

CAMPAIGNS = (
    ("扬尘与非道路机械专项行动 Dust and machinery", "construction-site", "", 26, 55),
    ("加油站油气回收专项检查 Vapour recovery", "filling-station", "", 12, 25),
)
"""Name, register, filters, days since its beginning, days it lasts."""
SEED = "2026-11-02 福彩双色球 2026128 期 05 09 14 21 27 30 + 08 （演示 demo）"
WATCHED = (
    ("device-silent", "source_water"),
    ("device-silent", "source_gas"),
    ("gas-hour-over", "source_gas"),
    ("water-discharge-day-over", "source_water"),
)
"""Rule and network of alerts that were."""
EACH = 16
MOST = 90
"""Targets of a campaign in the demo."""


def campaigns_and_draw(staff: Staff, now: datetime) -> None:
    """Two campaigns under way, and a draw with its inspections."""
    chief = staff.persons["chief"]
    for name, register, query, days, lasts in CAMPAIGNS:
        at = now - timedelta(days=days)
        begin = timezone.localtime(at).date()
        plan = campaigns.Plan(name, "campaign-inspection", register, begin, begin + timedelta(days=lasts), query, "special-campaign")
        with as_of(at):
            try:
                campaign = campaigns.begin(plan, chief)
            except BilanError:
                continue  # the city's pack has no such register, or it is empty
        Campaign.objects.filter(pk=campaign.pk).update(made=at)
        _inspected(campaign, staff, now)
    _drawn(staff, now - timedelta(days=18))


def _inspected(campaign: Campaign, staff: Staff, now: datetime) -> None:
    """Some of a campaign's targets were inspected, most of them without a finding."""
    cases = list(Case.objects.filter(campaign=campaign).order_by("entry"))
    files, flow = Files(), flow_named(campaign.flow)
    for share, steps in ((3, ("clean", "done")), (5, ("found", "fixed")), (7, ("found",))):
        own = [case for place, case in enumerate(cases) if place % share == 0][:MOST]
        cases = [case for case in cases if case not in own]
        for number, name in enumerate(steps):
            at = now - timedelta(days=9 - 3 * number)
            slot = "reviewer" if name == "done" else "team-1"
            standing = list(Case.objects.filter(pk__in=[case.pk for case in own], standing="running"))
            files.hand_in(standing, flow.transition[name], at)
            with as_of(at):
                asks = [(case, name, filled(flow, flow.transition[name], case, at, declared(), {})) for case in standing]
                move_many(asks, staff.persons[slot], accept="rows")


def _drawn(staff: Staff, at: datetime) -> None:
    chief = staff.persons["chief"]
    query = "permit_category=key"
    targets = drawings.targets_of(chief, "enterprise", query, kind="permit_category", spared=drawings.positive_list())
    inspectors = [entry for entry in drawings.inspectors_of() if entry.code.startswith("team-") or entry.code == "officer"]
    try:
        with as_of(at):
            drawing = drawings.draw(chief, "第四季度双随机抽查", SEED, "enterprise", query, targets, inspectors, {"*": 24})
            drawings.open_inspections(drawing, chief)
    except BilanError:
        return  # nothing to draw from
    Drawing.objects.filter(pk=drawing.pk).update(made=at)


def alerts_that_were(staff: Staff, now: datetime, files: Files) -> None:
    """Alerts of the past weeks that opened, were handled and cleared; some of them as orders."""
    known = current(settings.CITY.pack)
    store = Store.open(settings.CITY)
    points = store.catalogue.points()
    store.close()
    for number, (rule, network) in enumerate(WATCHED):
        own = [point for point in points if point.network == network][number * 3 :: 7][:EACH]
        if rule not in known or not own:
            continue
        began = now - timedelta(days=48 - 11 * number)
        wall = seconds(timezone.localtime(began).replace(tzinfo=None))
        rows = [_finding(rule, point, wall, 2 + place % 2) for place, point in enumerate(own)]
        findings = pl.DataFrame(rows)
        take(findings, findings.select("rule", "source"), began, known)
        orders = _ordered(staff, began, rule)
        _handled(orders, "accept", staff.persons["team-1"], began + timedelta(hours=2), files)
        _handled(orders, "submit", staff.persons["team-1"], began + timedelta(hours=32), files)
        take(findings.clear(), findings.select("rule", "source"), began + timedelta(days=6), known)
        _handled(orders[:-1], "approve", staff.persons["reviewer"], began + timedelta(days=7), files)
        Alert.objects.filter(rule=rule, opened=began).update(
            acknowledged=began + timedelta(hours=2), acknowledged_by=staff.persons["operator"]
        )


def _finding(rule: str, point: Point, wall: int, level: int) -> dict[str, Any]:
    about = {"point": point.code, "district": point.district, "moment": wall, "began": wall}
    return {"rule": rule, "source": f"{point.code}|", "level": level, **about}


def _ordered(staff: Staff, began: datetime, rule: str) -> list[Case]:
    """Orders for every second of these alerts."""
    alerts = list(Alert.objects.filter(rule=rule, opened=began).order_by("source"))[::2]
    openings = [Opening(f"预警交办 · {alert.name or alert.point}", alert=alert) for alert in alerts]
    with as_of(began + timedelta(hours=1)):
        done = open_many("alert-order", openings, staff.persons["chief"], accept="rows")
    return [entry.case for entry in done if entry.case is not None]


def _handled(cases: Sequence[Case], name: str, person: Person, at: datetime, files: Files) -> None:
    """Make one step of orders."""
    flow = flow_named("alert-order")
    going = list(Case.objects.filter(pk__in=[case.pk for case in cases]))
    files.hand_in(going, flow.transition[name], at)
    with as_of(at):
        asks = [(case, name, filled(flow, flow.transition[name], case, at, declared(), {})) for case in going]
        move_many(asks, person, accept="rows")
