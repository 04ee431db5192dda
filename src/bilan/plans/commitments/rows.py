"""What the grammar keeps of one number on its way to a commitment."""

from __future__ import annotations

from dataclasses import dataclass, field

from bilan.plans.commitments.quantities import Quantity

STANDING = "standing"
"""Note of a count that only says how many there are of what is measured."""


@dataclass(slots=True)
class Draft:
    """One number with what was found about it so far; texts are even, words are as written.

    Attributes:
        quantity: the number; `subject`, `metric`: what it is about; `verb`: what is to be done, `role` its role.
        change: the verb of rising or falling when the number is a change; `reached`: the words before it that say where to.
        shape: ``before`` (the number stands before what it counts), ``after``, ``share`` (of those that do something), ``threshold``,
            ``distance``.
        activity: what is done to those counted; `said`: what those counted do; `tail`: the thing counted or the words behind the number;
        ending: the words that decide what kind of thing it is.
        measured: what is measured, without the word of change; `loose`: names no measure of its own; `listed`: continues the number before.
        base_year, base_value: what it is compared with; `bracketed`: stands in brackets.
        words: field → words of the document; `notes`: what else was seen.
    """

    quantity: Quantity
    subject: str = ""
    metric: str = ""
    verb: str = ""
    role: str = ""
    change: str = ""
    shape: str = "after"
    activity: str = ""
    tail: str = ""
    said: str = ""
    ending: str = ""
    measured: str = ""
    loose: bool = False
    reached: str = ""
    base_year: str = ""
    base_value: float | None = None
    listed: bool = False
    bracketed: bool = False
    words: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
