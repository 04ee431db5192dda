"""Capacity: the analytic answer of one source, the optimum of several, and what every answer has to keep."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from bilan.problems import BilanError
from bilan.science import networks

CHAIN = networks.network(
    pl.DataFrame({"node": ["a", "b", "c"]}), pl.DataFrame({"source": ["a", "b"], "target": ["b", "c"], "hours": [12.0, 24.0]})
)
SECTIONS = pl.DataFrame({"section": ["b", "c"], "flow": [8.0, 10.0], "limit": [1.0, 1.0], "background": [0.3, 0.2]})


def test_one_source_and_one_section_is_the_formula() -> None:
    # W = (C_s − C_0) Q exp(k t): what brings the section just to its limit.
    matrix = networks.response(CHAIN, ["a"], SECTIONS[1:], decay=0.2)
    found = networks.capacity(matrix, pl.DataFrame({"source": ["a"], "current": [100.0]}), SECTIONS[1:])
    assert found.total == pytest.approx((1.0 - 0.2) * 10.0 * 86.4 * np.exp(0.2 * 1.5))
    assert found.sections["binding"].to_list() == [True]
    assert found.sections["price"].item() == pytest.approx(10.0 * 86.4 * np.exp(0.2 * 1.5))
    assert found.sections["reached"].item() == pytest.approx(1.0)


def test_the_far_source_may_bring_more_and_the_price_foretells_the_gain() -> None:
    sources = pl.DataFrame({"source": ["a", "b"], "current": [500.0, 700.0], "most": [600.0, 900.0]})
    matrix = networks.response(CHAIN, ["a", "b"], SECTIONS, decay=0.2)
    found = networks.capacity(matrix, sources, SECTIONS.with_columns(limit=pl.Series([1.0, 0.6])))
    raised = networks.capacity(matrix, sources, SECTIONS.with_columns(limit=pl.Series([1.0, 0.601])))
    assert found.sources["allowed"].to_list() == pytest.approx([0.4 * 10.0 * 86.4 * np.exp(0.3), 0.0])
    price = found.sections.filter(section="c")["price"].item()
    assert price > 0
    assert raised.total - found.total == pytest.approx(0.001 * price, rel=1e-6)


@settings(max_examples=40, deadline=None)
@given(some.integers(0, 10_000))
def test_every_answer_keeps_limits_and_bounds_and_most_is_not_below_proportional(seed: int) -> None:
    random = np.random.default_rng(seed)
    matrix = random.uniform(0.0001, 0.002, (3, 4))
    sources = pl.DataFrame(
        {"source": list("wxyz"), "current": random.uniform(50, 800, 4), "least": 10.0, "most": random.uniform(900, 1500, 4)}
    )
    sections = pl.DataFrame({"section": list("abc"), "limit": 1.0, "background": random.uniform(0, 0.5, 3)})
    largest = networks.capacity(matrix, sources, sections)
    shared = networks.capacity(matrix, sources, sections, way="proportional")
    for found in (largest, shared):
        assert (found.sections["reached"] <= 1.0 + 1e-6).all()
        assert (found.sources["allowed"] >= 10.0 - 1e-6).all()
        assert (found.sources["allowed"] <= sources["most"] + 1e-6).all()
    assert largest.total >= shared.total - 1e-6
    tighter = networks.capacity(matrix, sources, sections, margin=0.1)
    assert tighter.total <= largest.total + 1e-6


def test_proportional_cuts_all_alike() -> None:
    sources = pl.DataFrame({"source": ["a", "b"], "current": [500.0, 900.0]})
    found = networks.capacity(networks.response(CHAIN, ["a", "b"], SECTIONS, decay=0.2), sources, SECTIONS, way="proportional")
    cuts = found.sources["cut"].to_list()
    assert cuts[0] == pytest.approx(cuts[1])
    assert found.sections["binding"].any()


def test_no_room_at_all_names_the_section() -> None:
    sources = pl.DataFrame({"source": ["a"], "current": [100.0], "least": [5_000.0]})
    with pytest.raises(BilanError, match='"c"'):
        networks.capacity(networks.response(CHAIN, ["a"], SECTIONS[1:], decay=0.2), sources, SECTIONS[1:])
    with pytest.raises(BilanError, match="no upper bound"):
        networks.capacity(np.array([[0.0]]), pl.DataFrame({"source": ["a"], "current": [1.0]}), SECTIONS[1:])
