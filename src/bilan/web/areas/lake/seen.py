"""Which of the lake's tables a reader may know of."""

from __future__ import annotations

from collections.abc import Iterator

from bilan.lake import LakeTables, Manifest
from bilan.pack.indicators import Table
from bilan.people.roles import Capability, Right
from bilan.plans.indicators.tables import PERIODS, documented
from bilan.registers.lake import table_name, tables
from bilan.web.registry import Request

KERNELS = {"cases": "casework", "alerts": "casework", "figures": "plans", "indicator_values": "plans"}
"""Tables of kernels; those of registers go by the register, all others by the right to see data at all."""


def readable(request: Request) -> Iterator[tuple[Table, Manifest | None]]:
    """Tables that the reader may know of, each with the manifest of the version that stands, if there is one."""
    lake = tables()
    for table in documented().values():
        if table.name != PERIODS and _may(request, table.name):
            yield _held(lake, table)


def one(request: Request, name: str) -> tuple[Table, Manifest | None] | None:
    """A table that the reader may know of; None for any other."""
    table = documented().get(name)
    if table is None or name == PERIODS or not _may(request, name):
        return None
    return _held(tables(), table)


def _held(lake: LakeTables, table: Table) -> tuple[Table, Manifest | None]:
    held = lake.known(table.name)
    return (held.table if held else table), held


def _may(request: Request, name: str) -> bool:
    family, _, rest = name.partition(".")
    if rest:
        return table_name(rest) in {table_name(register.name) for register in request.ledger.registers()}
    kernel = KERNELS.get(family)
    return kernel is None or request.monitoring.scope.can(Right(Capability.SEE, f"kernel/{kernel}"))
