"""Cases, the steps that move them, and the evidence they rest on."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from bilan.casework.models.levels import CaseState, Level


class FlowVersion(models.Model):
    """A flow as it was declared: a running case stays on the version it began with."""

    flow = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    text = models.TextField()
    since = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.flow} {self.digest[:8]}"


class Case(models.Model):
    """One matter that somebody must bring to an end.

    Attributes:
        code: its number, by the flow's code rule.
        state: name of the state of its flow; `parts`: state of each parallel part, empty when there are none.
        standing: whether it still asks something of somebody.
        subject: ``alert``, ``entry``, ``task`` or ``none``; `register`, `entry`: the entry it is about.
        organisation, place_name: whom it concerns; `published`: from when on the public may see the name.
        owner, role: who must move it; the role while nobody of it has taken the case.
        due: when the present state's term ends; `reminded`: how many reminders went out; `suspended`: since when the clock stands.
        data: what its steps collected.
        round: counts how often it was reopened; separation of duties looks at the present round.
        version: counts its steps; a writer who knows an older one is told.
        seed: order or key of what opened it, so that the same cause opens no second case.
    """

    code = models.CharField(max_length=60, unique=True)
    flow = models.CharField(max_length=80)
    declared = models.ForeignKey(FlowVersion, on_delete=models.PROTECT, related_name="cases")
    title = models.CharField(max_length=300)
    state = models.CharField(max_length=60)
    parts = models.JSONField(default=dict)
    standing = models.CharField(max_length=10, choices=CaseState.choices, default=CaseState.RUNNING)
    level = models.PositiveSmallIntegerField(choices=Level.choices, default=Level.WARNING)
    subject = models.CharField(max_length=10, default="none")
    register = models.CharField(max_length=60, blank=True)
    entry = models.CharField(max_length=80, blank=True)
    place_name = models.CharField(max_length=200, blank=True)
    district = models.CharField(max_length=6, blank=True)
    town = models.CharField(max_length=12, blank=True)
    organisation = models.CharField(max_length=80, blank=True)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="cases")
    helpers = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="helped_cases")
    role = models.CharField(max_length=60, blank=True)
    opened = models.DateTimeField(default=timezone.now)
    changed = models.DateTimeField(default=timezone.now)
    entered = models.DateTimeField(default=timezone.now)
    due = models.DateTimeField(null=True, blank=True)
    suspended = models.DateTimeField(null=True, blank=True)
    closed = models.DateTimeField(null=True, blank=True)
    published = models.DateTimeField(null=True, blank=True)
    reminded = models.PositiveSmallIntegerField(default=0)
    result = models.CharField(max_length=60, blank=True)
    data = models.JSONField(default=dict)
    round = models.PositiveSmallIntegerField(default=1)
    version = models.PositiveIntegerField(default=0)
    seed = models.CharField(max_length=200, blank=True)
    campaign = models.ForeignKey("casework.Campaign", null=True, blank=True, on_delete=models.SET_NULL, related_name="cases")
    related = models.ManyToManyField("self", blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["flow", "seed"], condition=~Q(seed="") & Q(standing__in=["running", "suspended"]), name="case_of_cause"
            ),
        )
        indexes = (
            models.Index(fields=["standing", "due"], name="case_by_due"),
            models.Index(fields=["standing", "flow", "state"], name="case_by_state"),
            models.Index(fields=["standing", "district", "due"], name="case_by_district"),
            models.Index(fields=["owner", "standing", "due"], name="case_by_owner"),
            models.Index(fields=["register", "entry", "-opened"], name="case_by_entry"),
            models.Index(fields=["organisation", "-opened"], name="case_by_organisation"),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Step(models.Model):
    """One signed act on a case: never altered, each carrying the hash of the one before it.

    Attributes:
        number: counts the steps of the case from 1; the case's `version` after it.
        action: ``open``, ``move``, ``comment``, ``assign``, ``transfer``, ``help``, ``suspend``, ``resume``, ``withdraw``, ``reopen``,
            ``escalate``, ``remind``, ``evidence``.
        transition, part: which transition of the flow, in which parallel part.
        before, after: states.
        values: fields filled in; `checklist`: answers; `documents`: what was generated.
        at: when the platform took it; `done`: when the person did it (offline it may be hours before), at `lon`, `lat` ± `accuracy` [m].
        key: given by the sender: the same step sent twice is one step.
        previous, digest: SHA-256 chain over the content.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField()
    action = models.CharField(max_length=12)
    transition = models.CharField(max_length=60, blank=True)
    part = models.CharField(max_length=60, blank=True)
    before = models.CharField(max_length=60, blank=True)
    after = models.CharField(max_length=60, blank=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    author = models.CharField(max_length=80, blank=True)
    role = models.CharField(max_length=60, blank=True)
    note = models.TextField(blank=True)
    values = models.JSONField(default=dict)
    checklist = models.JSONField(default=list)
    round = models.PositiveSmallIntegerField(default=1)
    at = models.DateTimeField(default=timezone.now)
    done = models.DateTimeField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    accuracy = models.FloatField(null=True, blank=True)
    key = models.CharField(max_length=40, blank=True)
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["case", "number"], name="step_number"),
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="step_once"),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.number} {self.action}"


class Evidence(models.Model):
    """One proof: the content lies once under its digest, as attachments of entries do.

    Attributes:
        requirement: name of the evidence that a transition asks for; empty for what was added freely.
        kind: ``photo``, ``video``, ``audio``, ``document``, ``measurement``, ``signature``.
        taken: when, by the device that took it; `received`: when the platform got it.
        lon, lat, accuracy: where [deg], ± [m].
        reading: a measurement: point, parameter, value, unit, moment.
        key: given by the sender: sent twice, kept once.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="evidence")
    step = models.ForeignKey(Step, null=True, blank=True, on_delete=models.PROTECT, related_name="evidence")
    requirement = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=12)
    name = models.CharField(max_length=200)
    mime = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True, db_index=True)
    reading = models.JSONField(default=dict)
    taken = models.DateTimeField(null=True, blank=True)
    received = models.DateTimeField(default=timezone.now)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    accuracy = models.FloatField(null=True, blank=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    author = models.CharField(max_length=80, blank=True)
    key = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="evidence_once"),)

    def __str__(self) -> str:
        return self.name
