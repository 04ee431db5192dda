"""Addresses of the site: what the areas registered, the API, and the few that anybody may call."""

from __future__ import annotations

import importlib
import pkgutil

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path

from bilan.people import sso
from bilan.people import views as people
from bilan.web import areas
from bilan.web.api import api
from bilan.web.areas.decisions.views import published
from bilan.web.areas.field import shell
from bilan.web.areas.scorecard import publicpage
from bilan.web.language import choose_language
from bilan.web.registry import patterns, public

for module in pkgutil.iter_modules(areas.__path__):
    if module.name != "gallery" or settings.GALLERY:
        importlib.import_module(f"{areas.__name__}.{module.name}.views")


@public
def alive(_request: HttpRequest) -> HttpResponse:
    """Say that the site answers."""
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [
    re_path(r"^login/?$", public(people.log_in), name="login"),
    path("login/code", public(people.log_in_code), name="login-code"),
    path("login/sso", public(sso.begin), name="login-sso"),
    path("login/sso/back", public(sso.back), name="login-sso-back"),
    path("logout", public(people.log_out), name="logout"),
    path("language", public(choose_language), name="language"),
    path("healthz", alive, name="alive"),
    path("field/worker.js", shell.worker, name="field-worker"),
    path("field/manifest.webmanifest", shell.manifest, name="field-manifest"),
    path("public/decisions", published, name="published"),
    path("public/scorecard", publicpage.published, name="public-scorecard"),
    path("api/", api.urls),
    *patterns(),
]

handler400 = "bilan.web.errors.bad_request"
handler403 = "bilan.web.errors.forbidden"
handler404 = "bilan.web.errors.not_found"
handler500 = "bilan.web.errors.server_error"
