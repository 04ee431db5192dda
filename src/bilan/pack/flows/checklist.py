"""The nouns of a checklist: sections of questions with the answers that are a finding."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from bilan.pack.expressions import Expression
from bilan.pack.registers.words import SILENT, Bilingual

NOT_APPLICABLE = "na"
"""Answer to a question that does not apply."""


@dataclass(frozen=True, slots=True)
class Item:
    """One question.

    Attributes:
        answer: ``yesno`` (answers ``yes``, ``no``), ``choice`` (a term of `of`), ``number``, ``text`` or ``date``.
        bad: answers that are a finding.
        na: whether ``na`` is an answer.
        note, photo: what a finding must come with.
        critical: whether one finding here decides the whole.
        when: condition under which it applies; None for always.
        law: clause it rests on.
    """

    name: str
    ask: Bilingual
    help: Bilingual = SILENT
    answer: str = "yesno"
    of: str = ""
    bad: tuple[str, ...] = ()
    na: bool = True
    unit: str = ""
    lower: float | None = None
    upper: float | None = None
    note: bool = True
    photo: bool = False
    critical: bool = False
    when: Expression | None = None
    law: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class ChecklistSection:
    """Questions that stand together."""

    title: Bilingual
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Checklist:
    """A list of questions asked on the spot.

    Attributes:
        source, line: where it is declared; `text`: what was declared.
    """

    name: str
    title: Bilingual
    sections: tuple[ChecklistSection, ...]
    about: Bilingual = SILENT
    group: str = ""
    laws: tuple[str, ...] = ()
    serves: tuple[str, ...] = ()
    source: str = ""
    line: int = 0
    text: str = ""

    @cached_property
    def items(self) -> dict[str, Item]:
        """Questions by name, in their order."""
        return {entry.name: entry for section in self.sections for entry in section.items}
