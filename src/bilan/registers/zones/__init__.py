"""What applies here: which zones a place lies in, and what they allow, limit or forbid on a date."""

from __future__ import annotations

from bilan.registers.zones.answering import what_applies
from bilan.registers.zones.model import STRICTNESS, Answer, Finding, Question, Touch

__all__ = ["STRICTNESS", "Answer", "Finding", "Question", "Touch", "what_applies"]
