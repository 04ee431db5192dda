"""A report as a Word file set as official documents are (GB/T 9704): fonts named for both scripts, two characters of indent, numbering."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Mm, Pt, RGBColor

from bilan.plans.reporting.drawing import png
from bilan.plans.reporting.model import Grid, Heading, Paragraph, Picture, Written
from bilan.problems import BilanError, Problem

LATIN = "Times New Roman"
BODY, TITLE, FIRST, SECOND, CELL = "仿宋", "方正小标宋简体", "黑体", "楷体", "宋体"
"""East-asian fonts of body, title, headings of the first and second level, and tables."""
RED, INK, SOFT = RGBColor(0xC0, 0x10, 0x10), RGBColor(0, 0, 0), RGBColor(0x51, 0x60, 0x6D)
BODY_SIZE, LINE, TITLE_SIZE, CELL_SIZE = Pt(16), Pt(28), Pt(22), Pt(10.5)
ROOM = 15.6
"""Width of the text [cm]."""
NUMBERING = """<w:abstractNum {ns} w:abstractNumId="90"><w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>"""
LEVEL = (
    '<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:pStyle w:val="Heading{number}"/><w:suff w:val="{after}"/>'
    '<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/></w:lvl>'
)
CHINESE = (("chineseCounting", "%1、", "nothing"), ("chineseCounting", "（%2）", "nothing"), ("decimal", "%3.", "nothing"))
ENGLISH = (("decimal", "%1", "space"), ("decimal", "%1.%2", "space"), ("decimal", "%1.%2.%3", "space"))


def word(written: Written) -> bytes:
    """Write a report.

    Raises:
        BilanError: the city's own paper cannot be read, or a chart could not be drawn.
    """
    document = _paper(written)
    _styles(document, written)
    _head(document, written)
    for piece in written.pieces:
        match piece:
            case Heading():
                _heading(document, piece)
            case Paragraph():
                document.add_paragraph(style="Body Text").add_run(piece.text)
            case Grid():
                _table(document, piece)
            case Picture():
                _picture(document, piece)
    _foot(document, written)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _paper(written: Written) -> Any:
    if not written.paper:
        return Document()
    try:
        return Document(written.paper)
    except (PackageNotFoundError, KeyError, ValueError, OSError) as error:
        raise BilanError(Problem("report.no_paper", {"value": written.paper, "allowed": str(error)[:160]})) from error


def _styles(document: Any, written: Written) -> None:
    """Page, fonts and spacing; a city's own paper keeps its margins and its styles of these names are set anew."""
    if not written.paper:
        section = document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = Mm(37), Mm(35), Mm(28), Mm(26)
    english = written.language == "en"
    normal = document.styles["Normal"]
    _font(normal, BODY, Pt(12) if english else BODY_SIZE)
    normal.paragraph_format.space_after = Pt(0)
    body = document.styles["Body Text"]
    _font(body, BODY, Pt(12) if english else BODY_SIZE)
    body.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    _spaced(body, Pt(20) if english else LINE)
    body.paragraph_format.space_after = Pt(6 if english else 0)
    if not english:
        _indent(body)
    for level, font in ((1, FIRST), (2, SECOND), (3, BODY)):
        style = document.styles[f"Heading {level}"]
        _font(style, font, (Pt(16), Pt(14), Pt(12))[level - 1] if english else BODY_SIZE, bold=english or level == 3)
        style.paragraph_format.space_before = Pt(12 if english else 0)
        style.paragraph_format.space_after = Pt(4 if english else 0)
        style.paragraph_format.keep_with_next = True
        _spaced(style, Pt(22) if english else LINE)
        if not english:
            _indent(style)
    _number_headings(document, ENGLISH if english else CHINESE)
    document.core_properties.title = written.title
    document.core_properties.author = written.issuer
    document.core_properties.language = "en-GB" if english else "zh-CN"


def _font(style: Any, east: str, size: Any, *, bold: bool = False) -> None:
    """Name the fonts of both scripts; one that is left out would show Chinese in whatever comes first."""
    style.font.name, style.font.size, style.font.bold, style.font.italic = LATIN, size, bold, False
    style.font.color.rgb = INK
    _east(style.element.get_or_add_rPr(), east)


def _east(properties: Any, east: str) -> None:
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    for name in [name for name in fonts.attrib if name.endswith("Theme")]:
        del fonts.attrib[name]
    for script, font in (("ascii", LATIN), ("hAnsi", LATIN), ("cs", LATIN), ("eastAsia", east)):
        fonts.set(qn(f"w:{script}"), font)


def _spaced(style: Any, line: Any) -> None:
    style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    style.paragraph_format.line_spacing = line


def _indent(style: Any) -> None:
    """Two characters in, whatever the size of the font."""
    style.paragraph_format.first_line_indent = Pt(32)
    style.element.get_or_add_pPr().find(qn("w:ind")).set(qn("w:firstLineChars"), "200")


def _number_headings(document: Any, levels: tuple[tuple[str, str, str], ...]) -> None:
    """Number the headings by Word itself, so that a clerk who moves one finds the others numbered anew."""
    numbering = document.part.numbering_part.element
    made = "".join(LEVEL.format(at=at, number=at + 1, form=form, text=text, after=after) for at, (form, text, after) in enumerate(levels))
    abstract = parse_xml(NUMBERING.format(ns=nsdecls("w"), levels=made))
    first = numbering.find(qn("w:num"))
    numbering.insert(list(numbering).index(first) if first is not None else len(numbering), abstract)
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))
    for level in range(3):
        properties = document.styles[f"Heading {level + 1}"].element.get_or_add_pPr()
        properties.append(parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="90"/></w:numPr>'))
        properties.insert_element_before(properties.find(qn("w:numPr")), "w:spacing", "w:ind", "w:jc", "w:outlineLvl")


def _head(document: Any, written: Written) -> None:
    """Marks in the page head; a red head for bulletins and letters; the title."""
    if written.marks:
        paragraph = document.sections[0].header.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _run(paragraph, " · ".join(written.marks), CELL, Pt(9), SOFT)
    if written.style != "report":
        _line(document, written.issuer, TITLE, Pt(30), RED, after=6)
        _line(document, f"{written.issue}　　{written.dated}", BODY, Pt(12), INK, border=True, after=18)
    _line(document, written.heading, TITLE, TITLE_SIZE, INK, before=6)
    _line(document, written.subtitle, SECOND, BODY_SIZE, INK, after=16)
    if written.addressed:
        paragraph = document.add_paragraph(style="Body Text")
        paragraph.paragraph_format.first_line_indent = Pt(0)
        paragraph.paragraph_format.element.get_or_add_pPr().find(qn("w:ind")).set(qn("w:firstLineChars"), "0")
        paragraph.add_run(f"{written.addressed}{':' if written.language == 'en' else '：'}")


def _line(document: Any, text: str, font: str, size: Any, colour: Any, *, before: int = 0, after: int = 0, border: bool = False) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)
    _run(paragraph, text, font, size, colour)
    if border:
        made = f'<w:pBdr {nsdecls("w")}><w:bottom w:val="single" w:sz="18" w:space="6" w:color="C01010"/></w:pBdr>'
        properties = paragraph.paragraph_format.element.get_or_add_pPr()
        properties.insert_element_before(parse_xml(made), "w:spacing", "w:ind", "w:jc")


def _run(paragraph: Any, text: str, font: str, size: Any, colour: Any = INK, *, bold: bool = False) -> None:
    run = paragraph.add_run(text)
    run.font.name, run.font.size, run.font.bold, run.font.color.rgb = LATIN, size, bold, colour
    _east(run._element.get_or_add_rPr(), font)


def _heading(document: Any, piece: Heading) -> None:
    paragraph = document.add_heading(piece.text, level=min(3, piece.level))
    if not piece.label:  # an annex is not numbered
        properties = paragraph.paragraph_format.element.get_or_add_pPr()
        made = parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="0"/><w:numId w:val="0"/></w:numPr>')
        properties.insert_element_before(made, "w:spacing", "w:ind", "w:jc")


def _table(document: Any, piece: Grid) -> None:
    if piece.title:
        _caption(document, f"{piece.label}　{piece.title}", above=True)
    table = document.add_table(rows=1, cols=len(piece.columns))
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    total = sum(column.share for column in piece.columns)
    widths = [Cm(ROOM * column.share / total) for column in piece.columns]
    head = table.rows[0]
    head._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for cell, column, width in zip(head.cells, piece.columns, widths, strict=True):
        cell.width = width
        _cell(cell, column.title, FIRST, centred=True)
    for row in piece.rows:
        made = table.add_row()
        made._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, text, column, width in zip(made.cells, row, piece.columns, widths, strict=True):
            cell.width = width
            _cell(cell, text, CELL, centred=column.numeric)
    note = document.add_paragraph()
    note.paragraph_format.space_after = Pt(10)
    if piece.note:
        _run(note, piece.note, CELL, Pt(9), SOFT)


def _cell(cell: Any, text: str, font: str, *, centred: bool) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(paragraph, text, font, CELL_SIZE)


def _caption(document: Any, text: str, *, above: bool) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.keep_with_next = above
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(8 if above else 2), Pt(4 if above else 10)
    _run(paragraph, text, FIRST, Pt(12))


def _picture(document: Any, piece: Picture) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.keep_with_next = True
    drawn = paragraph.add_run().add_picture(io.BytesIO(png(piece.svg, piece.ratio)), width=Cm(ROOM))
    drawn._inline.docPr.set("descr", piece.alternative or piece.title)
    _caption(document, f"{piece.label}　{piece.title}", above=False)


def _signatures(document: Any, signatures: Sequence[Sequence[str]]) -> None:
    """Who signs, side by side, kept on one page."""
    document.add_paragraph().paragraph_format.space_after = Pt(18)
    table = document.add_table(rows=1, cols=len(signatures))
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for cell, lines in zip(table.rows[0].cells, signatures, strict=True):
        cell.width = Cm(ROOM / len(signatures))
        for at, line in enumerate(lines):
            paragraph = cell.paragraphs[0] if at == 0 else cell.add_paragraph()
            paragraph.paragraph_format.space_after = Pt(12)
            paragraph.paragraph_format.keep_with_next = at + 1 < len(lines)
            _run(paragraph, line, BODY, Pt(14))


def _foot(document: Any, written: Written) -> None:
    """Who signs; the number of the page between dashes."""
    if written.signatures:
        _signatures(document, written.signatures)
    elif written.style == "letter":
        for text in (written.issuer, written.dated):
            paragraph = document.add_paragraph(style="Body Text")
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            paragraph.add_run(text)
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(paragraph, "— ", CELL, Pt(14))
    _run(paragraph, "", CELL, Pt(14))
    run = paragraph.runs[-1]._element
    for made in (
        f'<w:fldChar {nsdecls("w")} w:fldCharType="begin"/>',
        f'<w:instrText {nsdecls("w")} xml:space="preserve"> PAGE </w:instrText>',
        f'<w:fldChar {nsdecls("w")} w:fldCharType="end"/>',
    ):
        run.append(parse_xml(made))
    _run(paragraph, " —", CELL, Pt(14))
