"""Putting messages into the queue: singly as long as there are few, the important ones always, the rest as one digest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from bilan.casework.models import Channels, Notice, Subscription
from bilan.casework.notices.message import CRITICAL, DIGEST, Message
from bilan.casework.notices.wording import of_digest
from bilan.people.models import Person
from bilan.registers.portions import portions

BATCH = 500
ALERTS = "/alerts"


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person, or another system, that is told.

    Attributes:
        person: None for a system; `hook`: its name.
    """

    person: Person | None
    hook: str = ""
    channels: Channels | None = None
    pushed: bool = False

    @property
    def key(self) -> tuple[int | None, str]:
        """What tells it from others."""
        return (self.person.pk if self.person else None), self.hook

    def wants(self, level: int) -> list[str]:
        """Channels by which it is told of something of a level."""
        if self.person is None:
            return ["hook"]
        found = ["web"]
        preferred = self.channels or Channels()
        if settings.NOTICES.smtp_host and preferred.mail and level >= preferred.mail_from:
            found.append("mail")
        if settings.NOTICES.push and self.pushed and level >= preferred.push_from:
            found.append("push")
        return found

    def due(self, level: int, now: datetime) -> datetime:
        """When it may be told of something of a level: now, unless it is not critical and the person rests or collects."""
        if level >= CRITICAL or self.channels is None:
            return now
        collected = self.channels.digest_minutes * 60
        due = now if not collected else now + timedelta(seconds=collected - now.timestamp() % collected)
        return after_quiet(due, self.channels.quiet_from, self.channels.quiet_to)


def after_quiet(moment: datetime, begin: int, end: int) -> datetime:
    """The moment itself, or the end of the quiet hours it lies in.

    Parameters:
        begin, end: minutes of the day on the wall clock; equal for none.
    """
    local = timezone.localtime(moment)
    minute = local.hour * 60 + local.minute
    if not is_quiet(minute, begin, end):
        return moment
    return moment + timedelta(minutes=(end - minute) % 1440, seconds=-local.second, microseconds=-local.microsecond)


def is_quiet(minute: int, begin: int, end: int) -> bool:
    """Whether a minute of the day lies in quiet hours, which may go past midnight.

    Examples:
        >>> is_quiet(23 * 60, 22 * 60, 6 * 60), is_quiet(12 * 60, 22 * 60, 6 * 60), is_quiet(0, 0, 0)
        (True, False, False)
    """
    return begin <= minute < end if begin <= end else minute >= begin or minute < end


def recipients(persons: Iterable[Person]) -> dict[int, Recipient]:
    """Persons with how they want to be told, by number."""
    found = {person.pk: person for person in persons}
    chosen: dict[int, Channels] = {}
    pushed: set[int] = set()
    for part in portions(sorted(found)):
        chosen |= {channels.person_id: channels for channels in Channels.objects.filter(person__in=part)}
        pushed |= set(Subscription.objects.filter(person__in=part).values_list("person", flat=True))
    return {number: Recipient(person, "", chosen.get(number), number in pushed) for number, person in found.items()}


def post(letters: Mapping[Recipient, Sequence[Message]], now: datetime) -> int:
    """Queue messages, in the transaction that is open or one of its own.

    Parameters:
        letters: recipient → what they are to be told, in any order.

    Returns:
        Number of notices made or counted into.
    """
    with transaction.atomic():
        posting = _Posting(now)
        for recipient, messages in letters.items():
            posting.put(recipient, sorted(messages, key=lambda message: message.weight))
        return posting.write()


class _Posting:
    def __init__(self, now: datetime) -> None:
        self._now = now
        self._since = now - timedelta(minutes=settings.NOTICES.storm_minutes)
        self._made: list[Notice] = []
        self._grown = 0
        counted = (
            Notice.objects.filter(made__gte=self._since, channel__in=["web", "hook"])
            .exclude(kind=DIGEST)
            .values_list("person", "data__hook")
            .annotate(all=Count("pk"), critical=Count("pk", filter=Q(level__gte=CRITICAL)))
        )
        self._recent = {(person, hook or ""): (total, critical) for person, hook, total, critical in counted}

    def put(self, recipient: Recipient, messages: Sequence[Message]) -> None:
        total, critical = self._recent.get(recipient.key, (0, 0))
        rest: list[Message] = []
        for message in messages:
            grave = message.level >= CRITICAL
            if critical >= settings.NOTICES.storm_critical if grave else total >= settings.NOTICES.storm_notices:
                rest.append(message)
                continue
            total, critical = total + 1, critical + grave
            self._made += [self._notice(recipient, channel, message) for channel in recipient.wants(message.level)]
        if rest:
            self._digest(recipient, rest)

    def write(self) -> int:
        for part in portions(self._made, BATCH):
            Notice.objects.bulk_create(part)
        return len(self._made) + self._grown

    def _notice(self, recipient: Recipient, channel: str, message: Message) -> Notice:
        words, told = message.words, channel == "web"
        return Notice(
            person=recipient.person,
            channel=channel,
            kind=message.kind,
            level=message.level,
            title_zh=words.title_zh,
            title_en=words.title_en,
            body_zh=words.body_zh,
            body_en=words.body_en,
            link=message.link,
            alert_id=message.alert,
            case_id=message.case,
            made=self._now,
            due=self._now if told else recipient.due(message.level, self._now),
            sent=self._now if told else None,
            reminds=self._reminds(message) if told else None,
            data={"hook": recipient.hook} if recipient.hook else {},
        )

    def _reminds(self, message: Message) -> datetime | None:
        wanted = settings.NOTICES.remind_times > 0 and message.alert is not None and message.level >= settings.NOTICES.remind_from
        return self._now + timedelta(minutes=settings.NOTICES.remind_minutes) if wanted else None

    def _digest(self, recipient: Recipient, rest: Sequence[Message]) -> None:
        """Count messages into the digest that still waits or is still unread, or begin one."""
        level = max(message.level for message in rest)
        for channel in recipient.wants(level):
            mine = Notice.objects.filter(person=recipient.person, channel=channel, kind=DIGEST, read=None, given_up=None)
            mine = mine.filter(data__hook=recipient.hook) if recipient.hook else mine
            standing = mine.filter(Q(sent=None, attempts=0) if channel != "web" else Q(made__gte=self._since)).order_by("-pk").first()
            data = _counted(standing.data if standing else {"hook": recipient.hook} if recipient.hook else {}, rest)
            words = of_digest(data).cut()
            values = {"title_zh": words.title_zh, "title_en": words.title_en, "body_zh": words.body_zh, "body_en": words.body_en}
            if standing:
                Notice.objects.filter(pk=standing.pk).update(data=data, level=max(level, standing.level), **values)
                self._grown += 1
                continue
            last = mine.filter(sent__gte=self._since).order_by("-sent").first() if channel != "web" else None
            due = last.sent + timedelta(minutes=settings.NOTICES.storm_minutes) if last else self._now
            self._made.append(
                Notice(
                    person=recipient.person,
                    channel=channel,
                    kind=DIGEST,
                    level=level,
                    link=ALERTS,
                    made=self._now,
                    due=self._now if channel == "web" else max(due, recipient.due(level, self._now)),
                    sent=self._now if channel == "web" else None,
                    data=data,
                    **values,
                )
            )


def _counted(data: Mapping[str, Any], messages: Iterable[Message]) -> dict[str, Any]:
    levels = Counter({str(level): count for level, count in data.get("levels", {}).items()})
    topics = Counter(data.get("topics", {}))
    for message in messages:
        levels[str(message.level)] += 1
        topics[message.topic] += 1
    return {**data, "levels": dict(levels), "topics": dict(topics)}
