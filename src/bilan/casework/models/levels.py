"""How grave something is, and where it stands."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.IntegerChoices):
    """Gravity of an alert or a case; the four ranks are told apart by word and shape, never by colour alone."""

    NOTICE = 1, _("Notice")
    WARNING = 2, _("Warning")
    SERIOUS = 3, _("Serious")
    CRITICAL = 4, _("Critical")


class AlertState(models.TextChoices):
    """Where an episode stands."""

    OPEN = "open", _("Ongoing")
    EXPLAINED = "explained", _("Explained")
    CLEARED = "cleared", _("Cleared")


STANDING = (AlertState.OPEN, AlertState.EXPLAINED)
"""States of an episode that is not over."""


class CaseState(models.TextChoices):
    """Whether a case still asks something of somebody; where in its flow it stands is its `state`."""

    RUNNING = "running", _("Running")
    SUSPENDED = "suspended", _("Suspended")
    CLOSED = "closed", _("Case closed")
    CANCELLED = "cancelled", _("Case cancelled")
