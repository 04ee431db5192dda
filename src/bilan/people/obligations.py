"""What a person must do before anything else: change an old password, set up or give the second factor."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from bilan.people.entering import SSO


def due(request: HttpRequest) -> str:
    """Name of the page where the person does what is due first; empty when nothing is."""
    by_provider = bool(request.session.get(SSO))
    if request.user.password_old and not by_provider:
        return "account"
    if request.user.needs_second_factor and not request.user.is_verified() and not (by_provider and settings.SSO.second_factor):
        return "account-second-factor"
    return ""
