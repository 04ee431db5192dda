"""Pages of devices."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from bilan.pack.vocab import networks
from bilan.people.roles import Action
from bilan.telemetry.gateway import devices as gateway_devices
from bilan.telemetry.gateway.catalogue import offers
from bilan.telemetry.gateway.devices import DeviceState
from bilan.telemetry.model import Device, Point
from bilan.web import site
from bilan.web.areas.devices import actions, chips, tables, words
from bilan.web.areas.devices.condition import condition
from bilan.web.areas.devices.forms import ClaimForm, CommandForm, DialectForm, ResendForm, offered
from bilan.web.areas.devices.reading import equipment_of
from bilan.web.areas.devices.telegram import as_bytes, decoded
from bilan.web.areas.devices.traffic import recent
from bilan.web.components import numbers
from bilan.web.pages import show
from bilan.web.registry import Request, page, section

FAULTS = 20
FOUND = 8

section("devices", gettext_noop("Devices"), icon="cpu", page="devices", order=40)


@page("devices", name="devices", section="devices")
def devices(request: Request) -> HttpResponse:
    """Every device and how it is doing."""
    equipment = equipment_of(request)
    states = [state for state in equipment.states() if request.district in ("", _district(equipment.point(state.device.point)))]
    counted = {name: sum(state.presence.value == name for state in states) for name in words.PRESENCE}
    choices = [("", _("All"), len(states), "")]
    chosen, found = request.GET.get("presence", ""), condition()
    choices += [(name, words.said(words.PRESENCE, name), counted[name], words.PRESENCE[name][0]) for name in words.PRESENCE]
    return show(
        request,
        "devices/devices.html",
        table=tables.devices_table(request, equipment, [state for state in states if chosen in ("", state.presence.value)]),
        chips=chips.chips(request, "presence", choices),
        tabs=chips.tabs(request, equipment, "devices"),
        online=counted["online"],
        total=len(states),
        condition=found,
        behind=words.duration(found.behind),
        past_faults=_past_faults(request),
    )


@page("commands", name="commands", section="devices")
def commands(request: Request) -> HttpResponse:
    """What devices were told, and what became of it."""
    equipment = equipment_of(request)

    def name(mn: str) -> str:
        point = equipment.point_of(mn)
        return numbers.named(point) if point else ""

    return show(
        request,
        "devices/commands.html",
        table=tables.commands_table(request, equipment.commands(limit=1000), name=name),
        tabs=chips.tabs(request, equipment, "commands"),
    )


@page("claims", name="claims", section="devices")
def claims(request: Request) -> HttpResponse:
    """Devices that report and that nobody has registered."""
    equipment = equipment_of(request)
    waiting, ignored = equipment.claims(), equipment.claims(("ignored",))
    shown = ignored if request.GET.get("state") == "ignored" else waiting
    choices = [("open", _("Waiting"), len(waiting), "info"), ("ignored", _("Ignored"), len(ignored), "quiet")]
    return show(
        request,
        "devices/claims.html",
        table=tables.claims_table(request, shown, secret=not request.monitoring.can(Action.OPERATE)),
        chips=chips.chips(request, "state", choices, "open"),
        tabs=chips.tabs(request, equipment, "claims"),
        whole_city=equipment.whole_city,
    )


@page("claimable-points", name="claimable-points", section="devices", reads=Action.ADMINISTER)
def claimable_points(request: Request) -> HttpResponse:
    """Points that fit what somebody looks for, those without a device first."""
    found = _fitting(request, request.GET.get("find", ""), request.GET.get("system", ""))
    return show(request, "devices/points.html", points=found, chosen=request.GET.get("point", ""))


@page("claims/<path:mn>", name="claim", section="devices", writes=Action.ADMINISTER)
def claim(request: Request, mn: str) -> HttpResponse:
    """One unknown device: its sample, and the form that registers it."""
    waiting = equipment_of(request).claim(mn)
    guess = gateway_devices.suggest(site.store(), mn) if waiting.sample else Device(mn)
    form: ClaimForm | None = ClaimForm.about(guess)
    if request.method == "POST":
        if request.POST.get("do") == "ignore":
            actions.ignore(request, mn)
            return redirect("claims")
        form = actions.claim(request, guess, request.POST)
        if form is None:
            return redirect("device", mn)
    secret = not request.monitoring.can(Action.OPERATE)
    return show(
        request,
        "devices/claim.html",
        claim=waiting,
        form=form,
        may=request.monitoring.can(Action.ADMINISTER),
        telegram=decoded(as_bytes(waiting.sample, guess.charset), guess, secret=secret) if waiting.sample else None,
        points=_fitting(request, "", guess.system),
        system=guess.system,
        chosen=request.POST.get("point", ""),
        kept=len(equipment_of(request).telegrams(mn=mn)),
    )


@page("devices/<path:mn>", name="device", section="devices")
def device(request: Request, mn: str) -> HttpResponse:
    """One device: state, dialect, commands, gaps, recent telegrams."""
    state = equipment_of(request).state(mn)
    if request.method == "POST":
        wrong = _act(request, state.device)
        if wrong is None:
            return redirect("device", mn)
        return _device_page(request, state, **wrong)
    part = request.GET.get("part", "")
    if part == "fields":
        offer = offers().get(request.GET.get("cn", ""))
        return show(request, "devices/fields.html", command_form=CommandForm(offer) if offer else None)
    if part == "traffic":
        return _traffic_part(request, state.device)
    return _device_page(request, state)


def _act(request: Request, device: Device) -> dict[str, Any] | None:
    """Do what was sent; None when it is done, else the form that is wrong by the name the page knows it by."""
    wish = request.POST.get("do", "")
    if wish == "replay":
        actions.replay_all(request, device.mn)
        return None
    deeds = {"command": actions.give_command, "resend": actions.ask_again, "dialect": actions.set_dialect}
    if wish not in deeds:
        return {}
    form = deeds[wish](request, device)
    return None if form is None else {f"{wish}_form": form}


def _device_page(request: Request, state: DeviceState, **forms: Any) -> HttpResponse:
    equipment, device = equipment_of(request), state.device
    point = equipment.point(device.point)
    chosen = offers().get(request.GET.get("cn", "1012"))
    values = {
        "command_form": CommandForm(chosen) if chosen else None,
        "resend_form": ResendForm(),
        "dialect_form": DialectForm.about(device),
        "wrong": next(iter(forms), ""),
        **forms,
    }
    return show(
        request,
        "devices/device.html",
        state=state,
        device=device,
        mark=words.mark(words.PRESENCE, state.presence.value),
        presence=state.presence.value,
        lag=words.duration(state.lag) if state.data_time else numbers.NOTHING,
        reason=str(words.REASONS.get(state.reason, state.reason)),
        point=point,
        network=networks().get(point.network) if point else None,
        dialect=_dialect(device),
        table=tables.commands_table(request, equipment.commands(device.mn), of=device.mn),
        offered=offered(device),
        gaps=tables.gap_rows(equipment.gaps(device.mn)),
        kept=len(equipment.telegrams(mn=device.mn)),
        may_operate=request.monitoring.can(Action.OPERATE),
        may_administer=request.monitoring.can(Action.ADMINISTER),
        **values,
    )


def _traffic_part(request: Request, device: Device) -> HttpResponse:
    traffic = recent(site.store(), site.city().journal, device)
    secret = not request.monitoring.can(Action.OPERATE)
    telegrams = [{"arrival": arrival, "telegram": decoded(arrival.frame, device, secret=secret)} for arrival in traffic.frames]
    events = [
        {
            "when": numbers.wall(entry.arrived),
            "title": _("Connected") if entry.connected else _("Connection ended"),
            "text": entry.peer if entry.connected else str(words.REASONS.get(entry.reason, entry.reason)),
            "tone": "quiet" if entry.connected else "risk",
        }
        for entry in traffic.connections
    ]
    return show(request, "devices/traffic.html", telegrams=telegrams, events=events)


def _dialect(device: Device) -> list[tuple[str, str]]:
    """How a device speaks, as titles and texts."""
    return [
        (_("Edition"), words.EDITIONS.get(device.edition, device.edition)),
        (_("System code (ST)"), device.system),
        (_("Check sum"), str(words.CRC.get(device.crc, device.crc))),
        (_("Factor codes"), str(words.CODES.get(device.codes, device.codes))),
        (_("Character set"), words.CHARSETS.get(device.charset, device.charset)),
        (_("Acknowledgement"), str(words.ACKNOWLEDGE.get(device.acknowledge, device.acknowledge))),
        (_("Times of periods"), str(words.LABELS.get(device.labels, device.labels))),
        (_("Real-time period (s)"), str(device.realtime_seconds)),
        (_("Minute period (min)"), str(device.minute_interval)),
        (_("Password"), _("set") if device.password else _("not set")),
        (_("SM4 key"), _("set") if device.sm4_key else _("not encrypted")),
        (_("Only from this address"), device.address or _("any")),
    ]


def _district(point: Point | None) -> str:
    return point.district if point else ""


def _past_faults(request: Request) -> list[dict[str, Any]]:
    """When the gateway did not acknowledge, for a timeline."""
    return [
        {
            "when": numbers.wall(fault["begun"]),
            "title": fault["problem"].text(numbers.language()),
            "text": _("until %(time)s") % {"time": numbers.wall(fault["ended"])} if fault["ended"] else _("lasts"),
            "tone": "quiet" if fault["ended"] else "bad",
        }
        for fault in gateway_devices.faults(site.store(), FAULTS)
    ]


def _fitting(request: Request, text: str, system: str) -> list[dict[str, Any]]:
    """Points with every word in name or code; without words those of the networks that a system code stands for."""
    equipment = equipment_of(request)
    taken = {state.device.point for state in equipment.states()}
    wanted = text.lower().split()
    found = [
        point
        for point in request.monitoring.points()
        if (all(word in f"{point.code} {point.name_zh} {point.name_en}".lower() for word in wanted) if wanted else _speaks(point, system))
    ]
    found.sort(key=lambda point: (point.code in taken, not _speaks(point, system), point.code))
    return [{"point": point, "taken": point.code in taken} for point in found[:FOUND]]


def _speaks(point: Point, system: str) -> bool:
    return point.network in networks() and networks()[point.network].st == system
