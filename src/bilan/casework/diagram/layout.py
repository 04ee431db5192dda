"""Laying out a flow: each state in the row behind those that lead to it, returns and long ways in lanes at the sides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from bilan.pack.flows import Flow, Kind, State, Transition
from bilan.pack.registers.words import Bilingual

WIDTH, HEIGHT = 176, 48
"""Size of a state."""
ACROSS, DOWN = 28, 62
"""Distance between states of a row, and between rows."""
LANE = 18
MARGIN = 16
LABEL = 126
"""Room for the words beside a lane."""
MANY = 2
"""A cancelling transition that leaves more states than this is told at its end and not drawn from each."""


@dataclass(frozen=True, slots=True)
class Node:
    """A state as drawn: its upper left corner.

    Attributes:
        inside: title of the part it stands in; empty for none.
        staying: transitions that leave the case where it is.
        anywhere: transitions that lead here from everywhere.
    """

    state: State
    x: float
    y: float
    inside: Bilingual
    staying: tuple[Bilingual, ...] = ()
    anywhere: tuple[Bilingual, ...] = ()


@dataclass(frozen=True, slots=True)
class Edge:
    """One or several transitions between two states as drawn.

    Attributes:
        path: of the line, in SVG's notation.
        titles: of the transitions; the words stand at `x`, `y`, `anchor` as in SVG.
        kind: ``on``, ``back`` or ``part`` (the beginning or the end of a parallel part).
    """

    source: str
    target: str
    path: str
    titles: tuple[Bilingual, ...]
    x: float
    y: float
    anchor: str
    kind: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A flow as drawn."""

    width: float
    height: float
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def laid_out(flow: Flow) -> Drawing:
    """Lay a flow out.

    Examples:
        >>> from bilan.pack.flows import load
        >>> drawing = laid_out(load().flows["alert-order"])
        >>> [node.state.name for node in drawing.nodes][:3]
        ['assigned', 'handling', 'review']
    """
    ways = _ways(flow)
    rows = _rows(flow, ways)
    left = MARGIN + _room(ways, rows, "left")
    widest = max(len(row) for row in rows)
    inner = widest * WIDTH + (widest - 1) * ACROSS
    places = {
        state: (
            left + (inner - (len(row) * WIDTH + (len(row) - 1) * ACROSS)) / 2 + at * (WIDTH + ACROSS),
            MARGIN + number * (HEIGHT + DOWN),
        )
        for number, row in enumerate(rows)
        for at, state in enumerate(row)
    }
    edges = _edges(flow, ways, rows, places, left, left + inner)
    right = left + inner + _room(ways, rows, "right")
    height = MARGIN * 2 + len(rows) * HEIGHT + (len(rows) - 1) * DOWN
    nodes = tuple(_node(flow, state, *places[state]) for row in rows for state in row)
    return Drawing(right + MARGIN, height, nodes, tuple(edges))


Ways = dict[tuple[str, str], list[Transition]]


def _ways(flow: Flow) -> Ways:
    """Transitions by the states they join; parts begin below the state that has them."""
    found: Ways = defaultdict(list)
    for entry in flow.transitions:
        if entry.kind is Kind.CANCEL and len(entry.sources) > MANY:
            continue
        for source in entry.sources:
            if entry.to and entry.to != source and source in flow.state and entry.to in flow.state:
                found[source, entry.to].append(entry)
    for state in flow.states:
        for part in state.parallel:
            states = flow.part_states(part.name)
            if states:
                found[state.name, states[0].name] = []
    return found


def _rows(flow: Flow, ways: Ways) -> list[list[str]]:
    """States by rows: each below the lowest of those declared before it that lead to it."""
    order = {entry.name: number for number, entry in enumerate(flow.states)}
    depth: dict[str, int] = {}
    for name in order:
        above = [depth[source] for source, target in ways if target == name and source in depth]
        alone = 0 if name == flow.start or flow.state[name].final else max(depth.values(), default=-1) + 1
        depth[name] = max(above) + 1 if above else alone
    lowest = max((depth[name] for name in order if not flow.state[name].final), default=0)
    for name in order:
        if flow.state[name].final:
            depth[name] = max(depth[name], lowest + 1)
    rows: dict[int, list[str]] = defaultdict(list)
    for name in order:
        rows[depth[name]].append(name)
    return [rows[number] for number in sorted(rows)]


def _side(pair: tuple[str, str], rows: list[list[str]]) -> str:
    """Where a way runs: ``down`` to the next row, ``across`` within one, ``left`` past rows, ``right`` back up."""
    row = {state: number for number, states in enumerate(rows) for state in states}
    steps = row[pair[1]] - row[pair[0]]
    if steps == 1:
        return "down"
    if steps > 1:
        return "left"
    return "right" if steps < 0 or abs(rows[row[pair[0]]].index(pair[0]) - rows[row[pair[1]]].index(pair[1])) > 1 else "across"


def _room(ways: Ways, rows: list[list[str]], side: str) -> float:
    """Room for the lanes at a side and the words beside them."""
    lanes = sum(_side(pair, rows) == side for pair in ways)
    return lanes * LANE + LABEL if lanes else 0


def _length(pair: tuple[str, str], rows: list[list[str]]) -> int:
    """Rows that a way passes."""
    row = {state: number for number, states in enumerate(rows) for state in states}
    return abs(row[pair[1]] - row[pair[0]])


def _edges(
    flow: Flow, ways: Ways, rows: list[list[str]], places: Mapping[str, tuple[float, float]], left: float, right: float
) -> list[Edge]:
    lanes = {"left": 0, "right": 0}
    outward = _ports(ways, rows, 0)
    inward = _ports(ways, rows, 1)
    found = []
    outer = {"left": {row[0] for row in rows}, "right": {row[-1] for row in rows}}
    for pair, transitions in sorted(ways.items(), key=lambda item: _length(item[0], rows)):
        side = _side(pair, rows)
        titles = tuple(entry.title for entry in transitions)
        begin, end = places[pair[0]], places[pair[1]]
        kind = "part" if not transitions else "back" if side == "right" else "on"
        if side == "down":
            a, b = (begin[0] + outward[pair], begin[1] + HEIGHT), (end[0] + inward[pair], end[1])
            middle = (a[1] + b[1]) / 2
            path = f"M{a[0]:g} {a[1]:g}C{a[0]:g} {middle:g} {b[0]:g} {middle:g} {b[0]:g} {b[1]:g}"
            found.append(Edge(*pair, path, titles, (a[0] + b[0]) / 2 + 6, middle + 4, "start", kind))
        elif side == "across":
            forward = end[0] > begin[0]
            a, b = (begin[0] + (WIDTH if forward else 0), begin[1] + HEIGHT / 2), (end[0] + (0 if forward else WIDTH), end[1] + HEIGHT / 2)
            found.append(Edge(*pair, f"M{a[0]:g} {a[1]:g}L{b[0]:g} {b[1]:g}", titles, (a[0] + b[0]) / 2, a[1] - 6, "middle", kind))
        else:
            lanes[side] += 1
            edge = left if side == "left" else right
            free = pair[0] in outer[side], pair[1] in outer[side]
            found.append(_around(pair, titles, kind, begin, end, side, lanes[side], edge, free))
    return found


def _around(
    pair: tuple[str, str],
    titles: tuple[Bilingual, ...],
    kind: str,
    begin: tuple[float, float],
    end: tuple[float, float],
    side: str,
    lane: int,
    edge: float,
    free: tuple[bool, bool],
) -> Edge:
    """A way that goes around at a side; past its neighbours where the state it leaves or reaches is not the outermost of its row."""
    sign, near = (-1, 0) if side == "left" else (1, WIDTH)
    shift = (lane * 7) % 22 - 11
    x = edge + sign * lane * LANE
    if free[0]:
        first, leave = begin[1] + HEIGHT / 2 + shift, f"M{begin[0] + near:g} {begin[1] + HEIGHT / 2 + shift:g}"
    else:
        first = begin[1] + HEIGHT + 16 + shift
        leave = f"M{begin[0] + WIDTH / 2 + sign * 60:g} {begin[1] + HEIGHT:g}V{first:g}"
    if free[1]:
        last, reach = end[1] + HEIGHT / 2 + shift, f"H{end[0] + near:g}"
    else:
        last = end[1] - 18 + shift
        reach = f"H{end[0] + WIDTH / 2 + sign * (60 - lane * 9 % 40):g}V{end[1]:g}"
    turn = 8 if last > first else -8
    path = (
        f"{leave}H{x - sign * 8:g}Q{x:g} {first:g} {x:g} {first + turn:g}V{last - turn:g}Q{x:g} {last:g} {x - sign * 8:g} {last:g}{reach}"
    )
    return Edge(*pair, path, titles, x + sign * 5, (first + last) / 2 + 4 + (lane % 3 - 1) * 15, "end" if side == "left" else "start", kind)


def _ports(ways: Ways, rows: list[list[str]], end: int) -> dict[tuple[str, str], float]:
    """Where along a state's lower or upper side each way to the next row leaves or arrives."""
    by_state: dict[str, list[tuple[str, str]]] = defaultdict(list)
    order = {state: number for row in rows for number, state in enumerate(row)}
    for pair in ways:
        if _side(pair, rows) == "down":
            by_state[pair[end]].append(pair)
    found = {}
    for pairs in by_state.values():
        pairs.sort(key=lambda pair: order[pair[1 - end]])
        for number, pair in enumerate(pairs, 1):
            found[pair] = WIDTH * number / (len(pairs) + 1)
    return found


def _node(flow: Flow, name: str, x: float, y: float) -> Node:
    state = flow.state[name]
    parts = {part.name: part.title for entry in flow.states for part in entry.parallel}
    leaving = flow.leaving(name)
    staying = tuple(entry.title for entry in leaving if not entry.to or entry.to == name)
    anywhere = tuple(
        entry.title for entry in flow.transitions if entry.to == name and entry.kind is Kind.CANCEL and len(entry.sources) > MANY
    )
    return Node(state, x, y, parts.get(state.part, Bilingual("")), staying, anywhere)
