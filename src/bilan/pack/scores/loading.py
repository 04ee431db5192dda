"""Reading the scored tables of a city, and keeping them current while their files change."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bilan.pack.expressions import Expression
from bilan.pack.folder import Folder
from bilan.pack.loader import read_yaml
from bilan.pack.registers.folders import Source
from bilan.pack.registers.words import Bilingual, bilingual
from bilan.pack.schema import Reader
from bilan.pack.scores.model import Aggregate, Cap, Change, Grade, Score, ScoreItem
from bilan.pack.scores.rules import Missing, RuleKind, read_rule
from bilan.problems import BilanError, Problem

FOLDER = "scores"
SHEET = "evaluation-sheet"
"""Register whose entries bring the values of items that no other register has."""
KEYS = (
    "score", "title", "about", "of", "scheme", "recorded", "aggregate", "least", "decimals", "items", "grades", "caps", "changes",
    "standard", "version", "valid_from", "confidence", "configured", "serves",
)  # fmt: skip
RULES = (RuleKind.LINEAR, RuleKind.STEPS, RuleKind.EACH, RuleKind.CHOICE)


def _read(source: Source, _city_pack: Path | None, problems: list[Problem]) -> Score:
    reader = Reader(str(source), read_yaml(source), problems)
    reader.only(KEYS)
    name = reader.text("score")
    if name != Path(source.name).stem:
        reader.note("declaration.file_name", "score", {"value": name, "allowed": Path(source.name).stem})
    confidence = reader.text("confidence", "local")
    items = tuple(_item(part, confidence) for part in _parts(reader, "items"))
    names = [item.name for item in items]
    for doubled in sorted({entry for entry in names if names.count(entry) > 1}):
        reader.note("score.twice", "items", {"value": doubled})
    if not items:
        reader.note("score.empty", "items", {})
    return Score(
        name=name,
        title=bilingual(reader, "title"),
        about=bilingual(reader, "about"),
        of=reader.text("of", SHEET),
        scheme=reader.text("scheme", ""),
        recorded=reader.text("recorded", ""),
        aggregate=_aggregate(reader),
        least=min(100.0, reader.number("least", 0.0, 0.0)),
        decimals=int(reader.number("decimals", 1.0, 0.0)),
        items=items,
        grades=_grades(reader),
        caps=tuple(_cap(part) for part in _parts(reader, "caps")),
        changes=_changes(reader),
        standard=reader.text("standard", ""),
        version=reader.text("version", ""),
        valid_from=_day(reader),
        confidence=confidence,
        configured=reader.flag("configured", False),
        serves=tuple(str(entry) for entry in reader.items("serves")),
        source=str(source),
        line=reader.line,
        text=source.read_text(encoding="utf-8"),
    )


def _parts(reader: Reader, key: str) -> list[Reader]:
    return [Reader(reader.source, entry, reader.problems, reader.where(key)) for entry in reader.items(key)]


def _aggregate(reader: Reader) -> Aggregate:
    written = reader.text("aggregate", Aggregate.SUM.value, [entry.value for entry in Aggregate])
    return Aggregate(written) if written in set(Aggregate) else Aggregate.SUM


def _item(reader: Reader, confidence: str) -> ScoreItem:
    reader.only(("item", "title", "group", "weight", "value", "unit", "rule", "missing", "basis", "confidence"))
    missing = reader.text("missing", Missing.OUT.value, [entry.value for entry in Missing])
    name = reader.text("item")
    return ScoreItem(
        name=name,
        title=bilingual(reader, "title"),
        group=Bilingual.parse(reader.text("group", "")),
        weight=reader.number("weight", lowest=0.0),
        value=_expression(reader, "value", reader.text("value", name)) or Expression("None"),
        unit=reader.text("unit", ""),
        rule=read_rule(reader.inner("rule"), RULES),
        missing=Missing(missing) if missing in set(Missing) else Missing.OUT,
        basis=reader.text("basis", ""),
        confidence=reader.text("confidence", confidence),
        line=reader.line,
    )


def _expression(reader: Reader, key: str, text: str) -> Expression | None:
    if not text:
        return None
    try:
        return Expression(text)
    except BilanError as error:
        for problem in error.problems:
            reader.note(problem.code, key, dict(problem.values))
        return None


def _grades(reader: Reader) -> tuple[Grade, ...]:
    found = []
    for part in _parts(reader, "grades"):
        part.only(("grade", "title", "at_least", "holds", "word"))
        holds = _expression(part, "holds", part.text("holds", ""))
        found.append(
            Grade(
                int(part.number("grade", lowest=1.0)), bilingual(part, "title"), part.number("at_least", 0.0), holds, part.text("word", "")
            )
        )
    limits = [grade.at_least for grade in found]
    if limits != sorted(limits, reverse=True):
        reader.note("score.bad_order", "grades", {"value": ", ".join(f"{limit:g}" for limit in limits)})
    return tuple(found)


def _cap(reader: Reader) -> Cap:
    reader.only(("holds", "most", "says"))
    return Cap(
        _expression(reader, "holds", reader.text("holds")) or Expression("False"),
        reader.number("most", lowest=0.0),
        bilingual(reader, "says"),
    )


def _changes(reader: Reader) -> tuple[Change, ...]:
    found = []
    for part in _parts(reader, "changes"):
        part.only(("title", "at_least"))
        found.append(Change(bilingual(part, "title"), part.number("at_least", -1e9)))
    limits = [change.at_least for change in found]
    if limits != sorted(limits, reverse=True):
        reader.note("score.bad_order", "changes", {"value": ", ".join(f"{limit:g}" for limit in limits)})
    return tuple(found)


def _day(reader: Reader) -> date | None:
    written = reader.text("valid_from", "")
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        reader.note("pack.wrong_type", "valid_from", {"key": "valid_from", "value": written, "allowed": "YYYY-MM-DD"})
        return None


SCORES = Folder(FOLDER, _read)
"""The scored tables: ``scores/*.yaml``."""
load, current, faults, check_scores = SCORES.load, SCORES.current, SCORES.faults, SCORES.check
