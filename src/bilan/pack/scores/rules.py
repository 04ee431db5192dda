"""How a value becomes a share of an item's points; declared the same way in scores and in appraisals."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bilan.pack.schema import Reader


class RuleKind(StrEnum):
    """How a value becomes a score."""

    LINEAR = "linear"
    """Nothing at the floor, all of the weight at the target, a straight line between."""
    STEPS = "steps"
    """The share of the weight that belongs to the first step the value lies within."""
    EACH = "each"
    """All of the weight, less so many points for each one counted."""
    CHOICE = "choice"
    """The share of the weight that belongs to a word."""
    VETO = "veto"
    """No points of its own; above its limit the total is capped."""


class Missing(StrEnum):
    """What becomes of an item without a value."""

    OUT = "out"
    """It is left out and the others count for the whole."""
    ZERO = "zero"
    """It scores nothing."""
    FULL = "full"
    """It scores all of its weight, such as when nothing had to be done."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How a value becomes a score.

    Attributes:
        floor, target: of a line; `from_plan`: whether the district's own target of the plan goes before `target`.
        steps: limits and shares of the weight [%], best first; a value up to (of falling values: down to) a limit gets its share.
        rising: of steps, whether larger values are better.
        each: points taken off for each one.
        shares: word → share of the weight [%].
        limit: of a veto, the largest value that is allowed; `cap`: the most the total can be above it.
    """

    kind: RuleKind
    floor: float = 0.0
    target: float = 0.0
    from_plan: bool = False
    steps: tuple[tuple[float, float], ...] = ()
    rising: bool = True
    each: float = 0.0
    shares: Mapping[str, float] = field(default_factory=dict)
    limit: float = 0.0
    cap: float = 0.0


OF_RULE = {
    RuleKind.LINEAR: ("kind", "floor", "target", "from_plan"),
    RuleKind.STEPS: ("kind", "steps", "rising"),
    RuleKind.EACH: ("kind", "each"),
    RuleKind.CHOICE: ("kind", "shares"),
    RuleKind.VETO: ("kind", "limit", "cap"),
}
"""Kind of rule → keys it may have."""


def read_rule(reader: Reader, kinds: Collection[RuleKind]) -> Rule:
    """Read a rule; what is wrong is noted with the reader.

    Args:
        kinds: which kinds may stand here.
    """
    written = reader.text("kind", allowed=[entry.value for entry in kinds])
    kind = RuleKind(written) if written in set(kinds) else RuleKind.LINEAR
    reader.only(OF_RULE[kind])
    match kind:
        case RuleKind.LINEAR:
            floor, target = reader.number("floor"), reader.number("target")
            if floor == target:
                reader.note("appraisal.flat", "target", {"value": target})
            return Rule(kind, floor=floor, target=target, from_plan=reader.flag("from_plan", False))
        case RuleKind.STEPS:
            rising = reader.flag("rising", True)
            return Rule(kind, steps=_steps(reader, rising), rising=rising)
        case RuleKind.EACH:
            return Rule(kind, each=reader.number("each", lowest=0.0))
        case RuleKind.CHOICE:
            return Rule(kind, shares=_shares(reader))
    return Rule(kind, limit=reader.number("limit", 0.0), cap=reader.number("cap", lowest=0.0))


def _steps(reader: Reader, rising: bool) -> tuple[tuple[float, float], ...]:
    """Pairs of a limit and a share, best first."""
    found: list[tuple[float, float]] = []
    for entry in reader.items("steps"):
        if not _is_pair(entry):
            reader.note("appraisal.bad_steps", "steps", {"value": str(entry)[:60]})
            return ()
        found.append((float(entry[0]), float(entry[1])))
    limits = [limit for limit, _share in found]
    if not found or limits != sorted(limits, reverse=rising):
        reader.note("appraisal.bad_steps", "steps", {"value": str(found)[:80]})
    return tuple(found)


def _is_pair(entry: Any) -> bool:
    return isinstance(entry, list) and len(entry) == 2 and all(isinstance(part, int | float) for part in entry) and 0 <= entry[1] <= 100


def _shares(reader: Reader) -> Mapping[str, float]:
    inner = reader.inner("shares")
    found = {str(word): inner.number(word, lowest=0.0) for word in inner.declared}
    if not found or max(found.values()) > 100:
        reader.note("score.bad_shares", "shares", {"value": str(found)[:80]})
    return found
