"""The opinion on a place as a file to print and to sign: PDF by Typst, and Word."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import typst
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Pt

from bilan.registers.zones import Answer
from bilan.tabular.places.shapes import representative
from bilan.web import site
from bilan.web.areas.zones.asking import Asked
from bilan.web.areas.zones.showing import is_line
from bilan.web.components import numbers
from bilan.web.registry import Request

TEMPLATE = Path(__file__).resolve().parents[2] / "templates" / "zones" / "opinion.typ"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FONT = "Noto Sans CJK SC"


def pdf(request: Request, question: Asked, answer: Answer, result: dict[str, Any], terms: dict[str, str]) -> HttpResponse:
    """The opinion as PDF; what it says is handed to the template as data, never as markup."""
    said = content(request, question, answer, result, terms)
    made = typst.compile(TEMPLATE.read_bytes(), sys_inputs={"data": json.dumps(said, ensure_ascii=False)})
    return _sent(made, "application/pdf", "pdf")


def word(request: Request, question: Asked, answer: Answer, result: dict[str, Any], terms: dict[str, str]) -> HttpResponse:
    """The opinion as a Word file."""
    said = content(request, question, answer, result, terms)
    document = Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(10.5)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    document.add_heading(said["title"], 1)
    _rows(document, said["asked"])
    document.add_paragraph().add_run(f"{said['verdict_title']}: {said['verdict']}").bold = True
    for note in said["notes"]:
        document.add_paragraph(note)
    for group in said["groups"]:
        document.add_heading(group["title"], 2)
        for finding in group["findings"]:
            paragraph = document.add_paragraph(style="List Number")
            paragraph.add_run(finding["text"]).bold = finding["deciding"]
            document.add_paragraph(f"{finding['zone']}  {finding['clause']}  [{finding['sure']}]")
    document.add_heading(said["zones_title"], 2)
    _table(document, said["zone_heads"], said["zones"])
    document.add_paragraph(said["foot"])
    for section in document.sections:
        section.footer.paragraphs[0].text = said["made"]
    for part in document.styles:
        if getattr(part, "font", None) is not None and part.element.rPr is not None and part.element.rPr.rFonts is not None:
            part.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    sink = BytesIO()
    document.save(sink)
    return _sent(sink.getvalue(), WORD, "docx")


def content(request: Request, question: Asked, answer: Answer, result: dict[str, Any], terms: dict[str, str]) -> dict[str, Any]:
    """What the opinion says, in the reader's language: headings, rows, findings."""
    lon, lat = representative(answer.question.geometry)
    kinds = {"P": _("Pin"), "L": _("Line"), "A": _("Area")}
    kind = kinds["L" if is_line(answer) else "A" if "Polygon" in str(answer.question.geometry["type"]) else "P"]
    asked = [
        [_("Place"), f"{kind} · {lon:.6f}°E, {lat:.6f}°N"],
        [_("Activity"), terms["activities"] or "–"],
        [_("Industry"), terms["industry"] or "–"],
        [_("Description"), question.description or "–"],
        [_("Date"), question.on.isoformat()],
    ]
    city = site.city()
    return {
        "title": _("Opinion on zones and their rules"),
        "city": city.name_en if numbers.language() == "en" else city.name_zh,
        "asked": asked,
        "verdict_title": _("Overall"),
        "verdict": result["words"],
        "tone": result["tone"],
        "notes": notes(result),
        "groups": [
            {"title": title, "findings": [_line(finding) for finding in found]}
            for title, found in ((_("What the zones say"), result["findings"]), (_("Depends on what was not said"), result["unsure"]))
            if found
        ],
        "zones_title": _("Zones the place lies in"),
        "zone_heads": [_("Zone"), _("Kind"), _("Part of the place"), _("Facts")],
        "zones": [_zone(row) for row in result["touched"]],
        "foot": _("Clauses marked as not verified must be checked against the text in force before a decision rests on them."),
        "made": _("Made on %(when)s by %(who)s") % {"when": f"{timezone.localtime():%Y-%m-%d %H:%M}", "who": request.user.get_username()},
    }


def notes(result: dict[str, Any]) -> list[str]:
    """What a reader must know beside the verdict."""
    found = []
    if result["hidden"]:
        found.append(_("Further zones touch this place that you may not see; the answer is not complete."))
    if result["stricter"]:
        found.append(_("A zone of lower priority is stricter than the overall verdict; weigh it."))
    if not result["verdict"]:
        found.append(_("No zone speaks of this for certain. That is no permission: general law still applies."))
    return found


def _line(finding: dict[str, Any]) -> dict[str, Any]:
    depends = f" ({_('depends on')} {', '.join(finding['depends'])})" if finding["depends"] else ""
    return {
        "verdict": finding["words"],
        "tone": finding["tone"],
        "text": finding["text"] + depends,
        "zone": f"{finding['kind']} {finding['name']} ({finding['code']})",
        "clause": finding["clause"],
        "sure": finding["sure"],
        "deciding": finding["deciding"],
    }


def _zone(row: dict[str, Any]) -> list[str]:
    facts = "; ".join(f"{fact['title']} {fact['text']}" for fact in row["facts"])
    return [f"{row['name']} ({row['code']})", row["kind"], row["part"] or "–", facts or "–"]


def _rows(document: Any, rows: list[list[str]]) -> None:
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text


def _table(document: Any, heads: list[str], rows: list[list[str]]) -> None:
    table = document.add_table(rows=1, cols=len(heads), style="Table Grid")
    for cell, text in zip(table.rows[0].cells, heads, strict=True):
        cell.text = ""
        cell.paragraphs[0].add_run(text).bold = True
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text


def _sent(made: bytes, kind: str, ending: str) -> HttpResponse:
    name = f"zone-opinion-{timezone.localtime():%Y%m%d-%H%M}.{ending}"
    return HttpResponse(made, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
