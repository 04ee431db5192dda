"""The queue of notices: what is due is handed over, the important first; what fails is tried again, later each time."""

from __future__ import annotations

import logging
from collections import defaultdict
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from bilan.casework.models import Notice
from bilan.casework.notices.message import CRITICAL, DIGEST
from bilan.casework.notices.sending import SENDERS, NotSent
from bilan.casework.notices.wording import of_digest

log = logging.getLogger(__name__)

MOST = 200
"""Notices handed over in one go."""
FEW = 3
"""So many that wait for the same person and channel are sent singly; more are sent as one."""
PAUSE_LONGEST = timedelta(hours=1)
AHEAD = timedelta(hours=50)
"""Nothing is put off for longer than this: what is due later was put there by a clock that went wrong."""


def deliver(now: datetime, most: int = MOST) -> int:
    """Hand over what is due.

    A notice is claimed before it is handed over, so that of two processes only one does. When the process ends between handing over and
    noting it, the notice goes out a second time under the same identifier: better twice than never.

    Returns:
        Number of notices handed over.
    """
    _put_back(now)
    _merge(now)
    sent = 0
    away: set[str] = set()
    waiting = _due(now).select_related("person__channels", "alert").order_by("-level", "due", "pk")
    for notice in waiting[:most]:
        if notice.channel not in away and _claimed(notice, now):
            sent += _handed_over(notice, now, away)
    return sent


def pause(attempts: int) -> timedelta:
    """How long to wait after so many attempts."""
    seconds = settings.NOTICES.retry_seconds * 2 ** min(attempts - 1, 12)
    return min(timedelta(seconds=seconds), PAUSE_LONGEST)


def _due(now: datetime) -> QuerySet[Notice]:
    """What waits, is due and was not read meanwhile."""
    return Notice.objects.filter(sent=None, given_up=None, read=None, due__lte=now, channel__in=list(SENDERS))


def _claimed(notice: Notice, now: datetime) -> bool:
    """Take a notice for this process: only one of those who knew the same number of attempts succeeds."""
    attempts = notice.attempts + 1
    mine = Notice.objects.filter(pk=notice.pk, attempts=notice.attempts, sent=None)
    taken = mine.update(attempts=attempts, due=now + pause(attempts))
    notice.attempts = attempts
    return bool(taken)


def _handed_over(notice: Notice, now: datetime, away: set[str]) -> bool:
    mine = Notice.objects.filter(pk=notice.pk)
    try:
        SENDERS[notice.channel](notice)
    except NotSent as error:
        if error.server:
            away.add(notice.channel)
        over = error.lasting or notice.attempts >= settings.NOTICES.attempts
        log.warning("notice %d by %s not sent (attempt %d): %s", notice.pk, notice.channel, notice.attempts, error)
        mine.update(fault=str(error)[:300], given_up=now if over else None)
        return False
    mine.update(sent=now, fault="")
    return True


def _merge(now: datetime) -> None:
    """Put together what waits for the same person and channel, unless it is critical or little."""
    waiting = _due(now).filter(level__lt=CRITICAL, attempts=0, channel__in=["mail", "push"]).exclude(kind=DIGEST)
    with transaction.atomic():
        groups: dict[tuple[int, str], list[Notice]] = defaultdict(list)
        for notice in waiting.select_related("alert", "case").order_by("pk"):
            groups[(notice.person_id, notice.channel)].append(notice)
        for (person, channel), parts in groups.items():
            if len(parts) > FEW:
                _merged(person, channel, parts, now)


def _merged(person: int, channel: str, parts: list[Notice], now: datetime) -> None:
    levels: dict[str, int] = defaultdict(int)
    topics: dict[str, int] = defaultdict(int)
    for part in parts:
        levels[str(part.level)] += 1
        topics[part.alert.rule if part.alert else part.case.flow if part.case else part.kind] += 1
    data = {"levels": dict(levels), "topics": dict(topics)}
    words = of_digest(data).cut()
    digest = Notice.objects.create(
        person_id=person,
        channel=channel,
        kind=DIGEST,
        level=max(part.level for part in parts),
        title_zh=words.title_zh,
        title_en=words.title_en,
        body_zh="\n".join([words.body_zh, "", *(part.title_zh for part in parts)]),
        body_en="\n".join([words.body_en, "", *(part.title_en for part in parts)]),
        link="/notices",
        made=now,
        due=now,
        data=data,
    )
    Notice.objects.filter(pk__in=[part.pk for part in parts]).update(digest=digest, sent=now)


def _put_back(now: datetime) -> None:
    """What a clock that was ahead put into a far future is due now."""
    waiting = Notice.objects.filter(sent=None, given_up=None)
    waiting.filter(Q(due__gt=now + AHEAD) | Q(made__gt=now, due__gt=now)).update(due=now)
