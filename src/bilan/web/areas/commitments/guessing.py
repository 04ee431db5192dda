"""What the reader of commitments makes of words that a person chose in the text."""

from __future__ import annotations

from typing import Any

from bilan.plans.checking import FIELDS
from bilan.plans.commitments import commitments
from bilan.plans.models import Plan
from bilan.plans.reader.model import Block, BlockKind, Document


def guessed(plan: Plan, block: int, begin: int, finish: int) -> dict[str, Any]:
    """Fields of the first commitment that stands in the words; empty when none does."""
    kept = plan.blocks[block]
    text = kept["text"][begin:finish]
    part = Block(0, BlockKind.PARAGRAPH, text, kept.get("line") or 1, section=kept.get("section", ""))
    found = commitments(Document(plan.title, (part,), begin=plan.begin, finish=plan.end, base=plan.base_year))
    if not found:
        return {}
    read = found[0]
    return {name: getattr(read, name) for name in FIELDS if hasattr(read, name)}
