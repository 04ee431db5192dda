"""Programs that open pages made for them: they name a token instead of logging in, and only ever read."""

from __future__ import annotations

import base64

from django.http import HttpRequest, HttpResponse

from bilan.people.models import Person, Token
from bilan.web.registry import SAFE

CHALLENGE = 'Basic realm="Bilan", charset="UTF-8"'


def owner(request: HttpRequest) -> Person | None:
    """The person whose token the request carries, as bearer or as the password of basic authentication (which is what QGIS can send)."""
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    if request.method not in SAFE:
        return None
    if kind.lower() == "bearer":
        return Token.owner(secret.strip())
    if kind.lower() == "basic":
        try:
            _name, _, password = base64.b64decode(secret, validate=True).decode().partition(":")
        except ValueError:
            return None
        return Token.owner(password)
    return None


def ask() -> HttpResponse:
    """Ask a program for its token."""
    return HttpResponse(status=401, headers={"WWW-Authenticate": CHALLENGE})
