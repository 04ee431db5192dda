"""Reading the transitions of a flow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bilan.pack.expressions import Expression
from bilan.pack.flows.model import ASKS, JUDGING, EvidenceNeed, Guard, Kind, Transition, Write
from bilan.pack.flows.taking import FlowTaker
from bilan.pack.loader import Declared
from bilan.pack.registers.fieldreading import noted_twice, read_field
from bilan.pack.registers.fields import Field
from bilan.pack.registers.taking import Taker
from bilan.problems import BilanError, Place, Problem

ANY = "*"
"""Stands for every state that is not final."""


class SharedFields:
    """Fields that a flow declares once and its transitions name.

    Args:
        taker: the flow's mapping.
    """

    def __init__(self, taker: FlowTaker) -> None:
        self._fields = {entry.name: entry for entry in _fields(taker, taker.items("fields"), "fields")}

    def of(self, taker: FlowTaker) -> tuple[Field, ...]:
        """Fields that a mapping declares or names."""
        found, own = [], []
        for item in taker.items("fields"):
            if not isinstance(item, str):
                own.append(item)
                continue
            taker.known("fields", [item], self._fields)
            if item in self._fields:
                found.append(self._fields[item])
        return (*found, *_fields(taker, own, "fields"))


def _fields(taker: FlowTaker, items: list[Any], key: str) -> tuple[Field, ...]:
    takers = [Taker(taker.source, item, taker.problems, "field", taker.where(key)) for item in items]
    noted_twice(takers, [str(entry.declared.get("name")) for entry in takers])
    read = [read_field(entry, _Any()) for entry in takers if isinstance(entry.declared, Declared)]
    return tuple(entry for entry in read if entry)


class _Any(frozenset[str]):
    """Names of which any is allowed: which there are shows only beside the registers, so they are checked later."""

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str)


def read_transition(taker: FlowTaker, shared: SharedFields, states: Sequence[str], running: Sequence[str]) -> Transition:
    """Read one transition and note what is wrong with it.

    Args:
        states: names of all states; `running` of those that are not final.
    """
    sources = taker.texts("from")
    taker.known("from", [name for name in sources if name != ANY], states, "flow.unknown_state")
    to = taker.name("to")
    taker.known("to", [to] if to else [], states, "flow.unknown_state")
    word = taker.word("kind")
    kind = Kind(word) if word in set(Kind) else Kind.FORWARD
    name = taker.name("transition")
    return Transition(
        name=name,
        title=taker.words("title"),
        about=taker.words("about"),
        sources=tuple(dict.fromkeys([*(running if ANY in sources else ()), *(entry for entry in sources if entry != ANY)])),
        to=to,
        kind=kind,
        roles=taker.texts("roles"),
        owner=taker.flag("owner", False),
        not_by=taker.texts("not_by"),
        separate=taker.flag("separate", kind in JUDGING),
        fields=shared.of(taker),
        evidence=evidence_of(taker),
        checklist=taker.name("checklist"),
        guards=_guards(taker),
        writes=_writes(taker, taker.declared.get("writes"), "writes"),
        documents=taker.texts("documents"),
        assigns=taker.texts("assigns"),
        note=taker.flag("note", kind in {Kind.RETURN, Kind.CANCEL}),
        result=taker.name("result") or name,
        parts=taker.flag("parts", kind not in {Kind.RETURN, Kind.CANCEL, Kind.URGE}),
        laws=taker.texts("laws"),
        line=taker.line,
    )


def evidence_of(taker: FlowTaker) -> tuple[EvidenceNeed, ...]:
    """Evidence that a mapping asks for."""
    found: list[EvidenceNeed] = []
    for entry in taker.children("evidence", "evidence"):
        need = EvidenceNeed(
            name=entry.name("name"),
            kind=entry.word("kind"),
            title=entry.words("title"),
            help=entry.words("help"),
            least=int(entry.within("least", 1, 0, 100) or 0),
            near=entry.within("near", None, 1, 100_000),
            within=entry.span("within"),
            when=entry.expression("when", None),
        )
        if any(other.name == need.name for other in found):
            entry.note("pack.duplicate", "name", {"value": need.name})
        found.append(need)
    return tuple(found)


def _guards(taker: FlowTaker) -> tuple[Guard, ...]:
    declared = taker.declared.get("guard")
    if declared is None:
        return ()
    items = declared if isinstance(declared, list) else [declared]
    takers = [FlowTaker(taker.source, item, taker.problems, "guard", taker.where("guard")) for item in items]
    read = [(entry.asking("when", ASKS), entry.words("says")) for entry in takers]
    return tuple(Guard(when, says) for when, says in read if when)


def _writes(taker: FlowTaker, declared: Any, key: str) -> tuple[Write, ...]:
    if declared is None:
        return ()
    if not isinstance(declared, Declared):
        taker.note("pack.wrong_type", key, {"key": key, "value": repr(declared)[:80], "allowed": "mapping"})
        return ()
    return tuple(_write(taker, name, value, declared) for name, value in declared.items())


def _write(taker: FlowTaker, name: str, value: Any, around: Declared) -> Write:
    line = around.lines.get(name, around.line)
    if isinstance(value, Declared):
        if set(value) != {"append"}:
            values = {"key": name, "value": sorted(value), "allowed": "append: {…}"}
            taker.problems.append(Problem("pack.wrong_value", values, Place(taker.source, line, name)))
            return Write(name)
        return Write(name, row=_writes(taker, value["append"], "writes"))
    if isinstance(value, str) and value.startswith("="):
        try:
            return Write(name, formula=Expression(value[1:]))
        except BilanError as error:
            taker.problems += [Problem(problem.code, problem.values, Place(taker.source, line, name)) for problem in error.problems]
            return Write(name)
    return Write(name, value)
