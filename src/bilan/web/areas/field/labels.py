"""QR codes of entries: the address a label carries, and the label to be printed."""

from __future__ import annotations

import segno
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from bilan.people.roles import Capability
from bilan.web.areas.field.rights import SEES_ENTRIES
from bilan.web.components import numbers
from bilan.web.registry import Request, page


@page("scan/<str:register>/<str:code>", name="scan", section="registers", reads=SEES_ENTRIES)
def scan(request: Request, register: str, code: str) -> HttpResponse:
    """Where a label leads: to the dossier of its entry, for whoever has logged in and may see it."""
    record = request.ledger.entry(register, code)
    return redirect("dossier", register, record.code)


@page("registers/<slug:register>/entries/<str:code>/label", name="entry-label", section="registers", reads=SEES_ENTRIES)
def label(request: Request, register: str, code: str) -> HttpResponse:
    """A label for an entry, to be printed and put up at the place."""
    declared = request.ledger.register(register)
    request.ledger.require(Capability.SEE, declared)
    record = request.ledger.entry(register, code)
    address = request.build_absolute_uri(reverse("scan", args=[register, record.code]))
    values = {
        "register": declared,
        "record": record,
        "title": record.name or record.code,
        "singular": declared.singular.text(numbers.language()),
        "address": address,
        "picture": drawn(address),
        "sizes": (("small", "50 × 30 mm"), ("large", "90 × 60 mm")),
    }
    return render(request, "field/label.html", values)


def drawn(text: str) -> SafeString:
    """A text as a QR code in SVG, readable with a quarter of it scratched off.

    Examples:
        >>> drawn("https://example.org/scan/outlet/A1").startswith("<svg")
        True
    """
    made = segno.make(text, error="q", micro=False)
    return mark_safe(made.svg_inline(scale=4, border=2, dark="#16242f", svgclass="qr", lineclass="", omitsize=True))
