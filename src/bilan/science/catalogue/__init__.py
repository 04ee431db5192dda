"""The tables of the standards as a reader meets them: what there is, what is in force, what a new version changes, what is not verified."""

from __future__ import annotations

from bilan.science.catalogue.comparing import compare
from bilan.science.catalogue.listing import Edition, TableInfo, editions, info, rows, tables
from bilan.science.catalogue.unverified import SURE, unverified

__all__ = ["SURE", "Edition", "TableInfo", "compare", "editions", "info", "rows", "tables", "unverified"]
