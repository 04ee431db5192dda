"""What is handed to the write service, and what it answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bilan.people.models import Person
from bilan.people.visibility import Scope, visible_to
from bilan.problems import Problem
from bilan.registers.models import ChangeSet


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes, why, and from where.

    Attributes:
        person: who; None for the platform itself.
        scope: what they may change; None for everything.
        reason: why, for the history.
        source: ``form``, ``import``, ``bulk``, ``api``, ``undo``, ``merge``, ``system``.
        file, digest: name and SHA-256 of the file it comes from.
        at: moment to write under when history itself is brought in; None for now.
    """

    person: Person | None
    scope: Scope | None
    reason: str
    source: str
    file: str = ""
    digest: str = ""
    at: datetime | None = None

    @classmethod
    def of(cls, person: Person, reason: str, source: str, file: str = "", digest: str = "") -> Author:
        """A person with what they may change."""
        return cls(person, visible_to(person), reason, source, file, digest)

    @classmethod
    def platform(cls, reason: str, at: datetime | None = None) -> Author:
        """The platform itself."""
        return cls(None, None, reason, "system", at=at)

    @property
    def name(self) -> str:
        """Name for the history."""
        return str(self.person) if self.person is not None else "Bilan"


@dataclass(frozen=True, slots=True)
class Draft:
    """What one entry shall become: only what is named changes, and None empties.

    Attributes:
        values: declared fields and those of `bilan.pack.registers.COMMON`.
        code: entry to change; empty for a new one whose code the rule gives. A code that is not there yet makes a new entry.
        version: version the writer looked at; None when they did not look.
        archived: True to archive, False to bring back, None to leave as it is.
        row: row of the file, for telling where something is wrong.
        new: whether the entry must not be there yet.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    code: str = ""
    version: int | None = None
    archived: bool | None = None
    row: int | None = None
    new: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one draft.

    Attributes:
        outcome: ``new``, ``changed``, ``unchanged`` or ``refused``.
        differences: field → value before and after; of changed entries.
        problems: why it was refused.
        notes: what was put right or deserves a look, without refusing.
    """

    row: int | None
    outcome: str
    code: str
    name: str = ""
    differences: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of all drafts, in their order.

    Attributes:
        change: the change set; None when nothing was written.
    """

    change: ChangeSet | None
    results: list[Result]

    @property
    def counts(self) -> Counter[str]:
        """How many drafts had each outcome."""
        return Counter(result.outcome for result in self.results)

    @property
    def refused(self) -> list[Result]:
        """Drafts that could not be accepted."""
        return [result for result in self.results if result.outcome == "refused"]
