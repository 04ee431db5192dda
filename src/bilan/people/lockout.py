"""Resting after wrong attempts to log in: by user name and by address, each further one twice as long."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from bilan.pack.security import Security
from bilan.people.models import Lockout

FORGOTTEN = timedelta(days=1)
"""After so long without a wrong attempt the earlier ones no longer count."""


def rest(failures: int, allowed: int, rules: Security) -> timedelta:
    """How long to rest after so many wrong attempts when `allowed` of them cost nothing.

    Examples:
        >>> [rest(failures, 5, Security()).total_seconds() for failures in (4, 5, 6, 7, 40)]
        [0.0, 60.0, 120.0, 240.0, 3600.0]
    """
    beyond = failures - allowed
    return timedelta(seconds=0 if beyond < 0 else min(rules.rest_seconds * 2 ** min(beyond, 30), rules.rest_longest))


def resting(username: str, address: str) -> timedelta:
    """How much longer nothing is tried for this name or from this address; zero when it may be tried now."""
    rows = Lockout.objects.filter(subject__in=_subjects(username, address), until__gt=timezone.now())
    return max((row.until - timezone.now() for row in rows if row.until), default=timedelta())


def failed(username: str, address: str) -> int:
    """Count a wrong attempt; returns how many of the name there are now."""
    count = 0
    for subject in _subjects(username, address):
        allowed = settings.SECURITY.address_attempts if subject.startswith("address:") else settings.SECURITY.attempts
        with transaction.atomic():
            row, _made = Lockout.objects.select_for_update().get_or_create(subject=subject)
            now = timezone.now()
            row.failures = 1 if now - row.last > FORGOTTEN else row.failures + 1
            row.last = now
            pause = rest(row.failures, allowed, settings.SECURITY)
            row.until = now + pause if pause else None
            row.save()
        count = row.failures if subject.startswith("name:") else count
    return count


def succeeded(username: str) -> None:
    """Forget the wrong attempts of a name; those of an address go on counting."""
    Lockout.objects.filter(subject=_name(username)).delete()


unlock = succeeded
"""What a security administrator does for somebody who cannot wait."""


def locked(usernames: list[str]) -> dict[str, timedelta]:
    """Which of these names rest, and how much longer."""
    by_subject = {_name(username): username for username in usernames}
    now = timezone.now()
    rows = Lockout.objects.filter(subject__startswith="name:", until__gt=now)
    return {by_subject[row.subject]: row.until - now for row in rows if row.subject in by_subject and row.until}


def _subjects(username: str, address: str) -> list[str]:
    return [_name(username), *([f"address:{address}"] if address else [])]


def _name(username: str) -> str:
    return f"name:{username[:80]}"
