"""Reading one outline from its file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bilan.pack.loader import read_yaml
from bilan.pack.registers.folders import Source
from bilan.pack.registers.words import Bilingual, bilingual
from bilan.pack.reports.keys import OF_EACH, WORDS, is_known, known_keys, named, pieces
from bilan.pack.reports.model import Block, BlockKind, Chapter, Each, Outline, PeriodKind, Span, Style
from bilan.pack.schema import Reader
from bilan.problems import Problem, nearest

KEYS = (
    *("report", "title", "about", "period", "span", "style", "heading", "addressed", "chapters"),
    *("each", "signatures", "sources", "laws", "confidence", "serves"),
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
    each = _each(reader)
    words = WORDS | OF_EACH if each else WORDS
    style = reader.text("style", Style.REPORT.value, [entry.value for entry in Style])
    return Outline(
        name=name,
        title=bilingual(reader, "title"),
        about=bilingual(reader, "about"),
        period=PeriodKind(period) if period in set(PeriodKind) else PeriodKind.MONTH,
        span=Span(span) if span in set(Span) else Span.PERIOD,
        style=Style(style) if style in set(Style) else Style.REPORT,
        chapters=_chapters(reader, "chapters", 1, words),
        heading=bilingual(reader, "heading", ""),
        addressed=_filled(reader, "addressed", bilingual(reader, "addressed", ""), words),
        each=each,
        signatures=_signatures(reader, words),
        sources=reader.flag("sources", True),
        laws=reader.text("laws", ""),
        confidence=reader.text("confidence", "convention"),
        serves=tuple(str(entry) for entry in reader.items("serves")),
        paper=paper,
        source=str(source),
        line=reader.line,
        text=source.read_text(encoding="utf-8"),
    )


def _each(reader: Reader) -> tuple[Each, ...]:
    allowed = [entry.value for entry in Each]
    wanted = [str(value)[:40] for value in reader.items("each")]
    for value in wanted:
        if value not in allowed:
            reader.note("value.unknown_choice", "each", {"value": value, "allowed": allowed, "nearest": nearest(value, allowed)})
    return tuple(Each(value) for value in wanted if value in allowed)


def _filled(reader: Reader, key: str, text: Bilingual, words: frozenset[str]) -> Bilingual:
    """A text in which only words may stand in braces, no numbers."""
    for name in {*named(text.zh), *named(text.en)} - words:
        reader.note("value.unknown_choice", key, {"value": name, "allowed": sorted(words), "nearest": nearest(name, words)})
    return text


def _signatures(reader: Reader, words: frozenset[str]) -> tuple[tuple[Bilingual, ...], ...]:
    """Who signs: a list of lines for each, ``中文 · English``."""
    found = []
    for lines in reader.items("signatures"):
        said = [Bilingual.parse(str(line)) for line in (lines if isinstance(lines, list) else [lines])]
        for line in said:
            if not line.complete:
                reader.note("report.one_language", "signatures", {"value": line.zh[:40]})
            _filled(reader, "signatures", line, words)
        found.append(tuple(said))
    return tuple(found)


def _chapters(reader: Reader, key: str, level: int, words: frozenset[str]) -> tuple[Chapter, ...]:
    found = []
    for entry in reader.items(key):
        inner = Reader(reader.source, entry, reader.problems, reader.where(key))
        inner.only(("title", "blocks", "parts") if level < DEEPEST else ("title", "blocks"))
        blocks = tuple(_block(inner, block, words) for block in inner.items("blocks"))
        parts = _chapters(inner, "parts", level + 1, words) if level < DEEPEST else ()
        found.append(Chapter(bilingual(inner, "title"), blocks, parts))
    if level == 1 and not found:
        reader.note("report.empty", key, {})
    return tuple(found)


def _block(chapter: Reader, declared: Any, allowed: frozenset[str]) -> Block:
    reader = Reader(chapter.source, declared, chapter.problems, chapter.line)
    reader.only(("zh", "en", "table", "chart", "title", "when", "most"))
    kind = next((entry for entry in (BlockKind.TABLE, BlockKind.CHART) if entry.value in reader.declared), BlockKind.TEXT)
    when = reader.text("when", "")
    if when and not is_known(when):
        _unknown(reader, "when", when)
    most = int(reader.number("most", 0, 0))
    if kind is BlockKind.TEXT:
        text = Bilingual(reader.text("zh").strip(), reader.text("en").strip())
        for key, said in (("zh", text.zh), ("en", text.en)):
            for name in named(said):
                if name not in allowed and not is_known(name):
                    _unknown(reader, key, name)
        return Block(kind, text, when=when, most=most, line=reader.line)
    name = reader.text(kind.value)
    known = [entry for of, entry in pieces() if of == kind.value]
    if name not in known:
        values = {"value": name, "allowed": known, "nearest": nearest(name, known)}
        reader.note("value.unknown_choice", kind.value, values)
    return Block(kind, bilingual(reader, "title", ""), name, when, most, reader.line)


def _unknown(reader: Reader, key: str, name: str) -> None:
    reader.note("report.unknown_number", key, {"value": name, "nearest": nearest(name, known_keys())})
