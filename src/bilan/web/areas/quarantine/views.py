"""Pages of the quarantine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import TypeVar

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from bilan.people.equipment import MOST, Equipment
from bilan.people.roles import Action
from bilan.people.visibility import NotVisible
from bilan.problems import BilanError, Problem
from bilan.telemetry.ingest import quarantine
from bilan.telemetry.ingest.quarantine import Entry
from bilan.telemetry.readers import Refused
from bilan.web import site
from bilan.web.areas.devices import chips, words
from bilan.web.areas.devices.reading import equipment_of
from bilan.web.areas.devices.telegram import Telegram, as_bytes, decoded, hide
from bilan.web.areas.quarantine import actions, tables
from bilan.web.components import numbers
from bilan.web.pages import show
from bilan.web.registry import Request, page

PREFIX = "cell-"
ALL = "all"

Kept = TypeVar("Kept", Entry, Refused)


@page("quarantine", name="quarantine", section="devices")
def telegrams(request: Request) -> HttpResponse:
    """Telegrams that could not be used, with the reason."""
    equipment = equipment_of(request)
    state, code = request.GET.get("state", quarantine.OPEN), request.GET.get("code", "")
    entries = equipment.telegrams("" if state == ALL else state, code, request.GET.get("mn", ""))
    if request.method == "POST":
        chosen = _chosen(request, entries)
        if request.POST.get("do") == "dismiss":
            actions.dismiss_telegrams(request, chosen, request.POST.get("note", "")[:500])
        else:
            actions.replay_telegrams(request, chosen)
        return redirect(request.get_full_path())
    may = request.monitoring.can(Action.OPERATE)
    counted = equipment.telegram_counts()
    reasons = [("", _("All reasons"), None, "")]
    reasons += [(entry["code"], tables.reason(entry["code"]), entry["kept"] + entry["counted"], "") for entry in counted]
    return show(
        request,
        "quarantine/telegrams.html",
        table=tables.telegrams_table(request, entries, _names(equipment), secret=not may, pick=may),
        states=chips.chips(request, "state", _states("ignored"), quarantine.OPEN),
        reasons=chips.chips(request, "code", reasons),
        cut=len(entries) >= MOST,
        most=MOST,
        counted_only=sum(entry["counted"] for entry in counted),
        tabs=chips.tabs(request, equipment, "quarantine"),
        may=may,
        mn=request.GET.get("mn", ""),
    )


@page("quarantine/<int:number>", name="quarantined-telegram", section="devices")
def telegram(request: Request, number: int) -> HttpResponse:
    """One telegram: why it is here, what it says, and the form that corrects it."""
    equipment = equipment_of(request)
    entry = equipment.telegram(number)
    may = request.monitoring.can(Action.OPERATE)
    text, mn, wrong = request.POST.get("text", entry.corrected or entry.text), request.POST.get("mn", "").strip(), ""
    if request.method == "POST" and request.POST.get("do") == "dismiss":
        actions.dismiss_telegrams(request, [entry], request.POST.get("note", "")[:500])
        return redirect("quarantine")
    if request.method == "POST" and request.POST.get("do") == "replay":
        wrong = actions.replay_telegram(request, entry, text, mn, request.POST.get("note", "")[:500])
        if not wrong:
            return redirect("quarantined-telegram", number)
    return show(
        request,
        "quarantine/telegram.html",
        entry=entry,
        mark=words.mark(tables.STATES, entry.state),
        problems=[problem.text(numbers.language()) for problem in entry.problems],
        telegram=_decoded(equipment, entry, text if request.method == "POST" else "", secret=not may),
        text=text if may else hide(text, secret=True),
        mn=mn,
        wrong=wrong,
        tried=request.method == "POST",
        may=may,
        devices=equipment.mns() if may and entry.state == quarantine.OPEN else [],
        name=_names(equipment)(entry.mn),
        back=reverse("quarantine"),
    )


@page("quarantine/rows", name="quarantine-rows", section="devices")
def rows(request: Request) -> HttpResponse:
    """Rows of files and messages of brokers that could not be used."""
    equipment = equipment_of(request)
    state, code = request.GET.get("state", "open"), request.GET.get("code", "")
    found = equipment.rows(request.user.username, None if state == ALL else state)
    shown = [row for row in found if not code or any(problem.code == code for problem in row.problems)]
    if request.method == "POST":
        chosen = _chosen(request, shown)
        if request.POST.get("do") == "dismiss":
            actions.dismiss_rows(request, chosen)
        else:
            actions.replay_rows(request, chosen)
        return redirect(request.get_full_path())
    codes: dict[str, int] = {}
    for row in found:
        for kind in {problem.code for problem in row.problems}:
            codes[kind] = codes.get(kind, 0) + 1
    reasons = [("", _("All reasons"), len(found), "")]
    reasons += [(kind, tables.reason(kind), codes[kind], "") for kind in sorted(codes, key=lambda kind: -codes[kind])]
    may = request.monitoring.can(Action.OPERATE)
    return show(
        request,
        "quarantine/rows.html",
        table=tables.rows_table(request, shown, pick=may),
        states=chips.chips(request, "state", _states("dismissed"), "open"),
        reasons=chips.chips(request, "code", reasons),
        tabs=chips.tabs(request, equipment, "quarantine-rows"),
        may=may,
    )


@page("quarantine/rows/<int:number>", name="quarantined-row", section="devices")
def row(request: Request, number: int) -> HttpResponse:
    """One row: what is wrong in which cell, and the cells to be corrected."""
    equipment = equipment_of(request)
    found = equipment.row(number, request.user.username)
    remaining: list[str] = []
    if request.method == "POST" and request.POST.get("do") == "dismiss":
        actions.dismiss_rows(request, [found])
        return redirect("quarantine-rows")
    if request.method == "POST":
        given = {header: request.POST[f"{PREFIX}{at}"] for at, header in enumerate(found.cells) if f"{PREFIX}{at}" in request.POST}
        changed = {header: text for header, text in given.items() if text != found.cells[header]}
        remaining = actions.replay_row(request, found, changed)
        if not remaining:
            return redirect("quarantined-row", number)
        found = equipment.row(number, request.user.username)
    placed = [(problem.place.column, Problem(problem.code, problem.values)) for problem in found.problems if problem.place]
    wrong = {column: problem.text(numbers.language()) for column, problem in placed}
    cells = [
        {"name": f"{PREFIX}{at}", "header": header, "text": text, "wrong": wrong.get(header, ""), "long": len(text) > 60 or "\n" in text}
        for at, (header, text) in enumerate(found.cells.items())
    ]
    return show(
        request,
        "quarantine/row.html",
        entry=found,
        mark=words.mark(tables.STATES, found.state),
        problems=[problem.text(numbers.language()) for problem in found.problems],
        remaining=remaining,
        cells=cells,
        may=request.monitoring.can(Action.OPERATE),
    )


def _chosen(request: Request, entries: Sequence[Kept]) -> list[Kept]:
    """The entries whose boxes were ticked, or all that are shown when that was asked for."""
    if request.POST.get("which") == ALL:
        return list(entries)
    wanted = set(request.POST.getlist("id"))
    return [entry for entry in entries if str(entry.id) in wanted]


def _states(dismissed: str) -> list[chips.Choice]:
    return [
        ("open", _("Open"), None, ""),
        ("replayed", _("Replayed"), None, ""),
        (dismissed, _("Dismissed"), None, ""),
        (ALL, _("All"), None, ""),
    ]


def _names(equipment: Equipment) -> Callable[[str], str]:
    """What gives the name of a device's point."""

    @cache
    def name(mn: str) -> str:
        point = equipment.point_of(mn)
        return numbers.named(point) if point else ""

    return name


def _decoded(equipment: Equipment, entry: Entry, text: str, *, secret: bool) -> Telegram:
    """The telegram as it came, or as a person has corrected it."""
    try:
        device = equipment.state(entry.mn).device
    except NotVisible:
        device = None
    charset = device.charset if device else "utf-8"
    if text:
        return decoded(as_bytes(text, charset), device, secret=secret)
    try:
        frame = quarantine.raw(site.city().journal, entry.id)
    except BilanError:
        frame = as_bytes(entry.text, charset)
    return decoded(frame, device, secret=secret)
