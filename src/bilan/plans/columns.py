"""Commitments in the columns of the annotated plans."""

from __future__ import annotations

from typing import Any

COLUMNS = (
    "id",
    "article_or_section",
    "sentence_zh",
    "subject_zh",
    "metric_zh",
    "comparator",
    "value",
    "value_upper",
    "unit",
    "baseline",
    "deadline",
    "nature",
    "kind",
    "line",
    "note",
)


def row(held: Any, number: int) -> dict[str, Any]:
    """One commitment, read or kept, as a row.

    Parameters:
        held: anything with the reading fields of a commitment.
        number: its number within the plan.

    Returns:
        Column → value, empty text for nothing; `baseline` is ``2015`` or ``2015=27``; notes are joined by semicolons.
    """
    base = str(held.baseline_year or "")
    if held.baseline is not None:
        base = f"{base}={plain(held.baseline)}"
    notes = [*held.notes, *(("handed down",) if held.handed_down else ()), *(("scope threshold",) if held.threshold else ())]
    return {
        "id": number,
        "article_or_section": held.section,
        "sentence_zh": held.sentence,
        "subject_zh": held.subject,
        "metric_zh": held.metric,
        "comparator": held.comparator,
        "value": plain(held.value) if held.value is not None else held.wording,
        "value_upper": plain(held.upper),
        "unit": held.unit,
        "baseline": base,
        "deadline": held.deadline,
        "nature": held.nature,
        "kind": held.kind,
        "line": held.line,
        "note": "; ".join(dict.fromkeys(notes)),
    }


def plain(value: float | None) -> str:
    """A number without needless decimals.

    Examples:
        >>> plain(7.39), plain(1314.0), plain(None)
        ('7.39', '1314', '')
    """
    return "" if value is None else f"{value:.12g}"
