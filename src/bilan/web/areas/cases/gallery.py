"""The evidence of a case as a gallery: what it is, when and where it was taken, its hash, and what deserves a look."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from bilan.casework import evidence
from bilan.casework.models import Case, Evidence
from bilan.pack.flows import Flow
from bilan.registers import attachments
from bilan.web.areas.cases import words
from bilan.web.areas.cases.frame import local
from bilan.web.components import numbers
from bilan.web.components.entries import link

DOUBTS = {
    "clock": _("the device's clock was wrong"),
    "undated": _("no time of taking"),
    "late": _("sent more than a day after it was taken"),
    "nowhere": _("no place"),
    "vague": _("place known only roughly"),
}
ICONS = {"photo": "photo", "video": "video", "audio": "volume", "document": "file-text", "measurement": "flask", "signature": "pencil"}


def gallery(flow: Flow, case: Case, pieces: Iterable[Evidence]) -> list[dict[str, Any]]:
    """Evidence of a case, the newest first."""
    titles = {need.name: need.title.text(numbers.language()) for entry in flow.transitions for need in entry.evidence}
    return [_shown(case, piece, titles) for piece in sorted(pieces, key=lambda piece: piece.received, reverse=True)]


def _shown(case: Case, piece: Evidence, titles: dict[str, str]) -> dict[str, Any]:
    # The file itself is compared with its hash when it is opened, not for every list.
    there = not piece.digest or attachments.path_of(piece.digest).is_file()
    placed = piece.lon is not None and piece.lat is not None
    apart = None
    if placed and case.lon is not None and case.lat is not None:
        apart = evidence.metres(piece.lon, piece.lat, case.lon, case.lat)
    return {
        "piece": piece,
        "kind": words.EVIDENCE.get(piece.kind, piece.kind),
        "icon": ICONS.get(piece.kind, "file"),
        "wanted": titles.get(piece.requirement, ""),
        "taken": local(piece.taken),
        "received": local(piece.received),
        "place": f"{piece.lat:.5f}, {piece.lon:.5f}" if placed else "",
        "apart": round(apart) if apart is not None else None,
        "href": link("case-evidence", piece.pk) if piece.digest else "",
        "small": piece.kind in {"photo", "signature"} and bool(piece.digest) and attachments.thumbnail_of(piece.digest).is_file(),
        "there": there,
        "doubts": [DOUBTS[name] for name in evidence.doubts(piece) if name in DOUBTS],
        "size": piece.size,
    }
