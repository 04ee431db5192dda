"""What verdicts of sea, groundwater, drinking-water sources, noise and outlets rest on, from the readings kept with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from bilan.evaluation.emission import STANDARD
from bilan.evaluation.rules.limits import OUTLET, PERMIT
from bilan.pack import vocab
from bilan.pack.vocab import Parameter
from bilan.science import emissions, groundwater, noise, sea
from bilan.science.standards.explaining import ItemVerdict as LevelVerdict
from bilan.science.standards.single.explaining import Explanation as ClassExplanation
from bilan.science.standards.single.explaining import ItemVerdict as ClassVerdict
from bilan.science.standards.water.drinking import SourceItem, source_items
from bilan.science.standards.water.words import clause_in_english
from bilan.telemetry import clock
from bilan.web.areas.verdicts.shape import Item, Reasons, Rule, rule
from bilan.web.areas.verdicts.words import CONFIDENCE, UNVERIFIED, listed
from bilan.web.components import numbers

Verdict = Mapping[str, Any]
Detail = dict[str, Any]
OVER = 2
LEAST = 0.01
"""From here on two decimals say how many times over a value is."""
_PLAIN = {"1", "level", "dimensionless"}
"""Units that are not printed."""


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
        rule(_("A source meets its limits when every judged item does."), _clause("GB 3838-2002 表 1–3; HJ 774-2015"), UNVERIFIED),
        rule(done % {"items": detail.get("items", 0), "due": detail.get("due", 0)}, "GB 3838-2002", "local"),
    ]
    return _over_or_within(items, rules)


def of_noise(_verdict: Verdict, detail: Detail) -> Reasons:
    """Why a point meets the limits of its zone by day and by night, or does not."""
    why = noise.explain(detail)
    language = numbers.language()
    items = sorted((_level_item(entry, why.standard, language, detail) for entry in why.items), key=lambda item: not item.decides)
    rules = [rule(_("The night of a day ends at six of the next morning."), "GB 3096-2008 3.3", "verified_2plus")]
    return Reasons(
        headline=why.verdict.text(language),
        decided=[*([_decided(why.main)] if why.main else []), *(note.text(language) for note in why.notes)],
        items=items,
        rules=rules,
        missing=listed(why.missing),
        unverified=any(item.unverified for item in items),
    )


def of_emission(verdict: Verdict, detail: Detail) -> Reasons:
    """Why an outlet meets its limits, or does not."""
    start = clock.moment(verdict["start"])
    averaging: Any = verdict["method"].rpartition(".")[2]
    choices = emissions.choose(detail["source"], averaging, start.date(), ()) if detail.get("source") else {}
    marked = [name.removeprefix("class_") for name in detail if name.startswith("class_")]
    items = [_emission_item(vocab.by_column(name), detail, choices.get(name), averaging) for name in marked]
    return _over_or_within(items, _emission_rules(verdict, detail))


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
        decided=[*([_decided(why.deciding)] if why.deciding else []), *target],
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
        name=_titled(entry.name_en if english else entry.name_zh, entry.symbol, entry.column),
        value=_value(entry.value),
        unit=_unit(entry.unit),
        basis=_mean_of(detail.get("samples")),
        limits=" / ".join(entry.limits),
        result="",
        kind=kind,
        grade=entry.water_class,
        factor=_times(entry.factor),
        decides=entry.decides,
        counted=True,
        clause=f"{why.standard} {_clause(entry.clause)}",
        confidence=str(CONFIDENCE[entry.confidence]),
        unverified=entry.confidence == UNVERIFIED,
    )


def _source_item(entry: SourceItem, detail: Detail, upper: float | None) -> Item:
    english = numbers.language() == "en"
    value, factor = float(detail[entry.column]), detail.get(f"factor_{entry.column}")
    over = factor is not None or (entry.lower is not None and value < entry.lower)
    return Item(
        name=_titled(entry.name_en if english else entry.name_zh, entry.symbol, entry.column),
        value=_value(value),
        unit=_unit(entry.unit),
        basis=_mean_of(detail.get("samples")) if entry.counted else _("for reference, not judged"),
        limits=_bounds(entry.lower, upper),
        result="",
        kind="limits",
        grade=(OVER if over else 1) if entry.counted else None,
        factor=_times(factor),
        decides=over and entry.counted,
        counted=entry.counted,
        clause=f"GB 3838-2002 {_clause(entry.clause)}",
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
        clause=f"{standard} {_clause(entry.clause)}",
        confidence=str(CONFIDENCE[entry.confidence]),
        unverified=entry.confidence == UNVERIFIED,
    )


def _emission_item(parameter: Parameter, detail: Detail, choice: emissions.Choice | None, averaging: str) -> Item:
    name = parameter.column
    limit, factor, converted = (detail.get(f"{mark}_{name}") for mark in ("limit", "factor", "converted"))
    by = detail.get(f"by_{name}", "")
    of_standard = by.startswith(STANDARD) if by else choice is not None and choice.limit.high == limit
    standard = choice.limit if choice is not None and of_standard else None
    over = detail.get(f"class_{name}") == OVER
    basis = _("measured %(value)s at %(oxygen)s %% oxygen") % {"value": _short(detail.get(name)), "oxygen": _short(detail.get("o2"))}
    return Item(
        name=_titled(numbers.named(parameter), parameter.symbol, name),
        value=_value(detail.get(name) if converted is None else converted),
        unit=_unit(parameter.emission_unit),
        basis=basis if converted is not None and detail.get("o2") is not None else _mean_of(detail.get(f"hours_{name}"), averaging),
        limits=_bounds(None, limit),
        result="",
        kind="limits",
        grade=OVER if over else 1,
        factor=_times(factor),
        decides=over,
        counted=True,
        clause=f"{standard.title} {_clause(standard.clause)}" if standard else origin(by),
        confidence=str(CONFIDENCE[standard.confidence if standard else "permit"]),
        unverified=standard is not None and standard.confidence == UNVERIFIED,
    )


def origin(by: str) -> str:
    """Say where a limit comes from.

    Parameters:
        by: ``by_<item>`` of a verdict: kind, number and clause, joined by ``|``.
    """
    source, _bar, rest = by.partition("|")
    number, _bar, clause = rest.partition("|")
    words = {
        PERMIT: _("discharge permit %(number)s") % {"number": number},
        OUTLET: _("outlet %(number)s in the register") % {"number": number},
        STANDARD: number,
    }
    return " ".join(text for text in (words.get(source) or _("limit of the outlet"), _clause(clause)) if text)


def _emission_rules(verdict: Verdict, detail: Detail) -> list[Rule]:
    rules = []
    if detail.get("reference_o2") is not None:
        oxygen = _("Waste gas is converted to %(oxygen)s %% oxygen, the reference of the source.") % {
            "oxygen": _short(detail["reference_o2"])
        }
        rules.append(rule(oxygen, "HJ 75-2017", "verified_1"))
    if verdict["method"] == "emission.day":
        rules.append(rule(_("A day is valid with at least 20 valid hours of each item."), "HJ 75-2017; HJ 356-2019", "verified_1"))
    else:
        rules.append(rule(_("Hours within the limits are not kept: only those over one have a verdict."), verdict["method"], "local"))
    return rules


def _over_or_within(items: list[Item], rules: list[Rule]) -> Reasons:
    """Reasons of a verdict that only says whether limits are met, the items over a limit first."""
    over = tuple(item.name for item in items if item.decides)
    return Reasons(
        decided=[_("Over the limit: %(items)s") % {"items": listed(over)}] if over else [],
        items=sorted(items, key=lambda item: (not item.decides, not item.counted)),
        rules=rules,
        unverified=any(item.unverified for item in items if item.counted) or any(entry.unverified for entry in rules),
    )


def _decided(names: tuple[str, ...]) -> str:
    return _("Decided by %(items)s") % {"items": listed(names)}


def _titled(name: str, symbol: str, column: str) -> str:
    return name if not symbol or symbol in {name, column} else f"{name} {symbol}"


def _value(value: Any) -> str:
    return numbers.digits(float(f"{float(value):.4g}") if isinstance(value, int | float) else None)


def _short(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, int | float) else numbers.NOTHING


def _unit(unit: str) -> str:
    return "" if unit in _PLAIN else numbers.unit(unit)


def _bounds(lower: float | None, upper: float | None) -> str:
    if lower is not None and upper is not None:
        return f"{lower:g}–{upper:g}"
    return f"≤ {upper:g}" if upper is not None else f"≥ {lower:g}" if lower is not None else ""


def _times(factor: Any) -> str:
    return "" if factor is None else _("%(times)s times over") % {"times": numbers.digits(factor, 2 if factor >= LEAST else 4)}


def _mean_of(samples: Any, averaging: str = "") -> str:
    """What a value is a mean of."""
    if not samples:
        return ""
    words = _("mean of %(number)s hours") if averaging == "day" else _("mean of %(number)s readings or days")
    return words % {"number": samples}


def _clause(clause: str) -> str:
    return clause_in_english(clause) if numbers.language() == "en" else clause
