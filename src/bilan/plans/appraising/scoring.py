"""Scores by rule: what one value earns, what many items add up to, and who comes first; pure arithmetic, each score with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bilan.pack.appraisals import Item, Missing, RuleKind
from bilan.pack.registers.words import Bilingual
from bilan.science.scores.earning import earned

PERCENT = 100.0
NO_VETO = Bilingual("无数据，不触发", "no value, so it does not fall")


@dataclass(frozen=True, slots=True)
class Scored:
    """What one item of one district earned.

    Attributes:
        score: points, None when the item is left out; `full`: points that could be had.
        cap: the most the total may be, when a veto fell.
        why: the arithmetic in words; `evidence`: where the value can be looked up.
    """

    who: str
    item: str
    score: float | None
    full: float
    value: float | None
    why: Bilingual
    cap: float | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """As a scoring keeps it."""
        return {
            "who": self.who,
            "item": self.item,
            "score": self.score,
            "full": self.full,
            "value": self.value,
            "why": {"zh": self.why.zh, "en": self.why.en},
            "cap": self.cap,
            "evidence": dict(self.evidence),
        }


def score(item: Item, who: str, value: float | None, target: float | None = None, evidence: Mapping[str, Any] | None = None) -> Scored:
    """What a value earns.

    Args:
        target: the district's own target of the plan, which goes before the declared one where the rule says so.
        evidence: where the value can be looked up.
    """
    kept = evidence or {}
    if value is None:
        return _missing(item, who, kept)
    if item.rule.kind is RuleKind.VETO:
        return _veto(item, who, value, kept)
    share, why = earned(item.rule, value, item.weight, target)
    return Scored(who, item.name, round(share * item.weight, 4), item.weight, value, why, None, kept)


def totals(scored: Sequence[Scored], full: float, least: float = 0.0) -> dict[str, dict[str, Any]]:
    """Total and rank of everybody; items left out do not count, the others then count for the whole; equal totals share a rank.

    Args:
        full: points that can be had in all.
        least: share of them that must rest on a value [%].

    Returns:
        who → ``total`` (None when too little could be measured), ``rank``, ``capped`` (name of the item whose veto fell, or empty).
    """
    found: dict[str, dict[str, Any]] = {}
    for who in dict.fromkeys(entry.who for entry in scored):
        own = [entry for entry in scored if entry.who == who]
        possible = sum(entry.full for entry in own if entry.score is not None)
        earned = sum(entry.score for entry in own if entry.score is not None)
        measured = sum(entry.full for entry in own if entry.score is not None and entry.value is not None)
        total = earned / possible * full if possible and measured >= least / PERCENT * full else None
        fallen = min((entry for entry in own if entry.cap is not None), key=lambda entry: entry.cap or 0.0, default=None)
        if fallen is not None and fallen.cap is not None and total is not None:
            total = min(total, fallen.cap)
        found[who] = {"total": None if total is None else round(total, 2), "capped": fallen.item if fallen is not None else ""}
    known = sorted((entry["total"] for entry in found.values() if entry["total"] is not None), reverse=True)
    for entry in found.values():
        entry["rank"] = known.index(entry["total"]) + 1 if entry["total"] is not None else None
    return found


def _missing(item: Item, who: str, evidence: Mapping[str, Any]) -> Scored:
    if item.rule.kind is RuleKind.VETO:
        return Scored(who, item.name, None, 0.0, None, NO_VETO, None, evidence)
    points, why = {
        Missing.ZERO: (0.0, Bilingual("无数据，按0分计", "no value: counts as nothing")),
        Missing.FULL: (item.weight, Bilingual("没有此类事项，按满分计", "nothing of the kind: full points")),
        Missing.OUT: (None, Bilingual("无数据，不计入，其余项目按比例折算", "no value: left out, the others count for it")),
    }[item.missing]
    return Scored(who, item.name, points, item.weight, None, why, None, evidence)


def _veto(item: Item, who: str, value: float, evidence: Mapping[str, Any]) -> Scored:
    limit, cap = item.rule.limit, item.rule.cap
    if value > limit:
        why = Bilingual(f"{value:g}，超过{limit:g}，总分不高于{cap:g}分", f"{value:g} is above {limit:g}: the total is at most {cap:g}")
        return Scored(who, item.name, None, 0.0, value, why, cap, evidence)
    return Scored(
        who, item.name, None, 0.0, value, Bilingual(f"{value:g}，未超过{limit:g}", f"{value:g} is not above {limit:g}"), None, evidence
    )
