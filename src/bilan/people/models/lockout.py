"""Wrong attempts to log in, counted by user name and by address."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class Lockout(models.Model):
    """Wrong attempts of one user name or from one address; names nobody has are counted alike, so nobody learns which there are.

    Attributes:
        subject: ``name:…`` or ``address:…``.
        failures: wrong attempts since the last right one.
        last: when the last of them was.
        until: until when nothing is tried at all.
    """

    subject = models.CharField(max_length=120, unique=True)
    failures = models.PositiveIntegerField(default=0)
    last = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.subject
