"""Where the account of a river does not add up: loads measured at a section against what arrives from above."""

from __future__ import annotations

import polars as pl

from bilan.science.networks.graph import Network, transfer

SUSPECT = 1.96
"""Residuals beyond this many standard errors are suspect."""


def residuals(graph: Network, measured: pl.DataFrame, inputs: pl.DataFrame | None = None, *, decay: float = 0.0) -> pl.DataFrame:
    """Compare the load measured at each section with that of the next measured sections above and the known inputs between them.

    Parameters:
        measured: ``node``, ``load`` [kg/d, or any amount a time, or flow]; ``error`` its standard error where known.
        inputs: ``node``, ``load`` of known sources, with ``error`` where known.
        decay: first-order decay [1/d].

    Returns:
        One row a measured node, in order of the water: ``node, load, arriving`` (from measured nodes above), ``known`` (from inputs
        between), ``residual`` (load less both: above zero something unknown comes in, below zero something is lost), ``share`` of the load,
        ``error``, ``suspect`` (residual beyond 1.96 errors; missing where no error is known), ``above`` (measured nodes above).

    Examples:
        >>> from bilan.science.networks import network
        >>> links = pl.DataFrame({"source": ["a", "pipe"], "target": ["b", "b"], "hours": [1.0, 1.0]})
        >>> graph = network(pl.DataFrame({"node": ["a", "pipe", "b"]}), links)
        >>> loads = pl.DataFrame({"node": ["a", "b"], "load": [100.0, 180.0]})
        >>> residuals(graph, loads, pl.DataFrame({"node": ["pipe"], "load": [50.0]})).select("node", "known", "residual").rows()
        [('a', 0.0, 100.0), ('b', 50.0, 30.0)]
    """
    loads, errors = _read(graph, measured)
    known, known_errors = _read(graph, inputs) if inputs is not None else ({}, {})
    rows = []
    for node in graph.order:
        if node not in loads:
            continue
        delivered = transfer(graph, node, decay, stops=loads)[1]
        above = [code for code in graph.order if code in loads and code in delivered and code != node]
        # What is let in at a measured node above is in that node's own load already.
        between = [code for code in known if code in delivered and code not in above]
        arriving = sum(loads[code] * delivered[code] for code in above)
        added = sum(known[code] * delivered[code] for code in between)
        variance = errors.get(node, 0.0) ** 2 + sum((errors.get(code, 0.0) * delivered[code]) ** 2 for code in above)
        variance += sum((known_errors.get(code, 0.0) * delivered[code]) ** 2 for code in between)
        error = variance**0.5 if node in errors else None
        residual = loads[node] - arriving - added
        rows.append(
            {
                "node": node,
                "load": loads[node],
                "arriving": arriving,
                "known": added,
                "residual": residual,
                "share": residual / loads[node] if loads[node] else None,
                "error": error,
                "suspect": abs(residual) > SUSPECT * error if error is not None else None,
                "above": ",".join(above),
            }
        )
    names = {"node": pl.String, "above": pl.String, "suspect": pl.Boolean}
    order = ("node", "load", "arriving", "known", "residual", "share", "error", "suspect", "above")
    return pl.DataFrame(rows, schema={name: names.get(name, pl.Float64) for name in order})


def _read(graph: Network, frame: pl.DataFrame) -> tuple[dict[str, float], dict[str, float]]:
    loads: dict[str, float] = {}
    errors: dict[str, float] = {}
    for row in frame.iter_rows(named=True):
        code = graph.check(str(row["node"]))
        loads[code] = loads.get(code, 0.0) + float(row["load"])
        if row.get("error") is not None:
            errors[code] = (errors.get(code, 0.0) ** 2 + float(row["error"]) ** 2) ** 0.5
    return loads, errors
