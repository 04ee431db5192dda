"""Notices on their way to persons and to other systems, and what came back."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class Notice(models.Model):
    """One thing told to one person (or system) by one channel; it stays until delivered or given up, so that no restart loses it.

    Attributes:
        channel: ``web``, ``mail``, ``push``, ``hook``.
        kind: what happened: ``alert.opened``, ``alert.raised``, ``alert.escalated``, ``case.assigned``, ``case.due``, ``digest`` …
        link: address within the site.
        due: not to be sent before; `sent`: when it was; `read`: when the person opened or confirmed it.
        reminds: when the person is to be reminded of it, and `reminded`: how often they were.
        attempts, fault: how often it was tried, and what went wrong the last time.
        digest: the notice that carries it together with others.
        data: what a digest counts, or which system a webhook is for.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="notices")
    channel = models.CharField(max_length=8)
    kind = models.CharField(max_length=30)
    level = models.PositiveSmallIntegerField(default=2)
    title_zh = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300)
    body_zh = models.TextField(blank=True)
    body_en = models.TextField(blank=True)
    link = models.CharField(max_length=300, blank=True)
    alert = models.ForeignKey("casework.Alert", null=True, blank=True, on_delete=models.CASCADE, related_name="notices")
    case = models.ForeignKey("casework.Case", null=True, blank=True, on_delete=models.CASCADE, related_name="notices")
    made = models.DateTimeField(default=timezone.now)
    due = models.DateTimeField(default=timezone.now)
    sent = models.DateTimeField(null=True, blank=True)
    read = models.DateTimeField(null=True, blank=True)
    reminds = models.DateTimeField(null=True, blank=True)
    reminded = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(max_length=300, blank=True)
    given_up = models.DateTimeField(null=True, blank=True)
    digest = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="parts")
    data = models.JSONField(default=dict)

    class Meta:
        indexes = (
            models.Index(fields=["due"], condition=Q(sent=None, given_up=None), name="notice_queue"),
            models.Index(fields=["reminds"], condition=Q(read=None) & ~Q(reminds=None), name="notice_reminders"),
            models.Index(fields=["person", "channel", "read", "-made"], name="notice_by_person"),
        )

    def __str__(self) -> str:
        return self.title_en


class Subscription(models.Model):
    """A browser that a person let us send push messages to."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="subscriptions")
    endpoint = models.CharField(max_length=600, unique=True)
    keys = models.JSONField(default=dict)
    made = models.DateTimeField(default=timezone.now)
    failed = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.endpoint[:60]


class Channels(models.Model):
    """How a person wants to be told.

    Attributes:
        mail: address; none for no mail.
        mail_from, push_from: level from which there is a mail, or a push message to the person's browsers; 5 for never.
        digest_minutes: what is not critical is collected for this long and sent together; 0 for at once.
        quiet_from, quiet_to: minutes of the day between which only what is critical is sent; equal for never.
    """

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="channels")
    mail = models.EmailField(blank=True)
    mail_from = models.PositiveSmallIntegerField(default=3)
    push_from = models.PositiveSmallIntegerField(default=2)
    digest_minutes = models.PositiveSmallIntegerField(default=0)
    quiet_from = models.PositiveSmallIntegerField(default=0)
    quiet_to = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.person)
