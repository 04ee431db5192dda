"""Water environmental capacity: how much each source may bring while every section keeps its limit, and how it is shared out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import polars as pl

from bilan.problems import BilanError, Problem
from bilan.science.networks.extras import scipy
from bilan.science.networks.graph import Network, transfer
from bilan.science.networks.mixing import Numbers

KILOGRAMS = 86.4
"""kg/d in one mg/L times one m³/s."""
TIGHT = 1e-6


@dataclass(frozen=True, slots=True)
class Capacity:
    """What may be brought.

    Attributes:
        sources: ``source, current, allowed`` [kg/d], ``cut`` (share of the current load to be taken away; negative: room left).
        sections: ``section, limit, current, reached`` [mg/L], ``binding``, ``price`` (kg/d more in total for one mg/L more of the limit).
        total: sum of what is allowed [kg/d].
        way: how it was shared out.
    """

    sources: pl.DataFrame
    sections: pl.DataFrame
    total: float
    way: str


def response(graph: Network, sources: Sequence[str], sections: pl.DataFrame, *, decay: float) -> Numbers:
    """Concentration at each section for one kg/d from each source.

    Parameters:
        sources: codes of the nodes where loads are let in.
        sections: ``section`` (code of a node), ``flow`` [m³/s].
        decay: first-order decay [1/d].

    Returns:
        shape (sections, sources) [mg/L per kg/d].

    Examples:
        >>> from bilan.science.networks import network
        >>> links = pl.DataFrame({"source": ["works"], "target": ["bridge"], "hours": [24.0]})
        >>> graph = network(pl.DataFrame({"node": ["works", "bridge"]}), links)
        >>> response(graph, ["works"], pl.DataFrame({"section": ["bridge"], "flow": [10.0]}), decay=0.1).round(6).tolist()
        [[0.001047]]
    """
    rows = []
    for section, flow in sections.select("section", pl.col("flow").cast(pl.Float64)).iter_rows():
        delivered = transfer(graph, str(section), decay)[1]
        rows.append([delivered.get(graph.check(source), 0.0) / (flow * KILOGRAMS) for source in sources])
    return np.array(rows, dtype=np.float64).reshape(sections.height, len(sources))


def capacity(
    matrix: Numbers, sources: pl.DataFrame, sections: pl.DataFrame, *, way: Literal["most", "proportional"] = "most", margin: float = 0.0
) -> Capacity:
    """Share out what the river can take.

    Parameters:
        matrix: concentration at each section for one kg/d of each source, shape (sections, sources): from `response`, or from a model.
        sources: ``source``, ``current`` [kg/d]; ``least`` (0 where not told) and ``most`` [kg/d], between which a load may be.
        sections: ``section``, ``limit`` [mg/L]; ``background`` [mg/L], what is there without these sources (0 where not told).
        way: ``most`` brings the largest total; ``proportional`` changes every source by the same share, as far as its bounds allow.
        margin: share of the limit kept free.

    Raises:
        BilanError: a section exceeds its limit even with all sources at their least, or SciPy is not installed.

    Reference:
        Linear response and linear programming, as in the 全国水环境容量核定技术指南 (2003); the guide's text was not at hand

    Examples:
        >>> sources = pl.DataFrame({"source": ["works"], "current": [900.0]})
        >>> sections = pl.DataFrame({"section": ["bridge"], "limit": [1.0], "background": [0.5]})
        >>> capacity(np.array([[0.001]]), sources, sections).sources.select("allowed", pl.col("cut").round(3)).rows()
        [(500.0, 0.444)]
    """
    current, least, most = (_column(sources, name, 0.0 if name != "most" else np.inf) for name in ("current", "least", "most"))
    background, limit = _column(sections, "background", 0.0), _column(sections, "limit", np.nan) * (1.0 - margin)
    room = limit - background
    short = matrix @ least > room + TIGHT
    if short.any():
        raise BilanError(*(Problem("networks.no_capacity", {"value": name}) for name in sections["section"].filter(pl.Series(short))))
    allowed, prices = (_most if way == "most" else _proportional)(matrix, room, current, least, most)
    reached = background + matrix @ allowed
    cut = np.divide(current - allowed, current, out=np.full(len(current), np.nan), where=current > 0)
    given = sections.select("section", pl.col("limit").cast(pl.Float64))
    return Capacity(
        pl.DataFrame({"source": sources["source"], "current": current, "allowed": allowed, "cut": cut}),
        given.with_columns(
            current=pl.Series(background + matrix @ current),
            reached=pl.Series(reached),
            binding=pl.Series(reached > limit - TIGHT * np.maximum(np.abs(limit), 1.0)),
            price=pl.Series(prices),
        ),
        float(allowed.sum()),
        way,
    )


def _most(matrix: Numbers, room: Numbers, current: Numbers, least: Numbers, most: Numbers) -> tuple[Numbers, Numbers]:
    found = _solve(-np.ones(len(current)), matrix, room, list(zip(least, most, strict=True)))
    return np.asarray(found.x), np.asarray(-found.ineqlin.marginals)


def _proportional(matrix: Numbers, room: Numbers, current: Numbers, least: Numbers, most: Numbers) -> tuple[Numbers, Numbers]:
    """The largest share of the current loads, each kept within its bounds: piecewise linear in the share, so bisection finds it."""

    def at(share: float) -> Numbers:
        return np.clip(share * current, least, most)

    high = 1.0
    while (matrix @ at(high) <= room + TIGHT).all() and high < 1e9:
        high *= 2.0
    low = 0.0
    for _ in range(200):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if (matrix @ at(middle) <= room).all() else (low, middle)
    allowed = at(low)
    moving = (allowed > least) & (allowed < most)
    gain = np.where((room - matrix @ allowed) <= TIGHT * np.maximum(np.abs(room), 1.0), matrix @ np.where(moving, current, 0.0), 0.0)
    return allowed, np.divide(np.where(moving, current, 0.0).sum(), gain, out=np.zeros(len(room)), where=gain > 0)


def _solve(costs: Numbers, matrix: Numbers, room: Numbers, bounds: list[tuple[float, float]]) -> Any:
    found = scipy("optimize").linprog(costs, A_ub=matrix, b_ub=room, bounds=bounds, method="highs")
    if found.x is None:
        raise BilanError(Problem("networks.unbounded", {"value": found.status}))
    return found


def _column(frame: pl.DataFrame, name: str, otherwise: float) -> Numbers:
    if name not in frame.columns:
        if np.isnan(otherwise):
            raise BilanError(Problem("networks.no_column", {"value": name}))
        return np.full(frame.height, otherwise)
    return np.array(frame[name].cast(pl.Float64).fill_null(otherwise).to_numpy(), dtype=np.float64)
