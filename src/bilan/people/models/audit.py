"""The audit log's entries, each of which carries the hash of the one before."""

from __future__ import annotations

from django.db import models


class AuditEntry(models.Model):
    """One thing that somebody did; written by `bilan.people.audit.record` only, and never changed.

    Attributes:
        number: 1, 2, 3 …
        moment: when, ISO text in UTC, as it was hashed.
        who: user name; empty for the platform itself.
        action: such as ``login`` or ``person.edit``.
        about: what it was done to.
        detail: further facts as JSON text, as it was hashed.
        address: where it came from.
        previous, hash: hash of the entry before, and of this one.
    """

    number = models.BigIntegerField(primary_key=True)
    moment = models.CharField(max_length=32)
    who = models.CharField(max_length=80, blank=True)
    action = models.CharField(max_length=40)
    about = models.CharField(max_length=200, blank=True)
    detail = models.TextField(default="{}")
    address = models.CharField(max_length=45, blank=True)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ("-number",)
        indexes = (
            models.Index(fields=["who", "-number"], name="audit_who"),
            models.Index(fields=["action", "-number"], name="audit_action"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.action}"
