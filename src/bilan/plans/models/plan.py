"""Plan documents and the commitments read from them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from bilan.plans.models.words import Check, Comparator, Kind, Nature, PlanState


class Plan(models.Model):
    """One plan document as it was handed in.

    Attributes:
        code: short name in addresses, such as ``quanzhou-14th``.
        begin, end: first and last year of its period; `base_year`: year of its present values.
        issued: date of issue; `number`: number of the document.
        before: the plan that it follows.
        file: name of the kept file in the city's ``files`` folder; `digest`: its SHA-256.
        blocks: the text as the reader took it, a list of ``{"kind", "level", "text", "line", "page", "section"}``; spans count from them.
        problems: what the reader could not use, as told to people.
        version: counts its changes, for those who edit at once.
    """

    code = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300, blank=True)
    begin = models.PositiveSmallIntegerField()
    end = models.PositiveSmallIntegerField()
    base_year = models.PositiveSmallIntegerField(null=True, blank=True)
    issued = models.DateField(null=True, blank=True)
    number = models.CharField(max_length=120, blank=True)
    organisation = models.CharField(max_length=80, blank=True)
    before = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="after")
    state = models.CharField(max_length=10, choices=PlanState.choices, default=PlanState.READ)
    file = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    blocks = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    demo = models.BooleanField(default=False)
    added = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-begin", "code")

    def __str__(self) -> str:
        return self.title


class Commitment(models.Model):
    """One promise of a plan, with the words it was read from.

    Attributes:
        number: its number within the plan, in the order of the text; parts of a split one get the next free numbers.
        section: article or section; `sentence`: its words; `line`: line of the source file; `block`, `begin`, `finish`: the block of the
            plan and the characters within it.
        value, upper: promised number and the upper end of a range; `wording`: what is promised in words, when there is no number.
        baseline_year, baseline: what it is compared with; `deadline`: ``YYYY``, ``YYYY-12`` or ``YYYY-MM``.
        handed_down: whether the province sets the number.
        threshold: limits who has the duty and is no quantity.
        words: name of a field → the words of the text that it was read from; `notes`: such as ``approx``, ``recurring``, ``inherited``.
        as_read: the fields as the reader gave them, kept when a person corrects them.
        owner: department that answers for it; `indicator`: name of the indicator that measures it; `source`: of parts, what was split.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="commitments")
    number = models.PositiveIntegerField()
    section = models.CharField(max_length=200, blank=True)
    sentence = models.TextField()
    line = models.PositiveIntegerField(default=0)
    block = models.PositiveIntegerField(default=0)
    begin = models.PositiveIntegerField(default=0)
    finish = models.PositiveIntegerField(default=0)
    subject = models.CharField(max_length=300, blank=True)
    metric = models.CharField(max_length=300, blank=True)
    comparator = models.CharField(max_length=12, choices=Comparator.choices, blank=True)
    value = models.FloatField(null=True, blank=True)
    upper = models.FloatField(null=True, blank=True)
    wording = models.CharField(max_length=300, blank=True)
    unit = models.CharField(max_length=40, blank=True)
    baseline_year = models.CharField(max_length=40, blank=True)
    baseline = models.FloatField(null=True, blank=True)
    deadline = models.CharField(max_length=10, blank=True)
    nature = models.CharField(max_length=6, choices=Nature.choices, blank=True)
    kind = models.CharField(max_length=14, choices=Kind.choices)
    handed_down = models.BooleanField(default=False)
    threshold = models.BooleanField(default=False)
    words = models.JSONField(default=dict)
    notes = models.JSONField(default=list)
    as_read = models.JSONField(default=dict)
    check_state = models.CharField(max_length=10, choices=Check.choices, default=Check.OPEN)
    checked = models.DateTimeField(null=True, blank=True)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    owner = models.CharField(max_length=120, blank=True)
    indicator = models.CharField(max_length=80, blank=True)
    source = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="parts")
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("plan", "number")
        constraints = (models.UniqueConstraint(fields=("plan", "number"), name="commitment_number"),)
        indexes = (models.Index(fields=("indicator",)),)

    def __str__(self) -> str:
        return f"{self.plan.code}-{self.number} {self.metric}"
