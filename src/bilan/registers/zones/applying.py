"""Whether a rule of a zone is meant: by its dates, the zone's own values, the activity, the industry and the words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from bilan.pack.registers import Activity, Bilingual, Register, Vocabulary
from bilan.pack.registers.fields import COMMON
from bilan.registers.ledger import Record
from bilan.registers.zones.model import STRICTNESS, Finding, Question, Touch

NOT = "!"
"""Before a word of a rule: the rule is not meant where the word stands in the description (an exception of the clause)."""
_PARTS = re.compile(r"[,，、;；\s]+")


def findings(touch: Touch, question: Question, activities: Vocabulary | None) -> list[Finding]:
    """What one zone says of what is asked: the rules of its register and its own clauses.

    Where two rules of a register say different things and one names the activity more exactly, that one holds.
    """
    values, common = values_of(touch.entry), []
    for rule in touch.register.zone.rules if touch.register.zone else ():
        if in_force(rule, question) and (rule.when is None or rule.when.holds(values)):
            depends = meant(rule, question, activities)
            if depends is not None:
                common.append(Finding(touch, rule, depends))
    own = [
        Finding(touch, rule, depends, own=True)
        for rule in own_clauses(touch.register, touch.entry)
        if (depends := meant(rule, question, activities)) is not None
    ]
    return [finding for finding in common if not _outdone(finding, common, question, activities)] + own


def _outdone(finding: Finding, others: Sequence[Finding], question: Question, activities: Vocabulary | None) -> bool:
    """Whether for every activity asked for, a rule with another verdict names it more exactly."""
    steps = {asked: found for asked in question.activities if (found := _steps(asked, finding.rule.activities, activities)) is not None}
    rivals = [other for other in others if other.applies and other.verdict != finding.verdict]
    return bool(steps) and all(
        any((nearer := _steps(asked, rival.rule.activities, activities)) is not None and nearer < found for rival in rivals)
        for asked, found in steps.items()
    )


def _steps(asked: str, named: Collection[str], activities: Vocabulary | None) -> int | None:
    """How many terms broader than the activity asked for the nearest one is that a rule names; None when it names none."""
    steps, code = 0, asked
    while code:
        if code in named:
            return steps
        term = activities.by_code.get(code) if activities else None
        steps, code = steps + 1, term.parent if term else ""
    return None


def values_of(entry: Record) -> dict[str, Any]:
    """The values that conditions are written over."""
    return {**entry.data, **{name: getattr(entry, name) for name in COMMON}}


def in_force(rule: Activity, question: Question) -> bool:
    """Whether the clause is in force on the day asked for, both ends included."""
    day = question.on.isoformat()
    return (not rule.valid_from or rule.valid_from <= day) and (not rule.valid_to or day <= rule.valid_to)


def own_clauses(register: Register, entry: Record) -> Iterator[Activity]:
    """The clauses that an entry carries in its own table; rows without a known verdict are passed over."""
    rows = entry.data.get(register.zone.table) if register.zone and register.zone.table else None
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, Mapping) and row.get("verdict") in STRICTNESS:
            yield Activity(
                verdict=str(row["verdict"]),
                text=Bilingual(str(row.get("text") or "")),
                clause=str(row.get("clause") or ""),
                industries=_listed(row.get("industries")),
                words=_listed(row.get("words")),
            )


def meant(rule: Activity, question: Question, activities: Vocabulary | None) -> tuple[str, ...] | None:
    """Whether a rule is meant for what is asked.

    Returns:
        None when it is not; else what it depends on that was not asked precisely enough, empty when it is meant for certain.
    """
    depends = []
    for name, found in (
        ("activity", _activity(rule.activities, question.activities, activities)),
        ("industry", _industry(rule.industries, question.industry)),
        ("description", _words(rule.words, question.description)),
    ):
        if found is False:
            return None
        if found is None:
            depends.append(name)
    return tuple(depends)


def _activity(wanted: Collection[str], asked: Collection[str], vocabulary: Vocabulary | None) -> bool | None:
    """True when an activity asked for is one of the rule's or narrower; None when it is broader or none was named."""
    if not wanted:
        return True
    if not asked:
        return None
    narrower = {code for one in wanted for code in (vocabulary.below(one) if vocabulary else {one})}
    if narrower & set(asked):
        return True
    broader = {code for one in asked for code in (vocabulary.below(one) if vocabulary else {one})}
    return None if broader & set(wanted) else False


def _industry(wanted: Collection[str], asked: str) -> bool | None:
    if not wanted:
        return True
    if not asked:
        return None
    if any(asked.startswith(code) for code in wanted):
        return True
    return None if any(code.startswith(asked) for code in wanted) else False


def _words(words: Collection[str], description: str) -> bool | None:
    text = description.lower()
    exceptions = [word[1:].lower() for word in words if word.startswith(NOT)]
    wanted = [word.lower() for word in words if not word.startswith(NOT)]
    if any(word and word in text for word in exceptions):
        return False
    if not wanted or any(word in text for word in wanted):
        return True
    return False if text.strip() else None


def _listed(value: Any) -> tuple[str, ...]:
    return tuple(part for part in _PARTS.split(str(value or "")) if part)
