"""Answers of a checklist: whether they are complete, allowed, and what they find."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bilan.pack.flows import NOT_APPLICABLE, Checklist, Item
from bilan.pack.registers import Registers
from bilan.pack.registers.taking import is_date
from bilan.problems import Place, Problem, nearest

LONGEST = 2000
"""Characters an answer or a note may have."""
Answers = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Answered:
    """A checklist as somebody went through it.

    Attributes:
        answers: one for each question that applies, ``{"item", "answer", "note", "evidence", "bad"}``, in the list's order.
        findings: how many are a finding; `critical`: how many of these decide the whole.
    """

    answers: list[dict[str, Any]]
    findings: int
    critical: int


def answered(checklist: Checklist, given: Answers, around: Mapping[str, Any], known: Registers) -> tuple[Answered, list[Problem]]:
    """Check the answers of a checklist.

    Parameters:
        around: what conditions may name, beside the answers.
    """
    problems: list[Problem] = []
    by_item = {str(entry.get("item", "")): entry for entry in given}
    for name in by_item.keys() - checklist.items.keys():
        values = {"value": name, "allowed": list(checklist.items), "nearest": nearest(name, checklist.items)}
        problems.append(Problem("case.answer_unknown", values, Place("", None, name)))
    seen = {**around, **{name: entry.get("answer") for name, entry in by_item.items()}}
    answers = []
    for name, item in checklist.items.items():
        if item.when is not None and not item.when.holds(seen):
            continue
        found = by_item.get(name)
        if found is None or found.get("answer") in (None, ""):
            problems.append(_problem("case.answer_missing", item))
            continue
        answer, wrong = _answer(item, found["answer"], known)
        problems += wrong
        bad = str(answer) in item.bad
        note, evidence = str(found.get("note") or "").strip()[:LONGEST], [int(number) for number in found.get("evidence") or ()]
        if bad and item.note and not note:
            problems.append(_problem("case.answer_note", item))
        if bad and item.photo and not evidence:
            problems.append(_problem("case.answer_photo", item))
        answers.append({"item": name, "answer": answer, "note": note, "evidence": evidence, "bad": bad})
    bad_items = [entry["item"] for entry in answers if entry["bad"]]
    return Answered(answers, len(bad_items), sum(checklist.items[name].critical for name in bad_items)), problems


def _answer(item: Item, value: Any, known: Registers) -> tuple[Any, list[Problem]]:
    """An answer in the form in which it is kept, and what is wrong with it."""
    if value == NOT_APPLICABLE:
        return value, [] if item.na else [_problem("case.answer_na", item)]
    if item.answer == "number":
        return _number(item, value)
    text = str(value).strip()[:LONGEST]
    allowed = (
        ["yes", "no"] if item.answer == "yesno" else list(known.vocabularies[item.of].by_code) if item.of in known.vocabularies else []
    )
    if item.answer in {"yesno", "choice"} and text not in allowed:
        return text, [_problem("case.answer_wrong", item, found=text, allowed=allowed)]
    if item.answer == "date" and not is_date(text):
        return text, [_problem("case.answer_wrong", item, found=text, allowed="2026-01-31")]
    return text, []


def _number(item: Item, value: Any) -> tuple[Any, list[Problem]]:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return str(value)[:40], [_problem("case.answer_wrong", item, found=str(value)[:40], allowed="0.0")]
    lower, upper = item.lower if item.lower is not None else float("-inf"), item.upper if item.upper is not None else float("inf")
    if not lower <= number <= upper or number - number != 0:
        return str(value)[:40], [_problem("case.answer_wrong", item, found=number, allowed=f"{lower:g} … {upper:g}")]
    return number, []


def _problem(code: str, item: Item, **values: Any) -> Problem:
    return Problem(code, {"value": item.ask.zh, "en": item.ask.en, **values}, Place("", None, item.name))
