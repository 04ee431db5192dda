"""What Typst draws for a report: the PDF itself, and charts as pictures for Word."""

from __future__ import annotations

import json
import tempfile
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import typst

from bilan.plans.reporting.model import Grid, Heading, Paragraph, Picture, Piece, Written
from bilan.problems import BilanError, Problem

SHEET = "report.typ"
SHARP = 220.0
"""Resolution of charts in Word [px/inch]."""
_CHART = '#set page(width: {width}cm, height: {height:.3f}cm, margin: 0pt)\n#image("chart.svg", width: 100%)\n'
_ROOM = 15.6


def pdf(written: Written) -> bytes:
    """Set a report; the data reach the sheet as JSON and never become source text.

    Raises:
        BilanError: it could not be set.
    """
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        pieces = [_piece(home, at, piece) for at, piece in enumerate(written.pieces)]
        (home / "data.json").write_text(json.dumps({**_about(written), "pieces": pieces}, ensure_ascii=False), encoding="utf-8")
        sheet = home / SHEET
        sheet.write_text(resources.files(__package__).joinpath(SHEET).read_text(encoding="utf-8"), encoding="utf-8")
        return _compiled(sheet, home, "pdf")


def png(svg: str, ratio: float) -> bytes:
    """A chart as a picture.

    Raises:
        BilanError: it could not be drawn.
    """
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "chart.svg").write_text(svg, encoding="utf-8")
        sheet = home / "chart.typ"
        sheet.write_text(_CHART.format(width=_ROOM, height=_ROOM / ratio), encoding="utf-8")
        return _compiled(sheet, home, "png", ppi=SHARP)


def _compiled(sheet: Path, home: Path, form: Literal["pdf", "png"], ppi: float | None = None) -> bytes:
    try:
        made = typst.compile(sheet, root=home, format=form, ppi=ppi)
    except RuntimeError as error:
        raise BilanError(Problem("report.not_set", {"value": str(error)[:200]})) from error
    return bytes(made[0] if isinstance(made, list) else made)


def _about(written: Written) -> dict[str, Any]:
    names = ("language", "style", "title", "heading", "subtitle", "issuer", "issue", "dated", "addressed", "signatures")
    return {**{name: getattr(written, name) for name in names}, "marks": " · ".join(written.marks)}


def _piece(home: Path, at: int, piece: Piece) -> dict[str, Any]:
    match piece:
        case Heading():
            return {"kind": "heading", "level": piece.level, "label": piece.label, "text": piece.text}
        case Paragraph():
            return {"kind": "paragraph", "text": piece.text}
        case Grid():
            columns = [{"title": column.title, "numeric": column.numeric, "share": column.share} for column in piece.columns]
            return {
                "kind": "table",
                "label": piece.label,
                "title": piece.title,
                "columns": columns,
                "rows": [list(row) for row in piece.rows],
                "note": piece.note,
            }
        case Picture():
            name = f"chart-{at}.svg"
            (home / name).write_text(piece.svg, encoding="utf-8")
            return {"kind": "picture", "label": piece.label, "title": piece.title, "file": name, "alternative": piece.alternative}
