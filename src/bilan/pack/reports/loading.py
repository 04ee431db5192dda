"""Loading the outlines of reports of a city, and keeping them current while their files change."""

from __future__ import annotations

from pathlib import Path

from bilan.pack.folder import Folder
from bilan.pack.registers.folders import Source
from bilan.pack.reports.keys import FOLDER
from bilan.pack.reports.model import Outline
from bilan.pack.reports.reading import read_outline
from bilan.problems import Problem

PAPER = ".docx"


def _read(source: Source, city_pack: Path | None, problems: list[Problem]) -> Outline:
    path = city_pack / FOLDER / f"{Path(source.name).stem}{PAPER}" if city_pack else None
    return read_outline(source, problems, str(path) if path is not None and path.is_file() else "")


REPORTS = Folder(FOLDER, _read)
"""The outlines: ``reports/*.yaml``, each with the city's own paper beside it as ``.docx``, where there is one."""
load, current, faults, check_reports = REPORTS.load, REPORTS.current, REPORTS.faults, REPORTS.check
