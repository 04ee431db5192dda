"""Lists of cases: filtered, sorted and paged in the database, with a fixed number of queries a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cached_property
from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from bilan.casework.docket import Docket
from bilan.casework.models import Case, Level
from bilan.people.models import Person
from bilan.people.roles import Capability
from bilan.problems import BilanError, Problem, nearest
from bilan.web import site
from bilan.web.areas.cases import declared, words
from bilan.web.areas.cases.deadline import SOON, light
from bilan.web.areas.cases.frame import OPEN, day_of, in_district, stamp
from bilan.web.components import numbers
from bilan.web.components.entries import link
from bilan.web.components.table import Column, Filter, Row, Table
from bilan.web.registry import Request

SIZE = 50
PORTION = 2000
"""Cases read at a time when a whole list leaves as a file."""
SORTS = {
    "code": ("code",),
    "title": ("title", "code"),
    "flow": ("flow", "code"),
    "state": ("flow", "state", "code"),
    "standing": ("standing", "due", "code"),
    "level": ("level", "due", "code"),
    "district": ("district", "due", "code"),
    "owner": ("owner__name", "due", "code"),
    "due": ("due", "code"),
    "opened": ("opened", "code"),
    "changed": ("changed", "code"),
    "closed": ("closed", "code"),
}
"""Column → what the database sorts by."""
ALL, MINE, NOBODY = "all", "me", "none"
FILTERS = ("flow", "state", "standing", "owner", "overdue", "level", "subject", "campaign", "register", "entry", "due__from", "due__to")


@dataclass(frozen=True)
class Wanted:
    """What an address asks of a list of cases."""

    docket: Docket
    query: Mapping[str, str]
    district: str

    def cases(self) -> QuerySet[Case]:
        """The cases asked for, in no order."""
        found = self.docket.cases()
        if self.district:
            found = found.filter(district=self.district)
        for name in ("flow", "state", "subject", "register", "entry"):
            if wanted := self.query.get(name, ""):
                found = found.filter(**{name: wanted})
        found = self._standing(found)
        found = self._owner(found)
        found = self._due(found)
        for name in ("level", "campaign"):
            if wanted := self.query.get(name, ""):
                found = found.filter(**{name: _whole(wanted, name)})
        for word in self.query.get("q", "").split()[:8]:
            found = found.filter(
                Q(code__icontains=word) | Q(title__icontains=word) | Q(place_name__icontains=word) | Q(entry__icontains=word)
            )
        return found

    def _standing(self, found: QuerySet[Case]) -> QuerySet[Case]:
        wanted = self.query.get("standing", "")
        if wanted == ALL:
            return found
        return found.filter(standing=wanted) if wanted else found.filter(standing__in=OPEN)

    def _owner(self, found: QuerySet[Case]) -> QuerySet[Case]:
        wanted = self.query.get("owner", "")
        if wanted == NOBODY:
            return found.filter(owner=None)
        if wanted == MINE:
            return found.filter(owner=self.docket.person)
        return found.filter(owner=_whole(wanted, "owner")) if wanted else found

    def _due(self, found: QuerySet[Case]) -> QuerySet[Case]:
        now = timezone.now()
        match self.query.get("overdue", ""):
            case "yes":
                found = found.filter(standing="running", due__lt=now)
            case "soon":
                found = found.filter(standing="running", due__gte=now, due__lte=now + SOON)
            case "none":
                found = found.filter(due=None)
        if text := self.query.get("due__from", ""):
            found = found.filter(due__gte=timezone.make_aware(datetime.combine(day_of(text, "due__from"), time())))
        if text := self.query.get("due__to", ""):
            found = found.filter(due__lt=timezone.make_aware(datetime.combine(day_of(text, "due__to"), time())) + timedelta(days=1))
        return found


def ordered(found: QuerySet[Case], sort: str) -> QuerySet[Case]:
    """Cases sorted by a column, ``-`` before it for downwards; those without a value come last either way.

    Raises:
        BilanError: there is no such column.
    """
    name, down = sort.removeprefix("-"), sort.startswith("-")
    if name not in SORTS:
        raise BilanError(Problem("web.unknown_sort", {"value": name, "allowed": list(SORTS), "nearest": nearest(name, list(SORTS))}))
    keys = [F(key).desc(nulls_last=True) if down else F(key).asc(nulls_last=True) for key in SORTS[name]]
    return found.order_by(*keys)


class Cases:
    """Rows of a list of cases, kept in the database; a `bilan.web.components.table.Source`."""

    def __init__(self, found: QuerySet[Case], sort: str) -> None:
        self._found, self._sort = found, sort
        self._now = timezone.now()

    @cached_property
    def _total(self) -> int:
        return self._found.order_by().count()

    def total(self) -> int:
        """How many cases there are."""
        return self._total

    def rows(self, start: int, stop: int) -> Sequence[Row]:
        """The cases of one page."""
        return [row_of(case, self._now) for case in ordered(self._found, self._sort).select_related("owner")[start:stop]]

    def every(self) -> Iterator[Row]:
        """All cases, in portions, as a file takes them."""
        for case in ordered(self._found, self._sort).select_related("owner").iterator(PORTION):
            yield plain_of(case, self._now)


def row_of(case: Case, now: datetime) -> dict[str, Any]:
    """A case as a row of a list."""
    return {
        "code": case.code,
        "case": case,
        "title": case.title,
        "flow": declared.flow_title(case.flow),
        "state": declared.state_title(case.flow, case.state),
        "standing": case.standing,
        "level": case.level,
        "district": site.district_name(case.district, numbers.language()) if case.district else "",
        "owner": str(case.owner) if case.owner else "",
        "light": light(case, now),
        "due": stamp(case.due),
        "opened": stamp(case.opened),
        "changed": stamp(case.changed),
        "closed": stamp(case.closed),
    }


def plain_of(case: Case, now: datetime) -> dict[str, Any]:
    """A case as a line of a file: in words, with days as such."""
    row = row_of(case, now)
    row |= {name: _wall(getattr(case, name)) for name in ("due", "opened", "changed", "closed")}
    return {**row, "standing": words.standing(case.standing), "level": words.level(case.level), "term": row["light"].text}


def _wall(moment: datetime | None) -> datetime | None:
    return None if moment is None else timezone.localtime(moment).replace(tzinfo=None, microsecond=0)


def href(row: Row) -> str:
    """Address of the case of a row."""
    return reverse("case", args=[row["code"]])


def columns() -> list[Column]:
    """All columns that a list of cases can show."""
    return [
        Column("code", _("Case number"), href=href, render=lambda row: format_html('<span class="code">{}</span>', row["code"])),
        Column("title", _("Case"), href=href, render=lambda row: format_html('<span class="case-title">{}</span>', row["title"])),
        Column("term", _("Term"), render=lambda row: row["light"].html(), sortable=False),
        Column("state", _("State"), render=_state),
        Column("level", _("Level"), render=lambda row: words.level_mark(row["level"]), wide=True),
        Column("district", _("District"), wide=True),
        Column("owner", _("In charge"), render=_owner, wide=True),
        Column("due", _("Due"), kind="time", wide=True),
        Column("opened", _("Case opened"), kind="time", wide=True),
        Column("flow", _("Flow"), shown=False, wide=True),
        Column("standing", _("Standing"), render=lambda row: words.standing_mark(row["standing"]), shown=False, wide=True),
        Column("changed", _("Last step"), kind="time", shown=False, wide=True),
        Column("closed", _("Case ended"), kind="time", shown=False, wide=True),
    ]


def _state(row: Row) -> str:
    case: Case = row["case"]
    if case.standing in OPEN:
        return format_html('<span title="{}">{}</span>', row["flow"], row["state"])
    return format_html('{} <span class="unit">{}</span>', words.standing_mark(case.standing), row["state"])


def _owner(row: Row) -> str:
    case: Case = row["case"]
    if case.owner:
        return format_html("{}", case.owner)
    if case.standing not in OPEN:
        return numbers.NOTHING
    return format_html('<span class="quiet">{}</span>', _("nobody yet"))


def filters(request: Request) -> list[Filter]:
    """All filters of a list of cases."""
    query, docket = request.GET, request.docket
    chosen = query.get("flow", "")
    states = declared.state_choices(chosen) if chosen else []
    found = [
        Filter("standing", _("Open cases"), [*((name, words.standing(name)) for name in words.STANDINGS), (ALL, _("all cases"))]),
        Filter("flow", _("All flows"), declared.flow_choices()),
        *([Filter("state", _("All states"), states)] if states else []),
        Filter("overdue", _("Any term"), [("yes", _("overdue")), ("soon", _("due within 3 days")), ("none", _("without a term"))]),
        Filter("owner", _("In charge"), owners(docket), more=True),
        Filter("level", _("Level"), [(str(rank), str(label)) for rank, label in Level.choices], more=True),
        Filter("subject", _("About"), [(name, str(title)) for name, title in words.SUBJECTS.items()], more=True),
        Filter("due", _("Due"), kind="date", more=True),
    ]
    campaigns = [(str(entry.pk), entry.name) for entry in docket.campaigns()[:100]]
    if campaigns:
        found.append(Filter("campaign", _("Campaign"), campaigns, more=True))
    if query.get("entry"):
        found.append(Filter("entry", _("Register entry"), kind="text", more=True))
    return found


def owners(docket: Docket) -> list[tuple[str, str]]:
    """Who is in charge of cases the reader may see, before them the reader and nobody."""
    keys = docket.cases().filter(standing__in=OPEN).exclude(owner=None).order_by().values("owner").distinct()
    persons = Person.objects.filter(pk__in=keys).order_by("name", "username")[:200]
    return [(MINE, _("I am")), (NOBODY, _("nobody yet")), *((str(person.pk), str(person)) for person in persons)]


def table_of(request: Request) -> Table:
    """The list of cases as its address asks for it."""
    docket = request.docket
    table = Table(
        "cases",
        columns(),
        (),
        request.GET,
        filters=filters(request),
        sort="due",
        size=SIZE,
        caption=_("Cases"),
        empty=_("No case is open within your reach."),
        searched=True,
        forms=None if docket.can(Capability.EXPORT) else {},
        picked=link("case-bulk") if docket.can(Capability.ASSIGN) else "",
    )
    name, down = table.sorting
    table.source = Cases(Wanted(docket, _flat(request.GET), request.district).cases(), f"-{name}" if down else name)
    return table


def _flat(query: QueryDict) -> dict[str, str]:
    return {name: str(query.get(name, "")) for name in (*FILTERS, "q")}


def wanted_of(request: Request) -> Wanted:
    """What a request's address asks for."""
    return Wanted(request.docket, _flat(request.GET), request.district)


def board_of(request: Request, found: QuerySet[Case]) -> QuerySet[Case]:
    """Open cases of the chosen district among these."""
    kept: QuerySet[Case] = in_district(request, found).filter(standing__in=OPEN)
    return kept


def _whole(text: str, name: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BilanError(Problem("web.bad_parameter", {"name": name, "value": text[:20], "allowed": "1, 2 …"}))
    return int(text)
