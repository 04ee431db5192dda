"""What is read from a plan: one record for each commitment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Read:
    """One commitment as the grammar read it.

    Attributes:
        section: article or section; `sentence`: its words; `line`: line of the source; `block`, `begin`, `finish`: the block of the
            document and the characters of the sentence within it.
        subject: whom or what it is about; `metric`: what is counted or measured.
        comparator: ``>=``, ``<=``, ``>``, ``<``, ``=`` or ``qualitative``.
        value, upper: the number and the upper end of a range, in `unit`; `wording`: what is promised when there is no number.
        baseline_year, baseline: what it is compared with; `deadline`: ``YYYY``, ``YYYY-MM`` (``YYYY-12`` for the end of a year) or empty.
        nature: of table rows; `kind`: ``target``, ``task``, ``project`` or ``baseline_fact``.
        handed_down: whether the province sets the number; `threshold`: limits who has the duty and is no quantity.
        words: name of a field → the words of the text that it was read from.
        notes: what else was seen: ``approx``, ``range``, ``spelled``, ``recurring``, ``start:2022``, ``inherited``, ``scope threshold``,
            ``class threshold: …``.
    """

    section: str
    sentence: str
    line: int
    block: int
    begin: int
    finish: int
    subject: str
    metric: str
    comparator: str
    kind: str
    value: float | None = None
    upper: float | None = None
    wording: str = ""
    unit: str = ""
    baseline_year: str = ""
    baseline: float | None = None
    deadline: str = ""
    nature: str = ""
    handed_down: bool = False
    threshold: bool = False
    words: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
