"""Changes of targets: the yearly path, the districts' shares, a value that is handed down; each with the document that changed it."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import F

from bilan.people import audit
from bilan.people.roles import Capability
from bilan.plans.models import Target, TargetChange
from bilan.plans.planbook import Planbook
from bilan.problems import BilanError, Problem

PROMISED = ("value", "upper", "year")
"""What is promised: only a document changes it."""
EDITABLE = ("baseline", "baseline_year", "owner", "path", "published", "shares", *PROMISED)
NUMBERS = frozenset({"value", "upper", "baseline"})
YEARS = frozenset({"year", "baseline_year"})
FIRST_YEAR, LAST_YEAR = 1990, 2100


@dataclass(frozen=True, slots=True)
class Change:
    """A wish to change a target.

    Attributes:
        version: of the target as the person saw it.
        values: field → its new value; see `EDITABLE`. A path is year → value, shares are district → value.
        document: number or title of the document that changes it; reason: why, where no document does.
    """

    version: int
    values: Mapping[str, Any] = field(default_factory=dict)
    document: str = ""
    reason: str = ""


def change(book: Planbook, code: str, wanted: Change, districts: Collection[str] = ()) -> Target:
    """Change a target and keep what it was.

    Parameters:
        districts: codes that shares may be given to.

    Returns:
        The target as it is now.

    Raises:
        NotVisible, NotAllowed: it is not the person's to change.
        BilanError: a value cannot be, no document or reason is named, nothing differs, or somebody else changed it meanwhile.
    """
    target = book.target(code)
    book.require(Capability.EDIT, target.district)
    fresh = _verified(target, wanted.values, districts)
    differing = {name: value for name, value in fresh.items() if getattr(target, name) != value}
    if not differing:
        raise BilanError(Problem("targets.nothing"))
    if not wanted.document.strip() and any(name in PROMISED for name in differing):
        raise BilanError(Problem("targets.document"))
    if not (wanted.document.strip() or wanted.reason.strip()):
        raise BilanError(Problem("targets.no_document"))
    with transaction.atomic():
        found = Target.objects.filter(pk=target.pk, version=wanted.version)
        if not found.update(version=F("version") + 1, **differing):
            raise BilanError(Problem("targets.overtaken"))
        document, reason = wanted.document.strip()[:300], wanted.reason.strip()[:300]
        TargetChange.objects.bulk_create(
            TargetChange(
                target=target, person=book.person, field=name, before=getattr(target, name), after=value, document=document, reason=reason
            )
            for name, value in differing.items()
        )
        audit.record("target.edit", code, who=book.person, detail={"fields": sorted(differing), "document": document})
    return book.target(code)


def hand_down(book: Planbook, code: str, version: int, value: float, document: str) -> Target:
    """Fill in the value that the province has handed down for a target.

    Raises:
        NotVisible, NotAllowed: it is not the person's to change.
        BilanError: the target is not handed down, no document is named, or somebody else changed it meanwhile.
    """
    if not book.target(code).handed_down:
        raise BilanError(Problem("targets.not_handed_down"))
    return change(book, code, Change(version, {"value": value}, document))


def even(target: Target) -> dict[str, float]:
    """A path in even steps from the baseline to the promised value: year → value; empty when either is not known.

    Examples:
        >>> even(Target(baseline_year=2020, baseline=90.0, year=2025, value=95.0))["2023"]
        93.0
    """
    begin, end = target.baseline_year, target.year
    if target.baseline is None or target.value is None or begin is None or begin >= end:
        return {}
    step = (target.value - target.baseline) / (end - begin)
    return {str(year): round(target.baseline + step * (year - begin), 4) for year in range(begin + 1, end + 1)}


def due(target: Target, year: int) -> float | None:
    """What the target asks of a year: the path's value, else the promised one in its last year; None when nothing is said.

    Examples:
        >>> target = Target(year=2025, value=95.0, path={"2024": 94.2})
        >>> due(target, 2024), due(target, 2025), due(target, 2023)
        (94.2, 95.0, None)
    """
    on_the_way = target.path.get(str(year))
    if on_the_way is not None:
        return float(on_the_way)
    return target.value if year == target.year else None


def _verified(target: Target, values: Mapping[str, Any], districts: Collection[str]) -> dict[str, Any]:
    problems: list[Problem] = []
    fresh: dict[str, Any] = {}
    for name, value in values.items():
        try:
            fresh[name] = _field(target, name, value, values, districts)
        except BilanError as error:
            problems += error.problems
    if problems:
        raise BilanError(*problems)
    return fresh


def _field(target: Target, name: str, value: Any, values: Mapping[str, Any], districts: Collection[str]) -> Any:
    if name not in EDITABLE:
        raise BilanError(Problem("targets.field", {"value": name, "allowed": EDITABLE}))
    if name in NUMBERS:
        return None if value is None or value == "" else _number(name, value)
    if name in YEARS:
        return None if value in {None, ""} and name != "year" else _year(name, value, FIRST_YEAR, LAST_YEAR)
    if name == "path":
        begin = values.get("baseline_year") or target.baseline_year or FIRST_YEAR
        end = values.get("year") or target.year
        return {str(_year(name, year, int(begin), int(end))): _number(name, number) for year, number in sorted(value.items())}
    if name == "shares":
        return {_district(name, code, districts): _number(name, number) for code, number in sorted(value.items())}
    return bool(value) if name == "published" else str(value)[:120]


def _number(name: str, value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        raise BilanError(Problem("targets.no_number", {"field": name, "value": str(value)[:40]}))
    return number


def _year(name: str, value: Any, begin: int, end: int) -> int:
    try:
        year = int(value)
    except (TypeError, ValueError):
        year = 0
    if not begin <= year <= end:
        raise BilanError(Problem("targets.year", {"field": name, "value": str(value)[:20], "begin": begin, "end": end}))
    return year


def _district(name: str, code: str, districts: Collection[str]) -> str:
    if districts and code not in districts:
        raise BilanError(Problem("targets.district", {"field": name, "value": str(code)[:20]}))
    return code
