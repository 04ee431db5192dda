"""What every page's frame needs: the city, the sections, the districts, the language, the clock."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from bilan.casework import notices
from bilan.people.roles import Action
from bilan.people.visibility import visible_to
from bilan.telemetry import clock
from bilan.web import site
from bilan.web.components import levels
from bilan.web.registry import page_of, sections


def site_values(request: HttpRequest) -> dict[str, Any]:
    """Values for the frame of a page."""
    scope = visible_to(getattr(request, "user", None))
    page = page_of(request.resolver_match.func) if request.resolver_match else None
    return {
        "city": site.city(),
        "language": "en" if get_language() == "en" else "zh-hans",
        "html_language": "en" if get_language() == "en" else "zh-Hans",
        "languages": settings.LANGUAGES,
        "sections": [entry for entry in sections() if scope.can(entry.reads)],
        "section": page.section if page else "",
        "districts": [district for district in site.districts() if scope.allows_district(district.adcode)],
        "district": getattr(request, "district", ""),
        "wall": request.GET.get("wall") == "1",
        "now": clock.now(site.city().timezone),
        "scope": scope,
        "sees": scope.can(Action.SEE),
        "unread_notices": SimpleLazyObject(lambda: notices.unread(request.user).order_by().count()),
        "live_seconds": settings.LIVE_SECONDS,
        "levels": levels.for_scripts("en" if get_language() == "en" else "zh-hans"),
    }
