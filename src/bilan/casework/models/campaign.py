"""Many cases at once: campaigns over a target list, and reproducible drawings of whom to inspect."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class Campaign(models.Model):
    """A target list × a checklist × stages: one case a target.

    Attributes:
        flow: the flow its cases run; `checklist`: the list of questions asked at each target.
        register, query: where the targets come from, as a list's address writes its filters.
        begin, end: days between which it runs.
    """

    name = models.CharField(max_length=200)
    flow = models.CharField(max_length=80)
    checklist = models.CharField(max_length=80, blank=True)
    register = models.CharField(max_length=60, blank=True)
    query = models.CharField(max_length=2000, blank=True)
    begin = models.DateField()
    end = models.DateField()
    districts = models.JSONField(default=list)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    made = models.DateTimeField(default=timezone.now)
    closed = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=1000, blank=True)

    def __str__(self) -> str:
        return self.name


class Drawing(models.Model):
    """A random draw of targets and inspectors that anybody can repeat from its seed and its pools.

    Attributes:
        seed: text the draw begins with, published beforehand.
        targets, inspectors: the pools, in order; `pool`: SHA-256 over both.
        share: of the targets drawn, by class of target.
        drawn: pairs of target and inspectors.
    """

    name = models.CharField(max_length=200)
    seed = models.CharField(max_length=120)
    method = models.CharField(max_length=40, default="sha256-rank-1")
    register = models.CharField(max_length=60)
    query = models.CharField(max_length=2000, blank=True)
    targets = models.JSONField(default=list)
    inspectors = models.JSONField(default=list)
    pool = models.CharField(max_length=64)
    share = models.JSONField(default=dict)
    drawn = models.JSONField(default=list)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    made = models.DateTimeField(default=timezone.now)
    campaign = models.ForeignKey(Campaign, null=True, blank=True, on_delete=models.SET_NULL, related_name="drawings")

    def __str__(self) -> str:
        return self.name
