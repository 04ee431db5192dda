"""Indicators as files: one SQL query each, with what it means, whom it counts and how far it may be trusted before it."""

from __future__ import annotations

from bilan.pack.indicators.loading import check_indicators, current, faults, load
from bilan.pack.indicators.model import Catalogue, Direction, Indicator, Parameter, Period, Source
from bilan.pack.indicators.reported import Series, reported
from bilan.pack.indicators.tables import Column, Table, tables

__all__ = [
    "Catalogue",
    "Column",
    "Direction",
    "Indicator",
    "Parameter",
    "Period",
    "Series",
    "Source",
    "Table",
    "check_indicators",
    "current",
    "faults",
    "load",
    "reported",
    "tables",
]
