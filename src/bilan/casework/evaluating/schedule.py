"""Which rules are due: each kind at its own pace, and at once when it is new or was changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bilan.pack.rules import RuleSpec, Subject
from bilan.telemetry import clock

MINUTE = 60
PACES: Mapping[str, int] = {"minute": MINUTE, "hour": 5 * MINUTE, "day": 30 * MINUTE, "month": clock.HOUR, "year": clock.HOUR}
"""Interval of a rule's data → how often it is evaluated [s]."""
OTHERS: Mapping[Subject, int] = {
    Subject.DEVICES: MINUTE,
    Subject.ENTRIES: 10 * MINUTE,
    Subject.TERMS: 10 * MINUTE,
    Subject.INDICATORS: 10 * MINUTE,
    Subject.FORECASTS: 10 * MINUTE,
}
"""Subject that has no interval → how often its rules are evaluated [s]."""
LONGEST = {"minute": 3 * clock.DAY, "hour": 31 * clock.DAY, "day": 400 * clock.DAY}
"""Interval → how far back an evaluation goes at most to make up for a stand still [s]."""
SLACK = 5
"""A round that comes so much too early counts as due [s]."""


@dataclass
class Schedule:
    """When what was evaluated last.

    Attributes:
        evaluated: group of rules → time [s of the wall clock]; kept across restarts.
        digests: rule → digest of its declaration when this process evaluated it last.
    """

    evaluated: dict[str, int] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)

    def due(self, rules: Iterable[RuleSpec], now: int) -> dict[str, list[RuleSpec]]:
        """Rules that are due, by group.

        A time that lies ahead was written by a clock that went wrong: its group is due.
        """
        found: dict[str, list[RuleSpec]] = {}
        for spec in rules:
            if not spec.active:
                continue
            last = self.evaluated.get(group(spec))
            waited = last is None or not 0 <= now - last < pace(spec) - SLACK
            if waited or self.digests.get(spec.rule) != spec.digest:
                found.setdefault(group(spec), []).append(spec)
        return found

    def since(self, name: str, now: int) -> int | None:
        """From when on a group is to be judged: its last evaluation, as far as that goes back; None for the usual span."""
        last = self.evaluated.get(name)
        longest = LONGEST.get(name)
        return None if last is None or longest is None or last > now else max(last, now - longest)

    def done(self, name: str, specs: Iterable[RuleSpec], now: int) -> None:
        """Note that rules of a group were evaluated."""
        self.evaluated[name] = now
        self.digests |= {spec.rule: spec.digest for spec in specs}


def group(spec: RuleSpec) -> str:
    """What a rule is evaluated together with: its interval, or its subject when that has none."""
    return spec.interval if spec.subject.timed else spec.subject.value


def pace(spec: RuleSpec) -> int:
    """How often a rule is evaluated [s]."""
    return PACES.get(spec.interval, clock.HOUR) if spec.subject.timed else OTHERS[spec.subject]
