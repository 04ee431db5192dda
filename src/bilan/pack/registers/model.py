"""The nouns of a declaration: register, section, state, vocabulary, list rule, zone rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from bilan.pack.expressions import Expression
from bilan.pack.registers.fields import COMMON, KEPT, Field, FieldType, Sensitivity
from bilan.pack.registers.words import SILENT, Bilingual


@dataclass(frozen=True, slots=True)
class Group:
    """A branch of the tree of registers: a medium, and the department that answers for it.

    Attributes:
        code: such as ``water``.
        icon: name of an icon listed in ``assets.csv``.
        order: its place in the tree.
    """

    code: str
    title: Bilingual
    icon: str
    order: int


@dataclass(frozen=True, slots=True)
class Term:
    """One entry of a vocabulary.

    Attributes:
        parent: code of the broader term; empty at the top.
        valid_from, valid_to: ISO dates between which it may be chosen; empty for open.
        colour: how the map and badges paint it; empty for the neutral one.
        source, confidence: where it comes from, and how sure.
    """

    code: str
    title: Bilingual
    parent: str = ""
    valid_from: str = ""
    valid_to: str = ""
    colour: str = ""
    source: str = ""
    confidence: str = ""

    def valid_on(self, day: str) -> bool:
        """Whether it may be chosen on a day (ISO text).

        Examples:
            >>> Term("a", Bilingual("甲", "A"), valid_to="2024-12-31").valid_on("2025-01-01")
            False
        """
        return (not self.valid_from or self.valid_from <= day) and (not self.valid_to or day <= self.valid_to)


@dataclass(frozen=True)
class Vocabulary:
    """The terms a choice is made from."""

    name: str
    terms: tuple[Term, ...]

    @cached_property
    def by_code(self) -> dict[str, Term]:
        """Terms by their codes."""
        return {term.code: term for term in self.terms}

    @cached_property
    def by_title(self) -> dict[str, str]:
        """Code of each term by its code and its titles in both languages, lower case: how imports recognise it."""
        found: dict[str, str] = {}
        for term in self.terms:
            for known in (term.title.en, term.title.zh, term.code):
                if known:
                    found[known.strip().lower()] = term.code
        return found

    def on(self, day: str) -> tuple[Term, ...]:
        """Terms that may be chosen on a day (ISO text)."""
        return tuple(term for term in self.terms if term.valid_on(day))

    def above(self, code: str) -> list[Term]:
        """The broader terms of a term, the broadest first, and the term itself last."""
        found: list[Term] = []
        while code in self.by_code and len(found) < len(self.terms):
            found.append(self.by_code[code])
            code = found[-1].parent
        return found[::-1]

    def below(self, code: str) -> set[str]:
        """A term with every narrower one."""
        found, grown = {code}, True
        while grown:
            more = {term.code for term in self.terms if term.parent in found} - found
            found, grown = found | more, bool(more)
        return found


@dataclass(frozen=True, slots=True)
class Section:
    """Fields that stand together on form and dossier."""

    title: Bilingual
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class State:
    """A state of an entry's life.

    Attributes:
        active: whether an entry in this state counts as in being.
        tone: ``ok``, ``risk``, ``bad``, ``info`` or ``quiet``.
    """

    code: str
    title: Bilingual
    active: bool = True
    tone: str = "quiet"


@dataclass(frozen=True, slots=True)
class CodeRule:
    """How a new entry gets its code.

    Attributes:
        pattern: empty when codes are given by people; else text with ``{adcode}`` (city), ``{district}``, ``{town}``, ``{year}``,
            ``{field}`` (any declared field), ``{serial:N}`` (N digits, counted within what stands before it) and ``{check}``
            (ISO 7064 mod 37,36 over what stands before).
        matches: regular expression that given codes must match; empty for any.
    """

    pattern: str = ""
    matches: str = ""


@dataclass(frozen=True, slots=True)
class Style:
    """How a register is drawn on the map.

    Attributes:
        colour: ``#rrggbb``.
        icon: name of an icon listed in ``assets.csv``.
        by: choice field whose terms' colours are used instead.
        shape: ``circle``, ``square``, ``triangle`` or ``diamond``.
        zoom: zoom from which it is drawn.
    """

    colour: str = "#0b6bcb"
    icon: str = "map-pin"
    by: str = ""
    shape: str = "circle"
    zoom: int = 0


@dataclass(frozen=True, slots=True)
class SeriesLink:
    """Which monitoring points belong to an entry.

    Attributes:
        network: network of the points.
        by: ``code`` when the entry's code is the point's; else a link field whose targets (register ``monitoring-point``) are the points.
    """

    network: str = ""
    by: str = "code"


@dataclass(frozen=True, slots=True)
class ListRule:
    """A yearly list: who must be on it and why.

    Attributes:
        name: unique name.
        register: whose entries are listed.
        criteria: each a condition over an entry with the reason and the clause; an entry that meets one must be on the list.
        clause: the regulation that orders the list.
    """

    name: str
    title: Bilingual
    register: str
    criteria: tuple[tuple[Expression, Bilingual, str], ...]
    clause: str = ""
    source: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Activity:
    """What a zone says of an activity.

    Attributes:
        verdict: ``allowed``, ``limited`` or ``forbidden``.
        industries: GB/T 4754 codes or their beginnings; empty for every industry.
        words: words one of which stands in the activity's description; empty for any.
        activities: codes of the vocabulary ``zone-activity``; empty for any.
        when: condition over the zone's own entry (its level, its kind); None for all zones of the register.
        text: what is allowed, limited or forbidden, in words.
        clause: by which law and article.
        valid_from, valid_to: ISO dates between which the clause is in force; empty for open.
        confidence: how sure the clause is.
    """

    verdict: str
    text: Bilingual
    clause: str
    industries: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    activities: tuple[str, ...] = ()
    when: Expression | None = None
    valid_from: str = ""
    valid_to: str = ""
    confidence: str = ""


@dataclass(frozen=True, slots=True)
class ZoneRule:
    """What makes a register's entries zones.

    Attributes:
        priority: which zone's word counts first where several speak, small first.
        rules: what every zone of the register says.
        table: table field whose rows carry an entry's own clauses (columns verdict, industries, words, text, clause); empty for none.
        buffer: width [m] around a line or a point that counts as inside; 0 for the geometry itself.
    """

    priority: int
    rules: tuple[Activity, ...]
    table: str = ""
    buffer: float = 0.0


GIVEN = CodeRule()
"""Codes are given by people."""
PLAIN = Style()
"""How a register is drawn that says nothing of it."""


@dataclass(frozen=True)
class Register:
    """One register as declared.

    Attributes:
        name: such as ``river-outfall``; also its address and its lake table.
        title: of the whole; `singular` of one entry.
        about: what it is for, one sentence.
        group: code of its `Group`.
        department: who keeps it.
        geometry: ``none``, ``point``, ``line``, ``polygon`` or ``any``.
        states: the first is a new entry's.
        rules: conditions that must hold across fields, with what to say otherwise.
        columns: names of the list's columns until the reader chooses.
        sort: column the list is sorted by, ``-`` before it for downwards.
        duplicates: what makes two entries suspicious: ``name``, ``place`` (50 m), ``uscc``, or a field.
        laws: the legal basis, each ``name, article``.
        serves: ids of the plan documents' rows that it serves.
        source: file it was read from; `line` of its name.
    """

    name: str
    title: Bilingual
    singular: Bilingual
    group: str
    sections: tuple[Section, ...]
    about: Bilingual = SILENT
    department: Bilingual = SILENT
    code: CodeRule = GIVEN
    geometry: str = "point"
    sensitivity: Sensitivity = Sensitivity.INTERNAL
    states: tuple[State, ...] = ()
    style: Style = PLAIN
    columns: tuple[str, ...] = ()
    sort: str = "code"
    rules: tuple[tuple[Expression, Bilingual], ...] = ()
    duplicates: tuple[str, ...] = ("name", "place")
    series: SeriesLink | None = None
    zone: ZoneRule | None = None
    laws: tuple[str, ...] = ()
    serves: tuple[str, ...] = ()
    version: int = 1
    source: str = ""
    line: int = 0

    @cached_property
    def fields(self) -> dict[str, Field]:
        """All fields by name, in their order."""
        return {entry.name: entry for section in self.sections for entry in section.fields}

    @cached_property
    def links(self) -> tuple[Field, ...]:
        """Fields that point to entries."""
        return tuple(entry for entry in self.fields.values() if entry.type is FieldType.LINK)

    @cached_property
    def volatile(self) -> frozenset[str]:
        """Computed fields that change without a write, because they ask for linked entries, readings or the day: computed when read."""
        formulas = {entry.name: entry.formula for entry in self.fields.values() if entry.formula}
        found = {name for name, formula in formulas.items() if formula.questions or formula.today}
        return frozenset(_with_dependants(found, formulas))

    @cached_property
    def asking(self) -> frozenset[str]:
        """Those of `volatile` that ask for linked entries or readings: no list can be filtered or sorted by them."""
        formulas = {entry.name: entry.formula for entry in self.fields.values() if entry.formula}
        return frozenset(_with_dependants({name for name, formula in formulas.items() if formula.questions}, formulas))

    @cached_property
    def state(self) -> dict[str, State]:
        """States by code."""
        return {entry.code: entry for entry in self.states}

    @property
    def mapped(self) -> bool:
        """Whether entries have a place."""
        return self.geometry != "none"

    def title_of(self, name: str) -> Bilingual:
        """Title of a declared field or of what every entry has; the name itself when it is neither."""
        field = self.fields.get(name)
        return field.title if field else COMMON.get(name) or KEPT.get(name) or Bilingual(name)

    def sensitivity_of(self, name: str) -> Sensitivity:
        """Sensitivity of a field: its own; of persons, who are personal data unless declared otherwise; else the register's."""
        found = self.fields.get(name)
        if found is not None and found.sensitivity is not None:
            return found.sensitivity
        return Sensitivity.PERSONAL if found is not None and found.type is FieldType.PERSON else self.sensitivity


def _with_dependants(found: set[str], formulas: Mapping[str, Expression]) -> set[str]:
    """Fields with all those whose formulas use them."""
    while more := {name for name, formula in formulas.items() if formula.names & found} - found:
        found = found | more
    return found


@dataclass(frozen=True)
class Registers:
    """Everything a city's registers are made of: base pack and city pack together.

    Attributes:
        signature: changes whenever a declaration changes.
    """

    registers: Mapping[str, Register]
    vocabularies: Mapping[str, Vocabulary]
    groups: Mapping[str, Group]
    lists: Mapping[str, ListRule] = field(default_factory=dict)
    signature: str = ""

    @cached_property
    def zones(self) -> tuple[Register, ...]:
        """Registers whose entries are zones, those of the highest priority first."""
        found = [entry for entry in self.registers.values() if entry.zone]
        return tuple(sorted(found, key=lambda entry: entry.zone.priority if entry.zone else 0))

    @cached_property
    def pointing(self) -> dict[str, tuple[tuple[Register, Field], ...]]:
        """For each register, the link fields of all registers that point to it."""
        found: dict[str, list[tuple[Register, Field]]] = {}
        for register in self.registers.values():
            for link in register.links:
                found.setdefault(link.of, []).append((register, link))
        return {name: tuple(links) for name, links in found.items()}
