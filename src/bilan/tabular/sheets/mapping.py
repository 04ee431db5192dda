"""Which column of a sheet is which field of a register: proposed with a confidence and the reason, decided by people, remembered."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Mapping as Mapped
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bilan.pack.registers import Register, Vocabulary
from bilan.problems import Problem
from bilan.tabular.sheets.model import Heading, Sheet
from bilan.tabular.sheets.sniffing import Sniffer
from bilan.tabular.sheets.targets import Known, Target, counters, names, targets
from bilan.tabular.sheets.units import conversion
from bilan.tabular.sheets.words import normal, split_unit

SURE = 0.8
"""From this confidence on nobody needs to look."""
LEAST = 0.45
"""Below it nothing is proposed."""
SAMPLES = 4
_LOOK = 300
_BY_HOW = {"title": 1.0, "alias": 0.97, "role": 0.93, "synonym": 0.85, "ending": 0.8}
_LOWER_ONLY = 0.05
"""What a two-row heading loses when only its lower row is known."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What one column is taken for.

    Attributes:
        target: name of the `Target`; empty when nothing fits or a person left it out.
        confidence: from 0 to 1.
        reason: why, or why not, as a problem's code and values.
        factor: what the column's numbers are multiplied by.
        doubt: what a person should look at: a unit that cannot be converted, values that do not fit.
        samples: some of its values.
    """

    column: Heading
    target: str
    confidence: float
    reason: Problem
    factor: float = 1.0
    doubt: Problem | None = None
    samples: tuple[str, ...] = ()

    @property
    def sure(self) -> bool:
        """Whether nobody needs to look."""
        return self.confidence >= SURE and self.doubt is None


@dataclass(frozen=True, slots=True)
class Mapping:
    """All columns of a sheet with what they are taken for.

    Attributes:
        missing: required targets that no column is.
    """

    proposals: tuple[Proposal, ...]
    missing: tuple[Target, ...] = ()

    @property
    def chosen(self) -> dict[str, str]:
        """Heading in `normal` writing → target, empty for left out: what is remembered under the sheet's signature."""
        return dict(zip(keys([entry.column for entry in self.proposals]), (entry.target for entry in self.proposals), strict=True))

    @property
    def by_target(self) -> dict[str, Proposal]:
        """Target → its column."""
        return {entry.target: entry for entry in self.proposals if entry.target}


def propose(
    sheet: Sheet, register: Register, vocabularies: Mapped[str, Vocabulary] | None = None, *, saved: Mapped[str, str] | None = None
) -> Mapping:
    """Propose what each column of a sheet is.

    Names decide: titles, aliases and usual words in both languages, whatever their width, case, spaces and brackets. Where two targets are
    as likely, or a name is only similar, the column's values do.

    Args:
        vocabularies: terms of the register's choices, by which values are recognised.
        saved: what was decided for these headings before (`Mapping.chosen`); it counts before everything.
    """
    known = names(register)
    sniffer = Sniffer(vocabularies or {})
    candidates: list[tuple[float, int, Known, Problem]] = []
    samples = {column.index: _values(sheet, column) for column in sheet.columns}
    by_name = {target.name: target for target in targets(register)}
    decided: dict[int, Proposal] = {}
    for at, (column, key) in enumerate(zip(sheet.columns, keys(sheet.columns), strict=True)):
        remembered = (saved or {}).get(key)
        if remembered is not None and (not remembered or remembered in by_name):
            decided[at] = Proposal(column, remembered, 1.0, Problem("mapping.remembered"), samples=_shown(samples[column.index]))
        elif normal(column.name) in counters() or column.title.strip() in counters():
            decided[at] = Proposal(column, "", 1.0, Problem("mapping.counter"), samples=_shown(samples[column.index]))
        else:
            for score, entry, reason in _candidates(column, known, register):
                fit = sniffer.fit(entry.target, samples[column.index])
                candidates.append((score * (0.6 + 0.4 * fit) + 0.02 * (fit - 0.5), at, entry, reason))
    return _assigned(sheet, candidates, decided, by_name, samples, sniffer)


def _assigned(
    sheet: Sheet,
    candidates: list[tuple[float, int, Known, Problem]],
    decided: dict[int, Proposal],
    by_name: dict[str, Target],
    samples: dict[int, list[str]],
    sniffer: Sniffer,
) -> Mapping:
    taken = {entry.target: sheet.columns[at] for at, entry in decided.items() if entry.target}
    refused: dict[int, Problem] = {}
    for at, kept in list(decided.items()):
        if kept.target:
            factor, doubt = _unit(kept.column, by_name[kept.target])
            decided[at] = replace(kept, factor=factor, doubt=doubt)
    for score, at, entry, reason in sorted(candidates, key=lambda found: (-found[0], found[1])):
        if at in decided or score < LEAST:
            continue
        target = entry.target
        if target.name in taken:
            refused.setdefault(at, Problem("mapping.taken", {"value": target.title.zh, "nearest": taken[target.name].title}))
            continue
        column = sheet.columns[at]
        factor, doubt = _unit(column, target)
        if doubt is None and sniffer.fit(target, samples[column.index]) < 0.5:
            doubt = Problem("mapping.values", {"value": samples[column.index][:3], "allowed": target.title.zh})
        decided[at] = Proposal(column, target.name, round(min(1.0, score), 2), reason, factor, doubt, _shown(samples[column.index]))
        taken[target.name] = column
    for at, column in enumerate(sheet.columns):
        if at not in decided:
            shown = samples[column.index]
            reason = refused.get(at) or Problem("mapping.nothing" if column.title else "mapping.untitled")
            decided[at] = Proposal(column, "", 0.0, reason, samples=_shown(shown))
    return Mapping(tuple(decided[at] for at in sorted(decided)), _missing(set(taken), by_name))


def _missing(taken: set[str], by_name: dict[str, Target]) -> tuple[Target, ...]:
    return tuple(target for name, target in by_name.items() if target.required and name not in taken)


def _unit(column: Heading, target: Target) -> tuple[float, Problem | None]:
    factor = conversion(column.unit, target.unit)
    if factor is None:
        return 1.0, Problem("mapping.unit", {"value": column.unit, "allowed": target.unit})
    return factor, None


def _candidates(column: Heading, known: dict[str, list[Known]], register: Register) -> list[tuple[float, Known, Problem]]:
    ways = _ways(column)
    found: dict[str, tuple[float, Known, Problem]] = {}
    for text, loss in ways:
        for entry in known.get(text, ()):
            score = _BY_HOW[entry.how] - loss
            if score > found.get(entry.target.name, (0.0,))[0]:
                found[entry.target.name] = (score, entry, Problem(f"mapping.{entry.how}", {"value": entry.text}))
    if not found:
        found = _similar(ways, known)
    whole = ways[0][0] if ways else ""
    if whole.endswith(("名称", "name")) and known.get("name"):
        entry = known["name"][0]
        score = 0.92 if _within(whole.removesuffix("名称"), f"{register.singular.zh}{register.title.zh}") else 0.5
        if score > found.get("name", (0.0,))[0]:
            found["name"] = (score, entry, Problem("mapping.similar", {"value": entry.target.title.zh}))
    return list(found.values())


def _ways(column: Heading) -> list[tuple[str, float]]:
    """Readings of a heading with what each loses, the most faithful first."""
    bare = split_unit(column.title)[0]
    without = bare.split("（")[0].split("(")[0]
    lower = _LOWER_ONLY if column.above else 0.0
    ways = [
        (column.title, 0.0),
        (bare, 0.0),
        (f"{column.above}{column.name}", 0.0),
        (column.name, lower),
        (without, 0.08 + lower),
        (column.name.split("（")[0].split("(")[0], 0.08 + lower),
        (column.above, 0.4),
    ]
    found: dict[str, float] = {}
    for text, loss in ways:
        plain = normal(text)
        if plain:
            found[plain] = min(loss, found.get(plain, 1.0))
    return list(found.items())


def _similar(ways: list[tuple[str, float]], known: dict[str, list[Known]]) -> dict[str, tuple[float, Known, Problem]]:
    """Targets whose name is like the heading, or stands in it."""
    found: dict[str, tuple[float, Known, Problem]] = {}
    for text, loss in ways:
        if len(text) < 2:
            continue
        for name in {
            *difflib.get_close_matches(text, known, 4, 0.7),
            *(name for name in known if len(name) > 2 and (name in text or text in name)),
        }:
            ratio = difflib.SequenceMatcher(None, text, name).ratio()
            score = min(0.78, 0.35 + 0.45 * ratio) - loss
            for entry in known[name]:
                if entry.how in ("title", "alias") and score > found.get(entry.target.name, (0.0,))[0]:
                    found[entry.target.name] = (score, entry, Problem("mapping.similar", {"value": entry.text}))
    return found


def _within(part: str, whole: str) -> bool:
    """Whether the signs of `part` stand in `whole` in their order."""
    signs = iter(whole)
    return bool(part) and all(sign in signs for sign in part)


def keys(columns: Sequence[Heading]) -> list[str]:
    """What each column is remembered under: its title in `normal` writing, counted where several have the same; its letter without one."""
    seen: Counter[str] = Counter()
    found = []
    for column in columns:
        key = normal(column.title) or f"column {column.letter}"
        seen[key] += 1
        found.append(key if seen[key] == 1 else f"{key} {seen[key]}")
    return found


def _values(sheet: Sheet, column: Heading) -> list[str]:
    values = sheet.cells.to_series(column.index).head(_LOOK * 10).drop_nulls()
    return values.head(_LOOK).to_list()


def _shown(values: list[str]) -> tuple[str, ...]:
    return tuple(value[:60] for value in list(dict.fromkeys(values))[:SAMPLES])
