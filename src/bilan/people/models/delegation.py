"""Delegations: roles that one person lends to another for a time."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bilan.people.models.person import Person


class Delegation(models.Model):
    """Roles lent by `giver` to `receiver`; the receiver uses them within the giver's districts and organisation.

    It begins and ends by itself; roles that the giver loses meanwhile, and all of them when the giver leaves, are lost to the receiver
    too. What was received is not passed on.

    Attributes:
        revoked: when it was ended before its time.
        made_by: user name of whoever wrote it.
    """

    giver = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="given", verbose_name=_("Lent by"))
    receiver = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="received", verbose_name=_("Lent to"))
    roles = models.JSONField(_("Roles"), default=list)
    begins = models.DateTimeField(_("Begins"), default=timezone.now)
    ends = models.DateTimeField(_("Ends"))
    reason = models.CharField(_("Reason"), max_length=200)
    made = models.DateTimeField(default=timezone.now)
    made_by = models.CharField(max_length=80, blank=True)
    revoked = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(ends__gt=models.F("begins")), name="delegation_ends_after_it_begins"),)
        ordering = ("-begins",)

    def __str__(self) -> str:
        return f"{self.giver} → {self.receiver}"

    @classmethod
    def active(cls, receiver: Person, moment: datetime | None = None) -> QuerySet[Delegation]:
        """Delegations that lend something to `receiver` at a moment, now by default."""
        now = moment or timezone.now()
        return cls.objects.filter(receiver=receiver, begins__lte=now, ends__gt=now, revoked=None, giver__is_active=True).select_related(
            "giver"
        )

    @property
    def lent(self) -> list[str]:
        """The roles that the giver still has."""
        return [code for code in self.roles if code in self.giver.roles]

    @property
    def state(self) -> str:
        """``waiting``, ``active``, ``ended`` or ``revoked``."""
        if self.revoked is not None:
            return "revoked"
        now = timezone.now()
        return "waiting" if now < self.begins else "active" if now < self.ends else "ended"
