"""Scores by rule: what one value earns, what many items add up to, and who comes first; pure arithmetic, each score with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import fsum
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


@dataclass(frozen=True, slots=True)
class Grant:
    """What an appeal was granted: points in place of those of an item, and the answer that was written."""

    points: float
    answer: str = ""


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
        measured = sum(entry.full for entry in own if entry.score is not None and entry.value is not None)
        share = _share(own)
        total = share * full if share is not None and measured >= least / PERCENT * full else None
        fallen = min((entry for entry in own if entry.cap is not None), key=lambda entry: entry.cap or 0.0, default=None)
        if fallen is not None and fallen.cap is not None and total is not None:
            total = min(total, fallen.cap)
        found[who] = {"total": None if total is None else round(total, 2), "capped": fallen.item if fallen is not None else ""}
    known = sorted((entry["total"] for entry in found.values() if entry["total"] is not None), reverse=True)
    for entry in found.values():
        entry["rank"] = known.index(entry["total"]) + 1 if entry["total"] is not None else None
    return found


def settled(own: Sequence[Scored], grants: Mapping[str, Grant]) -> list[Scored]:
    """The items of one district once its appeals were answered.

    Points granted to an item with points take their place. An item that was left out for want of a value comes in with the points granted
    to it only where that does not lower the total, those with the largest share of their points first: it was left out so that the
    others count for it, and who appeals must not lose by being granted something.

    Args:
        grants: name of an item → what was granted to it.

    Examples:
        >>> said = Bilingual("", "")
        >>> own = [Scored("a", "air", 6.0, 12.0, 25.0, said), Scored("a", "noise", None, 8.0, None, said)]
        >>> [entry.score for entry in settled(own, {"noise": Grant(3.0)})], [entry.score for entry in settled(own, {"noise": Grant(5.0)})]
        ([6.0, None], [6.0, 5.0])
    """
    found = {entry.item: entry for entry in own}
    for name, grant in grants.items():
        if found[name].score is not None:
            found[name] = replace(found[name], score=grant.points, why=_granted(found[name], grant))
    left = [name for name in grants if found[name].score is None]
    for name in sorted(left, key=lambda name: -_part(grants[name].points, found[name].full)):
        entry, grant = found[name], grants[name]
        counted = replace(entry, score=grant.points, why=_granted(entry, grant))
        before, after = _share(found.values()), _share([*(other for other in found.values() if other is not entry), counted])
        lowers = before is not None and after is not None and after < before
        found[name] = replace(entry, why=_still_out(grant)) if lowers else counted
    return list(found.values())


def _share(entries: Iterable[Scored]) -> float | None:
    """Share of the points that could be had of the items that count; None when none does."""
    counted = [(entry.score, entry.full) for entry in entries if entry.score is not None]
    possible = fsum(full for _score, full in counted)
    return fsum(score for score, _full in counted) / possible if possible else None


def _part(points: float, full: float) -> float:
    return points / full if full else 1.0


def _granted(entry: Scored, grant: Grant) -> Bilingual:
    was = ("不计入", "left out") if entry.score is None else (f"{entry.score:g}",) * 2
    return Bilingual(
        f"申诉采纳：由{was[0]}改为{grant.points:g}分。{grant.answer}", f"appeal granted: {was[1]} became {grant.points:g}. {grant.answer}"
    )


def _still_out(grant: Grant) -> Bilingual:
    return Bilingual(
        f"申诉给予{grant.points:g}分，计入会拉低总分，故仍不计入，其余项目按比例折算。{grant.answer}",
        f"appeal granted {grant.points:g}; it stays left out, as counting it would lower the total. {grant.answer}",
    )


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
