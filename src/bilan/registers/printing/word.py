"""A dossier as a Word file that a clerk can go on writing in."""

from __future__ import annotations

import io
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from bilan.registers.printing.content import content
from bilan.registers.printing.model import Printed

EAST_ASIAN, LATIN = "Microsoft YaHei", "Calibri"
SOFT, AZURE = RGBColor(0x51, 0x60, 0x6D), RGBColor(0x0B, 0x6B, 0xCB)


def word(printed: Printed) -> bytes:
    """Write a dossier."""
    data = content(printed)
    document = Document()
    _page(document, data)
    title = document.add_heading(data["title"], level=0)
    title.runs[0].font.size = Pt(20)
    head = " · ".join(filter(None, (data["register"], data["code"], data["state"], data["completeness_text"], data["demo"])))
    _soft(document.add_paragraph(head))
    for section in data["sections"]:
        document.add_heading(section["title"], level=1)
        for block in section["blocks"]:
            if "pairs" in block:
                _pairs(document, block["pairs"])
            else:
                _table(document, block)
    _fonts(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _page(document: Any, data: dict[str, Any]) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin = section.bottom_margin = Cm(2)
    _soft(section.footer.paragraphs[0], data["footer"])
    document.core_properties.title = data["title"]
    document.core_properties.author = ""


def _pairs(document: Any, rows: list[list[str]]) -> None:
    table = document.add_table(rows=0, cols=2)
    table.autofit = False
    for name, text in rows:
        cells = table.add_row().cells
        cells[0].width, cells[1].width = Cm(4.6), Cm(12)
        _soft(cells[0].paragraphs[0], name)
        _small(cells[1].paragraphs[0], text)
    document.add_paragraph()


def _table(document: Any, block: dict[str, Any]) -> None:
    if block["title"]:
        document.add_paragraph().add_run(block["title"]).bold = True
    table = document.add_table(rows=1, cols=len(block["heads"]))
    table.style = "Light Grid Accent 1"
    for cell, head in zip(table.rows[0].cells, block["heads"], strict=True):
        _small(cell.paragraphs[0], head)
    for row in block["rows"]:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            _small(cell.paragraphs[0], text or "–")
    document.add_paragraph()


def _small(paragraph: Any, text: str) -> None:
    paragraph.add_run(text).font.size = Pt(9.5)
    paragraph.paragraph_format.space_after = Pt(2)


def _soft(paragraph: Any, text: str = "") -> None:
    if text:
        paragraph.add_run(text)
    for run in paragraph.runs:
        run.font.size, run.font.color.rgb = Pt(9), SOFT


def _fonts(document: Any) -> None:
    """Latin and east-asian fonts are set apart in Word; styles that name none would show Chinese in whatever comes first."""
    for style in document.styles:
        if getattr(style, "font", None) is None:
            continue
        style.font.name = LATIN
        properties = style.element.get_or_add_rPr()
        fonts = properties.find(qn("w:rFonts"))
        if fonts is None:
            fonts = properties.append(OxmlElement("w:rFonts")) or properties.find(qn("w:rFonts"))
        fonts.set(qn("w:eastAsia"), EAST_ASIAN)
        if style.name.startswith(("Heading", "Title")):
            style.font.color.rgb = AZURE if style.name != "Title" else None
