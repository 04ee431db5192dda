"""The nouns of a zone check: what is asked, a zone that is touched, what it says, the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bilan.pack.registers import Activity, Register
from bilan.registers.ledger import Record

STRICTNESS = ("forbidden", "limited", "allowed")
"""Verdicts, the strictest first."""


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody wants to do, where and when.

    Attributes:
        geometry: checked GeoJSON geometry in WGS 84.
        on: the date that zones and clauses must be in force on.
        industry: GB/T 4754 code or its beginning, such as ``C26``; empty for unknown.
        description: the activity in words; empty for unknown.
        activities: codes of the vocabulary ``zone-activity``; empty for unknown.
    """

    geometry: Mapping[str, Any]
    on: date
    industry: str = ""
    description: str = ""
    activities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Touch:
    """A zone that the place lies in.

    Attributes:
        share: part of the place that lies in the zone, 0 to 1; 1 for a point.
        amount: how much that is: metres of a line, square metres of an area; 0 for a point.
    """

    entry: Record
    register: Register
    share: float
    amount: float

    @property
    def priority(self) -> int:
        """Whose word counts first, small first."""
        return self.register.zone.priority if self.register.zone else 0


@dataclass(frozen=True, slots=True)
class Finding:
    """What one zone says of the activity.

    Attributes:
        rule: verdict, text, clause, dates, confidence.
        depends: what was not asked precisely enough to be sure that the rule is meant: ``activity``, ``industry``, ``description``; empty
            when the rule applies.
        own: whether the clause is the zone's own, not one of all zones of its kind.
    """

    touch: Touch
    rule: Activity
    depends: tuple[str, ...] = ()
    own: bool = False

    @property
    def verdict(self) -> str:
        """``forbidden``, ``limited`` or ``allowed``."""
        return self.rule.verdict

    @property
    def applies(self) -> bool:
        """Whether the rule is meant for certain."""
        return not self.depends


@dataclass(frozen=True, slots=True)
class Answer:
    """What applies at a place.

    Attributes:
        touched: zones the place lies in, those of the highest priority first, whether they say something or not.
        findings: what they say, by priority and strictness; those that depend on more than was asked come last.
        hidden: whether zones that the reader may not see touch the place too.
    """

    question: Question
    touched: tuple[Touch, ...]
    findings: tuple[Finding, ...]
    hidden: bool = False

    @property
    def deciding(self) -> tuple[Finding, ...]:
        """The findings that give the overall verdict: the strictest of the highest priority that speaks."""
        sure = [finding for finding in self.findings if finding.applies]
        if not sure:
            return ()
        first = min(finding.touch.priority for finding in sure)
        same = [finding for finding in sure if finding.touch.priority == first]
        strictest = min(same, key=lambda finding: STRICTNESS.index(finding.verdict)).verdict
        return tuple(finding for finding in same if finding.verdict == strictest)

    @property
    def verdict(self) -> str:
        """``forbidden``, ``limited``, ``allowed``, or empty when no zone speaks for certain."""
        return self.deciding[0].verdict if self.deciding else ""

    @property
    def stricter(self) -> tuple[Finding, ...]:
        """Findings of a lower priority that are stricter than the verdict: to be weighed, not to be overlooked."""
        if not self.deciding:
            return ()
        reached = STRICTNESS.index(self.verdict)
        return tuple(finding for finding in self.findings if finding.applies and STRICTNESS.index(finding.verdict) < reached)

    @property
    def unsure(self) -> tuple[Finding, ...]:
        """Findings that depend on more than was asked."""
        return tuple(finding for finding in self.findings if not finding.applies)
