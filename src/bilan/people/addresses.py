"""Where a request comes from."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def of(request: HttpRequest | None) -> str:
    """The address of whoever asks: the one the connection comes from, or what our own proxy says when it stands before us.

    Only the last address of ``X-Forwarded-For`` is believed, and only with a proxy (``BILAN_PROXY=1``): a client can write the others.
    """
    if request is None:
        return ""
    told = request.META.get("REMOTE_ADDR", "")
    if getattr(settings, "BEHIND_PROXY", False):
        told = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or told
    try:
        return str(ipaddress.ip_address(told))
    except ValueError:
        return ""
