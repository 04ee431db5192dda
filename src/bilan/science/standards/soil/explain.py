"""Why a sample of soil has its class: contents, screening and intervention values, pH, land, clause, confidence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import polars as pl

from bilan.science.standards.explaining import Explanation, ItemVerdict, Limit, Words, split
from bilan.science.standards.soil.construction import judge_construction
from bilan.science.standards.soil.farmland import WORDS, judge_farmland
from bilan.science.standards.soil.limits import ConstructionItem, FarmlandItem, construction_at, farmland_at
from bilan.science.standards.soil.words import CONSTRUCTION, FARMLAND, NOT_JUDGED, grade_words

_SCREENING, _INTERVENTION = Words("筛选值", "screening value"), Words("管制值", "intervention value")
_ITEM = {
    1: Words("未超筛选值", "within"),
    2: Words("超筛选值", "over the screening value"),
    3: Words("超管制值", "over the intervention value"),
}
_SCREENED = Words("不参与类别划分", "does not set the class")
_USES = {
    "paddy": Words("水田", "paddy"),
    "orchard": Words("果园", "orchard"),
    "rotation": Words("水旱轮作", "rotation"),
    "other": Words("其他农用地", "other farmland"),
}


def explain_farmland(sample: Mapping[str, Any]) -> Explanation:
    """Explain the class of one sample of farmland soil.

    Parameters:
        sample: values by column name as for `judge_farmland`: ``ph``, contents [mg/kg], optionally ``land_use``, ``start``.

    Returns:
        Every item with its content, both values for this pH and land use, clause and confidence, and what decided.

    Raises:
        BilanError: no item in the sample.

    Reference:
        GB 15618-2018 Tables 1 to 3

    Examples:
        >>> why = explain_farmland({"ph": 5.2, "land_use": "paddy", "cd_soil": 0.9, "cu_soil": 30.0})
        >>> print(why.text("en"))
        Class 2, safe use: GB 15618-2018 Tables 1 to 3, in force since 2018-08-01
        Cadmium (Cd) 0.9 mg/kg: over the screening value; screening value 0.3, intervention value 1.5; 2.00 times over; decides; \
Table 1, Table 3, checked in one source
        Copper (Cu) 30 mg/kg: within; screening value 50; does not set the class; Table 1, checked in one source
        pH 5.2, paddy
        over the limit: Cd
    """
    known = farmland_at()
    row = judge_farmland(_frame(sample, {*known.items, "ph", "land_use", "start"})).row(0, named=True)
    use = _use(sample.get("land_use"))
    ph = sample.get("ph")
    items = [
        _item(entry, sample, row, entry.screening_value(ph, use), entry.intervention_value(ph), entry.in_class)
        for entry in known.items.values()
        if row.get(f"class_{entry.column}")
    ]
    note = Words(f"pH {'未测' if ph is None else ph}，{_USES[use].zh}", f"pH {'not measured' if ph is None else ph}, {_USES[use].en}")
    missing = [entry.symbol for entry in known.items.values() if entry.in_class and row.get(f"class_{entry.column}") is None]
    return _explanation(row, FARMLAND, items, missing, str(known.effective_from), "表 1–3", note)


def explain_construction(sample: Mapping[str, Any]) -> Explanation:
    """Explain the verdict on one sample of construction land.

    Parameters:
        sample: values by column name as for `judge_construction`: ``land_class``, contents [mg/kg], optionally ``start``.

    Returns:
        Every item with its content, both values for this class of land, clause and confidence, and what decided.

    Raises:
        BilanError: no item in the sample, or no class of land.

    Reference:
        GB 36600-2018 Tables 1 and 2

    Examples:
        >>> explain_construction({"land_class": 1, "as_soil": 25.0}).text("en").splitlines()[0]
        'Class 2, detailed survey and risk assessment: GB 36600-2018 Tables 1 and 2, in force since 2018-08-01'
    """
    known = construction_at()
    wanted = {*known.items, "land_class", "start", *(f"background_{column}" for column in known.items)}
    row = judge_construction(_frame(sample, wanted)).row(0, named=True)
    land = 1 if str(sample.get("land_class")).startswith(("1", "第一", "一", "class 1", "first")) else 2
    items = [
        _item(entry, sample, row, entry.screening[land], entry.intervention[land], True)
        for entry in known.items.values()
        if row.get(f"class_{entry.column}")
    ]
    note = Words(f"第{'一' if land == 1 else '二'}类用地", f"class {land} land")
    return _explanation(row, CONSTRUCTION, items, [], str(known.effective_from), "表 1、表 2", note)


def _item(
    entry: FarmlandItem | ConstructionItem, sample: Mapping[str, Any], row: Mapping[str, Any],
    screening: float | None, intervention: float | None, counted: bool,
) -> ItemVerdict:  # fmt: skip
    number, factor = row[f"class_{entry.column}"], row[f"factor_{entry.column}"]
    named = [Limit(name, value) for name, value in ((_SCREENING, screening), (_INTERVENTION, intervention)) if value is not None]
    symbol = "" if entry.symbol == entry.name_en else f" ({entry.symbol})"
    natural = number == 1 and factor is None and screening is not None and _above(sample[entry.column], screening)
    note = Words("未超当地背景值", "within the local background") if natural else None
    return ItemVerdict(
        column=entry.column,
        symbol=entry.symbol,
        name=Words(entry.name_zh, f"{entry.name_en}{symbol}"),
        unit="mg/kg",
        value=sample[entry.column],
        limits=tuple(named),
        verdict=_ITEM[number],
        item_class=number,
        clause=entry.clause,
        confidence=entry.confidence,
        factor=factor,
        over=None if factor is None else Words(f"超标 {factor:.2f} 倍", f"{factor:.2f} times over"),
        decides=counted and number == row["grade"] and number > 1,
        note=note if counted else _SCREENED,
    )


def _explanation(
    row: Mapping[str, Any], grades: Mapping[int, Words], items: list[ItemVerdict], missing: list[str], since: str, clause: str, note: Words
) -> Explanation:
    items.sort(key=lambda entry: (not entry.decides, -(entry.item_class or 0), -(entry.factor or 0)))
    return Explanation(
        grade=row["grade"],
        verdict=grade_words(grades, row["grade"]) if row["grade"] else NOT_JUDGED,
        standard=row["standard"],
        version=row["version"],
        effective_from=since,
        clause=clause,
        items=tuple(items),
        missing=tuple(missing),
        deciding=split(row["deciding"]),
        main=split(row["main"]),
        attained=row["attained"],
        unverified=split(row["unverified"]),
        notes=(note,),
    )


def _above(value: object, limit: float) -> bool:
    return isinstance(value, int | float) and value > limit


def _use(text: object) -> str:
    said = str(text).strip() if text is not None else ""
    return next((use for use, words in WORDS.items() if said in words), "other")


def _frame(sample: Mapping[str, Any], wanted: set[str]) -> pl.DataFrame:
    kept = {name: value for name, value in sample.items() if name in wanted}
    texts = {"land_use", "land_class"}
    types: dict[str, Any] = {
        name: pl.Datetime("us") if isinstance(value, datetime) else pl.String if isinstance(value, str) or name in texts else pl.Float64
        for name, value in kept.items()
    }
    return pl.DataFrame(
        {name: [str(value) if name in texts and value is not None else value] for name, value in kept.items()}, schema_overrides=types
    )
