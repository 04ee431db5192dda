"""Which cases the demo city has, and what is filled in: tables beside this module."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

EVERY = "*"


@dataclass(frozen=True, slots=True)
class Path:
    """Cases that go the same way, each as far as it comes.

    Attributes:
        register, status: entries they are about; an empty status for any.
        since: date field of the entries that they were not opened before; empty for none.
        steps: transitions, in order.
    """

    flow: str
    register: str
    status: str
    count: int
    since: str
    steps: tuple[str, ...]

    @property
    def name(self) -> str:
        """The flow with the status, by which values are told."""
        return f"{self.flow}:{self.status}"


def paths() -> list[Path]:
    """All ways, from ``paths.csv``."""
    found = []
    for row in _rows("paths"):
        found.append(Path(row["flow"], row["register"], row["status"], int(row["count"]), row["since"], tuple(row["path"].split())))
    return found


@cache
def _values() -> dict[tuple[str, str, str], str]:
    return {(row["flow"], row["transition"], row["field"]): row["value"] for row in _rows("values")}


def value_of(flow: str, transition: str, field: str) -> str | None:
    """What ``values.csv`` says of a field, the closest row first; None when it says nothing.

    Parameters:
        flow: name of the flow, with ``:STATUS`` after it for one of its ways.
    """
    known = _values()
    plain = flow.split(":", maxsplit=1)[0]
    near = ((flow, transition, field), (plain, transition, field), (plain, EVERY, field))
    for key in (*near, (EVERY, transition, field), (EVERY, EVERY, field)):
        if key in known:
            return known[key]
    return None


def _rows(name: str) -> list[dict[str, str]]:
    text = resources.files("bilan.demo.cases").joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
