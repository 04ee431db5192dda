"""Former passwords, so that they do not come back."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from bilan.people.models.person import Person


class FormerPassword(models.Model):
    """The hash of a password that a person has or had."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="former_passwords")
    hash = models.CharField(max_length=128)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-since", "-pk")

    def __str__(self) -> str:
        return f"{self.person} {self.since:%Y-%m-%d}"
