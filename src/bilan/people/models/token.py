"""Tokens: the secrets that a person's programs use."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bilan.people.models.person import Person


class Token(models.Model):
    """A secret a person's program sends instead of a password; only its digest is kept."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tokens")
    label = models.CharField(_("Label"), max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    created = models.DateTimeField(default=timezone.now)
    used = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.label

    @classmethod
    def issue(cls, person: Person, label: str) -> str:
        """Make a token for `person` and return its secret, which is shown once and never again."""
        secret = secrets.token_urlsafe(32)
        cls.objects.create(person=person, label=label, digest=_digest(secret))
        return secret

    @classmethod
    def owner(cls, secret: str) -> Person | None:
        """Find the active person whose token has this secret, and note that it was used today."""
        token = cls.objects.select_related("person").filter(digest=_digest(secret), person__is_active=True).first()
        if token is None:
            return None
        if token.used is None or timezone.now() - token.used > timedelta(hours=1):
            cls.objects.filter(pk=token.pk).update(used=timezone.now())
        person: Person = token.person
        return person


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
