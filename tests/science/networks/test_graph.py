"""The network: traces, times, and that nothing gets lost on the way."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from bilan.problems import BilanError
from bilan.science import networks

NODES = pl.DataFrame({"node": ["spring", "side", "town", "works", "canal", "mouth"]})
LINKS = pl.DataFrame(
    {
        "source": ["spring", "side", "town", "town", "works", "canal"],
        "target": ["town", "town", "works", "canal", "mouth", "mouth"],
        "length": [7200.0, 3600.0, 1800.0, 3600.0, 3600.0, 3600.0],
        "velocity": [0.5, 0.5, 0.5, 0.5, 1.0, 0.5],
        "share": [None, None, 0.7, 0.3, None, None],
    }
)


@pytest.fixture
def river() -> networks.Network:
    return networks.network(NODES, LINKS)


def test_trace_goes_up_with_the_time_of_travel(river: networks.Network) -> None:
    found = networks.upstream(river, "mouth")
    assert dict(found.select("node", "hours").iter_rows()) == {"works": 1.0, "canal": 2.0, "town": 2.0, "side": 4.0, "spring": 6.0}
    assert found["hours"].is_sorted()
    assert found["delivered"].to_list() == pytest.approx([1.0] * 5)
    assert networks.upstream(river, "spring").height == 0
    assert networks.downstream(river, "side")["node"].to_list() == ["town", "works", "canal", "mouth"]


def test_what_decays_on_the_way_is_the_same_seen_from_either_end(river: networks.Network) -> None:
    down = networks.downstream(river, "spring", decay=0.4).filter(node="mouth")["delivered"].item()
    up = networks.upstream(river, "mouth", decay=0.4).filter(node="spring")["delivered"].item()
    parts = 0.7 * np.exp(-0.4 * 6 / 24) + 0.3 * np.exp(-0.4 * 8 / 24)
    assert down == pytest.approx(up) == pytest.approx(parts)
    carried = networks.accumulate(river, {"spring": 50.0}, decay=0.4).filter(node="mouth")["passing"].item()
    assert carried == pytest.approx(50 * parts)


@settings(max_examples=40, deadline=None)
@given(some.lists(some.tuples(some.integers(0, 30), some.floats(0.1, 50)), min_size=1, max_size=30), some.floats(0, 3))
def test_loads_are_kept_and_add_up(given_parents: list[tuple[int, float]], decay: float) -> None:
    count = len(given_parents) + 1
    rows = [(str(n + 1), str(parent % (n + 1)), hours) for n, (parent, hours) in enumerate(given_parents)]
    links = pl.DataFrame(rows, schema=["source", "target", "hours"], orient="row")
    tree = networks.network(pl.DataFrame({"node": [str(n) for n in range(count)]}), links)
    inputs = {str(n): float(n + 1) for n in range(count)}
    kept = networks.accumulate(tree, inputs).filter(node="0")["passing"].item()
    assert kept == pytest.approx(sum(inputs.values()))
    decayed = networks.accumulate(tree, inputs, decay=decay).filter(node="0")["passing"].item()
    delivered = networks.transfer(tree, "0", decay)[1]
    assert decayed == pytest.approx(sum(inputs[code] * share for code, share in delivered.items()))
    assert decayed <= kept + 1e-9


def test_time_from_flow_and_area_or_as_told() -> None:
    nodes, ends = pl.DataFrame({"node": ["a", "b"]}), {"source": ["a"], "target": ["b"]}
    for columns in ({"length": [3600.0], "flow": [10.0], "area": [20.0]}, {"hours": [2.0]}, {"length": [3600.0], "velocity": [0.5]}):
        graph = networks.network(nodes, pl.DataFrame({**ends, **columns}))
        assert networks.upstream(graph, "b")["hours"].to_list() == [2.0]


@pytest.mark.parametrize(
    ("nodes", "links", "says"),
    [
        (NODES, LINKS.with_columns(target=pl.lit("toun")), "town"),
        (pl.concat([NODES, NODES[:1]]), LINKS, "twice"),
        (NODES, LINKS.with_columns(velocity=0.0), "above zero"),
        (NODES, LINKS.with_columns(share=0.7), "more than 1"),
        (NODES, LINKS.drop("velocity"), "no travel time"),
        (NODES.rename({"node": "code"}), LINKS, "node"),
        (NODES, pl.concat([LINKS, LINKS[:1].with_columns(source=pl.lit("mouth"), target=pl.lit("side"))]), "circle"),
    ],
)
def test_tables_that_make_no_network_are_refused_with_the_reason(nodes: pl.DataFrame, links: pl.DataFrame, says: str) -> None:
    with pytest.raises(BilanError, match=says):
        networks.network(nodes, links)


def test_balance_closes_where_all_is_known_and_names_what_is_not(river: networks.Network) -> None:
    inputs = pl.DataFrame({"node": ["spring", "side", "works"], "load": [100.0, 40.0, 60.0]})
    passing = networks.accumulate(river, dict(inputs.iter_rows()), decay=0.3)
    measured = passing.filter(pl.col("node").is_in(["town", "mouth"])).select("node", load="passing")
    found = networks.residuals(river, measured, inputs, decay=0.3)
    assert found["residual"].to_list() == pytest.approx([0.0, 0.0], abs=1e-9)
    assert found["above"].to_list() == ["", "town"]
    hidden = networks.accumulate(river, {**dict(inputs.iter_rows()), "canal": 25.0}, decay=0.3)
    more = hidden.filter(pl.col("node").is_in(["town", "mouth"])).select("node", load="passing").with_columns(error=2.0)
    found = networks.residuals(river, more, inputs, decay=0.3)
    assert found["residual"].to_list() == pytest.approx([0.0, 25.0 * np.exp(-0.3 * 2 / 24)], abs=1e-9)
    assert found["suspect"].to_list() == [False, True]
