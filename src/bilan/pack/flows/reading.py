"""Reading one flow from its file."""

from __future__ import annotations

import string
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from bilan.pack.flows.model import LEVELS, Begin, Escalation, Flow, Part, Reopening, State, Subject
from bilan.pack.flows.taking import FlowTaker
from bilan.pack.flows.transitions import SharedFields, evidence_of, read_transition
from bilan.pack.loader import read_yaml
from bilan.pack.registers.folders import Source
from bilan.problems import Problem

SUBJECTS = ("alert", "entry", "task", "none")
PLACEHOLDERS = ("flow", "adcode", "district", "year", "month", "serial")


@dataclass
class FlowRead:
    """What one file gave.

    Attributes:
        flow: what was read, as far as it could be.
        taker: the file's mapping, to note problems that show only beside other files.
        lines: line of each state and transition.
    """

    flow: Flow
    taker: FlowTaker
    problems: list[Problem] = field(default_factory=list)


def read_flow(source: Source) -> FlowRead:
    """Read one file of ``flows``.

    Raises:
        BilanError: the file is no YAML.
    """
    problems: list[Problem] = []
    taker = FlowTaker(str(source), read_yaml(source), problems, "flow")
    name = taker.name("flow")
    if name and name != Path(source.name).stem:
        taker.note("declaration.file_name", "flow", {"value": name, "allowed": Path(source.name).stem})
    shared = SharedFields(taker)
    states = tuple(_states(taker))
    names = [entry.name for entry in states]
    start = taker.name("start") or (names[0] if names else "")
    taker.known("start", [start] if names else [], names, "flow.unknown_state")
    running = [entry.name for entry in states if not entry.final]
    transitions = tuple(read_transition(entry, shared, names, running) for entry in taker.children("transitions", "transition"))
    public_after = taker.name("public_after")
    taker.known("public_after", [public_after] if public_after else [], names, "flow.unknown_state")
    flow = Flow(
        name=name or Path(source.name).stem,
        title=taker.words("title"),
        about=taker.words("about"),
        group=taker.name("group"),
        subject=_subject(taker),
        code=_code(taker),
        level=taker.word("level", LEVELS[1]),
        start=start,
        opening=_opening(taker, shared),
        states=states,
        transitions=transitions,
        escalate=tuple(map(_escalation, taker.children("escalate", "escalation"))),
        reopen=tuple(_reopening(entry, names) for entry in taker.children("reopen", "reopen")),
        public_after=public_after,
        laws=taker.texts("laws"),
        serves=taker.texts("serves"),
        confidence=taker.word("confidence"),
        source=str(source),
        line=taker.where("flow"),
        text=source.read_bytes().decode("utf-8-sig"),
    )
    _unique(taker, "states", "state", ((entry.name, entry.line) for entry in states))
    _unique(taker, "transitions", "transition", ((entry.name, entry.line) for entry in transitions))
    return FlowRead(flow, taker, problems)


def _unique(taker: FlowTaker, key: str, word: str, named: Iterable[tuple[str, int]]) -> None:
    first: dict[str, int] = {}
    for name, line in named:
        if name in first:
            taker.at(line).note("declaration.duplicate", word, {"value": name, "allowed": f"{taker.source}:{first[name]}"})
        first.setdefault(name, line)


def _subject(taker: FlowTaker) -> Subject:
    if "subject" not in taker.declared:
        return Subject()
    child = taker.child("subject", "subject")
    kinds = child.texts("kinds")
    child.known("kinds", kinds, SUBJECTS, "value.unknown_choice")
    return Subject(kinds or ("none",), child.texts("registers"))


def _code(taker: FlowTaker) -> str:
    pattern = taker.word("code", "{flow}-{year}-{serial:5}")
    try:
        parts = [(name, form) for _, name, form, _ in string.Formatter().parse(pattern) if name is not None]
    except ValueError as error:
        taker.note("declaration.bad_placeholder", "code", {"value": pattern, "allowed": str(error)})
        return "{flow}-{year}-{serial:5}"
    taker.known("code", [name for name, _ in parts], PLACEHOLDERS, "declaration.unknown_placeholder")
    serials = [form or "" for name, form in parts if name == "serial"]
    if len(serials) != 1 or not serials[0].isdecimal() or not 1 <= int(serials[0]) <= 12 or not pattern.endswith("}"):
        taker.note("declaration.bad_placeholder", "code", {"value": pattern, "allowed": "…{serial:1} … {serial:12}"})
        return "{flow}-{year}-{serial:5}"
    return pattern


def _opening(taker: FlowTaker, shared: SharedFields) -> Begin:
    child = taker.child("opening", "opening")
    return Begin(child.texts("roles"), shared.of(child), evidence_of(child), child.words("says"))


def _states(taker: FlowTaker) -> Iterable[State]:
    for entry in taker.children("states", "flow-state"):
        if "term" in entry.declared and "until" in entry.declared:
            entry.note("flow.term_twice", "until", {})
        final = entry.word("final")
        yield State(
            name=entry.name("state"),
            title=entry.words("title"),
            about=entry.words("about"),
            term=entry.span("term"),
            until=entry.name("until"),
            tone=entry.word("tone", {"closed": "ok", "cancelled": "quiet"}.get(final, "info")),
            final=final,
            roles=entry.texts("roles"),
            stands=entry.flag("stands", False),
            parallel=tuple(_part(part) for part in entry.children("parallel", "part")),
            part=entry.name("part"),
            ends=entry.flag("ends", False),
            escalate=tuple(map(_escalation, entry.children("escalate", "escalation"))),
            line=entry.line,
        )


def _part(taker: FlowTaker) -> Part:
    return Part(taker.name("part"), taker.words("title"), taker.expression("when", None))


def _escalation(taker: FlowTaker) -> Escalation:
    if ("after" in taker.declared) == ("before" in taker.declared):
        taker.note("flow.after_or_before", "after", {})
    return Escalation(
        after=taker.span("after"),
        before=taker.span("before"),
        level=taker.word("level"),
        role=taker.name("role"),
        takes=taker.flag("takes", False),
        says=taker.words("says"),
    )


def _reopening(taker: FlowTaker, states: list[str]) -> Reopening:
    to = taker.name("to")
    taker.known("to", [to] if to else [], states, "flow.unknown_state")
    return Reopening(
        on=taker.word("on"),
        to=to,
        rules=taker.texts("rules"),
        same=taker.word("same", "source"),
        within=taker.span("within"),
        results=taker.texts("results"),
        roles=taker.texts("roles"),
    )
