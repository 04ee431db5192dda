"""What is wrong with a flow as a graph: states nobody reaches, states nobody leaves, duties that nobody can do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bilan.pack.flows.model import Flow, Kind, State, Transition
from bilan.pack.flows.reading import FlowRead
from bilan.problems import nearest


def check_graph(read: FlowRead) -> None:
    """Note what keeps a case from being opened, moved or ended."""
    flow = read.flow
    if not any(entry.final for entry in flow.states):
        read.taker.note("flow.no_end", "states", {})
    for state, code in [*_parts(flow), *_stuck(flow)]:
        read.taker.at(state.line).note(code, "state", {"value": state.name, "title": state.title.zh})
    for entry in flow.transitions:
        for code, values in _transition(flow, entry):
            read.taker.at(entry.line).note(code, "transition", {"transition": entry.name, **values})


def ends_of(flow: Flow) -> dict[str, list[str]]:
    """Where each state leads: transitions, and the parts that begin there."""
    leads: dict[str, list[str]] = {entry.name: [] for entry in flow.states}
    for entry in flow.transitions:
        if entry.to:
            for source in entry.sources:
                leads.setdefault(source, []).append(entry.to)
    for state in flow.states:
        leads[state.name] += [states[0].name for part in state.parallel if (states := flow.part_states(part.name))]
    return leads


def reached(leads: Mapping[str, Iterable[str]], begin: Iterable[str]) -> set[str]:
    """States that can be reached.

    Examples:
        >>> sorted(reached({"a": ["b"], "b": ["a"], "c": ["a"]}, ["a"]))
        ['a', 'b']
    """
    found: set[str] = set()
    waiting = list(begin)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += leads.get(name, ())
    return found


def _stuck(flow: Flow) -> Iterator[tuple[State, str]]:
    leads = ends_of(flow)
    begin = {flow.start, *(entry.to for entry in flow.reopen)}
    live = reached(leads, begin)
    back: dict[str, list[str]] = {}
    for source, targets in leads.items():
        for target in targets:
            back.setdefault(target, []).append(source)
    ending = reached(back, [entry.name for entry in flow.states if entry.final])
    for state in flow.states:
        if state.name not in live:
            yield state, "flow.unreachable"
        elif state.final and flow.leaving(state.name):
            yield state, "flow.left_after_end"
        elif state.part:
            yield from _part_stuck(flow, state, back)
        elif state.name not in ending:
            yield state, "flow.dead"


def _part_stuck(flow: Flow, state: State, back: Mapping[str, list[str]]) -> Iterator[tuple[State, str]]:
    within = reached(back, [entry.name for entry in flow.part_states(state.part) if entry.ends])
    if state.name not in within:
        yield state, "flow.dead"


def _parts(flow: Flow) -> Iterator[tuple[State, str]]:
    declared = {part.name for state in flow.states for part in state.parallel}
    for state in flow.states:
        if state.part and state.part not in declared:
            yield state, "flow.unknown_part"
        if state.part and (state.final or state.parallel):
            yield state, "flow.part_nested"
        if state.ends and not state.part:
            yield state, "flow.ends_without_part"
        if any(not flow.part_states(part.name) for part in state.parallel):
            yield state, "flow.part_empty"


def _transition(flow: Flow, entry: Transition) -> Iterator[tuple[str, dict[str, object]]]:
    target = flow.state.get(entry.to)
    for source in entry.sources:
        part = flow.state[source].part if source in flow.state else ""
        if target is not None and target.part != part and entry.kind is not Kind.CANCEL:
            yield "flow.across_parts", {"value": entry.to, "allowed": source}
    if target is not None and entry.kind is Kind.CLOSE and target.final != "closed":
        yield "flow.kind_end", {"value": entry.to, "allowed": "final: closed"}
    if target is not None and entry.kind is Kind.CANCEL and target.final != "cancelled":
        yield "flow.kind_end", {"value": entry.to, "allowed": "final: cancelled"}
    for name in entry.not_by:
        if name not in flow.transition:
            yield (
                "flow.unknown_transition",
                {"value": name, "allowed": sorted(flow.transition), "nearest": nearest(name, flow.transition)},
            )
    yield from _deadlock(flow, entry)


def _deadlock(flow: Flow, entry: Transition) -> Iterator[tuple[str, dict[str, object]]]:
    """Only the owner may do it, and the owner is who may not: nobody is left."""
    barred = {flow.transition[name] for name in entry.not_by if name in flow.transition}
    if entry.separate:
        barred |= {other for other in flow.transitions if other.kind is Kind.SUBMIT}
    for other in sorted(barred, key=lambda found: found.line):
        same = entry.owner and other.owner and not other.assigns and set(entry.sources) == {other.to}
        ways = [way for source in entry.sources for way in flow.leaving(source) if way.kind is not Kind.URGE and way.to != source]
        if same and all(way.owner for way in ways):
            yield "flow.separation_deadlock", {"value": other.name}
