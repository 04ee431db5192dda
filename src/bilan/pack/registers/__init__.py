"""Registers as they are declared: one YAML file a ledger, read and checked without a database."""

from __future__ import annotations

from bilan.pack.registers.fields import COMMON, KEPT, Field, FieldType
from bilan.pack.registers.model import (
    Activity,
    CodeRule,
    Group,
    ListRule,
    Register,
    Registers,
    Section,
    SeriesLink,
    State,
    Style,
    Term,
    Vocabulary,
    ZoneRule,
)
from bilan.pack.registers.words import Bilingual

__all__ = [
    "COMMON",
    "KEPT",
    "Activity",
    "Bilingual",
    "CodeRule",
    "Field",
    "FieldType",
    "Group",
    "ListRule",
    "Register",
    "Registers",
    "Section",
    "SeriesLink",
    "State",
    "Style",
    "Term",
    "Vocabulary",
    "ZoneRule",
]
