"""The registers of a city as one person may see them: the only door from pages, API, map and exports to the entries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from bilan.pack.registers import Register, Registers
from bilan.pack.registers.fields import Sensitivity
from bilan.people.roles import Capability
from bilan.people.visibility import NotAllowed, NotVisible, Reach, Scope
from bilan.problems import BilanError, Problem
from bilan.registers import filtering, masking, search
from bilan.registers.declared import declared
from bilan.registers.models import Attachment, ChangeSet, Content, Entry, Link, Revision

Record = Entry | Revision
"""An entry now, or as it was: both have the columns of `Content`, `number` and `version`."""


class Ledger:
    """Reads of the registers, each limited to what the scope allows and to what was known at one moment.

    Args:
        scope: what the reader may see, from `bilan.people.visibility.visible_to`.
        as_of: moment to look at the registers from; None for now.
    """

    def __init__(self, scope: Scope, *, as_of: datetime | None = None) -> None:
        self.scope = scope
        self.as_of = as_of

    @cached_property
    def declared(self) -> Registers:
        """Declarations that hold now."""
        return declared()

    @cached_property
    def _model(self) -> type[Entry] | type[Revision]:
        return Entry if self.as_of is None else Revision

    def registers(self, capability: Capability = Capability.SEE) -> list[Register]:
        """Registers in which the reader may do something, in the order of their groups."""
        order = {code: group.order for code, group in self.declared.groups.items()}
        found = [entry for entry in self.declared.registers.values() if self.scope.reaches(capability, entry)]
        return sorted(found, key=lambda entry: (order.get(entry.group, len(order)), entry.name))

    def register(self, name: str) -> Register:
        """The declaration of a register.

        Raises:
            NotVisible: there is none that the reader may see.
        """
        found = self.declared.registers.get(name)
        if found is None or not self.scope.reaches(Capability.SEE, found):
            raise NotVisible(name)
        return found

    def can(self, capability: Capability, register: Register, record: Content | None = None) -> bool:
        """Whether the reader may do something in a register, or to one entry of it."""
        reaches = self.scope.reaches(capability, register)
        return bool(reaches) if record is None else any(covers(reach, register, record, capability) for reach in reaches)

    def require(self, capability: Capability, register: Register, record: Content | None = None) -> None:
        """Insist that the reader may do something.

        Raises:
            NotAllowed: they may not.
        """
        if not self.can(capability, register, record):
            raise NotAllowed(capability)

    def visible(self, registers: Iterable[Register], capability: Capability = Capability.SEE) -> QuerySet[Any]:
        """All entries of registers within the reader's reach, archived ones included: the one query base."""
        allowed: dict[tuple[Any, ...], list[str]] = {}
        conditions: dict[tuple[Any, ...], Q] = {}
        for register in registers:
            reaches = self.scope.reaches(capability, register)
            key = (reaches, register.sensitivity is Sensitivity.PUBLIC)
            if reaches:
                allowed.setdefault(key, []).append(register.name)
                conditions[key] = _within(reaches, register, capability)
        found = Q(pk__in=[])
        for key, names in allowed.items():
            found |= (one_register(names[0]) if len(names) == 1 else Q(register__in=names)) & conditions[key]
        base = self._model.objects.filter(found)
        if self.as_of is None:
            return base
        return base.filter(Q(until__isnull=True) | Q(until__gt=self.as_of), since__lte=self.as_of)

    def veiled(self, registers: Iterable[Register]) -> QuerySet[Any]:
        """What `visible` leaves out of registers: only for saying that there is something, never for showing it."""
        wanted = list(registers)
        everything = self._model.objects.filter(register__in=[entry.name for entry in wanted])
        if self.as_of is not None:
            everything = everything.filter(Q(until__isnull=True) | Q(until__gt=self.as_of), since__lte=self.as_of)
        return everything.exclude(pk__in=self.visible(wanted).values("pk"))

    def entries(
        self, name: str, arguments: Mapping[str, str] | None = None, *, text: str = "", sort: str = "", district: str = ""
    ) -> QuerySet[Any]:
        """Entries of a register.

        Parameters:
            arguments: filters as an address writes them; see `filtering.arguments_of`. Without ``archived`` only what is not.
            text: words that must all be found in an entry's names, codes and searched fields.
            sort: column, ``-`` before it for downwards; empty for what the register declares.
            district: code chosen in the top bar.

        Raises:
            NotVisible: the reader may not see the register.
            BilanError: a filter or a column is not known.
        """
        register = self.register(name)
        wanted = {key: value for key, value in (arguments or {}).items() if value != ""}
        self._only_readable(register, {key.removesuffix("__from").removesuffix("__to") for key in wanted} | {sort.removeprefix("-")})
        found = self.visible([register]).filter(filtering.condition(register, self.declared, {"archived": "no", **wanted}))
        if district:
            found = found.filter(Q(district=district) | Q(district=""))
        if text:
            found = search.matching(found, text, now=self.as_of is None)
        return filtering.ordered(found, register, sort or register.sort, filtering.sortable(register))

    def entry(self, name: str, code: str) -> Record:
        """One entry; a former code finds it too.

        Raises:
            NotVisible: there is none that the reader may see.
        """
        base = self.visible([self.register(name)])
        found: Record | None = base.filter(code=code).first() or base.filter(aliases__icontains=f'"{code}"').first()
        if found is None:
            raise NotVisible(code)
        return found

    def by_numbers(self, numbers: Iterable[int]) -> dict[int, Record]:
        """Visible entries by their numbers; those not visible are left out."""
        column = "pk" if self.as_of is None else "entry_id"
        found = self.visible(self.registers()).filter(**{f"{column}__in": list(numbers)})
        return {record.number: record for record in found}

    def titles(self, name: str, codes: Iterable[str]) -> dict[str, str]:
        """Names of visible entries of a register by their codes: what link fields show."""
        register = self.declared.registers.get(name)
        if register is None or not self.scope.reaches(Capability.SEE, register):
            return {}
        found = self.visible([register]).filter(code__in=set(codes)).values_list("code", "name")
        return {code: title or code for code, title in found}

    def values(self, record: Content) -> dict[str, Any]:
        """The declared values of an entry, with what the reader may not read masked."""
        register = self.declared.registers[record.register]
        return masking.masked(register, record.data, self.sensitivities(record))

    def sensitivities(self, record: Content) -> frozenset[Sensitivity]:
        """What the reader may read unmasked in an entry."""
        register = self.declared.registers[record.register]
        found: frozenset[Sensitivity] = frozenset()
        for reach in self.scope.reaches(Capability.SEE, register):
            if covers(reach, register, record, Capability.SEE):
                found |= reach.sensitivities
        return found

    def links(self, record: Record, *, outward: bool = True) -> list[tuple[Link, Record]]:
        """Links of an entry to (or from) visible entries, each with the entry at its other end."""
        moment = (
            Q(until__isnull=True) if self.as_of is None else Q(since__lte=self.as_of) & (Q(until__isnull=True) | Q(until__gt=self.as_of))
        )
        near, far = ("source_id", "target_id") if outward else ("target_id", "source_id")
        found = list(Link.objects.filter(moment, **{near: record.number}).order_by("kind", "position", far))
        ends = self.by_numbers(getattr(link, far) for link in found)
        return [(link, ends[getattr(link, far)]) for link in found if getattr(link, far) in ends and not ends[getattr(link, far)].archived]

    def history(self, record: Record) -> list[Revision]:
        """Revisions of an entry that the reader may see, newest first, up to the moment looked from."""
        register = self.declared.registers[record.register]
        found = Revision.objects.filter(entry_id=record.number).select_related("change").order_by("-version")
        if self.as_of is not None:
            found = found.filter(since__lte=self.as_of)
        reaches = self.scope.reaches(Capability.SEE, register)
        return [revision for revision in found if any(covers(reach, register, revision, Capability.SEE) for reach in reaches)]

    def changes(self) -> QuerySet[ChangeSet]:
        """Change sets that touched at least one entry within the reader's reach, newest first."""
        touched = Revision.objects.filter(self._reached(), change=OuterRef("pk"))
        found = ChangeSet.objects.filter(Exists(touched)).order_by("-pk")
        return found if self.as_of is None else found.filter(made__lte=self.as_of)

    def revisions(self, change: ChangeSet) -> QuerySet[Revision]:
        """What a change set did to entries within the reader's reach."""
        return Revision.objects.filter(self._reached(), change=change).select_related("entry").order_by("register", "code")

    def _reached(self) -> Q:
        """What lies within the reader's reach, as a condition on the columns of entries and revisions alike."""
        conditions: dict[Q, list[str]] = {}
        for register in self.registers():
            conditions.setdefault(_within(self.scope.reaches(Capability.SEE, register), register, Capability.SEE), []).append(register.name)
        found = Q(pk__in=[])
        for condition, names in conditions.items():
            found |= Q(register__in=names) & condition
        return found

    def attachments(self, record: Record) -> QuerySet[Attachment]:
        """Files of an entry, as far as its fields may be read."""
        register = self.declared.registers[record.register]
        readable = [name for name in register.fields if register.sensitivity_of(name) in self.sensitivities(record)]
        found = Attachment.objects.filter(entry_id=record.number, field__in=readable).order_by("made")
        return found.filter(removed__isnull=True) if self.as_of is None else found.filter(made__lte=self.as_of)

    def search(self, text: str, limit: int = 50, registers: Sequence[str] = ()) -> list[Record]:
        """Entries of all registers that all words are found in, best first."""
        wanted = [entry for entry in self.registers() if not registers or entry.name in registers]
        return search.best(self.visible(wanted).filter(archived=False), text, limit, now=self.as_of is None)

    def _only_readable(self, register: Register, names: Iterable[str]) -> None:
        """Filtering or sorting by what is masked would tell it."""
        readable = [reach.sensitivities for reach in self.scope.reaches(Capability.SEE, register)]
        for name in names:
            if name in register.fields and not all(register.sensitivity_of(name) in known for known in readable):
                raise BilanError(Problem("registers.unknown_filter", {"name": name, "value": name, "allowed": [], "nearest": ""}))


def one_register(name: str) -> Q:
    """Entries of one register, with its name written out: SQLite takes a partial index only when it can read that it applies.

    Parameters:
        name: of a declared register: lower case letters, digits and dashes, nothing that could end the text.
    """
    return Q(register=RawSQL(f"'{name}'", ()))


def covers(reach: Reach, register: Register, record: Content, capability: Capability) -> bool:
    """Whether a reach covers an entry; what lies in no district is the whole city's, and read by all where the register is public."""
    if reach.covers(record.district, record.town, record.organisation):
        return True
    shared = record.district == "" and capability is Capability.SEE and register.sensitivity is Sensitivity.PUBLIC
    return shared and reach.organisations is None


def _within(reaches: Sequence[Reach], register: Register, capability: Capability) -> Q:
    """What `covers` says, as a condition of the database."""
    found = Q(pk__in=[])
    for reach in reaches:
        if reach.districts is None and reach.organisations is None:
            return Q()
        inside = Q()
        if reach.districts is not None:
            inside = Q(district__in=sorted(reach.counties or ())) | Q(town__in=sorted(reach.towns or ()))
            if capability is Capability.SEE and register.sensitivity is Sensitivity.PUBLIC:
                inside |= Q(district="")
        if reach.organisations is not None:
            inside &= Q(organisation__in=sorted(reach.organisations))
        found |= inside
    return found


def moment(text: str) -> datetime | None:
    """The last moment of a day as an address names it (``2026-10-31``), in the city's zone; None for an empty text.

    Raises:
        BilanError: it is no date.
    """
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
        end = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(settings.TIME_ZONE)) - timedelta(microseconds=1)
    except (ValueError, OverflowError):
        raise BilanError(Problem("web.bad_parameter", {"name": "as_of", "value": text, "allowed": "YYYY-MM-DD"})) from None
    return None if end >= timezone.now() else end
