"""What would raise a score: how much each item could still bring, and at which value it brings it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bilan.pack.registers.words import Bilingual
from bilan.pack.scores import Grade, Rule, RuleKind, Score
from bilan.science.scores.judging import ItemScore, Judged, together

LEAST = 0.005
"""Gains below this are none [points]."""


@dataclass(frozen=True, slots=True)
class Gain:
    """What one item could bring.

    Attributes:
        gain: points of the score that all of the item's points would add.
        wanted: the value that earns all of them.
        enough: whether this alone lifts the score to the next grade.
    """

    entry: ItemScore
    gain: float
    wanted: Bilingual
    enough: bool


def next_grade(table: Score, judged: Judged) -> Grade | None:
    """The grade just above; None at the best, or without a score.

    Examples:
        >>> from bilan.pack.scores import load
        >>> from bilan.science.scores import judge_row
        >>> table = load()["river-health"]
        >>> above = next_grade(table, judge_row(table, {"channel": 80.0, "water": 40.0, "biota": 70.0, "service": 85.0}))
        >>> above.title.en, above.at_least
        ('healthy', 75.0)
    """
    if judged.score is None:
        return None
    better = [grade for grade in table.grades if judged.grade is None or grade.grade < judged.grade.grade]
    return max(better, key=lambda grade: grade.grade, default=None)


def gains(table: Score, judged: Judged, row: Mapping[str, Any]) -> tuple[Gain, ...]:
    """What each item could still bring by itself, the most first; caps are left out of account.

    Parameters:
        table: the scored table.
        judged: what the row earned by it.
        row: values by field; while the condition of the next grade does not hold, no item alone is enough.

    Examples:
        >>> from bilan.pack.scores import load
        >>> from bilan.science.scores import judge_row
        >>> table = load()["river-health"]
        >>> row = {"channel": 80.0, "water": 40.0, "biota": 70.0, "service": 85.0}
        >>> most = gains(table, judge_row(table, row), row)[0]
        >>> most.entry.item.name, most.wanted.en
        ('water', '100')
    """
    now = together(table, judged.items)
    if now is None or judged.score is None:
        return ()
    above = next_grade(table, judged)
    open_ = above is not None and (above.holds is None or above.holds.holds(row))
    found = []
    for place, entry in enumerate(judged.items):
        raised = tuple(replace(one, share=1.0) if at == place else one for at, one in enumerate(judged.items))
        then = together(table, raised)
        if then is not None and then - now > LEAST:
            enough = above is not None and open_ and then >= above.at_least
            found.append(Gain(entry, then - now, wanted(entry.item.rule), enough))
    return tuple(sorted(found, key=lambda gain: -gain.gain))


def wanted(rule: Rule) -> Bilingual:
    """The value that earns all points.

    Examples:
        >>> wanted(Rule(RuleKind.STEPS, steps=((1, 100), (3, 60)), rising=False)).en
        '≤ 1'
    """
    match rule.kind:
        case RuleKind.LINEAR:
            return Bilingual(f"{rule.target:g}", f"{rule.target:g}")
        case RuleKind.STEPS:
            sign = "≥" if rule.rising else "≤"
            best = rule.steps[0][0] if rule.steps else 0.0
            return Bilingual(f"{sign} {best:g}", f"{sign} {best:g}")
        case RuleKind.CHOICE:
            most = max(rule.shares.values(), default=0.0)
            words = [word for word, share in rule.shares.items() if share == most]
            return Bilingual("、".join(words), ", ".join(words))
    return Bilingual("0", "0")
