"""The nouns of a flow: state, transition, evidence, guard, escalation, reopening."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from bilan.pack.expressions import Expression
from bilan.pack.flows.checklist import Checklist
from bilan.pack.flows.spans import Span
from bilan.pack.registers.fields import Field
from bilan.pack.registers.words import SILENT, Bilingual

LEVELS = ("notice", "warning", "serious", "critical")
"""Levels of a case, the lowest first; a case keeps the rank, 1 to 4."""
KNOWN: dict[str, Bilingual] = {
    "level": Bilingual("级别（1–4）", "Level (1–4)"),
    "round": Bilingual("轮次", "Round"),
    "state": Bilingual("所处状态", "State"),
    "opened": Bilingual("开办日期", "Opened on"),
    "subject": Bilingual("对象种类", "Kind of subject"),
    "findings": Bilingual("最近一次检查清单的问题数", "Findings of the last checklist"),
    "critical": Bilingual("其中否决项数", "Of these, findings that decide the whole"),
}
"""What expressions know of every case, beside its fields and those of the entry it is about."""
ASKS: dict[str, tuple[int, int]] = {
    "consecutive": (3, 3),
    "latest": (1, 1),
    "verdict": (1, 1),
    "open_alerts": (0, 1),
    "evidence": (0, 1),
    "done": (1, 1),
    "cases": (1, 2),
}
"""What guards may ask of things outside the case's fields, with fewest and most arguments:

- ``consecutive('water.month', 3, 'grade <= 5')``: whether each of the newest three results meets a condition. The first argument is a
  method of evaluation (columns ``grade``, ``value``, ``main``, ``valid``), ``measurements`` (of the case's evidence: ``parameter``,
  ``value``, ``unit``), or a table field of the entry, whose columns are the names;
- ``latest('w01018')``: newest value of a parameter at the case's points; ``verdict('water.hour')``: grade of the newest verdict there;
- ``open_alerts('fraud-*')``: how many ongoing alerts the case's subject has, by rule;
- ``evidence('photo')``: how many pieces of evidence of a kind the case has;
- ``done('submit')``: how often a transition was made in this round;
- ``cases('enforcement-case', 'closed')``: how many other cases of a flow there are about the same subject.
"""


class Kind(StrEnum):
    """What a transition does to a case."""

    FORWARD = "forward"
    SUBMIT = "submit"
    """Hands the work in: who does it may not judge it."""
    APPROVE = "approve"
    RETURN = "return"
    CLOSE = "close"
    CANCEL = "cancel"
    URGE = "urge"
    """Presses for it and changes nothing else."""


JUDGING = frozenset({Kind.APPROVE, Kind.RETURN, Kind.CLOSE})
"""Kinds that whoever submitted in the same round may not do, unless declared otherwise."""


@dataclass(frozen=True, slots=True)
class EvidenceNeed:
    """Evidence that a transition asks for.

    Attributes:
        kind: ``photo``, ``video``, ``audio``, ``document``, ``measurement``, ``signature``.
        least: fewest pieces; 0 for optional.
        near: distance from the subject's place [m] within which it must be taken; None for anywhere.
        within: how old it may be when it is handed in; None for any age.
        when: condition under which it is needed; None for always.
    """

    name: str
    kind: str
    title: Bilingual
    help: Bilingual = SILENT
    least: int = 1
    near: float | None = None
    within: Span | None = None
    when: Expression | None = None


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition that must hold, and what to say when it does not."""

    when: Expression
    says: Bilingual


@dataclass(frozen=True, slots=True)
class Write:
    """What a transition writes to a field of the subject entry.

    Attributes:
        field: name of the field, or of what every entry has, such as ``status``.
        value: a literal; a text may carry ``{names}`` of values.
        formula: an expression instead (declared with ``=`` before it).
        row: of a table field, a row to add: column → what to write.
    """

    field: str
    value: Any = None
    formula: Expression | None = None
    row: tuple[Write, ...] = ()


@dataclass(frozen=True, slots=True)
class Transition:
    """A way from one state to another.

    Attributes:
        sources: states it leaves.
        to: state it leads to; empty when the case stays where it is.
        roles: who may do it; empty for everybody who may handle cases.
        owner: whether only the owner of the case may.
        not_by: transitions whose doer in the same round may not do this one; separation of duties; `separate`: nor
            whoever did one of the kind `submit`.
        assigns: roles one of which the next owner must have; empty when the mover names nobody.
        note: whether a note must be written.
        parts: whether all parallel parts must have ended.
    """

    name: str
    title: Bilingual
    sources: tuple[str, ...]
    to: str = ""
    kind: Kind = Kind.FORWARD
    about: Bilingual = SILENT
    roles: tuple[str, ...] = ()
    owner: bool = False
    not_by: tuple[str, ...] = ()
    separate: bool = False
    fields: tuple[Field, ...] = ()
    evidence: tuple[EvidenceNeed, ...] = ()
    checklist: str = ""
    guards: tuple[Guard, ...] = ()
    writes: tuple[Write, ...] = ()
    documents: tuple[str, ...] = ()
    assigns: tuple[str, ...] = ()
    note: bool = False
    result: str = ""
    parts: bool = True
    laws: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Escalation:
    """What happens when a term is near its end or over.

    Attributes:
        after: how long after the end; `before` instead how long before it.
        level: level the case is raised to; empty to leave it.
        role: role that is told; with `takes` it becomes responsible.
    """

    after: Span | None = None
    before: Span | None = None
    level: str = ""
    role: str = ""
    takes: bool = False
    says: Bilingual = SILENT


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a case that runs beside others.

    Attributes:
        when: condition under which it is needed; None for always.
    """

    name: str
    title: Bilingual
    when: Expression | None = None


@dataclass(frozen=True, slots=True)
class State:
    """Where a case can stand.

    Attributes:
        term: how long it may stay here; `until`: date field that says until when instead.
        final: ``closed`` or ``cancelled`` where the case ends; empty elsewhere.
        roles: who is responsible here.
        stands: whether the clock stands.
        parallel: parts that begin when the case comes here, each at the first of its states.
        part: part it belongs to; `ends`: whether the part ends here.
    """

    name: str
    title: Bilingual
    about: Bilingual = SILENT
    term: Span | None = None
    until: str = ""
    tone: str = "info"
    final: str = ""
    roles: tuple[str, ...] = ()
    stands: bool = False
    parallel: tuple[Part, ...] = ()
    part: str = ""
    ends: bool = False
    escalate: tuple[Escalation, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Reopening:
    """What brings an ended case back.

    Attributes:
        on: ``alert`` or ``person``.
        rules: patterns of rules' names; `same`: what the alert shares with the case: ``source``, ``entry`` or ``organisation``.
        within: how long after the end; None for ever.
        results: results of the cases it is about; empty for all.
    """

    on: str
    to: str
    rules: tuple[str, ...] = ()
    same: str = "source"
    within: Span | None = None
    results: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """What cases of a flow are about.

    Attributes:
        kinds: of ``alert``, ``entry``, ``task``, ``none``.
        registers: registers of the entry; empty for any.
    """

    kinds: tuple[str, ...] = ("none",)
    registers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Begin:
    """Opening a case by hand.

    Attributes:
        roles: who may; empty for whoever may handle cases.
    """

    roles: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    evidence: tuple[EvidenceNeed, ...] = ()
    says: Bilingual = SILENT


ANYTHING = Subject()
BEGIN = Begin()


@dataclass(frozen=True)
class Flow:
    """One flow as declared.

    Attributes:
        code: pattern of its cases' codes.
        level: level of a new case, one of `LEVELS`.
        start: state a case begins in.
        escalate: what happens around the end of a term where a state says nothing of its own.
        public_after: state from which on the public may see a name; empty for never.
        checklists: those its transitions use, as they were when it was read.
        source, line: where it is declared; `text`: what was declared, to be kept with its cases.
    """

    name: str
    title: Bilingual
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    start: str
    about: Bilingual = SILENT
    group: str = ""
    subject: Subject = ANYTHING
    code: str = "{flow}-{year}-{serial:5}"
    level: str = "warning"
    opening: Begin = BEGIN
    escalate: tuple[Escalation, ...] = ()
    reopen: tuple[Reopening, ...] = ()
    public_after: str = ""
    laws: tuple[str, ...] = ()
    serves: tuple[str, ...] = ()
    confidence: str = ""
    checklists: Mapping[str, Checklist] = field(default_factory=dict)
    source: str = ""
    line: int = 0
    text: str = ""

    @cached_property
    def state(self) -> dict[str, State]:
        """States by name."""
        return {entry.name: entry for entry in self.states}

    @cached_property
    def transition(self) -> dict[str, Transition]:
        """Transitions by name."""
        return {entry.name: entry for entry in self.transitions}

    @cached_property
    def fields(self) -> dict[str, Field]:
        """Every field that opening or a transition fills in, by name; the first declaration of each."""
        found: dict[str, Field] = {}
        for entry in (*self.opening.fields, *(entry for transition in self.transitions for entry in transition.fields)):
            found.setdefault(entry.name, entry)
        return found

    @cached_property
    def submits(self) -> dict[str, str]:
        """Transitions that hand work in, with their titles: whoever makes one may not judge it."""
        return {entry.name: entry.title.zh for entry in self.transitions if entry.kind is Kind.SUBMIT}

    def responsible(self, state: str) -> tuple[str, ...]:
        """Roles that are responsible in a state: those declared, else those of the ways out; none for anybody."""
        entry = self.state.get(state)
        if entry is None or entry.roles:
            return entry.roles if entry else ()
        ways = [way for way in self.leaving(state) if way.kind not in {Kind.URGE, Kind.CANCEL}]
        return tuple(dict.fromkeys(role for way in ways for role in way.roles))

    def leaving(self, state: str) -> tuple[Transition, ...]:
        """Transitions that leave a state, in their order."""
        return tuple(entry for entry in self.transitions if state in entry.sources)

    def part_states(self, part: str) -> tuple[State, ...]:
        """States of a parallel part; it begins at the first."""
        return tuple(entry for entry in self.states if entry.part == part)

    def escalation(self, state: str) -> tuple[Escalation, ...]:
        """What happens around the end of a state's term."""
        entry = self.state.get(state)
        return (entry.escalate if entry else ()) or self.escalate


@dataclass(frozen=True)
class Flows:
    """The flows and checklists of a city: base pack and city pack together.

    Attributes:
        signature: changes whenever a declaration changes.
    """

    flows: Mapping[str, Flow]
    checklists: Mapping[str, Checklist] = field(default_factory=dict)
    signature: str = ""
