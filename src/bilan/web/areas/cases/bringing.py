"""Evidence that comes with a form: files, signatures and measurements, kept before the step is tried so that none is lost."""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from bilan.casework import evidence
from bilan.casework.evidence import Claim
from bilan.casework.models import Case, Evidence
from bilan.pack.flows import EvidenceNeed
from bilan.pack.vocab import parameters
from bilan.problems import BilanError, Problem
from bilan.web.areas.cases import exif, words
from bilan.web.areas.cases.gallery import ICONS
from bilan.web.components import numbers
from bilan.web.registry import Request

ACCEPT = {"photo": "image/*", "video": "video/*", "audio": "audio/*", "document": "", "signature": "image/png"}
"""Kind → what the browser offers to choose."""
MOST = 20
"""Files one form may bring."""
_PICTURE = "data:image/png;base64,"
_LARGEST = 1 << 20


def take(request: Request, case: Case, needs: Iterable[EvidenceNeed]) -> tuple[list[int], list[Problem]]:
    """Keep all that came with the form under the names of the needs; gives the numbers of what was kept and what was refused."""
    kept: list[int] = []
    problems: list[Problem] = []
    for need in needs:
        for piece in _pieces(request, case, need, problems):
            kept.append(piece.pk)
    return kept, problems


def free(request: Request, case: Case, kind: str) -> Evidence | None:
    """Keep a file that nothing asked for.

    Raises:
        BilanError: it may not be kept.
    """
    file = request.FILES.get("file")
    if file is None:
        return None
    return _file(request, case, file, kind if kind in ACCEPT else "document", "")


def photo(request: Request, case: Case, name: str, problems: list[Problem]) -> list[int]:
    """Photos that came under a name, kept; what was refused is added to the problems."""
    found = []
    for file in request.FILES.getlist(name)[:MOST]:
        try:
            found.append(_file(request, case, file, "photo", "").pk)
        except BilanError as error:
            problems += error.problems
    return found


def shown(case: Case, needs: Iterable[EvidenceNeed], loose: Iterable[Evidence]) -> list[dict[str, Any]]:
    """What the form asks for, with what lies there already."""
    language = numbers.language()
    pieces = list(loose)
    return [
        {
            "need": need,
            "name": f"evidence.{need.name}",
            "title": need.title.text(language),
            "help": need.help.text(language) if need.help else "",
            "kind": words.EVIDENCE.get(need.kind, need.kind),
            "icon": ICONS.get(need.kind, "file"),
            "accept": ACCEPT.get(need.kind, ""),
            "terms": terms(case, need),
            "when": need.when.text if need.when else "",
            "there": [piece for piece in pieces if piece.requirement == need.name],
        }
        for need in needs
    ]


def terms(case: Case, need: EvidenceNeed) -> str:
    """Where, when and how often evidence must be taken, in a sentence."""
    parts = []
    if need.least:
        parts.append(_("at least %(n)s") % {"n": need.least})
    else:
        parts.append(_("optional"))
    if need.near is not None and case.lon is not None:
        parts.append(_("within %(n)s m of the place") % {"n": f"{need.near:g}"})
    if need.within is not None:
        parts.append(_("not older than %(span)s") % {"span": need.within.text(numbers.language())})
    return (", " if numbers.language() == "en" else "，").join(parts)


def _pieces(request: Request, case: Case, need: EvidenceNeed, problems: list[Problem]) -> Iterable[Evidence]:
    name = f"evidence.{need.name}"
    try:
        if need.kind == "measurement":
            yield from _measured(request, case, need, name)
        elif need.kind == "signature":
            yield from _signed(request, case, need, name)
        for file in request.FILES.getlist(name)[:MOST]:
            yield _file(request, case, file, need.kind, need.name)
    except BilanError as error:
        problems += error.problems


def _file(request: Request, case: Case, file: Any, kind: str, requirement: str) -> Evidence:
    """A file with what it says of itself; the same content sent again with the same form is kept once."""
    said = exif.taken(file) if kind == "photo" else exif.NOTHING
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    form = request.POST.get("key", "")[:16]
    key = f"{form}-{digest[:20]}" if form else ""
    when = said.when if said.when is None or said.when <= timezone.now() else None
    claim = Claim(kind, requirement, key=key, digest=digest, taken=when, lon=said.lon, lat=said.lat, accuracy=said.accuracy)
    return evidence.keep(case, file, file.name or "", claim, request.user)


def _measured(request: Request, case: Case, need: EvidenceNeed, name: str) -> Iterable[Evidence]:
    value, code = request.POST.get(f"{name}.value", "").strip(), request.POST.get(f"{name}.parameter", "").strip()
    if not value:
        return
    try:
        number = float(value.replace(",", ""))
    except ValueError:
        raise BilanError(Problem("evidence.no_number", {"value": value[:40]})) from None
    known = parameters().get(code)
    moment = request.POST.get(f"{name}.moment", "").strip()
    reading = {
        "parameter": code,
        "value": number,
        "unit": request.POST.get(f"{name}.unit", "").strip()[:20] or (known.unit if known else ""),
        "moment": moment[:16],
    }
    yield evidence.measure(case, reading, Claim("measurement", need.name, taken=_moment(moment)), request.user)


def _moment(text: str) -> datetime | None:
    try:
        return timezone.make_aware(datetime.fromisoformat(text)) if text else None
    except ValueError:
        return None


def _signed(request: Request, case: Case, need: EvidenceNeed, name: str) -> Iterable[Evidence]:
    drawn = request.POST.get(f"{name}.drawn", "")
    if not drawn.startswith(_PICTURE) or len(drawn) > 2 * _LARGEST:
        return
    try:
        content = base64.b64decode(drawn.removeprefix(_PICTURE), validate=True)
    except (binascii.Error, ValueError):
        return
    claim = Claim("signature", need.name, digest=hashlib.sha256(content).hexdigest(), taken=timezone.now())
    yield evidence.keep(case, io.BytesIO(content), f"{need.name}.png", claim, request.user)
