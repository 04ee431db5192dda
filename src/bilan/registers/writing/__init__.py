"""The one door to change entries, for one as for a hundred thousand: validate, revise, link, index, in one change set."""

from __future__ import annotations

from bilan.registers.writing.merging import merge
from bilan.registers.writing.model import Author, Draft, Outcome, Result
from bilan.registers.writing.service import write, write_one
from bilan.registers.writing.undoing import undo

__all__ = ["Author", "Draft", "Outcome", "Result", "merge", "undo", "write", "write_one"]
