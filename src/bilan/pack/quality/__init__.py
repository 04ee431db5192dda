"""Rules of level-1 quality control, declared a network in `<network>.yaml`."""

from __future__ import annotations

from bilan.pack.quality.expression import Combination
from bilan.pack.quality.rules import CrossRule, NetworkRules, PersistenceRule, RangeRule, RateRule, TimeRule, read_rules, rules

__all__ = ["Combination", "CrossRule", "NetworkRules", "PersistenceRule", "RangeRule", "RateRule", "TimeRule", "read_rules", "rules"]
