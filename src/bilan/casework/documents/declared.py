"""Which documents there are: templates of the base pack and of the city's, under one name in each language."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from bilan.pack.flows import Flow
from bilan.pack.loader import base
from bilan.pack.registers.words import Bilingual
from bilan.problems import BilanError, Problem, nearest

FOLDER, LISTED = "documents", "documents.csv"
ENDINGS = {"zh-hans": ".docx", "en": ".en.docx"}
"""Language → ending of the template's file; a city that writes only Chinese gives only the first."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One document that can be made of a case.

    Attributes:
        laws: what prescribes it; `confidence`: how well that is verified.
        files: language → template.
    """

    name: str
    title: Bilingual
    laws: str
    confidence: str
    files: dict[str, Path]

    def template(self, language: str) -> Path:
        """The template in a language; the Chinese one where there is no other."""
        return self.files.get(language, self.files["zh-hans"])


def papers() -> dict[str, Paper]:
    """All documents; a city's template of the same name replaces the base pack's."""
    found: dict[str, Paper] = {}
    for folder in (Path(str(base(FOLDER))), settings.CITY.pack / FOLDER):
        listed = _listed(folder)
        for file in sorted(folder.glob("*.docx")) if folder.is_dir() else []:
            name = file.name.split(".")[0]
            files = {language: path for language, ending in ENDINGS.items() if (path := folder / f"{name}{ending}").is_file()}
            if "zh-hans" in files:
                before = found.get(name)
                row = listed.get(name) or {}
                title = Bilingual(row["zh"], row["en"]) if row else before.title if before else Bilingual(name, name)
                laws = row.get("laws", before.laws if before else "")
                found[name] = Paper(name, title, laws, row.get("confidence", before.confidence if before else "local"), files)
    return found


def paper(name: str) -> Paper:
    """One document.

    Raises:
        BilanError: there is none of this name; the nearest is told.
    """
    known = papers()
    if name not in known:
        raise BilanError(Problem("case.no_document", {"value": name, "allowed": sorted(known), "nearest": nearest(name, known)}))
    return known[name]


def papers_of(flow: Flow) -> list[Paper]:
    """Documents that the transitions of a flow name, in their order."""
    known = papers()
    names = dict.fromkeys(name for entry in flow.transitions for name in entry.documents)
    return [known[name] for name in names if name in known]


def _listed(folder: Path) -> dict[str, dict[str, str]]:
    file = folder / LISTED
    if not file.is_file():
        return {}
    return {row["document"]: row for row in csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines())}
