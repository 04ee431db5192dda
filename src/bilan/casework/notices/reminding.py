"""Reminding people of what they have not read while nobody has taken note of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from bilan.casework.alerting.rows import one_at_a_time, update
from bilan.casework.models import AlertState, Notice
from bilan.casework.notices.posting import Recipient, recipients
from bilan.casework.notices.wording import of_alert

MOST = 1000
KIND = "alert.reminder"


def remind(now: datetime) -> int:
    """Remind everybody who is due, by mail and push as they wish; the pause doubles each time.

    Returns:
        Number of notices reminded of.
    """
    with transaction.atomic():
        one_at_a_time()
        _put_back(now)
        found = Notice.objects.filter(reminds__lte=now, read=None).select_related("person", "alert")
        due = list(found.order_by("-level", "pk")[:MOST])
        wanted = {notice.pk for notice in due if _open(notice, now)}
        known = recipients(notice.person for notice in due if notice.pk in wanted)
        made: list[Notice] = []
        for notice in due:
            again = False
            if notice.pk in wanted:
                made += _reminders(notice, known[notice.person_id], now)
                notice.reminded += 1
                again = notice.reminded < settings.NOTICES.remind_times
            notice.reminds = now + _pause(notice.reminded) if again else None
        update(due, ("reminds", "reminded"))
        Notice.objects.bulk_create(made)
    return len(wanted)


def _open(notice: Notice, now: datetime) -> bool:
    """Whether what a notice is about still waits for somebody."""
    alert = notice.alert
    if alert is None or alert.acknowledged is not None or alert.state != AlertState.OPEN or alert.folded_id is not None:
        return False
    return bool(notice.person.is_active and (alert.suppressed_until is None or alert.suppressed_until <= now))


def _reminders(notice: Notice, recipient: Recipient, now: datetime) -> list[Notice]:
    words = of_alert(notice.alert, "reminder").cut()
    level = notice.alert.level
    return [
        Notice(
            person=notice.person,
            channel=channel,
            kind=KIND,
            level=level,
            title_zh=words.title_zh,
            title_en=words.title_en,
            body_zh=words.body_zh,
            body_en=words.body_en,
            link=notice.link,
            alert=notice.alert,
            made=now,
            due=recipient.due(level, now),
        )
        for channel in recipient.wants(level)
        if channel != "web"
    ]


def _pause(reminded: int) -> timedelta:
    return timedelta(minutes=settings.NOTICES.remind_minutes) * 2**reminded


def _put_back(now: datetime) -> None:
    """What was made by a clock that was ahead is due after the usual time from now."""
    Notice.objects.filter(read=None, reminds__gt=now, made__gt=now).update(made=now, reminds=now + _pause(0))
