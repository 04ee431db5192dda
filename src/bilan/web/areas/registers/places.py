"""Where an entry is: coordinates in any notation, files of geometries, the place of another entry."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from bilan.pack.registers import Register
from bilan.people.roles import Capability
from bilan.problems import BilanError, Problem
from bilan.registers.ledger import Ledger
from bilan.tabular.places import shapes
from bilan.tabular.places.files import read_features
from bilan.tabular.places.parsing import read_location
from bilan.web.areas.registers.lookup import EDITS
from bilan.web.components import numbers
from bilan.web.registry import Request, page

LARGEST = 30 << 20
LONGEST = 200
MOST = 20
OFFERED = 50


@page("registers/<slug:register>/place", name="register-place", section="registers", reads=EDITS, writes=EDITS)
def place(request: Request, register: str) -> HttpResponse:
    """What was typed as a point, what a file holds as shapes to choose from, or places of entries whose names hold the words."""
    declaration = request.ledger.register(register)
    request.ledger.require(Capability.EDIT, declaration)
    try:
        if request.method == "POST" and "file" in request.FILES:
            return JsonResponse({"shapes": _from_file(declaration, request.FILES["file"])})
        if "coordinates" in request.POST:
            return JsonResponse(_from_text(request.POST["coordinates"]))
    except BilanError as error:
        return JsonResponse({"message": error.text(numbers.language())}, status=400)
    return JsonResponse({"items": _of_entries(request.ledger, request.GET.get("q", ""))})


def _from_text(text: str) -> dict[str, Any]:
    """The point that was written, with what was assumed to read it."""
    found = read_location(text.strip()[:LONGEST])
    if found is None:
        return {"geometry": None, "notes": []}
    if isinstance(found, Problem):
        raise BilanError(found)
    notes = [note.text(numbers.language()) for note in found.notes]
    return {"geometry": {"type": "Point", "coordinates": [round(found.lon, 7), round(found.lat, 7)]}, "notes": notes}


def _from_file(register: Register, file: Any) -> list[dict[str, Any]]:
    """Shapes of a file that the register can take, each under a name of the file's own."""
    if file.size > LARGEST:
        raise BilanError(Problem("attachment.too_large", {"value": f"{file.size >> 20} MB", "allowed": f"{LARGEST >> 20} MB"}))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"shapes{Path(file.name or '').suffix.lower()[:12]}"
        with path.open("wb") as target:
            shutil.copyfileobj(file, target)
        features = read_features(path, name=file.name or "")
    found: list[dict[str, Any]] = []
    refused: list[Problem] = []
    for number, feature in enumerate(features, 1):
        if feature.geometry is None or len(found) >= OFFERED:
            continue
        try:
            geometry = shapes.checked(feature.geometry, register.geometry)
        except BilanError as error:
            refused += error.problems
        else:
            named = next((str(text) for text in feature.attributes.values() if isinstance(text, str) and text.strip()), "")
            found.append({"name": named[:60] or _("shape %(n)d") % {"n": number}, "geometry": geometry})
    if not found:
        raise BilanError(*(refused[:3] or [Problem("shape.no_geometry", {"value": file.name or ""})]))
    return found


def _of_entries(ledger: Ledger, text: str) -> list[dict[str, Any]]:
    """Places of visible entries that the words are found in."""
    language = numbers.language()
    items: list[dict[str, Any]] = []
    for record in ledger.search(text, 3 * MOST):
        if record.lon is not None and record.lat is not None and len(items) < MOST:
            title = ledger.declared.registers[record.register].title.text(language)
            items.append({"code": f"{record.lon:.6f}, {record.lat:.6f}", "text": record.name, "note": f"{title} · {record.code}"})
    return items
