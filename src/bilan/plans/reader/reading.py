"""A plan document from a file: what kind it is, whether it can be read, and its blocks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bilan.plans.reader import pdf, plain, tables, word
from bilan.plans.reader.assembling import assemble
from bilan.plans.reader.grids import Grid, grid
from bilan.plans.reader.joining import join
from bilan.plans.reader.lines import Line, Paragraph, Source, Table
from bilan.plans.reader.model import Document
from bilan.problems import BilanError, Problem

LARGEST = 64 * 1024 * 1024
"""Largest file that is opened [bytes]."""
LARGEST_TEXT = 3_000_000
"""Most characters of text that are taken apart: about four thousand pages."""
MOST_LINES = 100_000
"""Most lines and cells that are."""
CHINESE_SHARE = 0.2
PASSWORD = "EncryptedPackage".encode("utf-16-le")
OTHERS = (b"<!doctype html", b"<html", b"<?xml", b"{\\rtf")
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
"""How old Word files, and new ones with a password, begin."""


def read(path: Path, name: str = "") -> Document:
    """Read a plan document.

    Args:
        path: Word (.docx), PDF with text, plain text or Markdown; the content decides, not the extension.
        name: what the file is called in front of people; its own name when empty.

    Raises:
        BilanError: it is empty, too large, damaged, protected, a scan without text, of another kind, or not in Chinese.
    """
    name = name or path.name
    try:
        size = path.stat().st_size
    except OSError as error:
        raise BilanError(Problem("plan.no_file", {"name": name})) from error
    if size == 0:
        raise BilanError(Problem("plan.empty", {"name": name}))
    if size > LARGEST:
        raise BilanError(Problem("plan.too_large", {"name": name, "value": size // 2**20, "allowed": LARGEST // 2**20}))
    return build(_source(path, name))


def read_text(text: str, name: str = "") -> Document:
    """Read a plan, or a passage of one, that is at hand as text.

    Raises:
        BilanError: there is no text, or hardly any in Chinese.

    Examples:
        >>> [(block.section, block.text) for block in read_text("（一）管网。到2027年，新建管网20公里。").blocks]
        [('（一）', '（一）管网。到2027年，新建管网20公里。')]
    """
    return build(Source(name, list(plain.lines(text))))


def _source(path: Path, name: str) -> Source:
    """Open a file by what its first bytes say it is."""
    with path.open("rb") as file:
        first = file.read(1024)
    if first.startswith(b"PK"):
        return word.source(path, name)
    if b"%PDF-" in first:
        return pdf.source(path, name)
    if first.startswith(OLE):
        raise BilanError(Problem("plan.locked" if _locked(path) else "plan.old_word", {"name": name}))
    if first.lstrip().lower().startswith(OTHERS):
        raise BilanError(Problem("plan.unknown_kind", {"name": name}))
    return Source(name, list(plain.lines(plain.decode(path.read_bytes(), name))))


def _locked(path: Path) -> bool:
    """Whether a file in the old container is a new one with a password."""
    with path.open("rb") as file:
        return PASSWORD in file.read(2**20)


def build(source: Source) -> Document:
    """Find tables, paragraphs and sections in what a file gave.

    Raises:
        BilanError: there is no text, or hardly any in Chinese, or too much.
    """
    _check(source)
    items: list[Paragraph | Grid] = []
    lines: list[Line] = []
    for item in _tables(source.items):
        if isinstance(item, Line):
            lines.append(item)
            continue
        made = grid(item)
        if made is not None:
            items += join(lines)
            lines = []
            items.append(made)
        else:
            lines += [Line(cell.line, cell.text, item.page, whole=True) for row in item.rows for cell in row if cell.text]
    items += join(lines)
    return assemble(source.name, items, source.problems)


def _tables(items: Sequence[Line | Table]) -> list[Line | Table]:
    """Find tables in the stretches of plain lines between those that the source itself marks."""
    found: list[Line | Table] = []
    lines: list[Line] = []
    for item in items:
        if isinstance(item, Line):
            lines.append(item)
        else:
            found += tables.find(lines)
            lines = []
            found.append(item)
    return found + tables.find(lines)


def _check(source: Source) -> None:
    """Refuse what is no Chinese text of bearable length."""
    text = [item.text for item in source.items if isinstance(item, Line)]
    text += [cell.text for item in source.items if isinstance(item, Table) for row in item.rows for cell in row]
    total = sum(len(part) for part in text)
    if total > LARGEST_TEXT:
        raise BilanError(Problem("plan.too_long", {"name": source.name, "value": total, "allowed": LARGEST_TEXT}))
    if len(text) > MOST_LINES:
        raise BilanError(Problem("plan.too_many_lines", {"name": source.name, "value": len(text), "allowed": MOST_LINES}))
    letters = sum(1 for part in text for letter in part if letter.isalpha())
    chinese = sum(1 for part in text for letter in part if "\u4e00" <= letter <= "\u9fff")
    if not letters:
        raise BilanError(Problem("plan.empty", {"name": source.name}))
    if chinese < CHINESE_SHARE * letters:
        raise BilanError(Problem("plan.not_chinese", {"name": source.name, "value": round(100 * chinese / letters)}))
