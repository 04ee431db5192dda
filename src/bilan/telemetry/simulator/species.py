"""The 57 ozone precursors of the PAMS list: source, usual level and reactivity."""

from __future__ import annotations

import csv
from importlib import resources
from typing import NamedTuple


class Species(NamedTuple):
    """One precursor.

    Attributes:
        code: parameter code.
        source: what mostly emits it: ``exhaust``, ``solvent``, ``fuel_gas`` or ``leaves``.
        level: usual level in a city [ug/m3].
        reactivity: rate constant with OH [1e-12 cm3/(molecule s)].
    """

    code: str
    source: str
    level: float
    reactivity: float


def _read() -> tuple[Species, ...]:
    text = resources.files("bilan.telemetry.simulator").joinpath("species.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return tuple(Species(row["code"], row["source"], float(row["level"]), float(row["reactivity"])) for row in rows)


PAMS = _read()
