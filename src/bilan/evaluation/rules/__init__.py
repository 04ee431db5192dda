"""Rules on data: conditions compiled to operations on whole columns, moments joined to episodes."""

from __future__ import annotations

from bilan.evaluation.rules.context import Context
from bilan.evaluation.rules.evaluating import evaluate, replay
from bilan.evaluation.rules.findings import SCHEMA, Findings
from bilan.evaluation.rules.series import slow

__all__ = ["SCHEMA", "Context", "Findings", "evaluate", "replay", "slow"]
