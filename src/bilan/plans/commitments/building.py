"""From a number with what it is about to the record of a commitment."""

from __future__ import annotations

import re

from bilan.plans.commitments import kinds
from bilan.plans.commitments.dates import Use, plan_end, recurring
from bilan.plans.commitments.due import Due
from bilan.plans.commitments.facts import TOWARDS, fact
from bilan.plans.commitments.model import Read
from bilan.plans.commitments.naming import dimension_word
from bilan.plans.commitments.place import Place
from bilan.plans.commitments.rows import STANDING, Draft
from bilan.plans.commitments.text import Text
from bilan.plans.reader import BlockKind

ERA = re.compile(r"“?(?P<number>[一二三四五六七八九十]{1,3})五”?")
PLAN_YEARS = 5
RATE_BEFORE = re.compile(r"每(?P<per>小时|天|日|年)$")


def build(place: Place, draft: Draft, due: Due, span: tuple[int, int]) -> Read:
    """The record of a number.

    Args:
        place: where it was read; `draft`: what it is about; `due`: by when; `span`: its clause.
    """
    quantity, text = draft.quantity, place.text
    kind, reason = _kind(place, draft, due, span)
    notes = [note for note in (*quantity.notes, *draft.notes) if not note.startswith(("comparator:", "year:", "part:", STANDING))]
    deadline, said = _deadline(place, draft, due, kind, notes, span)
    base_year, base_words = _baseline(place, draft, kind, span)
    unit, unit_words = _unit(place, draft)
    comparator = next((note.removeprefix("comparator:") for note in draft.notes if note.startswith("comparator:")), quantity.comparator)
    words = {
        "value": text.words(quantity.first, quantity.number),
        "unit": unit_words,
        "comparator": quantity_words(text, draft),
        "kind": reason,
        "deadline": said,
        "baseline": draft.words.get("baseline", base_words),
        "metric": draft.metric,
        "subject": draft.subject,
    }
    return Read(
        section=place.block.section,
        sentence=text.words(place.begin, place.end),
        line=place.block.line_at(text.places[place.begin]),
        block=place.block.number,
        begin=text.places[place.begin],
        finish=text.places[place.end - 1] + 1,
        subject=draft.subject.strip("、，的"),
        metric=_metric(draft),
        comparator=comparator,
        kind=kind,
        value=quantity.value,
        upper=quantity.upper,
        unit=unit,
        baseline_year=draft.base_year or base_year,
        baseline=draft.base_value,
        deadline=deadline,
        threshold=draft.shape == "threshold",
        words={key: value for key, value in words.items() if value},
        notes=tuple(notes),
    )


def quantity_words(text: Text, draft: Draft) -> str:
    """The words that compare: those that say how and those that say where to (达到 … 以上)."""
    quantity = draft.quantity
    said = [
        text.words(quantity.begin, quantity.first),
        draft.reached if not quantity.before else "",
        text.words(quantity.last, quantity.end),
    ]
    return "…".join(part for part in said if part)


def _metric(draft: Draft) -> str:
    part = next((note.removeprefix("part:") for note in draft.quantity.notes if note.startswith("part:")), "")
    metric = draft.metric.strip("、，") or dimension_word(draft.quantity)
    return f"{metric}（{part}）" if part else metric


def _unit(place: Place, draft: Draft) -> tuple[str, str]:
    quantity, text = draft.quantity, place.text
    written = text.words(quantity.number, quantity.last)
    if quantity.unit == "%" and quantity.spelled:
        return "%", text.words(quantity.first, quantity.last)
    if quantity.dimension in ("rank", "index"):
        return quantity.unit, written
    if quantity.dimension == "share" and not written:
        return "%", ""
    written = re.sub(r"^(?:余|多)", "", written)
    per = RATE_BEFORE.search(text.plain[: quantity.begin][-4:])
    if per and quantity.dimension not in ("count", "share") and "/" not in written:
        return f"{written}/{per['per']}", per.group() + written
    if written in ("万", "亿"):
        return (f"{written}人" if draft.metric.endswith(("人口", "人数")) or "人口" in draft.metric else written), written
    return re.sub(r"\s", "", written).replace("％", "%"), written


def _kind(place: Place, draft: Draft, due: Due, span: tuple[int, int]) -> tuple[str, str]:
    told = fact(place, draft, due, place.text.plain[span[0] : span[1]])
    return ("baseline_fact", told) if told else kinds.kind(draft, place.block.kind is BlockKind.BOX)


def _deadline(place: Place, draft: Draft, due: Due, kind: str, notes: list[str], span: tuple[int, int]) -> tuple[str, str]:
    own = next((note.removeprefix("year:") for note in draft.notes if note.startswith("year:")), "")
    if own:
        return own, due.words
    if kind == "baseline_fact":
        return _fact_year(place, draft, due)
    again = recurring(place.text.plain[span[0] : span[1]])
    if again and (due.inherited or not due.deadline):
        notes.append(f"recurring:{again}")
        return "", again
    if due.note:
        notes.append(due.note)
    if due.inherited and due.deadline:
        notes.append("inherited")
    return due.deadline, due.words


def _fact_year(place: Place, draft: Draft, due: Due) -> tuple[str, str]:
    if draft.bracketed and not place.status:
        return "", ""
    if STANDING in draft.notes:
        return "", ""
    if due.deadline and not (due.inherited and not place.status and TOWARDS.match(due.words)):
        return due.deadline, due.words
    if kinds.status_only(place.status):
        own = (place.document.title,) if kinds.status((place.document.title,)) else ()
        for heading in (*reversed(place.block.headings), *own):
            match = ERA.search(heading)
            year = plan_end(match["number"]) if match else None
            if year:
                return str(year), heading
        return (str(place.base), place.status) if place.base else ("", "")
    return "", ""


def _baseline(place: Place, draft: Draft, kind: str, span: tuple[int, int]) -> tuple[str, str]:
    if draft.bracketed:
        return "", ""
    bases = [date for date in place.days if date.use is Use.BASE and span[0] <= date.begin < draft.quantity.begin]
    if bases:
        return str(bases[-1].year) if bases[-1].deadline else "", place.text.words(bases[-1].begin, bases[-1].end)
    era = [date for date in place.days if date.note.endswith("五”") and date.use is Use.DUE]
    if kind == "baseline_fact" and draft.change and era:
        return str(era[-1].year - PLAN_YEARS), era[-1].note
    return "", ""
