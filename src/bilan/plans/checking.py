"""What a commitment may say: what people type is turned into values, and everything wrong with it is told at once."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from bilan.plans.models import Commitment, Comparator, Kind, Nature
from bilan.problems import BilanError, Problem, nearest

TEXTS = ("subject", "metric", "wording", "unit", "baseline_year", "owner")
NUMBERS = ("value", "upper", "baseline")
MARKS = ("handed_down", "threshold")
CHOICES: dict[str, tuple[str, ...]] = {
    "kind": tuple(Kind.values),
    "comparator": ("", *Comparator.values),
    "nature": tuple(Nature.values),
}
FIELDS = (
    "kind",
    "subject",
    "metric",
    "comparator",
    "value",
    "upper",
    "unit",
    "wording",
    "baseline_year",
    "baseline",
    "deadline",
    "nature",
    *MARKS,
    "owner",
)
"""What a person may correct, in the order of the form."""
DEADLINE = re.compile(r"(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2]))?")
_FULL = str.maketrans("０１２３４５６７８９．－，％", "0123456789.-,%")


def cleaned(given: Mapping[str, Any], before: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Values of a commitment as they are kept, from what was typed.

    Parameters:
        given: field → text or value; fields that are not there stay as they were.
        before: field → value as it was; empty for a new commitment.

    Returns:
        The fields of `given` that may be corrected.

    Raises:
        BilanError: some cannot be, or do not go together; says all of them.
    """
    problems: list[Problem] = []
    found: dict[str, Any] = {}
    for name in FIELDS:
        if name in given:
            found[name] = _one(name, given[name], problems)
    if not problems:
        problems += together({**(before or {}), **found})
    if problems:
        raise BilanError(*problems)
    return found


def together(values: Mapping[str, Any]) -> list[Problem]:
    """What does not go together in the values of one commitment."""
    problems = []
    if not values.get("subject") and not values.get("metric"):
        problems.append(Problem("planbook.nameless"))
    comparator, value, upper = values.get("comparator", ""), values.get("value"), values.get("upper")
    if comparator and comparator != Comparator.WORDS and value is None and not values.get("handed_down"):
        problems.append(Problem("planbook.without_value", {"value": comparator}))
    if upper is not None and value is not None and upper <= value:
        problems.append(Problem("planbook.range_reversed", {"value": f"{upper:g}", "allowed": f"{value:g}"}))
    return problems


def _one(name: str, given: Any, problems: list[Problem]) -> Any:
    if name in NUMBERS:
        return _number(name, given, problems)
    if name in MARKS:
        return given is True or str(given) in {"1", "on", "true", "True"}
    text = str(given if given is not None else "").strip()
    if name in CHOICES:
        if text not in CHOICES[name]:
            allowed = CHOICES[name]
            problems.append(
                Problem("planbook.choice", {"field": name, "value": text[:40], "allowed": allowed, "nearest": nearest(text, allowed)})
            )
        return text
    if name == "deadline":
        if text and not DEADLINE.fullmatch(text):
            problems.append(Problem("planbook.deadline", {"value": text[:40]}))
        return text
    most = Commitment._meta.get_field(name).max_length or 0
    if len(text) > most:
        problems.append(Problem("planbook.too_long", {"field": name, "value": len(text), "allowed": most}))
    return text


def _number(name: str, given: Any, problems: list[Problem]) -> float | None:
    if given is None or (isinstance(given, str) and not given.strip()):
        return None
    text = str(given).strip().translate(_FULL).replace(",", "").removesuffix("%")
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        problems.append(Problem("planbook.number", {"field": name, "value": str(given)[:40]}))
        return None
    return value
