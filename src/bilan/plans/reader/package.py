"""The guard before a zipped office file: what it is and how large it gets."""

from __future__ import annotations

import zipfile
from pathlib import Path

from bilan.problems import BilanError, Problem

LARGEST = 200 * 2**20
"""Most that a file may unpack to [bytes]."""
LARGEST_XML = 40 * 2**20
"""Most that its text may unpack to [bytes]: several thousand pages."""
MOST_PARTS = 10_000
BODY = "word/document.xml"


def check(path: Path, name: str) -> None:
    """Refuse a zipped file that is no Word document, damaged, or made to fill the memory.

    Raises:
        BilanError: says which of these.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            _bounded(parts, name)
            if BODY not in archive.namelist():
                raise BilanError(Problem("plan.unknown_kind", {"name": name}))
            if archive.getinfo(BODY).flag_bits & 1:
                raise BilanError(Problem("plan.locked", {"name": name}))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise BilanError(Problem("plan.broken", {"name": name, "reason": str(error)})) from error


def _bounded(parts: list[zipfile.ZipInfo], name: str) -> None:
    """Refuse what unpacks to too much."""
    total = sum(part.file_size for part in parts)
    text = sum(part.file_size for part in parts if part.filename.endswith((".xml", ".rels")))
    if len(parts) > MOST_PARTS:
        raise BilanError(Problem("plan.broken", {"name": name, "reason": f"{len(parts)} > {MOST_PARTS}"}))
    if total > LARGEST:
        raise BilanError(Problem("plan.bomb", {"name": name, "value": total // 2**20, "allowed": LARGEST // 2**20}))
    if text > LARGEST_XML:
        raise BilanError(Problem("plan.bomb", {"name": name, "value": text // 2**20, "allowed": LARGEST_XML // 2**20}))
