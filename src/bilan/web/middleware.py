"""What happens around every request: headers that keep a page to itself, and the gate that knows who is asking."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject

from bilan.casework.docket import Docket
from bilan.pack.basemaps import basemaps
from bilan.people import sessions
from bilan.people.entering import leave
from bilan.people.monitoring import Monitoring
from bilan.people.obligations import due
from bilan.people.roles import Action
from bilan.people.visibility import NotAllowed, NotVisible, Scope, visible_to
from bilan.plans.planbook import Planbook
from bilan.problems import BilanError
from bilan.registers.ledger import Ledger, moment
from bilan.web import errors, programs, site
from bilan.web.characters import keepable
from bilan.web.registry import SAFE, page_of, sections

Respond = Callable[[HttpRequest], HttpResponse]

BACKGROUND = frozenset({"live", "outlines", "notices-count", "field-data"})
"""Pages that scripts ask for by themselves: they do not keep a session from being idle."""

# Libraries set the style attribute of what they draw, so attributes are allowed; style elements and scripts come from us alone.
# Only the hosts of base maps that the city itself declares are added.
ELSEWHERE = "".join(f" {host}" for host in sorted({host for entry in basemaps(settings.CITY.basemaps) for host in entry.hosts}))
POLICY = "; ".join(
    (
        "default-src 'self'",
        "style-src-attr 'unsafe-inline'",
        f"img-src 'self' data: blob:{ELSEWHERE}",
        f"connect-src 'self'{ELSEWHERE}",
        "worker-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)


def headers(respond: Respond) -> Respond:
    """Send the content security policy with everything."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = respond(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        return response

    return answer


class Gate:
    """Lets registered pages be reached by those who may, gives each request its doors to the data, and refuses any other view."""

    def __init__(self, respond: Respond) -> None:
        self._respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.monitoring = SimpleLazyObject(lambda: Monitoring(site.store(), visible_to(request.user)))
        request.ledger = SimpleLazyObject(lambda: Ledger(visible_to(request.user), as_of=moment(request.GET.get("as_of", ""))))
        request.docket = SimpleLazyObject(lambda: Docket(visible_to(request.user), request.user))
        request.planbook = SimpleLazyObject(lambda: Planbook(visible_to(request.user), request.user))
        request.district = ""
        response = self._respond(request)
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "private, no-cache"
        return response

    def process_view(self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        """Decide before the view runs."""
        if _garbled(request):
            return errors.bad_request(request)
        page = page_of(view)
        if page is None:
            if getattr(view, "bilan_public", False) or request.resolver_match.app_name == "ninja":
                return None
            raise ImproperlyConfigured(f"{request.path}: a view must be registered with bilan.web.registry.page or public")
        if page.programs and (owner := programs.owner(request)) is not None:
            request.user = owner
            return None if visible_to(owner).can(page.reads) else errors.forbidden(request)
        scope = visible_to(request.user)
        if not request.user.is_authenticated:
            return programs.ask() if page.programs else _ask_to_log_in(request)
        if sessions.idle(request, counts=page.name not in BACKGROUND):
            leave(request)
            return _ask_to_log_in(request)
        if page.reads is not Action.ENTER and (first := due(request)):
            return redirect(first)
        if not scope.can(page.reads) or (request.method not in SAFE and not scope.can(page.writes)):
            return redirect(_first_page(scope)) if _lands(request, scope) else errors.forbidden(request)
        request.district = _district(request)
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Turn what a person can act on into a page."""
        if isinstance(exception, NotVisible):
            return errors.not_found(request)
        if isinstance(exception, NotAllowed):
            return errors.forbidden(request)
        if isinstance(exception, BilanError):
            return errors.problem(request, exception)
        return None


def _garbled(request: HttpRequest) -> bool:
    """Whether the address or a form holds text that no database keeps."""
    texts = [request.path_info]
    sent = [request.GET] if request.content_type == "application/json" else [request.GET, request.POST]
    for name, values in (pair for form in sent for pair in form.lists()):
        texts += [name, *values]
    return not all(keepable(text) for text in texts)


def _lands(request: HttpRequest, scope: Scope) -> bool:
    """Whether somebody who may use the site comes to its front door."""
    return request.path == "/" and request.method in SAFE and scope.can(Action.ENTER)


def _first_page(scope: Scope) -> str:
    """Where somebody begins who may not see the overview: the first section they may see, else their own account."""
    return next((entry.page for entry in sections() if scope.can(entry.reads)), "account")


def _ask_to_log_in(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request") or request.headers.get("Accept") == "application/json":
        return HttpResponse(status=401)
    return redirect_to_login(request.get_full_path())


def _district(request: HttpRequest) -> str:
    """The district asked for in the address, else the one chosen before; only one the person may see."""
    asked = request.GET.get("district")
    chosen = request.session.get("district", "") if asked is None else asked
    known = {district.adcode for district in site.districts()}
    if chosen not in known or not visible_to(request.user).allows_district(chosen):
        chosen = ""
    if asked is not None and request.session.get("district", "") != chosen:
        request.session["district"] = chosen
    return chosen
