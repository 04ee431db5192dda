"""Reaches, sewers and watersheds as links between nodes: what lies upstream, how long water travels, what of a load arrives."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import polars as pl

from bilan.problems import BilanError, Problem, nearest

HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Link:
    """One stretch: from where to where, travel time [s], and the share of the water of its start that takes it."""

    source: str
    target: str
    seconds: float
    share: float


@dataclass(frozen=True, slots=True)
class Network:
    """Nodes and directed links without a circle; `order` has every node after those upstream of it."""

    nodes: pl.DataFrame
    links: pl.DataFrame
    order: tuple[str, ...]
    down: Mapping[str, tuple[Link, ...]] = field(repr=False)
    up: Mapping[str, tuple[Link, ...]] = field(repr=False)

    def check(self, code: str) -> str:
        """The code itself when the network has it.

        Raises:
            BilanError: it has not; the problem names the nearest.
        """
        if code not in self.down:
            raise BilanError(Problem("networks.no_node", {"value": code, "nearest": nearest(code, self.order)}))
        return code


def network(nodes: pl.DataFrame, links: pl.DataFrame) -> Network:
    """Build a network from two tables.

    Parameters:
        nodes: ``node`` (unique code) and whatever else is known of it.
        links: ``source``, ``target`` (codes), ``length`` [m] with ``velocity`` [m/s], or with ``flow`` [m³/s] and ``area`` [m²]; or
            ``hours`` of travel. ``share`` [0..1] of the water of the source that takes the link; equal shares where it is not told.

    Raises:
        BilanError: a column is missing, a code stands twice or is not known, the shares of a node exceed one, a travel time is not
            positive, or the links run in a circle.

    Examples:
        >>> nodes = pl.DataFrame({"node": ["spring", "town", "mouth"]})
        >>> links = pl.DataFrame({"source": ["spring", "town"], "target": ["town", "mouth"], "length": [3600.0, 7200.0], "velocity": 0.5})
        >>> network(nodes, links).order
        ('spring', 'town', 'mouth')
    """
    missing = [name for name, frame in (("node", nodes), ("source", links), ("target", links)) if name not in frame.columns]
    if missing:
        raise BilanError(*(Problem("networks.no_column", {"value": name}) for name in missing))
    codes = [str(code) for code in nodes["node"]]
    twice = sorted({code for code in codes if codes.count(code) > 1}) if len(set(codes)) < len(codes) else []
    if twice:
        raise BilanError(*(Problem("networks.twice", {"value": code}) for code in twice))
    read = _links(links, set(codes))
    down: dict[str, list[Link]] = {code: [] for code in codes}
    up: dict[str, list[Link]] = {code: [] for code in codes}
    for link in read:
        down[link.source].append(link)
        up[link.target].append(link)
    frozen = {code: tuple(found) for code, found in down.items()}
    return Network(nodes, links, _order(codes, frozen), frozen, {code: tuple(found) for code, found in up.items()})


def upstream(graph: Network, target: str, *, decay: float = 0.0) -> pl.DataFrame:
    """Tell every node whose water reaches the target.

    Parameters:
        target: code of the node to look from.
        decay: first-order decay [1/d].

    Returns:
        ``node, hours`` (shortest travel time) and ``delivered`` (share of a load let in there that arrives), nearest first.

    Examples:
        >>> nodes = pl.DataFrame({"node": ["spring", "town", "mouth"]})
        >>> links = pl.DataFrame({"source": ["spring", "town"], "target": ["town", "mouth"], "hours": [2.0, 24.0]})
        >>> upstream(network(nodes, links), "mouth", decay=0.1).with_columns(pl.col("delivered").round(3)).rows()
        [('town', 24.0, 0.905), ('spring', 26.0, 0.897)]
    """
    hours, delivered = transfer(graph, target, decay)
    rows = [(code, hours[code], delivered[code]) for code in graph.order if code in hours and code != target]
    return pl.DataFrame(rows, schema={"node": pl.String, "hours": pl.Float64, "delivered": pl.Float64}, orient="row").sort("hours")


def downstream(graph: Network, source: str, *, decay: float = 0.0) -> pl.DataFrame:
    """Tell every node that water of the source reaches: ``node, hours`` (earliest arrival) and ``delivered``, nearest first.

    Parameters:
        source: code of the node where something is let in.
        decay: first-order decay [1/d].

    Examples:
        >>> links = pl.DataFrame({"source": ["spring", "town"], "target": ["town", "mouth"], "hours": [2.0, 4.0]})
        >>> graph = network(pl.DataFrame({"node": ["spring", "town", "mouth"]}), links)
        >>> downstream(graph, "spring").rows()
        [('town', 2.0, 1.0), ('mouth', 6.0, 1.0)]
    """
    graph.check(source)
    hours, delivered = {source: 0.0}, {source: 1.0}
    for code in graph.order:
        for link in graph.down[code] if code in hours else ():
            arrival = hours[code] + link.seconds / HOUR
            hours[link.target] = min(hours.get(link.target, math.inf), arrival)
            delivered[link.target] = delivered.get(link.target, 0.0) + delivered[code] * _passed(link, decay)
    rows = [(code, hours[code], delivered[code]) for code in graph.order if code in hours and code != source]
    return pl.DataFrame(rows, schema={"node": pl.String, "hours": pl.Float64, "delivered": pl.Float64}, orient="row").sort("hours")


def transfer(graph: Network, target: str, decay: float, stops: Iterable[str] = ()) -> tuple[dict[str, float], dict[str, float]]:
    """Shortest travel time [h] to the target and delivered share, of every node upstream; nothing beyond `stops` is looked at.

    Parameters:
        decay: first-order decay [1/d].
        stops: nodes (of measured load, say) whose own upstream does not count.

    Examples:
        >>> links = pl.DataFrame({"source": ["spring", "town"], "target": ["town", "mouth"], "hours": [2.0, 4.0]})
        >>> graph = network(pl.DataFrame({"node": ["spring", "town", "mouth"]}), links)
        >>> hours, shares = transfer(graph, "mouth", 0.0)
        >>> hours["spring"], shares["town"]
        (6.0, 1.0)
    """
    graph.check(target)
    held = set(stops) - {target}
    hours, delivered = {target: 0.0}, {target: 1.0}
    for code in reversed(graph.order):
        reached = [link for link in graph.down[code] if link.target in hours and link.target not in held]
        if reached and code != target:
            hours[code] = min(hours[link.target] + link.seconds / HOUR for link in reached)
            delivered[code] = sum(delivered[link.target] * _passed(link, decay) for link in reached)
    return hours, delivered


def accumulate(graph: Network, inputs: Mapping[str, float], *, decay: float = 0.0) -> pl.DataFrame:
    """Carry what is let in at the nodes down the network.

    Parameters:
        inputs: code → load or flow let in there [any unit a time].
        decay: first-order decay [1/d].

    Returns:
        ``node, input, passing``: what passes each node, with what is let in there.

    Examples:
        >>> nodes = pl.DataFrame({"node": ["a", "b", "c"]})
        >>> links = pl.DataFrame({"source": ["a", "b"], "target": ["c", "c"], "hours": [1.0, 1.0]})
        >>> accumulate(network(nodes, links), {"a": 2.0, "b": 3.0})["passing"].to_list()
        [2.0, 3.0, 5.0]
    """
    passing = dict.fromkeys(graph.order, 0.0)
    for code, amount in inputs.items():
        passing[graph.check(code)] += amount
    for code in graph.order:
        for link in graph.down[code]:
            passing[link.target] += passing[code] * _passed(link, decay)
    given = [float(inputs.get(code, 0.0)) for code in graph.order]
    return pl.DataFrame({"node": graph.order, "input": given, "passing": [passing[code] for code in graph.order]})


def _passed(link: Link, decay: float) -> float:
    return link.share * math.exp(-decay * link.seconds / 86_400.0)


def _links(links: pl.DataFrame, known: set[str]) -> list[Link]:
    columns = set(links.columns)
    if "hours" in columns:
        seconds = links["hours"].cast(pl.Float64) * HOUR
    elif {"length", "velocity"} <= columns:
        seconds = links["length"].cast(pl.Float64) / links["velocity"]
    elif {"length", "flow", "area"} <= columns:
        seconds = links["length"].cast(pl.Float64) * links["area"] / links["flow"]
    else:
        raise BilanError(Problem("networks.no_time", {"value": sorted(columns)}))
    names = zip((str(code) for code in links["source"]), (str(code) for code in links["target"]), strict=True)
    counts = links["source"].cast(pl.String).value_counts(name="links")
    parts = {str(row["source"]): 1.0 / row["links"] for row in counts.iter_rows(named=True)}
    told = links["share"].to_list() if "share" in columns else [None] * links.height
    read, problems, sums = [], [], dict.fromkeys(known, 0.0)
    for (source, target), time, share in zip(names, seconds, told, strict=True):
        problems += [Problem("networks.no_node", {"value": c, "nearest": nearest(c, known)}) for c in (source, target) if c not in known]
        if time is None or not math.isfinite(time) or time <= 0:
            problems.append(Problem("networks.time", {"value": time, "source": source, "target": target}))
        link = Link(source, target, float(time or 0.0), parts[source] if share is None else float(share))
        sums[source] = sums.get(source, 0.0) + link.share
        read.append(link)
    problems += [Problem("networks.share", {"value": round(total, 6), "node": code}) for code, total in sums.items() if total > 1 + 1e-9]
    if problems:
        raise BilanError(*problems)
    return read


def _order(codes: list[str], down: Mapping[str, tuple[Link, ...]]) -> tuple[str, ...]:
    waiting = dict.fromkeys(codes, 0)
    for found in down.values():
        for link in found:
            waiting[link.target] += 1
    ready = [code for code in codes if waiting[code] == 0]
    order: list[str] = []
    while ready:
        code = ready.pop(0)
        order.append(code)
        for link in down[code]:
            waiting[link.target] -= 1
            if waiting[link.target] == 0:
                ready.append(link.target)
    if len(order) < len(codes):
        placed = set(order)
        raise BilanError(Problem("networks.circle", {"value": [code for code in codes if code not in placed][:10]}))
    return tuple(order)
