"""What verdicts of sea, groundwater, drinking-water sources, noise and outlets rest on, from the readings kept with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from bilan.science import groundwater, noise, sea
from bilan.science.standards.explaining import ItemVerdict as LevelVerdict
from bilan.science.standards.single.explaining import Explanation as ClassExplanation
from bilan.science.standards.single.explaining import ItemVerdict as ClassVerdict
from bilan.science.standards.water.drinking import SourceItem, source_items
from bilan.telemetry import clock
from bilan.web.areas.verdicts.outlets import of_emission
from bilan.web.areas.verdicts.shape import Item, Reasons, rule
from bilan.web.areas.verdicts.telling import OVER, bounds, clause_text, decided, figure, mean_of, over_or_within, times, titled, unit_text
from bilan.web.areas.verdicts.words import CONFIDENCE, UNVERIFIED, listed
from bilan.web.components import numbers

Verdict = Mapping[str, Any]
Detail = dict[str, Any]


def of_sea(verdict: Verdict, detail: Detail) -> Reasons:
    """Why sea water has its class."""
    return _of_classes("sea", sea.explain(_sample(verdict, detail)), detail, "GB 3097-1997; HJ 442.10-2020", UNVERIFIED)


def of_groundwater(verdict: Verdict, detail: Detail) -> Reasons:
    """Why groundwater has its class."""
    return _of_classes("groundwater", groundwater.explain(_sample(verdict, detail)), detail, "GB/T 14848-2017 6.2, 6.3", "verified_1")


def of_drinking(_verdict: Verdict, detail: Detail) -> Reasons:
    """Why a drinking-water source meets its limits, or does not."""
    kind: Any = "lake" if detail.get("section_type") == "lake" else "river"
    entries = [entry for entry in source_items() if detail.get(entry.column) is not None]
    items = [_source_item(entry, detail, entry.upper[kind]) for entry in entries]
    done = _("%(items)s of the %(due)s items of the monthly analysis were measured; the others are analysed in the laboratory.")
    rules = [
        rule(_("A source meets its limits when every judged item does."), clause_text("GB 3838-2002 表 1–3; HJ 774-2015"), UNVERIFIED),
        rule(done % {"items": detail.get("items", 0), "due": detail.get("due", 0)}, "GB 3838-2002", "local"),
    ]
    return over_or_within(items, rules)


def of_noise(_verdict: Verdict, detail: Detail) -> Reasons:
    """Why a point meets the limits of its zone by day and by night, or does not."""
    why = noise.explain(detail)
    language = numbers.language()
    items = sorted((_level_item(entry, why.standard, language, detail) for entry in why.items), key=lambda item: not item.decides)
    rules = [rule(_("The night of a day ends at six of the next morning."), "GB 3096-2008 3.3", "verified_2plus")]
    return Reasons(
        headline=why.verdict.text(language),
        decided=[*([decided(why.main)] if why.main else []), *(note.text(language) for note in why.notes)],
        items=items,
        rules=rules,
        missing=listed(why.missing),
        unverified=any(item.unverified for item in items),
    )


MEDIA: dict[str, Callable[[Verdict, Detail], Reasons]] = {
    "sea": of_sea,
    "groundwater": of_groundwater,
    "drinking": of_drinking,
    "noise": of_noise,
    "emission": of_emission,
}
"""First word of a method → what explains it."""


def _sample(verdict: Verdict, detail: Detail) -> dict[str, Any]:
    start: datetime = clock.moment(verdict["start"])
    return {**{name: value for name, value in detail.items() if not isinstance(value, str)}, "start": start}


def _of_classes(kind: str, why: ClassExplanation, detail: Detail, clause: str, confidence: str) -> Reasons:
    lines = why.text(numbers.language()).splitlines()
    items = [_class_item(kind, entry, why, detail) for entry in why.items]
    worst = rule(_("The worst item gives the class."), clause, confidence)
    target = [_target(why)] if why.target_class is not None and why.attained is not None else []
    return Reasons(
        headline=lines[0],
        decided=[*([decided(why.deciding)] if why.deciding else []), *target],
        items=items,
        rules=[worst],
        unverified=worst.unverified or any(item.unverified for item in items if item.decides),
    )


def _target(why: ClassExplanation) -> str:
    text = _("Target %(target)s: met") if why.attained else _("Target %(target)s: not met")
    return text % {"target": why.target_en if numbers.language() == "en" else why.target_zh}


def _class_item(kind: str, entry: ClassVerdict, why: ClassExplanation, detail: Detail) -> Item:
    english = numbers.language() == "en"
    return Item(
        name=titled(entry.name_en if english else entry.name_zh, entry.symbol, entry.column),
        value=figure(entry.value),
        unit=unit_text(entry.unit),
        basis=mean_of(detail.get("samples")),
        limits=" / ".join(entry.limits),
        result="",
        kind=kind,
        grade=entry.water_class,
        factor=times(entry.factor),
        decides=entry.decides,
        counted=True,
        clause=f"{why.standard} {clause_text(entry.clause)}",
        confidence=str(CONFIDENCE[entry.confidence]),
        unverified=entry.confidence == UNVERIFIED,
    )


def _source_item(entry: SourceItem, detail: Detail, upper: float | None) -> Item:
    english = numbers.language() == "en"
    value, factor = float(detail[entry.column]), detail.get(f"factor_{entry.column}")
    over = factor is not None or (entry.lower is not None and value < entry.lower)
    return Item(
        name=titled(entry.name_en if english else entry.name_zh, entry.symbol, entry.column),
        value=figure(value),
        unit=unit_text(entry.unit),
        basis=mean_of(detail.get("samples")) if entry.counted else _("for reference, not judged"),
        limits=bounds(entry.lower, upper),
        result="",
        kind="limits",
        grade=(OVER if over else 1) if entry.counted else None,
        factor=times(factor),
        decides=over and entry.counted,
        counted=entry.counted,
        clause=f"GB 3838-2002 {clause_text(entry.clause)}",
        confidence=str(CONFIDENCE[entry.confidence]),
        unverified=entry.confidence == UNVERIFIED,
    )


def _level_item(entry: LevelVerdict, standard: str, language: str, detail: Detail) -> Item:
    hours = detail.get("hours_day" if entry.column == "ld" else "hours_night")
    return Item(
        name=f"{entry.name.text(language)} {entry.symbol}",
        value=numbers.digits(entry.value, 1),
        unit=entry.unit,
        basis=_("energy mean of %(hours)s hours") % {"hours": hours} if hours else "",
        limits=" / ".join(f"≤ {limit.value:g}" for limit in entry.limits),
        result="",
        kind="limits",
        grade=1 if entry.factor is None else OVER,
        factor="" if entry.over is None else entry.over.text(language),
        decides=entry.decides,
        counted=True,
        clause=f"{standard} {clause_text(entry.clause)}",
        confidence=str(CONFIDENCE[entry.confidence]),
        unverified=entry.confidence == UNVERIFIED,
    )
