"""Fields that are computed when they are read: from linked entries, the newest readings and verdicts, and the day.

A page of entries costs a fixed number of queries: one for each register asked for, one for readings, one for each method of verdicts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from django.db.models import Q

from bilan.pack.expressions import OUTSIDE_KEY, Question
from bilan.pack.registers import COMMON, Field, Register
from bilan.pack.registers.circles import order
from bilan.pack.vocab import by_column, networks, parameters
from bilan.people.monitoring import Monitoring
from bilan.problems import BilanError
from bilan.registers import masking
from bilan.registers.ledger import Ledger, Record
from bilan.registers.models import Link

Answers = dict[int, dict[Question, Any]]
"""Number of an entry → question → answer."""
STATISTICS = ("mean", "converted_mean", "value", "total")
"""Statistics of a reading, the one that tells most first."""


class Computing:
    """Computes the volatile fields of entries as one reader may know them.

    Args:
        ledger: what the reader may see of the registers; answers come from visible entries and readable fields only.
        monitoring: what the reader may see of the readings; without it, and when looking at the past, readings are absent.
    """

    def __init__(self, ledger: Ledger, monitoring: Monitoring | None = None) -> None:
        self._ledger = ledger
        self._monitoring = monitoring if ledger.as_of is None else None

    def values(self, records: Iterable[Record]) -> dict[int, dict[str, Any]]:
        """Volatile fields of entries by their numbers, masked where the reader may not read them; entries without any are left out."""
        groups: dict[str, list[Record]] = defaultdict(list)
        for record in records:
            groups[record.register].append(record)
        found: dict[int, dict[str, Any]] = {}
        for name, group in groups.items():
            register = self._ledger.declared.registers[name]
            if register.volatile:
                found |= self._of(register, group)
        return found

    def complete(self, record: Record) -> dict[str, Any]:
        """All declared values of an entry, the volatile ones computed, masked as `Ledger.values`."""
        return {**self._ledger.values(record), **self.values([record]).get(record.number, {})}

    def _of(self, register: Register, records: Sequence[Record]) -> dict[int, dict[str, Any]]:
        formulas = {name: register.fields[name].formula for name in register.volatile}
        questions = {question for formula in formulas.values() if formula for question in formula.questions}
        answers = self.answers(register, records, questions)
        depends = {name: formula.names & formulas.keys() for name, formula in formulas.items() if formula}
        found = {}
        for record in records:
            values = {**{name: getattr(record, name) for name in COMMON}, **record.data, OUTSIDE_KEY: answers.get(record.number, {})}
            for name in order(depends):
                formula = formulas[name]
                values[name] = formula(values) if formula else None
            own = {name: values[name] for name in formulas}
            found[record.number] = masking.masked(register, own, self._ledger.sensitivities(record))
        return found

    def answers(self, register: Register, records: Sequence[Record], questions: Collection[Question]) -> Answers:
        """What formulas ask about entries of one register."""
        found: Answers = {record.number: {} for record in records}
        far: dict[str, dict[int, list[Record]]] = {}
        for question in sorted(questions):
            kind, first = question[0], question[1]
            if kind in {"linked", "count_linked"}:
                if first not in far:
                    far[first] = self._far(register, records, first)
                for number, others in far[first].items():
                    found[number][question] = len(others) if kind == "count_linked" else self._field(others, question[2])
        self._read(register, records, questions, found)
        return found

    def _far(self, register: Register, records: Sequence[Record], path: str) -> dict[int, list[Record]]:
        """Visible entries at the other end of a link field (``field``), or those whose link leads here (``register.field``)."""
        other, _, kind = path.partition(".")
        found: dict[int, list[Record]] = {record.number: [] for record in records}
        if not kind:
            return self._outward(register.fields[other], records, found)
        links = Link.objects.filter(moment_of(self._ledger), target_id__in=list(found), kind=kind, source__register=other)
        pairs = list(links.order_by("source_id").values_list("source_id", "target_id"))
        ends = self._ledger.by_numbers({source for source, _target in pairs})
        for source, target in pairs:
            if source in ends and not ends[source].archived:
                found[target].append(ends[source])
        return found

    def _outward(self, field: Field, records: Sequence[Record], found: dict[int, list[Record]]) -> dict[int, list[Record]]:
        codes = {record.number: codes_of(record.data.get(field.name)) for record in records}
        target = self._ledger.declared.registers.get(field.of)
        wanted = {code for listed in codes.values() for code in listed}
        if target is not None and wanted:
            known = {record.code: record for record in self._ledger.visible([target]).filter(code__in=wanted, archived=False)}
            for number, listed in codes.items():
                found[number] = [known[code] for code in listed if code in known]
        return found

    def _field(self, others: Sequence[Record], name: str) -> list[Any]:
        return [getattr(other, name) if name in COMMON else self._ledger.values(other).get(name) for other in others]

    def _read(self, register: Register, records: Sequence[Record], questions: Collection[Question], found: Answers) -> None:
        asked = sorted(question for question in questions if question[0] in {"latest", "verdict"})
        if self._monitoring is None or register.series is None or not asked:
            return
        points = points_of(register, records)
        codes = sorted({code for listed in points.values() for code in listed})
        newest = self._newest(codes, [question[1] for question in asked if question[0] == "latest"])
        for question in asked:
            table = self._verdicts(question[1], codes) if question[0] == "verdict" else newest.get(parameter_code(question[1]), {})
            worst: Callable[..., Any] = max if question[0] == "verdict" else _first
            for number, listed in points.items():
                found[number][question] = worst((table[code] for code in listed if code in table), default=None)

    def _newest(self, codes: Sequence[str], wanted: Sequence[str]) -> dict[str, dict[str, float]]:
        """Parameter → point → newest value of its network's interval."""
        if not wanted or self._monitoring is None:
            return {}
        rows = self._monitoring.latest(codes, parameters=[parameter_code(name) for name in wanted]).to_dicts()
        intervals = {point.code: networks()[point.network].interval for point in self._monitoring.points(codes=codes)}
        rows = [row for row in rows if row["interval"] == intervals.get(row["point"]) and row["statistic"] in STATISTICS]
        found: dict[str, dict[str, float]] = defaultdict(dict)
        for row in sorted(rows, key=lambda row: STATISTICS.index(row["statistic"])):
            found[row["parameter"]].setdefault(row["point"], row["value"])
        return found

    def _verdicts(self, method: str, codes: Sequence[str]) -> dict[str, int]:
        if self._monitoring is None:
            return {}
        rows = self._monitoring.latest_verdicts(method, codes).to_dicts()
        return {row["point"]: row["grade"] for row in rows if row["grade"] is not None}


def points_of(register: Register, records: Sequence[Record]) -> dict[int, list[str]]:
    """Codes of the monitoring points that belong to entries, by the entries' numbers."""
    if register.series is None:
        return {record.number: [] for record in records}
    by = register.series.by
    return {record.number: [record.code] if by == "code" else codes_of(record.data.get(by)) for record in records}


def codes_of(value: Any) -> list[str]:
    """Codes that a link's value names.

    Examples:
        >>> codes_of("A1"), codes_of(["A1", "A2"]), codes_of(None)
        (['A1'], ['A1', 'A2'], [])
    """
    if value in (None, "", []):
        return []
    return [str(code) for code in value] if isinstance(value, list) else [str(value)]


def parameter_code(name: str) -> str:
    """Code of a parameter that a formula names by its code or its column.

    Examples:
        >>> parameter_code("tp") == parameter_code("w21011")
        True
    """
    if name in parameters():
        return name
    try:
        return by_column(name).code
    except BilanError:
        return name


def moment_of(ledger: Ledger) -> Q:
    """Which links hold at the moment that a ledger looks from."""
    if ledger.as_of is None:
        return Q(until__isnull=True)
    return Q(since__lte=ledger.as_of) & (Q(until__isnull=True) | Q(until__gt=ledger.as_of))


def _first(values: Iterable[Any], default: Any) -> Any:
    return next(iter(values), default)
