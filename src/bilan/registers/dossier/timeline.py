"""What happened to an entry: revisions, links, yearly lists, and the dates between which the thing itself is in being."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from bilan.pack.registers import Bilingual, Register
from bilan.registers.differences import changed
from bilan.registers.dossier.model import Event
from bilan.registers.ledger import Ledger, Record
from bilan.registers.models import Link, ListMember, Revision
from bilan.registers.saying import Speaker

MOST = 40
NAMED = 6
ACTIONS = {
    "create": Bilingual("建档", "Entered"),
    "update": Bilingual("修改", "Changed"),
    "archive": Bilingual("归档", "Archived"),
    "restore": Bilingual("恢复", "Restored"),
    "merge": Bilingual("合并", "Merged"),
    "undo": Bilingual("撤销", "Undone"),
}
"""What a revision is called."""
TONES = {"create": "ok", "archive": "risk", "restore": "ok", "merge": "info", "undo": "risk"}
_LINKED, _UNLINKED = Bilingual("关联", "Linked"), Bilingual("解除关联", "No longer linked")
_FROM, _TO = Bilingual("起始", "In being from this day"), Bilingual("终止", "In being until this day")
_MOVEMENTS = {
    "entered": Bilingual("列入名录", "Entered a yearly list"),
    "kept": Bilingual("保留在名录", "Kept on a yearly list"),
    "left": Bilingual("移出名录", "Left a yearly list"),
}


def events(ledger: Ledger, speaker: Speaker, register: Register, record: Record) -> list[Event]:
    """Events, newest first."""
    found = [
        *_revisions(speaker, register, ledger.history(record)),
        *_links(ledger, speaker, record),
        *_lists(ledger, speaker, record),
        *_validity(speaker, record),
    ]
    return sorted(found, key=_when, reverse=True)[:MOST]


def _when(event: Event) -> datetime:
    if isinstance(event.when, datetime):
        return event.when
    return timezone.make_aware(datetime(event.when.year, event.when.month, event.when.day))


def _revisions(speaker: Speaker, register: Register, history: Sequence[Revision]) -> list[Event]:
    found = []
    before = {revision.version: revision for revision in history}
    for revision in history[:MOST]:
        earlier = before.get(revision.version - 1)
        names = changed(register, earlier, revision) if earlier else []
        titles = [speaker.title(register, name) for name in names[:NAMED]]
        details = [", ".join(titles) + (" …" if len(names) > NAMED else "")] if titles else []
        change = revision.change
        details += [" · ".join(filter(None, (change.author, change.reason, change.file)))]
        title = speaker.words(ACTIONS.get(revision.action, Bilingual(revision.action)))
        tone = TONES.get(revision.action, "quiet")
        found.append(Event(revision.since, title, "revision", [*filter(None, details)], tone, change.pk, revision.version))
    return found


def _links(ledger: Ledger, speaker: Speaker, record: Record) -> list[Event]:
    """Links that came or went after the entry itself was there."""
    found: dict[tuple[datetime, Bilingual], list[str]] = defaultdict(list)
    mine = Link.objects.filter(Q(source_id=record.number) | Q(target_id=record.number)).order_by("-since")[: 4 * MOST]
    rows = [link for link in mine if ledger.as_of is None or link.since <= ledger.as_of]
    ends = ledger.by_numbers({link.source_id if link.target_id == record.number else link.target_id for link in rows})
    first = Revision.objects.filter(entry_id=record.number).order_by("version").values_list("since", flat=True).first()
    for link in rows:
        other = ends.get(link.source_id if link.target_id == record.number else link.target_id)
        if other is None:
            continue
        register = ledger.declared.registers[other.register]
        named = f"{speaker.words(register.singular)} {other.name or other.code}"
        if first is not None and link.since > first:
            found[link.since, _LINKED].append(named)
        if link.until is not None and (ledger.as_of is None or link.until <= ledger.as_of):
            found[link.until, _UNLINKED].append(named)
    return [
        Event(when, speaker.words(title), "link", [", ".join(names[:NAMED]) + (" …" if len(names) > NAMED else "")])
        for (when, title), names in found.items()
    ]


def _lists(ledger: Ledger, speaker: Speaker, record: Record) -> list[Event]:
    found = []
    members = ListMember.objects.filter(entry_id=record.number, version__published__isnull=False).select_related("version")
    for member in members.order_by("-version__year"):
        rule, version = ledger.declared.lists.get(member.version.rule), member.version
        if rule is None or (ledger.as_of is not None and version.published > ledger.as_of) or member.movement == "kept":
            continue
        reasons = [reason.get("en" if speaker.language == "en" else "zh") or reason.get("zh", "") for reason in member.reasons]
        details = [f"{version.year} {speaker.words(rule.title)}", *filter(None, [*reasons, member.note])]
        title = speaker.words(_MOVEMENTS.get(member.movement, Bilingual(member.movement)))
        found.append(Event(version.published, title, "list", details, "info"))
    return found


def _validity(speaker: Speaker, record: Record) -> list[Event]:
    today: date = timezone.localdate()
    pairs = [(record.valid_from, _FROM), (record.valid_to, _TO)]
    return [Event(day, speaker.words(title), "validity", (), "info") for day, title in pairs if day is not None and day <= today]
