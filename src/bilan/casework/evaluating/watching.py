"""The watch: each minute the rules that are due are evaluated, alerts follow, escalate and lead to cases."""

from __future__ import annotations

import logging
import threading
import time
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from bilan.casework import alerting, moving
from bilan.casework.alerting.explaining import wall
from bilan.casework.evaluating.frames import Frames
from bilan.casework.evaluating.limits import publish
from bilan.casework.evaluating.opening import bring_back, open_cases
from bilan.casework.evaluating.placing import placed
from bilan.casework.evaluating.schedule import Schedule
from bilan.evaluation.rules import Context, evaluate
from bilan.evaluation.rules.context import day_of
from bilan.evaluation.rules.limits import held
from bilan.pack import rules as declared
from bilan.pack.rules import Rules, RuleSpec
from bilan.problems import Problem
from bilan.telemetry.store import Store
from bilan.telemetry.store.errors import StoreUnavailable

log = logging.getLogger(__name__)

ROUND = 60.0
"""From the beginning of one round to the next [s]."""
STATE = "watch"
"""Digest under which pages find how the watch is doing, and the watch, after a restart, when it evaluated what."""


class Watch:
    """Watches one city until it is stopped.

    Everything it knows stands in the databases: when it is ended at any moment, the next one goes on, and what is done twice is the same.

    Parameters:
        store: the city's store.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._frames = Frames()
        self._memory: dict[Any, Any] = {}
        kept = store.digests.get(STATE) or {}
        self._schedule = Schedule({str(name): int(at) for name, at in kept.get("evaluated", {}).items()})
        self._problems: dict[str, list[Problem]] = {}
        self._faults = ""
        self._fresh = True
        self.stopping = threading.Event()

    def run(self) -> None:
        """Watch until `stopping` is set; what cannot be reached is tried again."""
        while not self.stopping.is_set():
            begun = time.monotonic()
            try:
                self.round(timezone.now())
            except (StoreUnavailable, DatabaseError) as error:
                log.warning("waiting for the databases: %s", error)
                connection.close()
            self.stopping.wait(max(1.0, ROUND - (time.monotonic() - begun)))

    def round(self, now: datetime) -> None:
        """Evaluate what is due, and do what time has brought."""
        rules = declared.current(settings.CITY.pack)
        self._say_faults()
        again = publish(self._store, wall(now))
        if again:
            log.info("limits have changed: %d hours are judged again", again)
        opened = self._evaluate(rules, now)
        alerting.escalate(now, rules)
        if not declared.faults(settings.CITY.pack):
            alerting.retire(rules, now)
        bring_back(now, None if self._fresh else opened)
        self._fresh = False
        open_cases(rules)
        moving.overdue(now)

    def _evaluate(self, rules: Rules, now: datetime) -> list[int]:
        """Evaluate the rules that are due; gives the alerts that opened or rose."""
        at = wall(now)
        due = self._schedule.due(rules.values(), at)
        if not due:
            return []
        begun = time.monotonic()
        points = self._store.catalogue.points()
        known = held(self._store.limits.frame(), points)
        frames = self._frames.of({spec.rule: spec for chosen in due.values() for spec in chosen}, day_of(at))
        opened: list[int] = []
        for name, chosen in sorted(due.items()):
            context = Context(limits=known, frames=frames, since=self._schedule.since(name, at), memory=self._memory)
            found = evaluate(self._store, chosen, at, context=context)
            taken = alerting.take(placed(found.frame, points), found.checked, now, rules, over=placed(found.episodes, points))
            opened += [*taken.opened, *taken.raised]
            # Only now: what breaks off before is evaluated again, and taking the same twice changes nothing.
            self._schedule.done(name, chosen, at)
            self._note(name, chosen, found.problems)
            self._store.digests.put(STATE, self._state(at, time.monotonic() - begun))
        log.info("evaluated %d rules in %.1f s", sum(map(len, due.values())), time.monotonic() - begun)
        return opened

    def _note(self, name: str, chosen: list[RuleSpec], problems: list[Problem]) -> None:
        if problems and problems != self._problems.get(name):
            log.warning("%s", "; ".join(problem.text("en") for problem in problems))
        self._problems[name] = problems

    def _state(self, at: int, took: float) -> dict[str, Any]:
        problems = [problem.as_dict() for found in self._problems.values() for problem in found]
        return {"at": at, "took": round(took, 2), "evaluated": self._schedule.evaluated, "problems": problems}

    def _say_faults(self) -> None:
        """Log what is wrong with the rule files once, while the last good state of them holds."""
        said = "\n".join(problem.text("en") for problem in declared.faults(settings.CITY.pack))
        if said and said != self._faults:
            log.error("rules are not as declared; what was good before holds:\n%s", said)
        self._faults = said
