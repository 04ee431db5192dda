"""Pages for what went wrong: said in the reader's language, with a way on."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bilan.problems import BilanError
from bilan.telemetry.store import StoreUnavailable


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """The address leads nowhere the reader may go."""
    return _page(request, 404, _("Nothing is here"), _("The address is wrong, or what it shows lies outside your districts."))


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """The reader may not do this."""
    return _page(request, 403, _("You may not do this"), _("Your role does not allow it. An administrator can change your role."))


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form came from another site or is too old."""
    return _page(request, 403, _("This form is no longer valid"), _("Go back, load the page again and send the form once more."))


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """The request cannot be read."""
    return _page(request, 400, _("This request cannot be read"), _("Go back and try again from the page you came from."))


def problem(request: HttpRequest, error: BilanError) -> HttpResponse:
    """A person can act on it: say what, where and what is allowed; 503 where the store cannot be used now."""
    status = 503 if isinstance(error, StoreUnavailable) else 400
    return _page(request, status, _("This cannot be done"), error.text("en" if get_language() == "en" else "zh-hans"))


def server_error(request: HttpRequest) -> HttpResponse:
    """Something broke on our side; the page needs neither database nor session."""
    return HttpResponse(render_to_string("errors/500.html"), status=500)


def _page(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        # Programs are told in the same form as by the interface itself.
        return JsonResponse({"code": f"http.{status}", "message": f"{title} · {text}", "problems": []}, status=status)
    template = "errors/part.html" if request.headers.get("HX-Request") else "errors/page.html"
    return render(request, template, {"title": title, "text": text, "status": status}, status=status)
