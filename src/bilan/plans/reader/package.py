"""The guard before a zipped office file: what it is and how large it gets."""

from __future__ import annotations

from pathlib import Path

from bilan.problems import BilanError, Problem
from bilan.tabular.zipped import DamagedZip, Parts, ZipBomb

LARGEST = 200 * 2**20
"""Most that a file may unpack to [bytes]."""
LARGEST_XML = 40 * 2**20
"""Most that its text may unpack to [bytes]: several thousand pages."""
MOST_PARTS = 10_000
BODY = "word/document.xml"
_TEXT = (".xml", ".rels")


def check(path: Path, name: str) -> None:
    """Refuse a zipped file that is no Word document, damaged, or made to fill the memory.

    Raises:
        BilanError: says which of these.
    """
    try:
        parts = Parts(path.read_bytes())
        if len(parts.entries) > MOST_PARTS:
            raise BilanError(Problem("plan.broken", {"name": name, "reason": f"{len(parts.entries)} > {MOST_PARTS}"}))
        _bounded(parts, name, LARGEST, ("",))
        _bounded(parts, name, LARGEST_XML, _TEXT)
        if BODY not in parts.entries:
            raise BilanError(Problem("plan.unknown_kind", {"name": name}))
        if parts.entries[BODY].flag_bits & 1:
            raise BilanError(Problem("plan.locked", {"name": name}))
        parts.measured(LARGEST)
        parts.measured(LARGEST_XML, _TEXT)
    except (DamagedZip, OSError) as error:
        raise BilanError(Problem("plan.broken", {"name": name, "reason": str(error)})) from error
    except ZipBomb as error:
        most = error.most // 2**20
        raise BilanError(Problem("plan.bomb", {"name": name, "value": f"> {most}", "allowed": most})) from error


def _bounded(parts: Parts, name: str, most: int, endings: tuple[str, ...]) -> None:
    """Refuse what says itself that it unpacks to too much; what it really unpacks to is measured after."""
    said = sum(entry.file_size for inside, entry in parts.entries.items() if inside.endswith(endings))
    if said > most:
        raise BilanError(Problem("plan.bomb", {"name": name, "value": said // 2**20, "allowed": most // 2**20}))
