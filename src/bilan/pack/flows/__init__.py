"""Flows and checklists as they are declared: one YAML file each, read and checked without a database."""

from __future__ import annotations

from bilan.pack.flows.checklist import NOT_APPLICABLE, Checklist, ChecklistSection, Item
from bilan.pack.flows.loading import check_flows, current, faults, load
from bilan.pack.flows.model import (
    ASKS,
    JUDGING,
    LEVELS,
    Begin,
    Escalation,
    EvidenceNeed,
    Flow,
    Flows,
    Guard,
    Kind,
    Part,
    Reopening,
    State,
    Subject,
    Transition,
    Write,
)
from bilan.pack.flows.spans import Span
from bilan.pack.flows.versions import digest_of, kept_text, read_kept

__all__ = [
    "ASKS",
    "JUDGING",
    "LEVELS",
    "NOT_APPLICABLE",
    "Begin",
    "Checklist",
    "ChecklistSection",
    "Escalation",
    "EvidenceNeed",
    "Flow",
    "Flows",
    "Guard",
    "Item",
    "Kind",
    "Part",
    "Reopening",
    "Span",
    "State",
    "Subject",
    "Transition",
    "Write",
    "check_flows",
    "current",
    "digest_of",
    "faults",
    "kept_text",
    "load",
    "read_kept",
]
