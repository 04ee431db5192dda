"""Making the demo city's cases through the same door that people use, as of past days."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from bilan.casework.models import Case, CaseState, Evidence
from bilan.casework.moving import Opening, as_of, flow_named, move_many, open_many
from bilan.demo.cases.filling import Files, filled
from bilan.demo.cases.occasions import alerts_that_were, campaigns_and_draw
from bilan.demo.cases.plans import Path, paths
from bilan.demo.cases.staff import Staff
from bilan.demo.progress import Progress
from bilan.registers.declared import declared
from bilan.registers.models import Entry

COHORTS = ((0.55, 150, 2), (0.3, 34, 1), (0.15, 5, 0))
"""Share of a way's cases, how many days ago they were opened, and the fewest steps that they came."""
WORK = timedelta(hours=9, minutes=20)
"""Time of the day at which demo steps are made."""


def make(progress: Progress, seed: int = 0) -> int:
    """Make all demo cases where there are none.

    Returns:
        How many cases there are.
    """
    if not Case.objects.exists():
        _Making(seed).run(progress)
    return int(Case.objects.count())


class _Making:
    def __init__(self, seed: int) -> None:
        self._seed, self._staff, self._files, self._known = seed, Staff(), Files(), declared()
        self._now: datetime = timezone.now()
        self._used: set[tuple[str, str]] = set()

    def run(self, progress: Progress) -> None:
        ways = paths()
        for place, way in enumerate(ways):
            progress(0.9 * place / len(ways), way.flow)
            self._way(way)
        progress(0.92, "campaigns, draw, alerts")
        campaigns_and_draw(self._staff, self._now)
        alerts_that_were(self._staff, self._now, self._files)

    def _way(self, way: Path) -> None:
        codes = self._entries(way)
        if way.since:
            held = dict(Entry.objects.filter(register=way.register, code__in=codes).values_list("code", "data"))
            codes.sort(key=lambda code: str(held[code].get(way.since) or ""))
        begin = 0
        for share, days, fewest in COHORTS:
            own = codes[begin : begin + max(1, round(share * len(codes)))]
            begin += len(own)
            if own:
                self._cohort(way, own, days, fewest)

    def _entries(self, way: Path) -> list[str]:
        """Entries a way's cases are about, drawn by the seed among those that no other way has."""
        found = Entry.objects.filter(register=way.register, archived=False)
        if way.status:
            found = found.filter(status=way.status)
        free = [code for code in found.values_list("code", flat=True) if (way.register, code) not in self._used]
        chosen = sorted(free, key=lambda code: self._rank(way.register, code))[: way.count]
        self._used |= {(way.register, code) for code in chosen}
        return chosen

    def _cohort(self, way: Path, codes: Sequence[str], days: int, fewest: int) -> None:
        flow = flow_named(way.flow)
        gap = max(days / (len(way.steps) + 1.5), 0.4)
        at = self._moment(days)
        openings = [Opening(f"{flow.title.zh.split('·')[0].strip()} · {code}", register=way.register, entry=code) for code in codes]
        with as_of(at):
            done = open_many(way.flow, openings, self._staff.persons["chief"], accept="rows")
        cases = [entry.case for entry in done if entry.case is not None]
        far = {case.pk: self._far(case.entry, len(way.steps), fewest) for case in cases}
        made: dict[str, str] = {}
        last = ""
        for number, name in enumerate(way.steps):
            transition = flow.transition[name]
            last = made[name] = self._staff.slot(flow, transition, made, last)
            going = list(Case.objects.filter(pk__in=[pk for pk, steps in far.items() if steps > number], standing=CaseState.RUNNING))
            self._step(way, going, name, last, self._moment(days - (number + 1) * gap))

    def _step(self, path: Path, cases: Sequence[Case], name: str, slot: str, at: datetime) -> None:
        if not cases:
            return
        flow = flow_named(cases[0].flow)
        self._files.hand_in(cases, flow.transition[name], at)
        entries = {
            entry.code: entry.data for entry in Entry.objects.filter(register=cases[0].register, code__in=[case.entry for case in cases])
        }
        groups: dict[str, list[Case]] = {}
        for case in cases:
            groups.setdefault(self._staff.of(slot, case).username, []).append(case)
        with as_of(at):
            for username, own in groups.items():
                way = flow.transition[name]
                asks = []
                for case in own:
                    about = entries.get(case.entry, {})
                    asks.append((case, name, filled(flow, way, case, at, self._known, about, path.name)))
                move_many(asks, self._staff.persons[username], accept="rows")
        Evidence.objects.filter(case__in=cases, step=None).delete()

    def _far(self, code: str, steps: int, fewest: int) -> int:
        """How many steps a case came: of the older ones most to their end."""
        drawn = int(self._rank("far", code)[:6], 16) % 100
        if fewest and drawn < 30 * fewest:
            return steps
        return min(steps, min(fewest, steps) + drawn % max(1, steps - fewest + 1))

    def _moment(self, days: float) -> datetime:
        """The working time of a day so many days ago."""
        day = timezone.localtime(self._now - timedelta(days=max(days, 0.0)))
        at: datetime = day.replace(hour=0, minute=0, second=0, microsecond=0) + WORK + timedelta(minutes=int(37 * days) % 400)
        return min(at, self._now - timedelta(minutes=5))

    def _rank(self, *parts: str) -> str:
        return hashlib.sha256("|".join((str(self._seed), *parts)).encode()).hexdigest()
