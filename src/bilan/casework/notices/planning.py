"""From what happened to alerts to what is told to whom; told once, because the event and its notices change in one transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from bilan.casework.alerting.rows import one_at_a_time
from bilan.casework.models import Alert, AlertEvent, AlertState
from bilan.casework.notices.audience import Audience
from bilan.casework.notices.message import CRITICAL, Message
from bilan.casework.notices.posting import Recipient, is_quiet, post, recipients
from bilan.casework.notices.wording import of_alert
from bilan.pack.rules import Rules, current
from bilan.people.models import Person
from bilan.registers.portions import portions

MOST = 50_000
"""Events dealt with at a time."""
RANK = ("unfolded", "unexplained", "released", "raised", "opened", "reraised", "escalated")
"""Of several things that happened to an alert since it was last told of, the last of these is what is said."""


@dataclass(slots=True)
class _News:
    """What happened to one alert and is not told yet."""

    alert: Alert
    kind: str
    roles: set[str]
    events: list[int]


def plan(now: datetime, rules: Rules | None = None) -> int:
    """Make the notices for everything that happened to alerts and was not told yet.

    Nobody is told what is over, explained, folded or suppressed by now. What happens in the quiet hours of its rule waits until they are
    over, unless it is critical.

    Returns:
        Number of notices made or counted into.
    """
    known = current(settings.CITY.pack) if rules is None else rules
    with transaction.atomic():
        one_at_a_time()
        events = list(AlertEvent.objects.filter(told=False).select_related("alert__acknowledged_by").order_by("pk")[:MOST])
        if not events:
            return 0
        news = [entry for entry in _gathered(events, known) if not _rests(entry.alert, known, now)]
        letters = _letters([entry for entry in news if _worth(entry, now)], now)
        made = post(letters, now)
        for part in portions([number for entry in news for number in entry.events]):
            AlertEvent.objects.filter(pk__in=part).update(told=True)
    return made


def _gathered(events: Iterable[AlertEvent], rules: Rules) -> list[_News]:
    """Everything about one alert together."""
    found: dict[int, _News] = {}
    for event in events:
        entry = found.setdefault(event.alert_id, _News(event.alert, "", set(), []))
        entry.events.append(event.pk)
        if event.kind == "cleared":
            entry.kind, entry.roles = "cleared", set()
            continue
        role = str(event.values.get("role") or "") if event.kind == "escalated" else ""
        spec = rules.get(event.alert.rule)
        entry.roles.add(role or (spec.role if spec else event.alert.role))
        if entry.kind not in RANK or RANK.index(event.kind) >= RANK.index(entry.kind):
            entry.kind = event.kind
    return list(found.values())


def _rests(alert: Alert, rules: Rules, now: datetime) -> bool:
    """Whether the quiet hours of its rule keep an alert back."""
    spec = rules.get(alert.rule)
    if spec is None or spec.quiet is None or alert.level >= CRITICAL or alert.state == AlertState.CLEARED:
        return False
    local = timezone.localtime(now)
    return is_quiet(local.hour * 60 + local.minute, *spec.quiet)


def _worth(entry: _News, now: datetime) -> bool:
    """Whether there is anybody who should hear of it."""
    alert = entry.alert
    if entry.kind == "cleared":
        return alert.acknowledged_by_id is not None
    quiet = alert.suppressed_until is not None and alert.suppressed_until > now
    return alert.state == AlertState.OPEN and alert.folded_id is None and not quiet


def _letters(news: Iterable[_News], now: datetime) -> dict[Recipient, list[Message]]:
    audience = Audience(now)
    by_person: dict[int, list[Message]] = defaultdict(list)
    persons: dict[int, Person] = {}
    messages: list[Message] = []
    for entry in news:
        message = message_about(entry.alert, entry.kind)
        for person in _told(entry, audience):
            persons[person.pk] = person
            by_person[person.pk].append(message)
        if entry.kind != "cleared":
            messages.append(message)
    known = recipients(persons.values())
    letters = {known[number]: found for number, found in by_person.items()}
    for hook in settings.NOTICES.webhooks:
        wanted = [message for message in messages if message.level >= hook.level_from]
        if wanted:
            letters[Recipient(None, hook.name)] = wanted
    return letters


def _told(entry: _News, audience: Audience) -> list[Person]:
    if entry.kind == "cleared":
        person = entry.alert.acknowledged_by
        return [person] if person is not None and person.is_active else []
    found = {person.pk: person for role in sorted(entry.roles) for person in audience.of(entry.alert, role)}
    return list(found.values())


def message_about(alert: Alert, kind: str) -> Message:
    """The message that something happened to an alert."""
    return Message(
        kind=f"alert.{kind}",
        level=alert.level,
        topic=alert.rule,
        link=f"/alerts/{alert.pk}",
        write=partial(of_alert, alert, kind),
        alert=alert.pk,
    )
