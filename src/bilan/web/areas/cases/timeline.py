"""The signed steps of a case as its timeline shows them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from bilan.casework.models import Case, Evidence, Step
from bilan.pack.flows import NOT_APPLICABLE, Checklist, Flow
from bilan.registers.ledger import Ledger
from bilan.web.areas.cases import words
from bilan.web.areas.cases.collected import lines
from bilan.web.areas.cases.frame import local
from bilan.web.components import numbers
from bilan.web.templatetags.bilan import status

APART = timedelta(minutes=2)
"""A step that reached the platform later than this after it was done says both times."""


def events(ledger: Ledger, flow: Flow, case: Case, steps: Sequence[Step], pieces: Sequence[Evidence]) -> list[dict[str, Any]]:
    """Steps, the newest first, each with what it did, who signed it, what it brought."""
    by_step: defaultdict[int, list[Evidence]] = defaultdict(list)
    for piece in pieces:
        if piece.step_id is not None:
            by_step[piece.step_id].append(piece)
    return [_event(ledger, flow, step, by_step.get(step.pk, [])) for step in reversed(steps)]


def _event(ledger: Ledger, flow: Flow, step: Step, pieces: list[Evidence]) -> dict[str, Any]:
    language = numbers.language()
    transition = flow.transition.get(step.transition)
    states = [flow.state[name].title.text(language) if name in flow.state else name for name in (step.before, step.after) if name]
    moved = step.before != step.after and step.after
    title = transition.title.text(language) if transition else str(words.ACTIONS.get(step.action, step.action))
    return {
        "step": step,
        "title": title,
        "tone": _tone(step, transition.kind.value if transition else ""),
        "at": local(step.at),
        "done": local(step.done) if step.done and abs(step.at - step.done) > APART else None,
        "states": states if moved and len(states) == 2 else [],
        "state": states[-1] if moved and len(states) == 1 else "",
        "lines": lines(ledger, flow, {name: value for name, value in step.values.items() if name in flow.fields}),
        "answers": answers(ledger, flow.checklists.get(transition.checklist) if transition else None, step.checklist),
        "pieces": pieces,
    }


def _tone(step: Step, kind: str) -> str:
    return {"return": "risk", "cancel": "risk", "close": "ok", "urge": "risk"}.get(kind, words.TONES.get(step.action, "quiet"))


def answers(ledger: Ledger, checklist: Checklist | None, given: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Answers of a checklist in the reader's words, findings marked."""
    language = numbers.language()
    shown = []
    for answer in given:
        name = str(answer.get("item", ""))
        item = checklist.items.get(name) if checklist else None
        value = str(answer.get("answer", ""))
        bad = item is not None and value in item.bad
        text = answer_text(ledger, item, value)
        shown.append(
            {
                "ask": item.ask.text(language) if item else name,
                "mark": status("bad" if bad else "quiet", text) if text else "",
                "bad": bad,
                "note": str(answer.get("note", "")),
            }
        )
    return shown


def answer_text(ledger: Ledger, item: Any, value: str) -> str:
    """One answer in the reader's words."""
    if value == NOT_APPLICABLE:
        return str(words.ANSWERS["na"])
    if item is not None and item.answer == "yesno":
        return str(words.ANSWERS.get(value, value))
    if item is not None and item.answer == "choice" and item.of in ledger.declared.vocabularies:
        term = ledger.declared.vocabularies[item.of].by_code.get(value)
        return term.title.text(numbers.language()) if term else value
    return f"{value} {item.unit}".strip() if item is not None else value
