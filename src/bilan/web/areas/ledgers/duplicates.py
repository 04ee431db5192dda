"""Entries that may be one thing: pairs side by side, merged into one or remembered as different."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from bilan.pack.registers import Register
from bilan.people.roles import Capability, Right
from bilan.people.visibility import NotVisible
from bilan.problems import BilanError
from bilan.registers import duplicates as finder
from bilan.registers.differences import COLUMNS, changed
from bilan.registers.ledger import Record
from bilan.registers.models import Entry, Suspicion
from bilan.registers.saying import Speaker, organisations_of
from bilan.registers.writing import Author, merge
from bilan.web.components import numbers
from bilan.web.pages import show
from bilan.web.registry import Request, page

SIZE = 10
"""Pairs on a page."""


@page("registers/<slug:register>/duplicates", name="register-duplicates", section="registers", writes=Right(Capability.MERGE, "registers"))
def duplicates(request: Request, register: str) -> HttpResponse:
    """Suspicious pairs within the reader's reach; ``decided=1`` shows those that were found to be different."""
    declared = request.ledger.register(register)
    if request.method == "POST":
        _act(request, declared)
        return redirect(request.get_full_path())
    decided = request.GET.get("decided") == "1"
    pairs = _visible(request, declared).filter(different__isnull=not decided)
    total = pairs.count()
    pages = max(1, -(-total // SIZE))
    asked = request.GET.get("page", "")[:6]
    number = min(max(1, int(asked) if asked.isascii() and asked.isdigit() else 1), pages)
    shown = list(pairs[(number - 1) * SIZE : number * SIZE])
    return show(
        request,
        "ledgers/duplicates.html",
        register=declared,
        title=declared.title.text(numbers.language()),
        by=[_reason_name(declared, name) for name in declared.duplicates],
        pairs=_shown(request, declared, shown),
        total=total,
        decided=decided,
        looked=Suspicion.objects.filter(register=declared.name).order_by("-found").values_list("found", flat=True).first(),
        mergeable=request.ledger.as_of is None and request.ledger.can(Capability.MERGE, declared),
        number=number,
        pages=pages,
    )


def _visible(request: Request, register: Register) -> QuerySet[Suspicion]:
    """Pairs of which the reader sees both entries, those with most in common first."""
    column = "pk" if request.ledger.as_of is None else "entry_id"
    seen = request.ledger.visible([register]).filter(archived=False).values(column)
    found = Suspicion.objects.filter(register=register.name, first__in=seen, second__in=seen)
    return found.select_related("first", "second").order_by("-weight", "pk")


def _shown(request: Request, register: Register, pairs: list[Suspicion]) -> list[dict[str, Any]]:
    """Pairs with their fields side by side; names that they point to are looked up once."""
    records: list[Record] = [entry for pair in pairs for entry in (pair.first, pair.second)]
    values = {record.number: request.ledger.values(record) for record in records}
    speaker = Speaker(request.ledger, numbers.language())
    speaker.learn(register, values.values(), organisations_of(records))
    return [
        {
            "pair": pair,
            "sides": [pair.first, pair.second],
            "reasons": [_reason(register, reason) for reason in pair.reasons],
            "lines": _lines(speaker, register, pair, values),
        }
        for pair in pairs
    ]


def _lines(speaker: Speaker, register: Register, pair: Suspicion, values: dict[int, dict[str, Any]]) -> list[dict[str, Any]]:
    """Columns and fields that one of the two fills, what differs first."""
    different = set(changed(register, pair.first, pair.second))
    lines = []
    for name in (*COLUMNS[:-1], *register.fields):
        field = register.fields.get(name)
        if name in register.volatile:
            continue
        texts = [
            speaker.said(field, values[entry.number].get(name)).text if field else speaker.common(register, name, getattr(entry, name))
            for entry in (pair.first, pair.second)
        ]
        if any(texts):
            lines.append({"title": speaker.title(register, name), "texts": texts, "same": name not in different})
    return sorted(lines, key=lambda line: bool(line["same"]))


def _reason_name(register: Register, by: str) -> str:
    names = {"name": _("same name"), "place": _("within 50 m"), "uscc": _("same unified social credit code")}
    if by in names:
        return names[by]
    return _("same %(field)s") % {"field": register.title_of(by).text(numbers.language())}


def _reason(register: Register, reason: dict[str, Any]) -> str:
    if reason["by"] == "place":
        return _("%(metres)s m apart") % {"metres": numbers.digits(reason.get("metres"), 0)}
    return _reason_name(register, str(reason["by"]))


def _act(request: Request, register: Register) -> None:
    """Look again, merge a pair, or remember that it is none."""
    request.ledger.require(Capability.MERGE, register)
    action = request.POST.get("action", "")
    if action == "look":
        finder.refresh(register)
        messages.success(request, _("The whole register was looked through."))
        return
    number = request.POST.get("pair", "")
    pair = _visible(request, register).filter(pk=int(number) if number.isascii() and number.isdigit() else 0).first()
    if pair is None:
        raise NotVisible(number)
    for entry in (pair.first, pair.second):
        request.ledger.require(Capability.MERGE, register, entry)
    reason = request.POST.get("reason", "").strip()[:400]
    if action == "different":
        finder.judged_different(pair, str(request.user), reason)
        messages.success(request, _("Remembered: these two are not the same."))
    elif action in {"first", "second"}:
        keep, other = (pair.first, pair.second) if action == "first" else (pair.second, pair.first)
        _merge(request, keep, other, reason)


def _merge(request: Request, keep: Entry, other: Entry, reason: str) -> None:
    try:
        merge(keep, [other], Author.of(request.user, reason or _("found to be the same"), "merge"))
    except BilanError as error:
        messages.error(request, error.text(numbers.language()))
        return
    finder.settled([other.pk])
    messages.success(request, _("%(other)s was merged into %(keep)s.") % {"other": other.code, "keep": keep.code})
