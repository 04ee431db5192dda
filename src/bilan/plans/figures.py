"""Figures that departments report: filled in with evidence, checked, signed off, each by another person, and kept when corrected."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, BinaryIO

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from bilan.people import audit
from bilan.people.roles import Capability
from bilan.people.visibility import NotVisible
from bilan.plans import evidence
from bilan.plans.models import Figure, FigureState
from bilan.plans.planbook import Planbook
from bilan.problems import BilanError, Problem

PERIOD = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])|-Q([1-4]))?\Z")
FORMS = ("2026", "2026-Q3", "2026-10")


@dataclass(frozen=True, slots=True)
class Filling:
    """A figure as somebody fills it in.

    Attributes:
        series: name of the reported figure.
        district: administrative code; empty for the whole city.
        period: ``2026``, ``2026-Q3`` or ``2026-10``.
        organisation: code of the organisation that answers for it.
        lower, upper: bounds that its declaration sets; None where it sets none.
    """

    series: str
    period: str
    value: float
    district: str = ""
    organisation: str = ""
    note: str = ""
    lower: float | None = None
    upper: float | None = None


def fill(book: Planbook, wanted: Filling, today: date | None = None) -> Figure:
    """Fill in a figure, or fill it in again while it is not signed off; a signed one stands until its correction is signed off too.

    Raises:
        NotAllowed: the person may not fill in figures of this district and organisation.
        BilanError: the value or the period cannot be, or the value is the one that is signed off.
    """
    book.require(Capability.HANDLE, wanted.district, wanted.organisation)
    _verify(wanted, today or timezone.localdate())
    place = {"series": wanted.series, "district": wanted.district, "period": wanted.period, "replaced": False}
    with transaction.atomic():
        signed = Figure.objects.filter(**place, state=FigureState.SIGNED).first()
        if signed is not None and signed.value == wanted.value:
            raise BilanError(Problem("figures.same"))
        open_one = Figure.objects.filter(**place).exclude(state=FigureState.SIGNED).first()
        values = {"value": wanted.value, "note": wanted.note[:400], "organisation": wanted.organisation, "person": book.person}
        if open_one is None:
            figure = _created(book, {**place, **values})
        else:
            steps = [*open_one.steps, _step(book, "fill", f"{open_one.value:g} → {wanted.value:g}")]
            figure = _saved(open_one, open_one.version, steps=steps, state=FigureState.FILLED, checker=None, **values)
        _record(book, "figure.fill", figure)
    return figure


def attach(book: Planbook, number: int, stream: BinaryIO, name: str) -> Figure:
    """Keep a file as evidence of a figure that is not signed off, with the hash of its content.

    Raises:
        NotVisible, NotAllowed: it is not the person's to fill in.
        BilanError: the file cannot be kept, there are too many, or the figure is signed off.
    """
    figure = _mine(book, number, Capability.HANDLE)
    _standing(figure, (FigureState.FILLED, FigureState.RETURNED))
    kept = evidence.added(figure.evidence, [(stream, name)])
    if len(kept) == len(figure.evidence):
        return figure
    with transaction.atomic():
        steps = [*figure.steps, _step(book, "attach", kept[-1]["name"])]
        figure = _saved(figure, figure.version, evidence=kept, steps=steps)
        _record(book, "figure.attach", figure, digest=kept[-1]["digest"])
    return figure


def check(book: Planbook, number: int, version: int, note: str = "", *, proven: bool = True) -> Figure:
    """Say that a figure is right; nobody checks what they filled in.

    Parameters:
        proven: whether evidence must be attached.

    Raises:
        NotVisible, NotAllowed: it is not the person's to check.
        BilanError: it has no evidence, is not in a state to be checked, is the person's own, or was changed meanwhile.
    """
    figure = _mine(book, number, Capability.ASSIGN)
    _standing(figure, (FigureState.FILLED,))
    _by_another(book, figure)
    if proven and not figure.evidence:
        raise BilanError(Problem("figures.no_evidence"))
    with transaction.atomic():
        steps = [*figure.steps, _step(book, "check", note)]
        figure = _saved(figure, version, state=FigureState.CHECKED, checker=book.person, steps=steps)
        _record(book, "figure.check", figure)
    return figure


def sign(book: Planbook, number: int, version: int, note: str = "") -> Figure:
    """Sign a checked figure off: it counts from now on, and the one it corrects is kept as replaced.

    Raises:
        NotVisible, NotAllowed: it is not the person's to sign off.
        BilanError: it is not checked, the person filled it in or checked it, or it was changed meanwhile.
    """
    figure = _mine(book, number, Capability.ASSIGN)
    _standing(figure, (FigureState.CHECKED,))
    _by_another(book, figure)
    with transaction.atomic():
        before = Figure.objects.filter(
            series=figure.series, district=figure.district, period=figure.period, state=FigureState.SIGNED, replaced=False
        )
        before.update(replaced=True, changed=timezone.now(), version=F("version") + 1)
        figure = _saved(figure, version, state=FigureState.SIGNED, steps=[*figure.steps, _step(book, "sign", note)])
        _record(book, "figure.sign", figure)
    return figure


def give_back(book: Planbook, number: int, version: int, reason: str) -> Figure:
    """Return a figure that is filled in or checked to who filled it in.

    Raises:
        NotVisible, NotAllowed: it is not the person's to check.
        BilanError: there is no reason, it is signed off, or it was changed meanwhile.
    """
    figure = _mine(book, number, Capability.ASSIGN)
    _standing(figure, (FigureState.FILLED, FigureState.CHECKED))
    if not reason.strip():
        raise BilanError(Problem("figures.no_reason"))
    with transaction.atomic():
        steps = [*figure.steps, _step(book, "return", reason)]
        figure = _saved(figure, version, state=FigureState.RETURNED, checker=None, steps=steps)
        _record(book, "figure.return", figure)
    return figure


def replaced(book: Planbook, figure: Figure) -> Sequence[Figure]:
    """Earlier figures of the same series, place and period that were signed off once, newest first."""
    same = {"series": figure.series, "district": figure.district, "period": figure.period}
    return list(book.figures().filter(**same, replaced=True).order_by("-changed"))


def ends(period: str) -> date:
    """The last day of a period.

    Raises:
        BilanError: it is none.

    Examples:
        >>> ends("2026-Q1"), ends("2026")
        (datetime.date(2026, 3, 31), datetime.date(2026, 12, 31))
    """
    found = PERIOD.match(period)
    if found is None:
        raise BilanError(Problem("figures.period", {"value": period[:20], "allowed": FORMS}))
    year, month, quarter = found.groups()
    last = int(month) if month else 3 * int(quarter) if quarter else 12
    return date.fromordinal((date(int(year) + (last == 12), last % 12 + 1, 1)).toordinal() - 1)


def begins(period: str) -> date:
    """The first day of a period.

    Examples:
        >>> begins("2026-Q3"), begins("2026-10"), begins("2026")
        (datetime.date(2026, 7, 1), datetime.date(2026, 10, 1), datetime.date(2026, 1, 1))
    """
    last = ends(period)
    if "-" not in period:
        return date(last.year, 1, 1)
    return date(last.year, last.month - 2 if "Q" in period else last.month, 1)


def _verify(wanted: Filling, today: date) -> None:
    problems = []
    if not math.isfinite(wanted.value):
        problems.append(Problem("figures.no_number", {"value": str(wanted.value)}))
    low = wanted.lower is not None and wanted.value < wanted.lower
    high = wanted.upper is not None and wanted.value > wanted.upper
    if low or high:
        bounds = {"lower": _bound(wanted.lower), "upper": _bound(wanted.upper)}
        problems.append(Problem("figures.bounds", {"value": f"{wanted.value:g}", **bounds}))
    if begins(wanted.period) > today:
        problems.append(Problem("figures.ahead", {"value": wanted.period}))
    if problems:
        raise BilanError(*problems)


def _bound(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _mine(book: Planbook, number: int, capability: Capability) -> Figure:
    figure = book.figures().filter(pk=number, replaced=False).first()
    if figure is None:
        raise NotVisible(number)
    book.require(capability, figure.district, figure.organisation)
    return figure


def _standing(figure: Figure, states: Sequence[object]) -> None:
    if figure.state not in states:
        raise BilanError(Problem("figures.state", {"value": str(FigureState(figure.state).label)}))


def _by_another(book: Planbook, figure: Figure) -> None:
    person = getattr(book.person, "pk", None)
    if person is None or person in {figure.person_id, figure.checker_id}:
        raise BilanError(Problem("figures.own"))


def _created(book: Planbook, values: dict[str, Any]) -> Figure:
    try:
        with transaction.atomic():
            return Figure.objects.create(**values, steps=[_step(book, "fill", f"{values['value']:g}")])
    except IntegrityError as error:
        raise BilanError(Problem("figures.overtaken")) from error


def _saved(figure: Figure, version: int, **values: Any) -> Figure:
    changed = {**values, "changed": timezone.now()}
    if not Figure.objects.filter(pk=figure.pk, version=version, replaced=False).update(version=F("version") + 1, **changed):
        raise BilanError(Problem("figures.overtaken"))
    figure.refresh_from_db()
    return figure


def _step(book: Planbook, act: str, note: str = "") -> dict[str, str]:
    who = getattr(book.person, "username", "")
    return {"at": timezone.now().isoformat(timespec="seconds"), "person": who, "act": act, "note": note.strip()[:400]}


def _record(book: Planbook, action: str, figure: Figure, **more: Any) -> None:
    detail = {"value": figure.value, "state": figure.state, **more}
    audit.record(action, f"{figure.series} {figure.district} {figure.period}".replace("  ", " "), who=book.person, detail=detail)
