"""A dossier as PDF, set by Typst; the data reach the sheet as JSON and never become source text."""

from __future__ import annotations

import json
import tempfile
from importlib import resources
from pathlib import Path

import typst

from bilan.problems import BilanError, Problem
from bilan.registers.printing.content import content
from bilan.registers.printing.model import Printed
from bilan.registers.printing.sketch import sketch

SHEET = "dossier.typ"
RATIO = 2.1
"""Width of the sketch over its height."""


def pdf(printed: Printed) -> bytes:
    """Set a dossier.

    Raises:
        BilanError: the sheet could not be set.
    """
    data = {**content(printed), "map": sketch(printed.dossier, printed.outlines, RATIO), "ratio": RATIO}
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        sheet = home / SHEET
        sheet.write_text(resources.files(__package__).joinpath(SHEET).read_text(encoding="utf-8"), encoding="utf-8")
        (home / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        try:
            made: bytes = typst.compile(sheet, root=home)
        except RuntimeError as error:
            raise BilanError(Problem("registers.not_printed", {"value": str(error)[:200]})) from error
    return made
