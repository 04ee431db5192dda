"""Entries of a register as files to take away: Excel, CSV, Parquet and map formats, with what the reader may not read masked."""

from __future__ import annotations

from bilan.registers.exporting.files import FORMS, Form
from bilan.registers.exporting.responding import forms_of, respond

__all__ = ["FORMS", "Form", "forms_of", "respond"]
