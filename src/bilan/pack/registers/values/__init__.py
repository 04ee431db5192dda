"""Values of fields as people write them, brought to the one form in which they are kept."""

from __future__ import annotations

from bilan.pack.registers.values.checks import CHECKS, uscc_check
from bilan.pack.registers.values.dates import read_date, read_period
from bilan.pack.registers.values.numbers import read_integer, read_number
from bilan.pack.registers.values.refused import Refused
from bilan.pack.registers.values.texts import read_line, read_long

__all__ = [
    "CHECKS",
    "Refused",
    "read_date",
    "read_integer",
    "read_line",
    "read_long",
    "read_number",
    "read_period",
    "uscc_check",
]
