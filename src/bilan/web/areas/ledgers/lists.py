"""Yearly lists: who must be on them and why, drawn up, corrected by hand, published and compared."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bilan.pack.registers import Bilingual, ListRule
from bilan.people.roles import Capability, Right
from bilan.people.visibility import NotVisible
from bilan.problems import BilanError, Problem
from bilan.registers import lists as service
from bilan.registers.models import Entry, ListMember, ListVersion
from bilan.web import site
from bilan.web.components import numbers
from bilan.web.components.table import Column, Filter, Table
from bilan.web.pages import show
from bilan.web.registry import Request, page

TONES = {service.ENTERED: "ok", service.KEPT: "quiet", service.LEFT: "risk", service.EXCLUDED: "info"}


@page("registers/lists", name="register-lists", section="registers")
def lists(request: Request) -> HttpResponse:
    """Every list rule of a register that the reader sees, with its newest version."""
    versions: dict[str, ListVersion] = {}
    on, entered = Q(members__movement__in=service.ON), Q(members__movement=service.ENTERED)
    left = Q(members__movement=service.LEFT)
    counted = ListVersion.objects.annotate(
        on=Count("members", filter=on), entered=Count("members", filter=entered), left=Count("members", filter=left)
    )
    for version in counted.order_by("year"):
        versions[version.rule] = version
    whole = {rule.name for rule in _rules(request) if service.may(request.ledger.scope, rule, Capability.SEE)}
    cards = [
        {
            "rule": rule,
            "title": rule.title.text(numbers.language()),
            "register": request.ledger.declared.registers[rule.register].title.text(numbers.language()),
            "clause": Bilingual.parse(rule.clause).text(numbers.language()),
            "version": versions.get(rule.name),
            "counted": rule.name in whole,
        }
        for rule in _rules(request)
    ]
    cards.sort(key=lambda card: (card["version"] is None, str(card["title"])))
    return show(request, "ledgers/lists.html", cards=cards)


@page("registers/lists/<slug:rule>", name="register-list-rule", section="registers", writes=Right(Capability.BULK, "registers"))
def list_rule(request: Request, rule: str) -> HttpResponse:
    """One list in one year: members within the reader's reach; ``year`` and ``against`` in the address choose and compare."""
    known = {entry.name: entry for entry in _rules(request)}
    if rule not in known:
        raise NotVisible(rule)
    declared = known[rule]
    if request.method == "POST":
        return _act(request, declared)
    versions = list(ListVersion.objects.filter(rule=rule).order_by("-year"))
    years = [version.year for version in versions]
    this_year = timezone.localdate().year
    asked = _year(request.GET.get("year", ""))
    if asked is not None and asked not in years:
        raise BilanError(Problem("registers.no_such_list", {"value": asked}))
    version = next((entry for entry in versions if entry.year == asked), versions[0] if versions else None)
    against = next((entry for entry in versions if version and entry.year == _year(request.GET.get("against", ""))), None)
    drawable = request.ledger.as_of is None and service.may(request.ledger.scope, declared)
    register = request.ledger.declared.registers[declared.register]
    return show(
        request,
        "ledgers/list_rule.html",
        rule=declared,
        title=declared.title.text(numbers.language()),
        register=register,
        register_title=register.title.text(numbers.language()),
        clause=Bilingual.parse(declared.clause).text(numbers.language()),
        criteria=[
            (text.text(numbers.language()), Bilingual.parse(by).text(numbers.language()), when.text) for when, text, by in declared.criteria
        ],
        version=version,
        table=_table(request, declared, version, against) if version else None,
        against=against,
        others=[entry.year for entry in versions if version and entry.year != version.year],
        tabs=[{"href": f"?year={year}", "title": str(year), "current": version is not None and year == version.year} for year in years],
        drawable=drawable,
        next_years=[year for year in (this_year, this_year + 1) if year not in years or _draft(versions, year)],
        editable=drawable and version is not None and version.published is None,
    )


def _rules(request: Request) -> list[ListRule]:
    """List rules of registers that the reader sees."""
    seen = {entry.name for entry in request.ledger.registers()}
    return [rule for rule in request.ledger.declared.lists.values() if rule.register in seen]


def _draft(versions: list[ListVersion], year: int) -> bool:
    return any(version.year == year and version.published is None for version in versions)


def _year(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 else None


def _table(request: Request, rule: ListRule, version: ListVersion, against: ListVersion | None) -> Table:
    members = list(version.members.all())
    movements = dict(_movements(members, version, against))
    entries = request.ledger.by_numbers(movements)
    known = {member.entry_id: member for member in members}
    rows = [_row(request, entries[number], known.get(number), movement) for number, movement in movements.items() if number in entries]
    titles = _titles()
    present = sorted({row["movement"] for row in rows}, key=list(titles).index)
    return Table(
        id=f"{rule.name}-{version.year}",
        caption=f"{rule.title.text(numbers.language())} {version.year}",
        columns=[
            Column("code", _("Code"), href=lambda row: reverse("dossier", args=[rule.register, row["code"]])),
            Column("name", _("Name")),
            Column("district", _("District"), wide=True),
            Column("movement_title", _("Movement"), render=_movement),
            Column("since", _("Since"), kind="number", decimals=None, render=lambda row: str(row["since"] or "–")),
            Column("why", _("Grounds"), render=_why),
            Column("note", _("Decided by hand"), wide=True),
        ],
        rows=rows,
        query=request.GET,
        search=("code", "name", "district", "why"),
        filters=[Filter("movement", _("All movements"), [(name, titles[name]) for name in present])],
        sort="code",
        empty=_("Nobody must be on this list."),
    )


def _movements(members: list[ListMember], version: ListVersion, against: ListVersion | None) -> list[tuple[int, str]]:
    """Entry → its movement: against the year before as drawn up, or against another year when one is asked for."""
    if against is None:
        return [(member.entry_id, member.movement) for member in members]
    came, went = service.compared(against, version)
    kept = [(member.entry_id, service.KEPT) for member in members if member.movement in service.ON and member.entry_id not in came]
    return [*((number, service.ENTERED) for number in came), *((number, service.LEFT) for number in went), *kept]


def _row(request: Request, entry: Any, member: ListMember | None, movement: str) -> dict[str, Any]:
    key = "en" if numbers.language() == "en" else "zh"
    reasons = [
        (reason.get(key) or reason.get("zh", ""), Bilingual.parse(reason.get("clause", "")).text(numbers.language()))
        for reason in (member.reasons if member else [])
    ]
    return {
        "code": entry.code,
        "name": entry.name,
        "district": site.district_name(entry.district, numbers.language()) if entry.district else "",
        "movement": movement,
        "movement_title": _titles()[movement],
        "since": member.since if member else None,
        "why": "; ".join(f"{text} ({clause})" if clause else text for text, clause in reasons),
        "reasons": reasons,
        "note": member.note if member else "",
    }


def _titles() -> dict[str, str]:
    return {
        service.ENTERED: _("newly listed"),
        service.KEPT: _("still listed"),
        service.LEFT: _("no longer listed"),
        service.EXCLUDED: _("taken off by hand"),
    }


def _movement(row: Any) -> str:
    return format_html('<span class="status status-{}">{}</span>', TONES[row["movement"]], row["movement_title"])


def _why(row: Any) -> str:
    if not row["reasons"]:
        return numbers.NOTHING
    return format_html_join(SafeString("<br>"), '{} <span class="unit">{}</span>', row["reasons"])


def _act(request: Request, rule: ListRule) -> HttpResponse:
    """Draw up, publish, put on or take off."""
    scope, author = request.ledger.scope, str(request.user)
    action, note = request.POST.get("action", ""), request.POST.get("note", "")
    year = _year(request.POST.get("year", "")) or 0
    service.require(scope, rule)
    try:
        if action == "draw":
            service.draw_up(rule.name, year, author, scope)
            messages.success(request, _("The list of %(year)s was drawn up.") % {"year": year})
        else:
            version = ListVersion.objects.filter(rule=rule.name, year=year).first()
            if version is None:
                raise BilanError(Problem("registers.no_such_list", {"value": year}))
            _change(request, rule, version, action, note)
    except BilanError as error:
        messages.error(request, error.text(numbers.language()))
    return redirect(f"{reverse('register-list-rule', args=[rule.name])}?year={year}")


def _change(request: Request, rule: ListRule, version: ListVersion, action: str, note: str) -> None:
    if action == "publish":
        service.publish(version, str(request.user), note, request.ledger.scope)
        messages.success(request, _("The list of %(year)s is published.") % {"year": version.year})
    elif action in {"on", "off"}:
        entry = Entry.objects.filter(register=rule.register, code=request.POST.get("code", "").strip(), archived=False).first()
        if entry is None:
            raise BilanError(Problem("registers.not_found", {"value": request.POST.get("code", "")[:80]}))
        decide = service.put_on if action == "on" else service.take_off
        decide(version, entry, note, request.ledger.scope)
        messages.success(request, _("Noted for %(code)s.") % {"code": entry.code})
