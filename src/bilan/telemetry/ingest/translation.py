"""From the words on the wire to the words of the store: factor codes of both generations, units implied by the code."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from bilan.pack.vocab import networks, vocabulary
from bilan.telemetry.model import Statistic

_UNIT_STATE = re.compile(r"(SB)([0-9]{1,3})")
_MEDIA = {"air": ("air", "meteorology", "flue"), "water": ("water",), "noise": ("noise",)}
_FLUE = ("flue", "air", "meteorology")
_PER_MILLI = {"mg/m3": 1, "ug/m3": 1_000, "ng/m3": 1_000_000, "mg/L": 1, "ug/L": 1_000, "ng/L": 1_000_000}
"""How many of each unit make one milligram of the same volume."""


class Word(NamedTuple):
    """What a factor code of one device stands for.

    Attributes:
        parameter: canonical code; an unknown code stands for itself.
        occurrence: which of several alike, from 1.
        unit: unit of stored values; empty for an unknown code.
        total_unit: unit of stored totals.
        times, over: a value on the wire is multiplied by `times` and divided by `over`.
    """

    parameter: str
    occurrence: int
    unit: str
    total_unit: str
    times: int
    over: int

    def unit_of(self, statistic: str) -> str:
        """Unit of a statistic of this parameter."""
        if statistic == Statistic.TOTAL:
            return self.total_unit
        if statistic == Statistic.STATE:
            return ""
        return "h" if statistic == Statistic.HOURS else self.unit


@cache
def word(code: str, generation: str, network: str) -> Word:
    """Translate a factor code.

    Concentrations in ambient air and in water come in the unit that the code implies and are stored in the unit of the
    vocabulary; pollution sources report gases in the unit they are stored in.

    Args:
        code: as on the wire.
        generation: ``2005`` or ``2017``.
        network: network of the device's point.

    Reference: HJ 212-2017 annex B.

    Examples:
        >>> word("011", "2005", "source_water").parameter, word("SB2", "2017", "source_gas").occurrence
        ('w01018', 2)
        >>> word("w20115", "2017", "surface_water")[2:]
        ('mg/L', 'kg', 1, 1000)
    """
    unit_state = _UNIT_STATE.fullmatch(code)
    if unit_state:
        return Word(unit_state[1], int(unit_state[2]), "", "", 1, 1)
    known = networks().get(network)
    medium = known.medium if known else ""
    emission = known is not None and known.unit_kind == "emission"
    media = _FLUE if emission and medium == "air" else _MEDIA.get(medium, ())
    words = vocabulary()
    found = words.by_code.get(code)
    if found is None and generation == "2005":
        found = words.by_old_code(code, media)
    if found is None:
        return Word(code, 1, "", "", 1, 1)
    unit = found.emission_unit if emission else found.unit
    times, over = (1, 1) if emission and medium == "air" else _scale(found.wire_unit, unit)
    return Word(found.code, 1, unit, found.total_unit, times, over)


def _scale(wire: str, stored: str) -> tuple[int, int]:
    """Multiply by the first, divide by the second; both 1 when the units are no concentrations or equal.

    Examples:
        >>> _scale("mg/m3", "ug/m3"), _scale("ug/L", "mg/L"), _scale("L/s", "L/s")
        ((1000, 1), (1, 1000), (1, 1))
    """
    if wire not in _PER_MILLI or stored not in _PER_MILLI or wire[-2:] != stored[-2:]:
        return 1, 1
    ratio = _PER_MILLI[stored] / _PER_MILLI[wire]
    return (int(ratio), 1) if ratio >= 1 else (1, round(1 / ratio))
