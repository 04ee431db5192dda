"""What a value earns by a rule: the share of an item's points, with the arithmetic in words."""

from __future__ import annotations

from bilan.pack.registers.words import Bilingual
from bilan.pack.scores.rules import Rule, RuleKind

PERCENT = 100.0


def earned(rule: Rule, value: float | str, weight: float, target: float | None = None) -> tuple[float, Bilingual]:
    """Share of the points that a value earns.

    Parameters:
        rule: how the value becomes a score.
        value: a number; a word where the rule gives shares to words.
        weight: points that can be had, which a deduction for each one counted is taken from.
        target: goes before the declared target of a line where the rule says so.

    Returns:
        The share (0..1) and why.

    Examples:
        >>> earned(Rule(RuleKind.LINEAR, floor=60, target=90), 75, 10)[0]
        0.5
        >>> earned(Rule(RuleKind.STEPS, steps=((1, 100), (3, 60)), rising=False), 2, 10)[0]
        0.6
        >>> earned(Rule(RuleKind.EACH, each=2), 3, 10)[0]
        0.4
        >>> earned(Rule(RuleKind.CHOICE, shares={"good": 100, "fair": 60}), "fair", 10)[0]
        0.6
    """
    if rule.kind is RuleKind.CHOICE:
        return _choice(rule, str(value))
    number = float(value)
    match rule.kind:
        case RuleKind.LINEAR:
            return _linear(rule, number, target if rule.from_plan and target is not None else rule.target)
        case RuleKind.STEPS:
            return _steps(rule, number)
        case RuleKind.EACH:
            return _each(rule, number, weight)
    raise ValueError(rule.kind)


def _linear(rule: Rule, value: float, target: float) -> tuple[float, Bilingual]:
    span = target - rule.floor
    share = 1.0 if not span else min(1.0, max(0.0, (value - rule.floor) / span))
    return share, Bilingual(
        f"{value:g}，下限{rule.floor:g}得0分、目标{target:g}得满分，按直线得{share * PERCENT:.1f}%",
        f"{value:g}; nothing at {rule.floor:g}, all at {target:g}, a straight line between: {share * PERCENT:.1f} %",
    )


def _steps(rule: Rule, value: float) -> tuple[float, Bilingual]:
    sign = ("≥", ">=") if rule.rising else ("≤", "<=")
    for limit, share in rule.steps:
        if value >= limit if rule.rising else value <= limit:
            why = Bilingual(f"{value:g}，{sign[0]}{limit:g}档，得{share:g}%", f"{value:g} {sign[1]} {limit:g}: {share:g} %")
            return share / PERCENT, why
    return 0.0, Bilingual(f"{value:g}，未入任何一档，得0分", f"{value:g} is within no step: nothing")


def _each(rule: Rule, value: float, weight: float) -> tuple[float, Bilingual]:
    taken = min(weight, max(0.0, value) * rule.each)
    why = Bilingual(f"{value:g}件，每件扣{rule.each:g}分，共扣{taken:g}分", f"{value:g} at {rule.each:g} points each: {taken:g} taken off")
    return (weight - taken) / weight if weight else 0.0, why


def _choice(rule: Rule, word: str) -> tuple[float, Bilingual]:
    share = rule.shares.get(word, 0.0)
    if word not in rule.shares:
        known = ", ".join(rule.shares)
        return 0.0, Bilingual(f"“{word}”不在选项（{known}）之内，得0分", f"{word!r} is none of {known}: nothing")
    return share / PERCENT, Bilingual(f"“{word}”得{share:g}%", f"{word!r}: {share:g} %")
