"""Content of evidence: only to who may see its case, and never as something that runs in the browser."""

from __future__ import annotations

from django.http import FileResponse, HttpResponse

from bilan.people.visibility import NotVisible
from bilan.registers import attachments
from bilan.web.areas.cases.frame import HANDLES, SECTION, SEES
from bilan.web.registry import Request, page

SHOWN = frozenset({"application/pdf", "image/png", "image/jpeg", "image/webp", "image/gif"})
"""Kinds that may be shown in the browser; moving pictures and sound play there too, all others are only handed over as files."""
PLAYED = ("video/", "audio/")


@page("cases/evidence/<int:number>", name="case-evidence", section=SECTION, reads=SEES, writes=HANDLES)
def evidence(request: Request, number: int) -> HttpResponse:
    """A piece of evidence; small with ``small=1``, in the browser with ``show=1`` where that is safe."""
    found = request.docket.proof(number)
    small = bool(request.GET.get("small"))
    path = attachments.thumbnail_of(found.digest) if small else attachments.path_of(found.digest)
    if not found.digest or not path.is_file():
        raise NotVisible(number)
    mime = "image/webp" if small else found.mime
    shown = small or (bool(request.GET.get("show")) and (mime in SHOWN or mime.startswith(PLAYED)))
    response = FileResponse(path.open("rb"), as_attachment=not shown, filename=found.name, content_type=mime)
    response["X-Content-Type-Options"] = "nosniff"
    own = "object-src 'self'" if mime == "application/pdf" else "sandbox"
    response["Content-Security-Policy"] = f"default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; {own}"
    response["Cache-Control"] = "private, max-age=3600"
    response["ETag"] = f'"{found.digest[:32]}{"s" if small else ""}"'
    return response
