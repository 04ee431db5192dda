"""Yearly lists: who must be on a list this year, why, since when, who entered and who left."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from bilan.pack.registers import COMMON, ListRule, Register, Registers
from bilan.people.roles import Capability, Role
from bilan.people.visibility import NotAllowed, Scope, scope_of
from bilan.problems import BilanError, Problem
from bilan.registers.computing import Computing
from bilan.registers.declared import declared
from bilan.registers.ledger import Ledger
from bilan.registers.models import Entry, ListMember, ListVersion

ENTERED, KEPT, LEFT, EXCLUDED = "entered", "kept", "left", "excluded"
"""Movements against the year before; ``excluded`` is who meets a criterion, was not on the list and was taken off by a person."""
ON = (ENTERED, KEPT)
"""Movements of those that are on the list."""
NO_LONGER = {"zh": "不再符合任何列入条件", "en": "meets no criterion any more", "clause": ""}
GONE = {"zh": "条目已归档或停用", "en": "archived or no longer in being", "clause": ""}
PORTION = 2000
EARLIEST, LATEST = 2000, 2100

Reason = dict[str, str]


@dataclass(frozen=True, slots=True)
class Met:
    """An entry with the criteria it meets."""

    number: int
    reasons: list[Reason]


def evaluated(rule: ListRule, known: Registers) -> dict[int, Met]:
    """Entries that meet a criterion now, by their numbers, each with all that it meets.

    Entries in a state that does not count as being in use are left out.
    """
    register = known.registers[rule.register]
    active = {state.code for state in register.states if state.active}
    named = {name for when, _text, _clause in rule.criteria for name in when.names}
    found: dict[int, Met] = {}
    for number, values in _volatile(register) if named & register.volatile else _plain(register, named):
        if register.states and values["status"] not in active:
            continue
        reasons = [{"zh": text.zh, "en": text.en, "clause": clause} for when, text, clause in rule.criteria if when.holds(values)]
        if reasons:
            found[number] = Met(number, reasons)
    return found


def _plain(register: Register, named: Collection[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Values of all entries, as far as criteria name them."""
    columns = sorted({"status", *(name for name in COMMON if name in named)})
    rows = Entry.objects.filter(register=register.name, archived=False).values("pk", "data", *columns)
    for row in rows.iterator(chunk_size=PORTION):
        yield row["pk"], {**row, **row["data"]}


def _volatile(register: Register) -> Iterator[tuple[int, dict[str, Any]]]:
    """Values of all entries with those that are computed when read, as the platform itself knows them."""
    computing = Computing(Ledger(scope_of([Role.ADMINISTRATOR])))
    numbers = list(Entry.objects.filter(register=register.name, archived=False).order_by("pk").values_list("pk", flat=True))
    for at in range(0, len(numbers), PORTION):
        batch = list(Entry.objects.filter(pk__in=numbers[at : at + PORTION]))
        computed = computing.values(batch)
        for entry in batch:
            yield entry.pk, {**{name: getattr(entry, name) for name in COMMON}, **entry.data, **computed.get(entry.pk, {})}


def may(scope: Scope, rule: ListRule, capability: Capability = Capability.BULK) -> bool:
    """Whether a person may draw up a list: it is the whole city's, so they must reach all of the register."""
    register = declared().registers.get(rule.register)
    if register is None:
        return False
    return any(reach.districts is None and reach.organisations is None for reach in scope.reaches(capability, register))


def require(scope: Scope | None, rule: ListRule) -> None:
    """Insist that a person may draw up a list; the platform itself has no scope.

    Raises:
        NotAllowed: they may not.
    """
    if scope is not None and not may(scope, rule):
        raise NotAllowed(Capability.BULK)


def rule_of(name: str) -> ListRule:
    """A list rule by its name.

    Raises:
        BilanError: there is none.
    """
    found = declared().lists.get(name)
    if found is None:
        raise BilanError(Problem("registers.not_found", {"value": name}))
    return found


def draw_up(name: str, year: int, author: str, scope: Scope | None = None) -> ListVersion:
    """Draw up a year's list, or draw it up again while it is a draft; what people put on or took off stays.

    Raises:
        BilanError: there is no such rule, the year is none, or the list is published.
        NotAllowed: the scope does not reach the whole register.
    """
    rule = rule_of(name)
    require(scope, rule)
    if not EARLIEST <= year <= LATEST:
        raise BilanError(Problem("registers.bad_year", {"value": year, "allowed": f"{EARLIEST}–{LATEST}"}))
    with transaction.atomic():
        version, _new = ListVersion.objects.get_or_create(rule=name, year=year, defaults={"author": author})
        _open(version)
        by_hand = {member.entry_id: member for member in version.members.exclude(note="")}
        before = _before(version)
        met = evaluated(rule, declared())
        members = [*_listed(version, met, before, by_hand), *_gone(version, met, before, by_hand)]
        version.members.all().delete()
        ListMember.objects.bulk_create(members, batch_size=PORTION)
        version.made, version.author = timezone.now(), author
        version.save(update_fields=["made", "author"])
    return version


def _before(version: ListVersion) -> dict[int, ListMember]:
    """Members of the published list before this one."""
    last = ListVersion.objects.filter(rule=version.rule, year__lt=version.year, published__isnull=False).order_by("-year").first()
    return {member.entry_id: member for member in last.members.filter(movement__in=ON)} if last else {}


def _listed(
    version: ListVersion, met: dict[int, Met], before: dict[int, ListMember], by_hand: dict[int, ListMember]
) -> Iterator[ListMember]:
    """Who meets a criterion or was put on by a person, without those that were taken off."""
    for number in sorted({*met, *(entry for entry, member in by_hand.items() if member.movement in ON)}):
        decision = by_hand.get(number)
        reasons = met[number].reasons if number in met else []
        note = decision.note if decision else ""
        if decision is not None and decision.movement not in ON:
            movement = LEFT if number in before else EXCLUDED
            yield _member(version, number, reasons, movement, before, note)
        else:
            yield _member(version, number, reasons, KEPT if number in before else ENTERED, before, note)


def _gone(version: ListVersion, met: dict[int, Met], before: dict[int, ListMember], by_hand: dict[int, ListMember]) -> Iterator[ListMember]:
    """Who was on the list and meets nothing any more."""
    missing = [number for number in before if number not in met and not (number in by_hand and by_hand[number].movement in ON)]
    standing = set(Entry.objects.filter(pk__in=missing, archived=False).values_list("pk", flat=True))
    for number in sorted(missing):
        note = by_hand[number].note if number in by_hand else ""
        yield _member(version, number, [NO_LONGER if number in standing else GONE], LEFT, before, note)


def _member(
    version: ListVersion, number: int, reasons: list[Reason], movement: str, before: dict[int, ListMember], note: str
) -> ListMember:
    since = before[number].since if number in before else version.year
    return ListMember(version=version, entry_id=number, reasons=reasons, movement=movement, since=since, note=note)


def put_on(version: ListVersion, entry: Entry, note: str, scope: Scope | None = None) -> ListMember:
    """Put an entry on a draft though no criterion says so.

    Raises:
        BilanError: the list is published, the entry is of another register, or no reason is given.
    """
    return _decide(version, entry, note, scope, lambda listed_before: KEPT if listed_before else ENTERED)


def take_off(version: ListVersion, entry: Entry, note: str, scope: Scope | None = None) -> ListMember:
    """Take an entry off a draft though a criterion says that it must be on it.

    Raises:
        BilanError: the list is published, the entry is of another register, or no reason is given.
    """
    return _decide(version, entry, note, scope, lambda listed_before: LEFT if listed_before else EXCLUDED)


def _decide(version: ListVersion, entry: Entry, note: str, scope: Scope | None, movement: Callable[[bool], str]) -> ListMember:
    rule = rule_of(version.rule)
    require(scope, rule)
    if entry.register != rule.register:
        raise BilanError(Problem("registers.not_found", {"value": entry.code}))
    if not note.strip():
        raise BilanError(Problem("registers.no_reason"))
    with transaction.atomic():
        _open(version)
        before = _before(version)
        known = version.members.filter(entry=entry).first()
        member = known or _member(version, entry.pk, [], "", before, "")
        member.movement, member.note = movement(entry.pk in before), note.strip()[:400]
        member.save()
    return member


def publish(version: ListVersion, author: str, note: str = "", scope: Scope | None = None) -> ListVersion:
    """Make a draft binding; nothing of it can be changed afterwards.

    Raises:
        BilanError: it is published already.
    """
    require(scope, rule_of(version.rule))
    with transaction.atomic():
        _open(version)
        version.published, version.author, version.note = timezone.now(), author, note.strip()[:400]
        version.save(update_fields=["published", "author", "note"])
    return version


def _open(version: ListVersion) -> None:
    locked = ListVersion.objects.select_for_update().get(pk=version.pk)
    if locked.published is not None:
        raise BilanError(Problem("registers.list_published", {"value": f"{locked.rule} {locked.year}"}))


def compared(older: ListVersion, newer: ListVersion) -> tuple[set[int], set[int]]:
    """Entries that came between two versions, and those that went."""
    before, after = (set(version.members.filter(movement__in=ON).values_list("entry_id", flat=True)) for version in (older, newer))
    return after - before, before - after
