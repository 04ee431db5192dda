"""What a verdict rests on, ready to be shown: readings with their limits, rules with their clauses, how certain they are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bilan.problems import BilanError
from bilan.science import air, water
from bilan.science.standards.air.explain import Explanation as AirExplanation
from bilan.science.standards.air.readings import Part
from bilan.science.standards.water.explain import Explanation as WaterExplanation
from bilan.science.standards.water.explain import ItemVerdict
from bilan.science.standards.water.words import clause_in_english
from bilan.telemetry import clock
from bilan.web.areas.verdicts import media
from bilan.web.areas.verdicts.shape import Item, Reasons, rule
from bilan.web.areas.verdicts.words import CONFIDENCE, UNVERIFIED, listed
from bilan.web.components import numbers

_AVERAGING = {"1h": gettext_lazy("1-hour mean"), "8h": gettext_lazy("largest 8-hour mean"), "24h": gettext_lazy("24-hour mean")}


def reasons(verdict: Mapping[str, Any]) -> Reasons:
    """Explain a stored verdict from the readings that were kept with it.

    Parameters:
        verdict: a row of `Monitoring.verdicts`.
    """
    detail: dict[str, Any] = json.loads(verdict["detail"] or "{}")
    medium = verdict["method"].partition(".")[0]
    try:
        if medium == "air":
            return _of_air(air.explain(_air_row(verdict, detail)))
        if medium in media.MEDIA:
            return media.MEDIA[medium](verdict, detail) if detail else Reasons()
        return _of_water(
            water.explain(_water_row(verdict, detail), rounding="evaluation" if verdict["method"] == "water.month" else "none")
        )
    except BilanError:
        return Reasons()


def _air_row(verdict: Mapping[str, Any], detail: dict[str, Any]) -> dict[str, Any]:
    moment = clock.moment(verdict["start"])
    when: dict[str, Any] = {"start": moment} if verdict["method"] == "air.hour" else {"day": moment.date()}
    value = verdict["value"]
    return {
        "missing": "",
        "reason": "",
        **{name: entry for name, entry in detail.items() if entry is not None},
        **when,
        "point": verdict["point"],
        "aqi": None if value is None else int(value),
        "level": verdict["grade"],
        "primary": verdict["main"],
        "version": verdict["version"],
    }


def _water_row(verdict: Mapping[str, Any], detail: dict[str, Any]) -> dict[str, Any]:
    sample = {name: value for name, value in detail.items() if value is not None}
    return {**sample, "start": clock.moment(verdict["start"])}


def _of_air(why: AirExplanation) -> Reasons:
    lines = why.text(numbers.language()).splitlines()
    english = numbers.language() == "en"
    return Reasons(
        headline=lines[0].partition(" · ")[0],
        decided=[lines[1 + at] for at, part in enumerate(why.parts) if part.decides],
        items=sorted((_air_item(part, why) for part in why.parts), key=lambda item: (not item.decides, not item.counted)),
        rules=[rule(entry.en if english else entry.zh, entry.clause, entry.confidence) for entry in why.rules],
        missing=listed(why.missing),
        unverified=why.confidence == UNVERIFIED,
    )


def _air_item(part: Part, why: AirExplanation) -> Item:
    unit = numbers.unit(part.unit)
    samples = "" if part.samples is None else f" · {part.samples}" + (f" / {part.needed}" if part.needed else "")
    breakpoints = ""
    if part.breakpoints:
        low, high, index_low, index_high = part.breakpoints
        breakpoints = f"{low:f}–{high:f} → {index_low}–{index_high}"
    return Item(
        name=part.symbol,
        value=numbers.digits(part.rounded),
        unit=unit,
        basis=f"{_AVERAGING.get(part.averaging, part.averaging)}{samples}",
        limits=breakpoints,
        result=numbers.NOTHING if part.index is None else f"IAQI {part.index}",
        kind="aqi",
        grade=None if part.index is None else air.category(part.index, why.version).level,
        factor="",
        decides=part.decides,
        counted=part.index is not None,
        clause=f"{why.standard}-{why.version} {part.clause}",
        confidence=str(CONFIDENCE[part.confidence]),
        unverified=part.confidence == UNVERIFIED,
    )


def _of_water(why: WaterExplanation) -> Reasons:
    lines = why.text(numbers.language()).splitlines()
    target = lines[-1:] if why.target_class is not None and why.attained is not None else []
    named = listed(why.deciding)
    clause = clause_in_english(why.clause) if numbers.language() == "en" else why.clause
    said = [_("Decided by %(items)s") % {"items": named}] if named else []
    worst = rule(_("The worst of the judged items gives the class."), clause, "verified_1")
    return Reasons(
        headline=lines[0],
        decided=[*said, *target],
        items=[_water_item(entry, why) for entry in why.items],
        rules=[worst],
        missing="",
        unverified=any(entry.confidence == UNVERIFIED for entry in why.items if entry.decides),
    )


def _water_item(entry: ItemVerdict, why: WaterExplanation) -> Item:
    english = numbers.language() == "en"
    limits = "–".join(f"{limit:g}" for limit in entry.limits[:2])
    if entry.direction != "range":
        limits = ("≤ " if entry.direction == "below" else "≥ ") + " / ".join(f"{limit:g}" for limit in entry.limits)
    clause = clause_in_english(entry.clause) if english else entry.clause
    return Item(
        name=entry.name_en if english else entry.name_zh,
        value=numbers.digits(float(f"{float(entry.value):.4g}") if isinstance(entry.value, int | float) else None),
        unit="" if entry.unit == "dimensionless" else numbers.unit(entry.unit),
        basis="" if entry.counted else _("for reference, not judged"),
        limits=limits,
        result="",
        kind="water",
        grade=entry.water_class,
        factor="" if entry.factor is None else _("%(times)s times over") % {"times": numbers.digits(entry.factor, 2)},
        decides=entry.decides,
        counted=entry.counted,
        clause=f"{why.standard} {clause}",
        confidence=str(CONFIDENCE[entry.confidence]),
        unverified=entry.confidence == UNVERIFIED,
    )


def at_of(text: str) -> int | None:
    """Seconds of the wall clock of ISO text, or of digits; None when there is none or it is no time.

    Examples:
        >>> at_of("1970-01-01T01:00"), at_of("1970-01-02"), at_of("soon")
        (3600, 86400, None)
    """
    try:
        return clock.seconds(datetime.fromisoformat(text).replace(tzinfo=None))
    except ValueError:
        return None
