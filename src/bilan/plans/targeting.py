"""Targets: made from confirmed commitments, and changed so that every change says by which document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from bilan.pack.indicators import Direction, current
from bilan.people import audit
from bilan.plans.confirming import DONE
from bilan.plans.models import Commitment, Comparator, Kind, Target, TargetChange
from bilan.problems import BilanError, Problem

TAKEN = ("comparator", "value", "upper", "wording", "nature", "handed_down", "owner", "baseline")
"""Fields that a target takes from its commitment as they are."""


def target_from(commitment: Commitment, person: Any, *, district: str = "") -> Target:
    """Make a confirmed commitment the target of its indicator; a target of the same indicator, place and year is changed.

    Parameters:
        person: who does it; None for the platform.
        district: administrative code of the district it is for; empty for the whole city.

    Raises:
        BilanError: it is not confirmed, or linked to no indicator.
    """
    held = Commitment.objects.select_related("plan").get(pk=commitment.pk)
    if held.check_state not in DONE:
        raise BilanError(Problem("planbook.unconfirmed", {"number": held.number}))
    if not held.indicator:
        raise BilanError(Problem("planbook.without_indicator", {"number": held.number}))
    year = year_of(held)
    values: dict[str, Any] = {name: getattr(held, name) for name in TAKEN}
    values["comparator"] = meant(str(values["comparator"] or Comparator.EQUAL), held.indicator, held.upper)
    values |= {"baseline_year": _year(held.baseline_year), "plan_id": held.plan_id, "commitment_id": held.pk}
    with transaction.atomic():
        known = Target.objects.filter(indicator=held.indicator, district=district, year=year).first()
        target = known or Target.objects.create(
            code=_code(held.indicator, year, district), indicator=held.indicator, district=district, year=year
        )
        _set(target, values, person, document=document_of(held), reason=held.sentence[:300])
        audit.record("plan.target", target.code, who=person, detail={"commitment": f"{held.plan.code}-{held.number}", "new": known is None})
    return Target.objects.get(pk=target.pk)


def targets_from(found: QuerySet[Commitment], person: Any) -> list[Target]:
    """Make targets of all confirmed commitments of kind target among `found` that are linked to an indicator and are none yet.

    Of several commitments to one indicator and year, the first that promises a number is taken.
    """
    ready = found.filter(check_state__in=DONE, kind=Kind.TARGET, targets__isnull=True).exclude(indicator="").select_related("plan")
    made: dict[tuple[str, int], Target] = {}
    with transaction.atomic():
        for held in sorted(ready, key=lambda each: (each.value is None and not each.handed_down, each.number)):
            key = (held.indicator, year_of(held))
            if key not in made and not Target.objects.filter(indicator=key[0], year=key[1], district="", plan=held.plan).exists():
                made[key] = target_from(held, person)
    return list(made.values())


def meant(comparator: str, indicator: str, upper: float | None = None) -> str:
    """What a plan means by a plain number: at least so much where more is better, at most where less is.

    Plans write "reach 85 %" for a floor; only a range, and a number of an indicator that is not declared, stays as it is written.

    Examples:
        >>> meant("=", "good-days"), meant("=", "water-v-minus-share"), meant("<=", "good-days")
        ('>=', '<=', '<=')
    """
    declared = current(settings.CITY.pack)
    if comparator != str(Comparator.EQUAL) or upper is not None or indicator not in declared:
        return comparator
    return str(Comparator.LEAST if declared[indicator].direction is Direction.UP else Comparator.MOST)


def _set(target: Target, values: Mapping[str, Any], person: Any, *, document: str, reason: str) -> None:
    """Set fields of a target; each that differs leaves a line in its history."""
    differing = {name: value for name, value in values.items() if getattr(target, name) != value}
    if not differing:
        return
    TargetChange.objects.bulk_create(
        TargetChange(
            target=target,
            person=person,
            field=name.removesuffix("_id"),
            before=getattr(target, name),
            after=value,
            document=document[:300],
            reason=reason[:300],
        )
        for name, value in differing.items()
    )
    Target.objects.filter(pk=target.pk).update(**differing, version=target.version + 1)


def year_of(commitment: Commitment) -> int:
    """Year in which a commitment must be met: that of its deadline, else the last of its plan."""
    return _year(commitment.deadline) or commitment.plan.end


def document_of(commitment: Commitment) -> str:
    """Title of the plan that a commitment stands in, with its number."""
    plan = commitment.plan
    return f"{plan.title} {plan.number}".strip()


def _year(text: str) -> int | None:
    return int(text[:4]) if text[:4].isdigit() and len(text) >= 4 else None


def _code(indicator: str, year: int, district: str) -> str:
    stem = f"{indicator}-{district}" if district else indicator
    return f"{stem[:74]}-{year}"
