"""Declared windows: stops, maintenance, calibration and start-ups that explain what would otherwise be an alert."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class WindowKind(models.TextChoices):
    """Why readings are out of the ordinary for a while."""

    STOP = "stop", _("Stop of production")
    MAINTENANCE = "maintenance", _("Maintenance")
    CALIBRATION = "calibration", _("Calibration")
    STARTUP = "startup", _("Start-up")
    SHUTDOWN = "shutdown", _("Shut-down")
    FAULT = "fault", _("Fault of the instrument")
    TRIAL = "trial", _("Trial run")


class Window(models.Model):
    """A time in which a point, or all points of an organisation, are declared to be out of the ordinary.

    Attributes:
        begin, end: wall time [s of the city's clock], begin ≤ time < end.
        point: code of a monitoring point; empty for all of the organisation.
        declared: when it was declared; what is declared long after its beginning deserves a look.
        accepted: by the bureau; only accepted windows explain where the rule asks for it.
    """

    kind = models.CharField(max_length=12, choices=WindowKind.choices)
    point = models.CharField(max_length=80, blank=True)
    organisation = models.CharField(max_length=80, blank=True)
    district = models.CharField(max_length=6, blank=True)
    begin = models.BigIntegerField()
    end = models.BigIntegerField()
    note = models.CharField(max_length=400, blank=True)
    declared = models.DateTimeField(default=timezone.now)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    accepted = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    withdrawn = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["point", "begin", "end"], name="window_by_point"),
            models.Index(fields=["organisation", "begin", "end"], name="window_by_organisation"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.point or self.organisation}"
