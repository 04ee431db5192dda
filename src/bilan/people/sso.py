"""Single sign-on by OpenID Connect (authorization code flow with PKCE), carried out by mozilla-django-oidc under our settings."""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import Any

import jwt
import requests
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, SuspiciousOperation
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from mozilla_django_oidc.auth import OIDCAuthenticationBackend
from mozilla_django_oidc.views import OIDCAuthenticationCallbackView, OIDCAuthenticationRequestView

from bilan.pack.security import Sso
from bilan.people import audit, entering
from bilan.people.models import Person

TIMEOUT = 10
"""So long [s] the provider is waited for."""
DOCUMENT = "/.well-known/openid-configuration"
_DISCOVERED = {
    "OIDC_OP_AUTHORIZATION_ENDPOINT": "authorization_endpoint",
    "OIDC_OP_TOKEN_ENDPOINT": "token_endpoint",
    "OIDC_OP_USER_ENDPOINT": "userinfo_endpoint",
    "OIDC_OP_JWKS_ENDPOINT": "jwks_uri",
}
_ERRORS = (requests.RequestException, jwt.PyJWTError, SuspiciousOperation, ImproperlyConfigured, KeyError, ValueError)
log = logging.getLogger(__name__)


def setting(name: str, *default: Any) -> Any:
    """What mozilla-django-oidc asks for, from the city's settings and from what the provider says of itself."""
    rules: Sso = settings.SSO
    if name in _DISCOVERED:
        return discovered(rules.issuer)[_DISCOVERED[name]]
    known = {
        "OIDC_RP_CLIENT_ID": rules.client_id,
        "OIDC_RP_SIGN_ALGO": rules.algorithm,
        "OIDC_RP_SCOPES": rules.scopes,
        "OIDC_CREATE_USER": rules.create,
        "OIDC_USE_PKCE": True,
        "OIDC_TIMEOUT": TIMEOUT,
        "OIDC_AUTHENTICATION_CALLBACK_URL": "login-sso-back",
        "LOGIN_REDIRECT_URL": settings.LOGIN_REDIRECT_URL,
        "LOGIN_REDIRECT_URL_FAILURE": f"{reverse('login')}?sso=failed",
    }
    if name == "OIDC_RP_CLIENT_SECRET":
        return rules.client_secret(settings.CITY.data)
    if name in known:
        return known[name]
    if default:
        return default[0]
    raise ImproperlyConfigured(name)


@lru_cache(maxsize=4)
def discovered(issuer: str) -> dict[str, Any]:
    """What the provider says of itself; asked for once a process.

    Raises:
        requests.RequestException: it does not answer.
        ImproperlyConfigured: it says that it is somebody else.
    """
    answer = requests.get(issuer.rstrip("/") + DOCUMENT, timeout=TIMEOUT)
    answer.raise_for_status()
    document: dict[str, Any] = answer.json()
    if document.get("issuer", "").rstrip("/") != issuer.rstrip("/"):
        raise ImproperlyConfigured(f"the provider calls itself {document.get('issuer')!r}, not {issuer!r}")
    return document


class SsoBackend(OIDCAuthenticationBackend):
    """Finds the person that the provider vouches for, by user name."""

    get_settings = staticmethod(setting)

    def __init__(self) -> None:
        # Django makes one for every request of somebody who came this way; the provider is asked for nothing until it must be.
        self.UserModel = Person

    def authenticate(self, request: HttpRequest, **values: Any) -> Person | None:
        """The person that the provider vouches for; None unless the browser comes back from it."""
        if "nonce" not in values:
            return None
        super().__init__()
        person: Person | None = super().authenticate(request, **values)
        return person

    def verify_token(self, token: str, **values: Any) -> dict[str, Any]:
        """Claims of a token that the provider signed, for us, that has not expired.

        Raises:
            SuspiciousOperation: it is for somebody else or by somebody else.
        """
        claims: dict[str, Any] = super().verify_token(token, **values)
        audience = claims.get("aud", [])
        if self.OIDC_RP_CLIENT_ID not in ([audience] if isinstance(audience, str) else audience):
            raise SuspiciousOperation("the token is for another client")
        if str(claims.get("iss", "")).rstrip("/") != settings.SSO.issuer.rstrip("/"):
            raise SuspiciousOperation("the token is by another provider")
        return claims

    def verify_claims(self, claims: dict[str, Any]) -> bool:
        """Whether the provider names somebody."""
        return bool(claims.get(settings.SSO.username))

    def filter_users_by_claims(self, claims: dict[str, Any]) -> QuerySet[Person]:
        """The person of that user name."""
        return Person.objects.filter(username=str(claims[settings.SSO.username]), is_active=True)

    def create_user(self, claims: dict[str, Any]) -> Person | None:
        """Make somebody who comes for the first time, when the city wants that; an account that was closed is not opened again."""
        username = str(claims[settings.SSO.username])[:80]
        if Person.objects.filter(username=username).exists():
            return None
        roles, name = list(settings.SSO.roles), str(claims.get(settings.SSO.name, ""))[:80]
        person: Person = Person.objects.create_user(username, None, name=name, roles=roles)
        audit.record("person.add", username, who="", request=self.request, detail={"by": "sso", "roles": roles})
        return person


class Begin(OIDCAuthenticationRequestView):
    """Sends the browser to the provider."""

    get_settings = staticmethod(setting)


class Back(OIDCAuthenticationCallbackView):
    """Takes the browser back from the provider."""

    get_settings = staticmethod(setting)

    def login_success(self) -> HttpResponse:
        """Begin the session of whom the provider vouches for."""
        target = self.success_url
        entering.enter(self.request, self.user, factor="sso")
        self.request.session[entering.SSO] = True
        return redirect(target)

    def login_failure(self) -> HttpResponse:
        """Write it down and go back to the log-in page."""
        audit.record("login.failed", "", request=self.request, detail={"wrong": "sso", "error": self.request.GET.get("error", "")[:80]})
        return redirect(self.failure_url)


def begin(request: HttpRequest) -> HttpResponse:
    """Begin single sign-on."""
    return _through(Begin, request)


def back(request: HttpRequest) -> HttpResponse:
    """End single sign-on."""
    return _through(Back, request)


def _through(view: type[Any], request: HttpRequest) -> HttpResponse:
    """Run a view of the library; a provider that does not answer, or answers what it must not, ends on the log-in page."""
    if not settings.SSO.issuer:
        raise Http404
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    try:
        answer: HttpResponse = view.as_view()(request)
    except _ERRORS as error:
        log.warning("single sign-on failed: %s", error)
        audit.record("login.failed", "", request=request, detail={"wrong": "sso", "error": type(error).__name__})
        return redirect(f"{reverse('login')}?sso=failed")
    return answer
