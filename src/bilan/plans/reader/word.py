"""Word files: paragraphs with their automatic numbers, tables with merged cells, text boxes; tracked deletions are left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bilan.plans.reader.debris import strip
from bilan.plans.reader.lines import Line, Source, Table
from bilan.plans.reader.numbering import Numbering, W
from bilan.plans.reader.package import check
from bilan.plans.reader.styles import Style, list_item, outline_level, styles
from bilan.plans.reader.wordtables import Grids
from bilan.problems import BilanError, Problem

FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
GONE = frozenset({f"{W}del", f"{W}moveFrom", f"{W}instrText", f"{W}delText", f"{W}pPr", f"{W}rPr", FALLBACK})
SIGNS = {f"{W}tab": "\t", f"{W}br": " ", f"{W}cr": " ", f"{W}noBreakHyphen": "-", f"{W}softHyphen": ""}
LISTS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/numbering"


def source(path: Path, name: str) -> Source:
    """Paragraphs and tables of a Word file, in their order.

    Raises:
        BilanError: it is damaged, protected, or unpacks to too much.
    """
    check(path, name)
    try:
        import docx  # noqa: PLC0415 - the library that reads Word files comes with the platform, not with the library itself
        from docx.opc.exceptions import OpcError  # noqa: PLC0415 - as above
    except ImportError as error:
        raise BilanError(Problem("plan.no_docx", {"name": name})) from error
    try:
        document = docx.Document(str(path))
        numbering = next((part.target_part for part in document.part.rels.values() if part.reltype == LISTS), None)
        known = styles(document.styles.element)
    except (KeyError, ValueError, OSError, SyntaxError, AttributeError, IndexError, OpcError) as error:
        raise BilanError(Problem("plan.broken", {"name": name, "reason": type(error).__name__})) from error
    body = _Body(known, Numbering.of(getattr(numbering, "element", None)))
    return Source(name, list(body.items(document.element.body)))


@dataclass(slots=True)
class _Body:
    """The way through the body of a document, counting paragraphs.

    Attributes:
        number: paragraphs passed so far, those in tables and boxes included.
    """

    styles: dict[str, Style]
    numbering: Numbering
    number: int = 0

    def items(self, parent: Any, *, box: bool = False) -> Iterator[Line | Table]:
        """Lines and tables below a node."""
        for node in parent:
            if node.tag == f"{W}p":
                yield from self._paragraph(node, box=box)
            elif node.tag == f"{W}tbl":
                yield from self._table(node, box=box)
            elif node.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}smartTag", f"{W}customXml"):
                yield from self.items(node, box=box)

    def _paragraph(self, node: Any, *, box: bool) -> Iterator[Line | Table]:
        """One paragraph, then the text boxes that hang on it."""
        self.number += 1
        boxes: list[Any] = []
        text = strip("".join(self._pieces(node, boxes)))
        properties = node.find(f"{W}pPr")
        style = self._style(properties)
        item = list_item(properties) or style.list
        label = self.numbering.next(*item) if item and text.strip() else ""
        direct = outline_level(properties)
        level = direct if direct is not None else style.level
        yield Line(self.number, f"{label}{text.strip()}", None, level if text.strip() else None, box=box, contents=style.contents)
        for content in boxes:
            yield from self.items(content, box=True)

    def _style(self, properties: Any | None) -> Style:
        """Style of a paragraph."""
        found = properties.find(f"{W}pStyle") if properties is not None else None
        return self.styles.get(found.get(f"{W}val", "") if found is not None else "", Style())

    def _pieces(self, node: Any, boxes: list[Any]) -> Iterator[str]:
        """Visible text below a node; text boxes are put aside."""
        for child in node:
            if child.tag in GONE:
                continue
            if child.tag == f"{W}txbxContent":
                boxes.append(child)
            elif child.tag in (f"{W}t", MATH):
                yield child.text or ""
            elif child.tag in SIGNS:
                yield SIGNS[child.tag]
            else:
                yield from self._pieces(child, boxes)

    def _table(self, node: Any, *, box: bool) -> Iterator[Line | Table]:
        """A table; one with a single column is a frame around paragraphs."""
        grids = Grids(node)
        if grids.width == 1:
            for cell in node.iter(f"{W}tc"):
                yield from self.items(cell, box=True)
            return
        yield grids.table(self._cell)

    def _cell(self, node: Any) -> tuple[str, int]:
        """Text of a cell and the paragraph it begins with."""
        lines = [item for item in self.items(node) if isinstance(item, Line)]
        first = next((line.number for line in lines if line.text), self.number)
        return "\n".join(line.text for line in lines if line.text), first
