"""Indicators as files: what each means, whom it counts and how far it may be trusted, with a query of its own or a template's."""

from __future__ import annotations

from bilan.pack.indicators.loading import check_indicators, current, faults, load
from bilan.pack.indicators.model import Catalogue, Direction, Indicator, Parameter, Period, Source, Template
from bilan.pack.indicators.reported import Series, reported
from bilan.pack.indicators.tables import Column, Table, tables
from bilan.pack.indicators.templates import readable

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
    "Template",
    "check_indicators",
    "current",
    "faults",
    "load",
    "readable",
    "reported",
    "tables",
]
