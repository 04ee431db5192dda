"""What people do with what is in quarantine: try, correct, replay, dismiss; one or many."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from django.contrib import messages
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bilan.people.roles import Action
from bilan.people.visibility import NotVisible
from bilan.problems import BilanError
from bilan.telemetry import clock
from bilan.telemetry.ingest import quarantine
from bilan.telemetry.ingest.quarantine import Entry
from bilan.telemetry.readers import Refused, correct, dismiss, replay
from bilan.telemetry.readers.resend import replay_message
from bilan.web import site
from bilan.web.areas.devices.reading import equipment_of
from bilan.web.components import numbers
from bilan.web.registry import Request

log = logging.getLogger("bilan.web.quarantine")
MOST = 1000
"""So many are replayed in one go; the rest in the next."""
TOLD = 3


def replay_telegram(request: Request, entry: Entry, text: str, mn: str, note: str) -> str:
    """Bring a telegram into the store as corrected; gives what is still wrong, empty when it was taken.

    A reader of some districts may only bring in readings of devices there, whatever the text says.
    """
    store = request.monitoring.require(Action.OPERATE)
    equipment = equipment_of(request)
    device = mn or ("" if equipment.whole_city else entry.mn)
    if device:
        try:
            equipment.state(device)
        except NotVisible:
            return _("There is no device %(mn)s.") % {"mn": device}
    given = "" if text.strip() == entry.text.strip() else text.strip()
    try:
        result = quarantine.replay(store, site.city().journal, entry.id, request.user.username, text=given, mn=device, note=note)
    except BilanError as error:
        return error.text(numbers.language())
    taken = ngettext("Replayed: %(n)s value stored.", "Replayed: %(n)s values stored.", result.count)
    messages.success(request, taken % {"n": result.count})
    log.info("%s replayed telegram %d", request.user.username, entry.id)
    return ""


def dismiss_telegrams(request: Request, entries: Sequence[Entry], note: str) -> None:
    """Put telegrams aside for good."""
    store = request.monitoring.require(Action.OPERATE)
    numbers_ = [entry.id for entry in entries if entry.state == quarantine.OPEN]
    quarantine.ignore(store, numbers_, request.user.username, note)
    _told_dismissed(request, len(numbers_))


def replay_telegrams(request: Request, entries: Sequence[Entry]) -> None:
    """Replay many telegrams as they are, oldest first, and tell how many could be used."""
    store = request.monitoring.require(Action.OPERATE)
    wrong: list[str] = []
    chosen = sorted((entry for entry in entries if entry.state == quarantine.OPEN), key=lambda entry: entry.id)[:MOST]
    scoped = not equipment_of(request).whole_city
    for entry in chosen:
        try:
            mn = entry.mn if scoped else ""
            quarantine.replay(store, site.city().journal, entry.id, request.user.username, mn=mn)
        except BilanError as error:
            wrong.append(error.text(numbers.language()))
    _told_replayed(request, len(chosen) - len(wrong), wrong)


def replay_row(request: Request, row: Refused, cells: dict[str, str]) -> list[str]:
    """Correct a row and import it again; gives what is still wrong."""
    store = request.monitoring.require(Action.OPERATE)
    if cells:
        correct(store, row.id, cells, request.user.username)
    remaining = _replay_row(request, row)
    if not remaining:
        messages.success(request, _("The row is imported."))
    return remaining


def replay_rows(request: Request, rows: Sequence[Refused]) -> None:
    """Import many rows again as they are."""
    wrong: list[str] = []
    chosen = [row for row in rows if row.state == "open"][:MOST]
    for row in chosen:
        wrong += _replay_row(request, row)[:1]
    _told_replayed(request, len(chosen) - len(wrong), wrong)


def dismiss_rows(request: Request, rows: Sequence[Refused]) -> None:
    """Put rows aside for good."""
    store = request.monitoring.require(Action.OPERATE)
    chosen = [row for row in rows if row.state == "open"]
    for row in chosen:
        dismiss(store, row.id, request.user.username)
    _told_dismissed(request, len(chosen))


def _replay_row(request: Request, row: Refused) -> list[str]:
    store = request.monitoring.require(Action.OPERATE)
    equipment = equipment_of(request)
    person = request.user.username
    if row.is_message:
        fresh = equipment.row(row.id, person)
        problems = replay_message(site.city(), store, fresh, lambda: clock.moment(clock.now(store.zone)), person)
    else:
        problems = replay(store, row.id, person, among=equipment.among())
    return [problem.text(numbers.language()) for problem in problems]


def _told_replayed(request: Request, done: int, wrong: Sequence[str]) -> None:
    messages.success(request, ngettext("%(n)s replayed.", "%(n)s replayed.", done) % {"n": done})
    if wrong:
        kinds = "; ".join(list(dict.fromkeys(wrong))[:TOLD])
        text = ngettext("%(n)s still cannot be used: %(why)s", "%(n)s still cannot be used: %(why)s", len(wrong))
        messages.warning(request, text % {"n": len(wrong), "why": kinds})


def _told_dismissed(request: Request, number: int) -> None:
    messages.success(request, ngettext("%(n)s dismissed.", "%(n)s dismissed.", number) % {"n": number})
