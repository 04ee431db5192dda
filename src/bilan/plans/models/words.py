"""The closed sets of words that plans use."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class PlanState(models.TextChoices):
    """How far a plan document is taken over."""

    READ = "read", _("Read")
    RUNNING = "running", _("Being carried out")
    ENDED = "ended", _("Ended")


class Kind(models.TextChoices):
    """What a commitment asks for."""

    TARGET = "target", _("Target")
    TASK = "task", _("Task")
    PROJECT = "project", _("Project")
    BASELINE_FACT = "baseline_fact", _("Fact of the past")


class Check(models.TextChoices):
    """What a person said about a commitment that was read."""

    OPEN = "open", _("To be confirmed")
    CONFIRMED = "confirmed", _("Confirmed")
    CORRECTED = "corrected", _("Corrected")
    REJECTED = "rejected", _("Rejected")


class Comparator(models.TextChoices):
    """How a value is to be held against the promised one."""

    LEAST = ">=", "≥"
    MOST = "<=", "≤"
    ABOVE = ">", ">"
    BELOW = "<", "<"
    EQUAL = "=", "="
    WORDS = "qualitative", _("By its wording")


class Nature(models.TextChoices):
    """How binding a target is."""

    BINDING = "约束性", _("Binding")
    EXPECTED = "预期性", _("Expected")
    LEADING = "引领性", _("Leading")
    NONE = "", _("Not said")


class FigureState(models.TextChoices):
    """How far a reported figure has come."""

    FILLED = "filled", _("Filled in")
    RETURNED = "returned", _("Returned")
    CHECKED = "checked", _("Checked")
    SIGNED = "signed", _("Signed off")


class Stage(models.TextChoices):
    """How firm the scores of an appraisal are."""

    TRIAL = "trial", _("Simulated")
    PROVISIONAL = "provisional", _("Provisional")
    FINAL = "final", _("Final")
