"""What plans are answered with: appraisals and reports."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from bilan.plans.models.words import Stage


class Scoring(models.Model):
    """One run of an appraisal: the score of every district or department, item by item, never changed afterwards.

    Attributes:
        appraisal: name of its declaration; `text`: the declaration as it stood.
        assumed: what a simulation put in place of what was measured: ``{"indicator|district": value}``.
        scores: list of ``{"who", "item", "score", "full", "value", "why", "evidence"}``; `totals`: who → total and rank.
    """

    appraisal = models.CharField(max_length=80)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField(default=1)
    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.PROVISIONAL)
    text = models.TextField(blank=True)
    assumed = models.JSONField(default=dict)
    scores = models.JSONField(default=list)
    totals = models.JSONField(default=dict)
    made = models.DateTimeField(default=timezone.now)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ("appraisal", "-year", "-number")
        constraints = (models.UniqueConstraint(fields=("appraisal", "year", "number"), name="scoring_number"),)

    def __str__(self) -> str:
        return f"{self.appraisal} {self.year}/{self.number}"


class Appeal(models.Model):
    """An objection of a district or department to a score of theirs, and what became of it."""

    scoring = models.ForeignKey(Scoring, on_delete=models.CASCADE, related_name="appeals")
    who = models.CharField(max_length=80)
    item = models.CharField(max_length=80)
    reason = models.TextField()
    asked = models.FloatField(null=True, blank=True)
    evidence = models.JSONField(default=list)
    made = models.DateTimeField(default=timezone.now)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    granted = models.FloatField(null=True, blank=True)
    answer = models.TextField(blank=True)
    answered = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ("-made",)

    def __str__(self) -> str:
        return f"{self.scoring_id} {self.who} {self.item}"


class Report(models.Model):
    """One issue of a report as it was written, with every number in it and where each came from.

    Attributes:
        report: name of its outline; `period`: what it is about; `number`: counts the issues of a period.
        numbers: key → ``{"text", "value", "unit", "link", "query"}``, which a later issue is compared with.
        word, pdf: names of the kept files in the city's ``files`` folder.
    """

    report = models.CharField(max_length=80)
    period = models.CharField(max_length=10)
    number = models.PositiveIntegerField(default=1)
    language = models.CharField(max_length=10, default="zh-hans")
    title = models.CharField(max_length=300)
    numbers = models.JSONField(default=dict)
    word = models.CharField(max_length=200, blank=True)
    pdf = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    published = models.BooleanField(default=False)
    made = models.DateTimeField(default=timezone.now)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ("report", "-period", "-number")
        constraints = (models.UniqueConstraint(fields=("report", "period", "language", "number"), name="report_number"),)

    def __str__(self) -> str:
        return f"{self.report} {self.period}/{self.number}"
