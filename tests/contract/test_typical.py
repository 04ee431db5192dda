"""The few registers that stand for all leave out nothing that a register has."""

from __future__ import annotations

from bilan.pack.registers import loading
from tests.contract.typical import traits_of, typical
from tests.web.tiny import PACK


def test_nothing_that_is_declared_is_left_out() -> None:
    declared = loading.current(PACK).registers
    chosen = typical(declared)
    assert set().union(*map(traits_of, declared.values())) == set().union(*(traits_of(declared[name]) for name in chosen))
    assert len(chosen) < len(declared) / 5
