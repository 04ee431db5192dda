"""Answers to what guards ask of things outside a case's fields: readings, verdicts, alerts, other cases."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from fnmatch import fnmatch
from functools import lru_cache
from typing import Any, Protocol

from django.conf import settings
from django.db.models import Q

from bilan.casework.models import Alert, AlertState, Case, Evidence
from bilan.casework.moving.held import Held
from bilan.pack.expressions import Expression, Question
from bilan.pack.flows.references import MEASUREMENTS
from bilan.pack.registers import FieldType
from bilan.pack.vocab import networks
from bilan.registers.computing import STATISTICS, parameter_code, points_of
from bilan.registers.declared import declared
from bilan.telemetry.store import Store

Row = Mapping[str, Any]
FOREVER = 1 << 40
"""Later than any wall time [s]."""


class Facts(Protocol):
    """What the readings and verdicts say."""

    def results(self, method: str, point: str, count: int) -> list[Row]:
        """The newest verdicts of a method at a point, the newest last."""

    def newest(self, parameter: str, points: Sequence[str]) -> float | None:
        """Newest value of a parameter at the first of the points that has one."""

    def grade(self, method: str, points: Sequence[str]) -> int | None:
        """Worst grade of the newest verdicts at the points."""


class StoreFacts:
    """Answers from the city's store, opened when something is asked."""

    def results(self, method: str, point: str, count: int) -> list[Row]:
        """The newest verdicts of a method at a point, the newest last."""
        with closing(Store.open(settings.CITY)) as store:
            rows = store.verdicts.scan(method, [point], 0, FOREVER).tail(count).to_dicts()
        return [{**row, "class_": row["grade"]} for row in rows]

    def newest(self, parameter: str, points: Sequence[str]) -> float | None:
        """Newest value of a parameter at the first of the points that has one."""
        with closing(Store.open(settings.CITY)) as store:
            rows = store.latest(list(points)).to_dicts()
            network = {point.code: point.network for point in store.catalogue.points(codes=list(points))}
        fitting = [
            row
            for row in rows
            if row["parameter"] == parameter
            and row["statistic"] in STATISTICS
            and row["value"] is not None
            and row["interval"] == networks()[network[row["point"]]].interval
        ]
        fitting.sort(key=lambda row: (list(points).index(row["point"]), STATISTICS.index(row["statistic"])))
        return fitting[0]["value"] if fitting else None

    def grade(self, method: str, points: Sequence[str]) -> int | None:
        """Worst grade of the newest verdicts at the points."""
        with closing(Store.open(settings.CITY)) as store:
            rows = store.verdicts.latest(method, list(points)).to_dicts()
        return max((row["grade"] for row in rows if row["grade"] is not None), default=None)


def answers(held: Held, questions: Iterable[Question], facts: Facts, handed: Sequence[Evidence] = ()) -> dict[Question, Any]:
    """What guards of a case ask, answered.

    Parameters:
        handed: evidence that is being handed in, beside what the case has.
    """
    return {question: _ANSWERS[question[0]](held, question[1:], facts, handed) for question in questions}


def _consecutive(held: Held, asked: Question, facts: Facts, _handed: Sequence[Evidence]) -> bool:
    source, count, text = asked
    condition = _condition(text)
    if "." in source:
        found = [facts.results(source, point, int(count)) for point in _points(held)]
    elif source == MEASUREMENTS:
        kept = Evidence.objects.filter(case=held.case, kind="measurement").order_by("taken", "received", "pk")
        found = [list(kept.values_list("reading", flat=True))]
    else:
        found = [_rows(held, source)]
    return bool(found) and all(len(rows) >= int(count) and all(map(condition.holds, rows[-int(count) :])) for rows in found)


def _rows(held: Held, name: str) -> list[Row]:
    """Rows of a table field of the entry, the newest last where they have a date."""
    register = declared().registers.get(held.case.register)
    table = register.fields.get(name) if register else None
    if held.entry is None or table is None:
        return []
    rows = list(held.entry.data.get(name) or [])
    day = next((column.name for column in table.columns if column.type is FieldType.DATE), "")
    return sorted(rows, key=lambda row: str(row.get(day) or "")) if day else rows


def _latest(held: Held, asked: Question, facts: Facts, _handed: Sequence[Evidence]) -> float | None:
    points = _points(held)
    return facts.newest(parameter_code(asked[0]), points) if points else None


def _verdict(held: Held, asked: Question, facts: Facts, _handed: Sequence[Evidence]) -> int | None:
    points = _points(held)
    return facts.grade(asked[0], points) if points else None


def _open_alerts(held: Held, asked: Question, _facts: Facts, _handed: Sequence[Evidence]) -> int:
    case = held.case
    about = Q(case=case)
    if case.register and case.entry:
        about |= Q(register=case.register, code=case.entry)
    for rule, source in Alert.objects.filter(case=case).values_list("rule", "source"):
        about |= Q(rule=rule, source=source)
    rules = Alert.objects.filter(about, state=AlertState.OPEN).values_list("rule", flat=True)
    return sum(fnmatch(rule, asked[0] if asked else "*") for rule in rules)


def _evidence(held: Held, asked: Question, _facts: Facts, handed: Sequence[Evidence]) -> int:
    kept = Evidence.objects.filter(case=held.case, step__isnull=False)
    loose = {*held.loose.values(), *handed}
    if asked:
        return kept.filter(kind=asked[0]).count() + sum(piece.kind == asked[0] for piece in loose)
    return kept.count() + len(loose)


def _done(held: Held, asked: Question, _facts: Facts, _handed: Sequence[Evidence]) -> int:
    return held.counts.get(asked[0], 0)


def _cases(held: Held, asked: Question, _facts: Facts, _handed: Sequence[Evidence]) -> int:
    case = held.case
    if not (case.register and case.entry):
        return 0
    found = Case.objects.filter(register=case.register, entry=case.entry, flow=asked[0]).exclude(pk=case.pk)
    return found.filter(standing=asked[1]).count() if len(asked) > 1 else found.count()


_ANSWERS: dict[str, Callable[[Held, Question, Facts, Sequence[Evidence]], Any]] = {
    "consecutive": _consecutive,
    "latest": _latest,
    "verdict": _verdict,
    "open_alerts": _open_alerts,
    "evidence": _evidence,
    "done": _done,
    "cases": _cases,
}


def _points(held: Held) -> list[str]:
    """Monitoring points of a case: those of its entry, and those of its alerts."""
    register = declared().registers.get(held.case.register)
    own = points_of(register, [held.entry])[held.entry.number] if register is not None and held.entry is not None else []
    alerted = Alert.objects.filter(case=held.case).exclude(point="").values_list("point", flat=True)
    return list(dict.fromkeys([*own, *alerted]))


@lru_cache(256)
def _condition(text: str) -> Expression:
    return Expression(text)
