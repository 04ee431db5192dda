"""Targets, the values of indicators, the figures that departments report, and the odds."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from bilan.plans.models.plan import Commitment, Plan
from bilan.plans.models.words import Comparator, FigureState, Nature


class Target(models.Model):
    """What an indicator is to reach, by when, and who answers for it.

    Attributes:
        code: short name, such as ``good-days-2025``; unique.
        indicator: name of the indicator; `district`: administrative code, empty for the whole city.
        year: the year it must be met in; `value`: promised number, empty while the province has not handed it down.
        baseline_year, baseline: where it begins; `path`: year → value on the way; `shares`: district → its own value.
        published: whether the public may see it.
    """

    code = models.SlugField(max_length=80, unique=True)
    plan = models.ForeignKey(Plan, null=True, blank=True, on_delete=models.SET_NULL, related_name="targets")
    commitment = models.ForeignKey(Commitment, null=True, blank=True, on_delete=models.SET_NULL, related_name="targets")
    indicator = models.CharField(max_length=80)
    district = models.CharField(max_length=6, blank=True)
    year = models.PositiveSmallIntegerField()
    comparator = models.CharField(max_length=12, choices=Comparator.choices, default=Comparator.LEAST)
    value = models.FloatField(null=True, blank=True)
    upper = models.FloatField(null=True, blank=True)
    wording = models.CharField(max_length=300, blank=True)
    baseline_year = models.PositiveSmallIntegerField(null=True, blank=True)
    baseline = models.FloatField(null=True, blank=True)
    nature = models.CharField(max_length=6, choices=Nature.choices, blank=True)
    handed_down = models.BooleanField(default=False)
    owner = models.CharField(max_length=120, blank=True)
    path = models.JSONField(default=dict)
    shares = models.JSONField(default=dict)
    published = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("year", "code")
        indexes = (models.Index(fields=("indicator", "district")),)

    def __str__(self) -> str:
        return self.code


class TargetChange(models.Model):
    """One change of a target: what, from what, to what, by which document."""

    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="changes")
    at = models.DateTimeField(default=timezone.now)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    field = models.CharField(max_length=40)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    document = models.CharField(max_length=300, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.target_id} {self.field}"


class IndicatorValue(models.Model):
    """A value of an indicator as it was computed once; never changed, so that what was once reported can be shown again.

    Attributes:
        version: of the indicator's definition; `district`: empty for the whole city; `period`: ``2026``, ``2026-10`` or ``2026-Q3``.
        through: last day that the data reached; a period that is not over is provisional.
        value: empty when the rule on missing data gives none; `why`: which rule, in a code.
        basis: share of what should have been there, 0 to 1; `rows`: rows behind the number.
        inputs: digest of these rows; the same inputs are not kept twice.
    """

    indicator = models.CharField(max_length=80)
    version = models.CharField(max_length=20)
    district = models.CharField(max_length=6, blank=True)
    period = models.CharField(max_length=8)
    through = models.DateField(null=True, blank=True)
    value = models.FloatField(null=True, blank=True)
    why = models.CharField(max_length=60, blank=True)
    basis = models.FloatField(null=True, blank=True)
    rows = models.PositiveIntegerField(default=0)
    inputs = models.CharField(max_length=64, blank=True)
    computed = models.DateTimeField(default=timezone.now)
    latest = models.BooleanField(default=True)

    class Meta:
        ordering = ("indicator", "district", "period", "-computed")
        indexes = (models.Index(fields=("indicator", "district", "period")),)
        constraints = (
            models.UniqueConstraint(
                fields=("indicator", "version", "district", "period"), condition=models.Q(latest=True), name="one_latest_value"
            ),
        )

    def __str__(self) -> str:
        return f"{self.indicator} {self.district} {self.period} {self.value}"


class Figure(models.Model):
    """A figure that a department reports, with its evidence, until it is signed off.

    Attributes:
        series: name of the reported figure, declared in ``pack/indicators/reported.yaml``.
        evidence: list of ``{"name", "file", "digest"}``; `steps`: list of ``{"at", "person", "act", "note"}``.
        replaced: whether a later one took its place; a figure that was signed off stands until its correction is signed off too.
    """

    series = models.CharField(max_length=80)
    district = models.CharField(max_length=6, blank=True)
    period = models.CharField(max_length=8)
    value = models.FloatField()
    note = models.CharField(max_length=400, blank=True)
    organisation = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=10, choices=FigureState.choices, default=FigureState.FILLED)
    evidence = models.JSONField(default=list)
    steps = models.JSONField(default=list)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    checker = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    changed = models.DateTimeField(default=timezone.now)
    replaced = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("series", "district", "period")
        constraints = (
            models.UniqueConstraint(
                fields=("series", "district", "period"),
                condition=models.Q(replaced=False, state=FigureState.SIGNED),
                name="one_signed_figure",
            ),
            models.UniqueConstraint(
                fields=("series", "district", "period"),
                condition=models.Q(replaced=False) & ~models.Q(state=FigureState.SIGNED),
                name="one_open_figure",
            ),
        )

    def __str__(self) -> str:
        return f"{self.series} {self.district} {self.period} {self.value}"


class Odds(models.Model):
    """How a target stood on one day: value, gap and the odds of its being kept.

    Attributes:
        probability: 0 to 1; empty when nothing can be said, then `why` has a code.
        detail: what pages show: needed mean, affordable days, quantiles of the year's end, who and what decides.
    """

    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="odds")
    day = models.DateField()
    value = models.FloatField(null=True, blank=True)
    gap = models.FloatField(null=True, blank=True)
    probability = models.FloatField(null=True, blank=True)
    why = models.CharField(max_length=60, blank=True)
    detail = models.JSONField(default=dict)
    computed = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("target", "-day")
        constraints = (models.UniqueConstraint(fields=("target", "day"), name="odds_of_a_day"),)

    def __str__(self) -> str:
        return f"{self.target_id} {self.day} {self.probability}"
