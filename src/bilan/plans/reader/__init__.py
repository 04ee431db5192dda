"""Plan documents: from a Word, PDF or text file to its sections, sentences, table rows and boxes, each with its place."""

from __future__ import annotations

from bilan.plans.reader.model import JOINT, Block, BlockKind, Document
from bilan.plans.reader.reading import read, read_text

__all__ = ["JOINT", "Block", "BlockKind", "Document", "read", "read_text"]
