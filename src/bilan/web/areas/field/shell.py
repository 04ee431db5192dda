"""The one page of the app, and what a browser needs to install it: manifest and service worker."""

from __future__ import annotations

import json
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from bilan.web.areas.field.rights import HANDLES
from bilan.web.middleware import POLICY
from bilan.web.registry import Request, page, public, section

section("field", gettext_noop("In the field"), icon="map-pins", page="field", order=28, reads=HANDLES)

# The app shows photos, films and recordings that lie on the phone, and asks for camera, microphone and place.
OWN_POLICY = f"{POLICY}; media-src 'self' blob:; manifest-src 'self'"
PERMISSIONS = "camera=(self), microphone=(self), geolocation=(self)"
FIELD = "bilan/field"
FOLDERS = (FIELD, "vendor/messages", "vendor/maplibre", "vendor/idb", "vendor/jsqr", "vendor/signature_pad")
"""Folders below ``static`` of which the app needs every script, style and picture."""
SINGLE = ("i18n.mjs", "dom.mjs", "map.mjs", "drawer.mjs", "registers/expressions.mjs", "icon.svg")
STYLES = ("tokens.css", "elements.css", "frame.css", "components.css")
NEEDED = {".mjs", ".js", ".css", ".png"}
ICONS = (
    "alert-triangle",
    "arrow-back-up",
    "arrow-right",
    "camera",
    "check",
    "chevron-left",
    "circle-check",
    "clock",
    "current-location",
    "device-desktop",
    "file",
    "file-text",
    "inbox",
    "list-check",
    "lock",
    "logout",
    "map-pin",
    "microphone",
    "navigation",
    "paperclip",
    "pencil",
    "photo",
    "refresh",
    "route",
    "ruler-measure",
    "send",
    "signature",
    "trash",
    "user-check",
    "video",
    "wifi-off",
    "x",
)
"""Icons that the scripts show."""


@page("field", name="field", section="field", reads=HANDLES, writes=HANDLES)
def field(request: Request) -> HttpResponse:
    """The app: an empty page that fills itself from what the phone keeps."""
    response = render(request, "field/app.html", {"icons": ICONS, "period": int(settings.LIVE_SECONDS * 1000)})
    response.headers["Content-Security-Policy"] = OWN_POLICY
    response.headers["Permissions-Policy"] = PERMISSIONS
    return response


@public
def worker(_request: HttpRequest) -> HttpResponse:
    """The service worker with the list of what it keeps; it changes whenever a file of the site does."""
    files, version = needed(), settings.STATIC_URL.rstrip("/").rpartition("/")[2]
    head = f"const VERSION = {json.dumps(version)};\nconst FILES = {json.dumps(files)};\nconst PAGE = {json.dumps(reverse('field'))};\n"
    body = (settings.HERE / "static" / FIELD / "worker.js").read_text(encoding="utf-8")
    response = HttpResponse(head + body, content_type="text/javascript; charset=utf-8")
    response.headers["Service-Worker-Allowed"] = reverse("field")
    response.headers["Cache-Control"] = "no-cache"
    return response


@public
def manifest(_request: HttpRequest) -> HttpResponse:
    """What a phone needs to put the app among its own."""
    english = get_language() == "en"
    icons = [
        {"src": static(f"{FIELD}/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for size, purpose in ((192, "any"), (512, "any"), (512, "maskable"))
    ]
    described = {
        "id": reverse("field"),
        "name": _("Bilan in the field"),
        "short_name": "Bilan" if english else "碧蓝外勤",
        "lang": "en" if english else "zh-Hans",
        "start_url": reverse("field"),
        "scope": reverse("field"),
        "display": "standalone",
        "orientation": "portrait",
        "background_color": "#f6f8fa",
        "theme_color": "#0b6bcb",
        "icons": [*icons, {"src": static("bilan/icon.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }
    return JsonResponse(described, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})


@cache
def needed() -> list[str]:
    """Addresses of every file that the app needs without a net."""
    root = settings.HERE / "static"
    names = [f"bilan/{name}" for name in (*SINGLE, *STYLES)]
    for folder in FOLDERS:
        found = (path.relative_to(root).as_posix() for path in sorted((root / folder).rglob("*")) if path.suffix in NEEDED)
        names += [name for name in found if not name.endswith("/worker.js")]
    return [static(name) for name in names]
