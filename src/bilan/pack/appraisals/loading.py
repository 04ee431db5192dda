"""Reading the appraisals of a city, and keeping them current while their files change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bilan.pack.appraisals.model import Appraisal, Item, Measure, MeasureKind, Missing, Rule, RuleKind
from bilan.pack.folder import Folder
from bilan.pack.loader import read_yaml
from bilan.pack.registers.folders import Source
from bilan.pack.registers.words import Bilingual
from bilan.pack.schema import Reader
from bilan.problems import Problem

FOLDER = "appraisals"
KEYS = ("appraisal", "title", "about", "version", "least", "items", "laws", "confidence", "serves")
NUMBERS = {MeasureKind.TASKS: ("share", "progress", "late"), MeasureKind.CASES: ("on_time", "overdue", "opened", "reopened")}
"""What can be counted of tasks and cases."""
OF_RULE = {
    RuleKind.LINEAR: ("kind", "floor", "target", "from_plan"),
    RuleKind.STEPS: ("kind", "steps", "rising"),
    RuleKind.EACH: ("kind", "each"),
    RuleKind.VETO: ("kind", "limit", "cap"),
}


def _read(source: Source, _city_pack: Path | None, problems: list[Problem]) -> Appraisal:
    reader = Reader(str(source), read_yaml(source), problems)
    reader.only(KEYS)
    name = reader.text("appraisal")
    if name != Path(source.name).stem:
        reader.note("declaration.file_name", "appraisal", {"value": name, "allowed": Path(source.name).stem})
    items = tuple(_item(Reader(str(source), entry, problems, reader.where("items"))) for entry in reader.items("items"))
    if not items:
        reader.note("appraisal.empty", "items", {})
    names = [item.name for item in items]
    for item in items:
        if names.count(item.name) > 1:
            reader.note("appraisal.twice", "items", {"value": item.name})
    return Appraisal(
        name=name,
        title=_words(reader, "title"),
        about=_words(reader, "about"),
        version=reader.text("version"),
        items=items,
        least=min(100.0, reader.number("least", 0.0, 0.0)),
        laws=reader.text("laws", ""),
        confidence=reader.text("confidence", "convention"),
        serves=tuple(str(entry) for entry in reader.items("serves")),
        source=str(source),
        line=reader.line,
        text=source.read_text(encoding="utf-8"),
    )


def _words(reader: Reader, key: str) -> Bilingual:
    words = Bilingual.parse(reader.text(key))
    if words.zh and not words.en:
        reader.note("report.one_language", key, {"value": words.zh[:40]})
    return words


def _item(reader: Reader) -> Item:
    reader.only(("item", "title", "group", "weight", "measure", "rule", "missing", "basis"))
    missing = reader.text("missing", Missing.OUT.value, [entry.value for entry in Missing])
    rule = _rule(reader.inner("rule"))
    weight = reader.number("weight", 0.0 if rule.kind is RuleKind.VETO else None, 0.0)
    return Item(
        name=reader.text("item"),
        title=_words(reader, "title"),
        group=_words(reader, "group"),
        weight=weight,
        measure=_measure(reader.inner("measure")),
        rule=rule,
        missing=Missing(missing) if missing in set(Missing) else Missing.OUT,
        basis=reader.text("basis", ""),
        line=reader.line,
    )


def _measure(reader: Reader) -> Measure:
    reader.only(("kind", "of", "flow"))
    kind = reader.text("kind", allowed=[entry.value for entry in MeasureKind])
    known = MeasureKind(kind) if kind in set(MeasureKind) else MeasureKind.INDICATOR
    return Measure(known, reader.text("of", allowed=NUMBERS.get(known, ())), reader.text("flow", ""))


def _rule(reader: Reader) -> Rule:
    written = reader.text("kind", allowed=[entry.value for entry in RuleKind])
    kind = RuleKind(written) if written in set(RuleKind) else RuleKind.LINEAR
    reader.only(OF_RULE[kind])
    match kind:
        case RuleKind.LINEAR:
            floor, target = reader.number("floor"), reader.number("target")
            if floor == target:
                reader.note("appraisal.flat", "target", {"value": target})
            return Rule(kind, floor=floor, target=target, from_plan=reader.flag("from_plan", False))
        case RuleKind.STEPS:
            rising = reader.flag("rising", True)
            return Rule(kind, steps=_steps(reader, rising), rising=rising)
        case RuleKind.EACH:
            return Rule(kind, each=reader.number("each", lowest=0.0))
    return Rule(kind, limit=reader.number("limit", 0.0), cap=reader.number("cap", lowest=0.0))


def _steps(reader: Reader, rising: bool) -> tuple[tuple[float, float], ...]:
    """Pairs of a limit and a share, best first."""
    found: list[tuple[float, float]] = []
    for entry in reader.items("steps"):
        if not _is_pair(entry):
            reader.note("appraisal.bad_steps", "steps", {"value": str(entry)[:60]})
            return ()
        found.append((float(entry[0]), float(entry[1])))
    limits = [limit for limit, _share in found]
    if not found or limits != sorted(limits, reverse=rising):
        reader.note("appraisal.bad_steps", "steps", {"value": str(found)[:80]})
    return tuple(found)


def _is_pair(entry: Any) -> bool:
    return isinstance(entry, list) and len(entry) == 2 and all(isinstance(part, int | float) for part in entry) and 0 <= entry[1] <= 100


APPRAISALS = Folder(FOLDER, _read)
"""The appraisals: ``appraisals/*.yaml``."""
load, current, faults, check_appraisals = APPRAISALS.load, APPRAISALS.current, APPRAISALS.faults, APPRAISALS.check
