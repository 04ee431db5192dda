"""What people do to devices: give commands, ask for what is missing, say how they speak, replay, claim, ignore."""

from __future__ import annotations

import logging

from django.contrib import messages
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bilan.people.roles import Action
from bilan.problems import BilanError, Problem
from bilan.telemetry import clock
from bilan.telemetry.gateway import commands, devices
from bilan.telemetry.gateway.catalogue import offers
from bilan.telemetry.ingest import gaps, quarantine
from bilan.telemetry.model import Device
from bilan.web import site
from bilan.web.areas.devices import words
from bilan.web.areas.devices.forms import ClaimForm, CommandForm, DialectForm, ResendForm
from bilan.web.components import numbers
from bilan.web.registry import Request

log = logging.getLogger("bilan.web.devices")


def give_command(request: Request, device: Device) -> CommandForm | None:
    """Queue the command that was sent; gives the form back when something in it is wrong."""
    offer = offers().get(request.POST.get("cn", ""))
    if offer is None:
        raise BilanError(Problem("gateway.unknown_command", {"value": request.POST.get("cn", ""), "nearest": ""}))
    form = CommandForm(offer, request.POST)
    if not form.is_valid():
        return form
    store = request.monitoring.require(Action.OPERATE)
    try:
        commands.queue(store, device.mn, offer.cn, form.values, request.user.username, zone=store.zone)
    except BilanError as error:
        form.add_error(None, error.text(numbers.language()))
        return form
    messages.success(
        request, _("Queued: %(command)s. It is sent as soon as the device is connected.") % {"command": words.command(offer.cn)}
    )
    return None


def ask_again(request: Request, device: Device) -> ResendForm | None:
    """Ask a device for a range of periods; gives the form back when something in it is wrong."""
    form = ResendForm(request.POST)
    if not form.is_valid():
        return form
    store = request.monitoring.require(Action.OPERATE)
    values = form.cleaned_data
    try:
        if values["kind"] == "day":
            commands.resend(store, device.mn, "2031", values["begin"], values["end"], request.user.username)
        else:
            begin, end = clock.seconds(values["begin"]), clock.seconds(values["end"])
            gaps.ask(store, device.mn, values["kind"], begin, end, request.user.username)
    except BilanError as error:
        form.add_error(None, error.text(numbers.language()))
        return form
    messages.success(request, _("Asked for again; what comes fills the gap by itself."))
    return None


def set_dialect(request: Request, device: Device) -> DialectForm | None:
    """Change how a device speaks; gives the form back when something in it is wrong."""
    form = DialectForm.about(device, request.POST)
    if not form.is_valid():
        return form
    store = request.monitoring.require(Action.ADMINISTER)
    try:
        request.monitoring.point(form.cleaned_data["point"])
    except LookupError:
        form.add_error("point", _("There is no such point."))
        return form
    store.catalogue.put_devices([form.applied(device)])
    log.info("%s changed the dialect of %s", request.user.username, device.mn)
    messages.success(request, _("Saved. The gateway takes it over within a second."))
    return None


def replay_all(request: Request, mn: str) -> None:
    """Replay everything of a device that is in quarantine, and tell what became of it."""
    store = request.monitoring.require(Action.OPERATE)
    done, left = quarantine.replay_device(store, site.city().journal, mn, request.user.username)
    messages.success(request, ngettext("%(n)s telegram replayed.", "%(n)s telegrams replayed.", done) % {"n": done})
    if left:
        text = ngettext("%(n)s telegram still cannot be used.", "%(n)s telegrams still cannot be used.", len(left))
        messages.warning(request, text % {"n": len(left)})


def claim(request: Request, guess: Device, data: QueryDict) -> ClaimForm | None:
    """Register an unknown device at a point; gives the form back when something in it is wrong."""
    form = ClaimForm.about(guess, data)
    valid = form.is_valid()
    store = request.monitoring.require(Action.ADMINISTER)
    try:
        point = request.monitoring.point(data.get("point", "").strip())
    except LookupError:
        form.add_error(None, _("Choose the point that the device reports for."))
        return form
    if not valid:
        return form
    devices.claim(store, guess.mn, point.code, form.applied(guess))
    log.info("%s claimed %s for %s", request.user.username, guess.mn, point.code)
    messages.success(request, _("%(mn)s now reports for %(point)s.") % {"mn": guess.mn, "point": numbers.named(point)})
    if data.get("replay"):
        replay_all(request, guess.mn)
    return None


def ignore(request: Request, mn: str) -> None:
    """Take an unknown device off the list."""
    devices.ignore_claim(request.monitoring.require(Action.ADMINISTER), mn)
    log.info("%s ignores %s", request.user.username, mn)
    messages.success(request, _("%(mn)s is taken off the list; what it sends stays unacknowledged.") % {"mn": mn})
