"""Alerts and what happened to them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from bilan.casework.models.levels import AlertState, Level


class Alert(models.Model):
    """An episode in which one rule held for one source: one row while it is open, however often it is evaluated.

    Attributes:
        rule: name of the rule; `source`: what it watches, a text unique within the rule (``A1|w01018``, ``outlet|E0001-DW001``).
        subject: kind of source: ``series``, ``verdicts``, ``devices``, ``entries``, ``terms``, ``indicators``, ``forecasts``.
        point, parameter, network, register, code: what it is about, as far as it has one; `name`, `name_en`: what that is called.
        district, town, organisation: whose it is; who may see it goes by these.
        level: now; `peak`: the highest it reached.
        opened: moment it was noticed; `began`, `moment`: wall time of the first and the newest data that show it [s of the city's clock].
        values: numbers of the newest evaluation, for its sentence; `proof`: series, begin, end and marks of the chart that shows why.
        cause: what alerts of one origin share; `folded`: the alert it is folded into.
        before: the episode it raises again.
        acknowledged, suppressed_until: who took note of it, and until when nobody is told about it, with `reason`.
        escalated: how many steps of the rule's escalation are done; the next is due at `escalates`.
        case: the case it led to.
        touched: counts changes, for pages that refresh.
    """

    rule = models.CharField(max_length=80)
    source = models.CharField(max_length=200)
    subject = models.CharField(max_length=12)
    point = models.CharField(max_length=80, blank=True)
    parameter = models.CharField(max_length=40, blank=True)
    network = models.CharField(max_length=40, blank=True)
    register = models.CharField(max_length=60, blank=True)
    code = models.CharField(max_length=80, blank=True)
    name = models.CharField(max_length=200, blank=True)
    name_en = models.CharField(max_length=200, blank=True)
    district = models.CharField(max_length=6, blank=True)
    town = models.CharField(max_length=12, blank=True)
    organisation = models.CharField(max_length=80, blank=True)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=AlertState.choices, default=AlertState.OPEN)
    level = models.PositiveSmallIntegerField(choices=Level.choices, default=Level.WARNING)
    peak = models.PositiveSmallIntegerField(choices=Level.choices, default=Level.WARNING)
    opened = models.DateTimeField(default=timezone.now)
    changed = models.DateTimeField(default=timezone.now)
    cleared = models.DateTimeField(null=True, blank=True)
    began = models.BigIntegerField(default=0)
    moment = models.BigIntegerField(default=0)
    evaluations = models.PositiveIntegerField(default=1)
    values = models.JSONField(default=dict)
    proof = models.JSONField(default=dict)
    role = models.CharField(max_length=60, blank=True)
    flow = models.CharField(max_length=80, blank=True)
    cause = models.CharField(max_length=200, blank=True)
    folded = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="beneath")
    before = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="after")
    acknowledged = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    suppressed_until = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=400, blank=True)
    window = models.ForeignKey("casework.Window", null=True, blank=True, on_delete=models.SET_NULL, related_name="alerts")
    escalated = models.PositiveSmallIntegerField(default=0)
    escalates = models.DateTimeField(null=True, blank=True)
    case = models.ForeignKey("casework.Case", null=True, blank=True, on_delete=models.SET_NULL, related_name="alerts")
    touched = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["rule", "source"], condition=~Q(state="cleared"), name="alert_episode"),)
        indexes = (
            models.Index(fields=["state", "-level", "-opened"], name="alert_by_level"),
            models.Index(fields=["state", "district", "-level"], name="alert_by_district"),
            models.Index(fields=["rule", "source", "-opened"], name="alert_by_source"),
            models.Index(fields=["point", "-opened"], name="alert_by_point"),
            models.Index(fields=["register", "code", "-opened"], name="alert_by_entry"),
            models.Index(fields=["escalates"], name="alert_by_escalation"),
            models.Index(fields=["cause", "state"], name="alert_by_cause"),
        )

    def __str__(self) -> str:
        return f"{self.rule} {self.source}"


class AlertEvent(models.Model):
    """One thing that happened to an alert; only ever added.

    Attributes:
        kind: ``opened``, ``raised``, ``lowered``, ``acknowledged``, ``suppressed``, ``released``, ``explained``, ``escalated``,
            ``cleared``, ``reraised``, ``noted``, ``folded``, ``unfolded``, ``unexplained``, ``case``.
        told: whether those concerned have been told about it, or need not be.
    """

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(max_length=12)
    level = models.PositiveSmallIntegerField(choices=Level.choices, default=Level.WARNING)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    author = models.CharField(max_length=80, blank=True)
    text = models.CharField(max_length=1000, blank=True)
    values = models.JSONField(default=dict)
    told = models.BooleanField(default=True)

    class Meta:
        indexes = (
            models.Index(fields=["alert", "at"], name="alert_events"),
            models.Index(fields=["id"], condition=Q(told=False), name="alert_events_untold"),
        )

    def __str__(self) -> str:
        return f"{self.alert_id} {self.kind}"
