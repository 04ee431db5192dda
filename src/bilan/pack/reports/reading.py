"""Reading one outline from its file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bilan.pack.loader import read_yaml
from bilan.pack.registers.folders import Source
from bilan.pack.registers.words import Bilingual
from bilan.pack.reports.keys import WORDS, is_known, known_keys, named, pieces
from bilan.pack.reports.model import Block, BlockKind, Chapter, Outline, PeriodKind, Span, Style
from bilan.pack.schema import Reader
from bilan.problems import Problem, nearest

KEYS = (
    *("report", "title", "about", "period", "span", "style", "heading", "addressed", "chapters"),
    *("sources", "laws", "confidence", "serves"),
)
DEEPEST = 3
"""Levels of headings."""


def read_outline(source: Source, problems: list[Problem], paper: str = "") -> Outline:
    """Read one file of ``reports``; what is wrong with it is added to `problems`.

    Args:
        paper: the city's own Word file that it is written on; empty for none.

    Raises:
        BilanError: the file is no YAML.
    """
    reader = Reader(str(source), read_yaml(source), problems)
    reader.only(KEYS)
    name = reader.text("report")
    if name != Path(source.name).stem:
        reader.note("declaration.file_name", "report", {"value": name, "allowed": Path(source.name).stem})
    period = reader.text("period", allowed=[entry.value for entry in PeriodKind])
    span = reader.text("span", Span.PERIOD.value, [entry.value for entry in Span])
    style = reader.text("style", Style.REPORT.value, [entry.value for entry in Style])
    return Outline(
        name=name,
        title=_words(reader, "title"),
        about=_words(reader, "about"),
        period=PeriodKind(period) if period in set(PeriodKind) else PeriodKind.MONTH,
        span=Span(span) if span in set(Span) else Span.PERIOD,
        style=Style(style) if style in set(Style) else Style.REPORT,
        chapters=_chapters(reader, "chapters", 1),
        heading=_words(reader, "heading", ""),
        addressed=_words(reader, "addressed", ""),
        sources=reader.flag("sources", True),
        laws=reader.text("laws", ""),
        confidence=reader.text("confidence", "convention"),
        serves=tuple(str(entry) for entry in reader.items("serves")),
        paper=paper,
        source=str(source),
        line=reader.line,
        text=source.read_text(encoding="utf-8"),
    )


def _words(reader: Reader, key: str, default: str | None = None) -> Bilingual:
    words = Bilingual.parse(reader.text(key, default))
    if words.zh and not words.en:
        reader.note("report.one_language", key, {"value": words.zh[:40]})
    return words


def _chapters(reader: Reader, key: str, level: int) -> tuple[Chapter, ...]:
    found = []
    for entry in reader.items(key):
        inner = Reader(reader.source, entry, reader.problems, reader.where(key))
        inner.only(("title", "blocks", "parts") if level < DEEPEST else ("title", "blocks"))
        blocks = tuple(_block(inner, block) for block in inner.items("blocks"))
        parts = _chapters(inner, "parts", level + 1) if level < DEEPEST else ()
        found.append(Chapter(_words(inner, "title"), blocks, parts))
    if level == 1 and not found:
        reader.note("report.empty", key, {})
    return tuple(found)


def _block(chapter: Reader, declared: Any) -> Block:
    reader = Reader(chapter.source, declared, chapter.problems, chapter.line)
    reader.only(("zh", "en", "table", "chart", "title", "when", "most"))
    kind = next((entry for entry in (BlockKind.TABLE, BlockKind.CHART) if entry.value in reader.declared), BlockKind.TEXT)
    when = reader.text("when", "")
    if when and not is_known(when):
        _unknown(reader, "when", when)
    most = int(reader.number("most", 0, 0))
    if kind is BlockKind.TEXT:
        text = Bilingual(reader.text("zh").strip(), reader.text("en").strip())
        for key, words in (("zh", text.zh), ("en", text.en)):
            for name in named(words):
                if name not in WORDS and not is_known(name):
                    _unknown(reader, key, name)
        return Block(kind, text, when=when, most=most, line=reader.line)
    name = reader.text(kind.value)
    known = [entry for of, entry in pieces() if of == kind.value]
    if name not in known:
        values = {"value": name, "allowed": known, "nearest": nearest(name, known)}
        reader.note("value.unknown_choice", kind.value, values)
    return Block(kind, _words(reader, "title", ""), name, when, most, reader.line)


def _unknown(reader: Reader, key: str, name: str) -> None:
    reader.note("report.unknown_number", key, {"value": name, "nearest": nearest(name, known_keys())})
