"""A person's own notices: what they were told, whether they read it, and how they want to be told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from bilan.casework.models import Channels, Notice, Subscription
from bilan.people.models import Person

WEB = "web"
MOST_SUBSCRIPTIONS = 20
"""Browsers a person may let us send to; the oldest goes first."""


class Inbox:
    """The notices of one person; nobody reads those of another.

    Args:
        person: whose.
    """

    def __init__(self, person: Person) -> None:
        self.person = person

    def notices(self) -> QuerySet[Notice]:
        """What the person was told on the site, the newest first; parts of a digest stand in the digest."""
        due = Notice.objects.filter(person=self.person, channel=WEB, digest=None, due__lte=timezone.now())
        return due.order_by("-made", "-pk")

    def unread(self) -> int:
        """How many of them were not read yet."""
        return self.notices().filter(read=None).order_by().count()

    def confirm(self, numbers: Iterable[int] | None = None) -> int:
        """Confirm that notices were received; all of them without `numbers`.

        Returns:
            How many were not read before.
        """
        fresh = self.notices().filter(read=None)
        if numbers is not None:
            fresh = fresh.filter(pk__in=list(numbers))
        return fresh.order_by().update(read=timezone.now())

    def channels(self) -> Channels:
        """How the person wants to be told; the usual way until they choose."""
        return Channels.objects.filter(person=self.person).first() or Channels(person=self.person)

    def choose(self, **chosen: Any) -> None:
        """Keep how the person wants to be told: fields of `Channels`."""
        Channels.objects.update_or_create(person=self.person, defaults=chosen)

    def browsers(self) -> int:
        """How many browsers the person lets us send to."""
        return Subscription.objects.filter(person=self.person).count()

    def subscribe(self, endpoint: str, keys: Mapping[str, Any]) -> None:
        """Let us send push messages to a browser."""
        with transaction.atomic():
            Subscription.objects.update_or_create(
                endpoint=endpoint,
                defaults={"person": self.person, "keys": {str(name): str(key) for name, key in keys.items()}, "failed": 0},
            )
            kept = Subscription.objects.filter(person=self.person).order_by("-made", "-pk").values_list("pk", flat=True)
            Subscription.objects.filter(pk__in=list(kept[MOST_SUBSCRIPTIONS:])).delete()

    def unsubscribe(self, endpoint: str = "") -> None:
        """No longer send to a browser, or to any of the person's."""
        found = Subscription.objects.filter(person=self.person)
        (found.filter(endpoint=endpoint) if endpoint else found).delete()
