"""Why an emission is within its limits or over: values, oxygen, limits, clauses, and how certain they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

import polars as pl

from bilan.problems import LANGUAGES
from bilan.science.standards.emissions.judge import judge
from bilan.science.standards.emissions.limits import Averaging, Choice, choose
from bilan.science.standards.emissions.marks import VALID
from bilan.science.standards.emissions.oxygen import oxygen_rule
from bilan.science.standards.emissions.sources import Source, conditions, known_source
from bilan.science.standards.explaining import CONFIDENCE, Words

_STATUS = {
    "valid": ("数据有效", "counts"),
    "excluded": ("启炉、停炉或闷炉，不参与评价", "start-up, shut-down or banked fire: outside judgement"),
    "stopped": ("排放源停运，不评价", "the source stands still: not judged"),
    "invalid": ("数据无效，不评价", "does not count: not judged"),
}


@dataclass(frozen=True, slots=True)
class ItemVerdict:
    """One item: what was measured, what was compared, the limit, and what it rests on.

    Attributes:
        item: science column; `symbol`, `name_zh`, `name_en`, `unit`.
        value: as measured; `converted`: at `reference_o2` [%], None where nothing is converted.
        low, limit: bounds; None where the standard sets none or its value is not known.
        item_class: 1 within, 2 over, None not judged.
        factor: times over.
        assumed: the strictest of several limits was taken, because the condition that decides was not told.
        reason: why it was not judged although it was measured and has a limit; None else.
    """

    item: str
    symbol: str
    name_zh: str
    name_en: str
    unit: str
    value: float | None
    converted: float | None
    reference_o2: float | None
    low: float | None
    limit: float | None
    item_class: int | None
    factor: float | None
    assumed: bool
    condition: str
    standard: str
    clause: str
    confidence: str
    reason: Words | None = None

    def text(self, language: str = LANGUAGES[0]) -> str:
        """Say the item in one line.

        Examples:
            >>> print(explain({"so2": 70.0, "o2": 11.0}, "gb13223-coal-special").items[0].text("en"))
            SO2 70 mg/m3, at 6 % oxygen 105.0; limit 50, over by 1.10 times; GB 13223-2011 Table 2, checked in one source
        """
        chinese = language != "en"
        comma, stop = ("，", "；") if chinese else (", ", "; ")
        measured = (
            f"{self.symbol if not chinese else self.name_zh} {self.value:g} {self.unit}".rstrip() if self.value is not None else self.symbol
        )
        if self.converted is not None:
            measured += comma + (
                f"折算到含氧量 {self.reference_o2:g}% 为 {self.converted:.1f}"
                if chinese
                else f"at {self.reference_o2:g} % oxygen {self.converted:.1f}"
            )
        zh, en = CONFIDENCE[self.confidence]
        source = f"{self.standard} {self.clause}{comma}{zh if chinese else en}"
        return stop.join((measured, self._against(chinese), source))

    def _against(self, chinese: bool) -> str:
        if self.low is None and self.limit is None:
            return "限值未知，不评价" if chinese else "limit not known, not judged"
        limit = (
            f"{self.low:g}–{self.limit:g}"
            if self.low is not None and self.limit is not None
            else f"{self.limit if self.limit is not None else self.low:g}"
        )
        said = f"限值 {limit}" if chinese else f"limit {limit}"
        if self.assumed:
            said += "（未说明条件，取最严）" if chinese else " (strictest of several: the condition was not told)"
        if self.item_class is None and self.reason is not None:
            return f"{said}{'，' if chinese else ', '}{self.reason.text('' if chinese else 'en')}"
        if self.item_class is None:
            return said + ("，未评价" if chinese else ", not judged")
        if self.item_class == 1:
            return said + ("，达标" if chinese else ", within")
        times = f" {self.factor:.2f} " if self.factor is not None else ""
        if not times:
            return said + ("，超标" if chinese else ", outside")
        return said + (f"，超标{times}倍" if chinese else f", over by{times}times")


@dataclass(frozen=True, slots=True)
class Explanation:
    """A verdict on one row with everything it rests on."""

    grade: int | None
    source: Source
    averaging: Averaging
    status: str
    conditions: tuple[str, ...]
    standard: str
    version: str
    items: tuple[ItemVerdict, ...]
    main: tuple[str, ...]
    unverified: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Give the explanation as plain values for JSON."""
        return asdict(self)

    def text(self, language: str = LANGUAGES[0]) -> str:
        """Say the whole reason, one sentence or item a line."""
        chinese = language != "en"
        place = 0 if chinese else 1
        verdict = {1: ("达标", "within the limits"), 2: ("超标", "over the limit"), None: ("未评价", "not judged")}[self.grade][place]
        told = ("、" if chinese else ", ").join(conditions()[key][place] for key in self.conditions)
        name = self.source.name(language) + ((f"（{told}）" if chinese else f" ({told})") if told else "")
        lines = [f"{name}：{verdict}" if chinese else f"{name}: {verdict}"]
        if self.status != "valid":
            lines.append(_STATUS[self.status][place])
        return "\n".join([*lines, *(entry.text(language) for entry in self.items)])


def explain(
    row: Mapping[str, Any],
    source: str,
    *,
    averaging: Averaging = "hour",
    conditions: Sequence[str] = (),
    permits: Mapping[str, float] | None = None,
) -> Explanation:
    """Explain the verdict on one row.

    Parameters:
        row: values by column name as for `judge`.
        source, averaging, conditions, permits: as for `judge`.

    Returns:
        Every item with its value, limit, clause and confidence; those over the limit first.

    Raises:
        BilanError: no item, or unknown names.

    Reference:
        The standard of the source, named with its clause in the answer; HJ 75-2017 10.2

    Examples:
        >>> why = explain({"so2": 70.0, "nox": 40.0, "o2": 11.0}, "gb13223-coal-special")
        >>> why.grade, why.main
        (2, ('SO2',))
        >>> why.text("en").splitlines()[0]
        'coal-fired power boiler with special limits: over the limit'
        >>> print(explain({"so2": 20.0, "o2": 20.6}, "gb25464-kiln").items[0].text("en"))
        SO2 20 mg/m3; limit 50, not judged: 20.6 % oxygen is above 20 %, nothing is converted (GB 25464, unverified); ...
    """
    start = row.get("start")
    values = {name: [value] for name, value in row.items() if value is not None}
    verdict = judge(pl.DataFrame(values), source, averaging=averaging, conditions=conditions, permits=permits).row(0, named=True)
    chosen = choose(
        source, averaging, start.date() if isinstance(start, datetime) else start if isinstance(start, date) else None, conditions
    )
    items = [_item(choice, row, verdict, permits or {}, source) for item, choice in chosen.items() if row.get(item) is not None]
    items.sort(key=lambda entry: -(entry.item_class or 0))
    return Explanation(
        grade=verdict["grade"],
        source=known_source(source),
        averaging=averaging,
        status=verdict["status"],
        conditions=tuple(conditions),
        standard=verdict["standard"] or "",
        version=verdict["version"] or "",
        items=tuple(items),
        main=_split(verdict["main"]),
        unverified=_split(verdict["unverified"]),
    )


def _reason(verdict: Mapping[str, Any], item: str, oxygen: float | None, source: str) -> Words | None:
    """Why an item that has a limit was not judged."""
    blind = f"converted_{item}" in verdict and verdict[f"converted_{item}"] is None and verdict[f"limit_{item}"] is not None
    if not blind or verdict["status"] != VALID:
        return None
    if oxygen is None or oxygen < 0:
        return Words("没有含氧量，不折算，未评价", "not judged: without oxygen nothing is converted")
    rule = oxygen_rule(source)
    zh, en = CONFIDENCE[rule.confidence]
    named = rule.standard if rule.clause else ""
    chinese = "，".join(part for part in (named, zh) if part)
    english = ", ".join(part for part in (named, en) if part)
    return Words(
        f"含氧量 {oxygen:g}% 高于 {rule.most:g}%，不折算，未评价（{chinese}）",
        f"not judged: {oxygen:g} % oxygen is above {rule.most:g} %, nothing is converted ({english})",
    )


def _item(choice: Choice, row: Mapping[str, Any], verdict: Mapping[str, Any], permits: Mapping[str, float], source: str) -> ItemVerdict:
    entry, item = choice.limit, choice.limit.item
    own = item in permits or row.get(f"limit_{item}") is not None
    return ItemVerdict(
        item=item,
        symbol=entry.symbol,
        name_zh=entry.name_zh,
        name_en=entry.name_en,
        unit=entry.unit,
        value=row.get(item),
        converted=verdict.get(f"converted_{item}"),
        reference_o2=row.get("reference_o2") or entry.reference_o2,
        low=entry.low,
        limit=verdict.get(f"limit_{item}"),
        item_class=verdict.get(f"class_{item}"),
        factor=verdict.get(f"factor_{item}"),
        assumed=choice.assumed and not own and row.get("wt") is None,
        condition=entry.when,
        standard=entry.title,
        clause=entry.clause,
        confidence=entry.confidence,
        reason=_reason(verdict, item, row.get("o2"), source),
    )


def _split(text: str | None) -> tuple[str, ...]:
    return tuple(text.split(",")) if text else ()
