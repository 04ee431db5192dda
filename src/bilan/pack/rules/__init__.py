"""Rules as they are declared: what is wrong, how bad, who is told; read and checked without a database."""

from __future__ import annotations

from bilan.pack.rules.functions import Kind, functions
from bilan.pack.rules.language import Call, Formula, Literal, Name, Node, Operation, condition, lookback, parse, walk
from bilan.pack.rules.loading import current, faults, load
from bilan.pack.rules.model import LEVELS, Escalation, Level, Rules, RuleSpec, Subject, Where

__all__ = [
    "LEVELS",
    "Call",
    "Escalation",
    "Formula",
    "Kind",
    "Level",
    "Literal",
    "Name",
    "Node",
    "Operation",
    "RuleSpec",
    "Rules",
    "Subject",
    "Where",
    "condition",
    "current",
    "faults",
    "functions",
    "load",
    "lookback",
    "parse",
    "walk",
]
