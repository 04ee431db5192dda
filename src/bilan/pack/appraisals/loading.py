"""Reading the appraisals of a city, and keeping them current while their files change."""

from __future__ import annotations

from pathlib import Path

from bilan.pack.appraisals.model import Appraisal, Item, Measure, MeasureKind
from bilan.pack.folder import Folder
from bilan.pack.loader import read_yaml
from bilan.pack.registers.folders import Source
from bilan.pack.registers.words import bilingual
from bilan.pack.schema import Reader
from bilan.pack.scores.rules import Missing, RuleKind, read_rule
from bilan.problems import Problem

FOLDER = "appraisals"
KEYS = ("appraisal", "title", "about", "version", "least", "items", "laws", "confidence", "serves")
NUMBERS = {MeasureKind.TASKS: ("share", "progress", "late"), MeasureKind.CASES: ("on_time", "overdue", "opened", "reopened")}
"""What can be counted of tasks and cases."""
RULES = (RuleKind.LINEAR, RuleKind.STEPS, RuleKind.EACH, RuleKind.VETO)


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
        title=bilingual(reader, "title"),
        about=bilingual(reader, "about"),
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


def _item(reader: Reader) -> Item:
    reader.only(("item", "title", "group", "weight", "measure", "rule", "missing", "basis"))
    missing = reader.text("missing", Missing.OUT.value, [entry.value for entry in Missing])
    rule = read_rule(reader.inner("rule"), RULES)
    weight = reader.number("weight", 0.0 if rule.kind is RuleKind.VETO else None, 0.0)
    return Item(
        name=reader.text("item"),
        title=bilingual(reader, "title"),
        group=bilingual(reader, "group"),
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


APPRAISALS = Folder(FOLDER, _read)
"""The appraisals: ``appraisals/*.yaml``."""
load, current, faults, check_appraisals = APPRAISALS.load, APPRAISALS.current, APPRAISALS.faults, APPRAISALS.check
