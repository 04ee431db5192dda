"""A person's own notices: what is unread, what was read, how they want to be told; and telling of what is no alert."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from bilan.casework.models import Case, Channels, Notice, Subscription
from bilan.casework.notices.message import Message, Words
from bilan.casework.notices.posting import post, recipients
from bilan.people.models import Person
from bilan.problems import BilanError, Problem

MOST_BROWSERS = 10
"""Browsers of one person that are told; the oldest give way."""


def inbox(person: Person) -> QuerySet[Notice]:
    """The notices of a person as the site shows them, newest first."""
    return Notice.objects.filter(person=person, channel="web").order_by("-made", "-pk")


def unread(person: Person) -> QuerySet[Notice]:
    """Those that the person has not read."""
    return inbox(person).filter(read=None)


def read(person: Person, numbers: Iterable[int] | None = None, *, alert: int | None = None, now: datetime | None = None) -> int:
    """Note that a person has read notices; what still waits to be sent about the same alerts needs not be.

    Parameters:
        numbers: of the notices; None for all of them.
        alert: only those about this alert.

    Returns:
        How many were unread before.
    """
    at = now or timezone.now()
    found = unread(person)
    if numbers is not None:
        found = found.filter(pk__in=list(numbers)[:500])
    if alert is not None:
        found = found.filter(alert=alert)
    alerts = list(found.exclude(alert=None).values_list("alert", flat=True)[:500])
    Notice.objects.filter(person=person, channel__in=["mail", "push"], alert__in=alerts, sent=None, read=None).update(read=at)
    return int(found.update(read=at))


def preferences(person: Person) -> Channels:
    """How a person wants to be told; the usual when they never said."""
    return Channels.objects.filter(person=person).first() or Channels(person=person)


def prefer(person: Person, **chosen: Any) -> None:
    """Keep how a person wants to be told: fields of `Channels`."""
    Channels.objects.update_or_create(person=person, defaults=chosen)


def subscribe(person: Person, endpoint: str, keys: Mapping[str, Any]) -> Subscription:
    """Let push messages go to a browser of a person.

    Parameters:
        endpoint, keys: as the browser's `PushSubscription` gives them; keys ``p256dh`` and ``auth``.

    Raises:
        BilanError: it is no subscription, or of no push service that the city allows: the platform sends to nobody else's machines.
    """
    wanted = {name: str(keys.get(name) or "") for name in ("p256dh", "auth")}
    if not _served(endpoint) or len(endpoint) > 600 or not all(0 < len(value) <= 200 for value in wanted.values()):
        raise BilanError(Problem("notices.no_subscription", {"value": endpoint[:80]}))
    made, _ = Subscription.objects.update_or_create(endpoint=endpoint, defaults={"person": person, "keys": wanted, "failed": 0})
    kept = Subscription.objects.filter(person=person).order_by("-made", "-pk").values_list("pk", flat=True)[:MOST_BROWSERS]
    Subscription.objects.filter(person=person).exclude(pk__in=list(kept)).delete()
    return made


def unsubscribe(person: Person, endpoint: str) -> int:
    """Send no more push messages to a browser of a person; gives how many subscriptions that ended."""
    deleted, _ = Subscription.objects.filter(person=person, endpoint=endpoint).delete()
    return int(deleted)


def tell(
    persons: Iterable[Person],
    kind: str,
    words: Words,
    *,
    level: int = 2,
    link: str = "",
    case: Case | None = None,
    now: datetime | None = None,
) -> int:
    """Tell persons of something that is no alert, by the channels they wish, within the same limits.

    Parameters:
        kind: such as ``case.assigned`` or ``case.due``.

    Returns:
        Number of notices made or counted into.
    """
    address = link or (f"/cases/{case.code}" if case else "/notices")
    message = Message(kind, level, case.flow if case else kind, address, lambda: words, case=case.pk if case else None)
    active = [person for person in persons if person.is_active]
    return post({recipient: [message] for recipient in recipients(active).values()}, now or timezone.now())


def _served(endpoint: str) -> bool:
    """Whether an address is one of the push services the city allows."""
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    known = settings.NOTICES.push_services
    return parts.scheme == "https" and port in {None, 443} and any(host == name or host.endswith(f".{name}") for name in known)
