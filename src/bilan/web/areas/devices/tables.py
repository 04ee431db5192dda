"""Tables about devices."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bilan.pack.vocab import networks
from bilan.people.equipment import Equipment
from bilan.telemetry.gateway.commands import Command
from bilan.telemetry.gateway.devices import Claim, DeviceState
from bilan.telemetry.ingest.gaps import Gap
from bilan.web import site
from bilan.web.areas.devices import words
from bilan.web.areas.devices.telegram import hide
from bilan.web.components import numbers
from bilan.web.components.table import Column, Filter, Table
from bilan.web.registry import Request

TROUBLE = {name: rank for rank, name in enumerate(words.PRESENCE)}
SECRET_FIELDS = frozenset({"NewPW", "NewSK"})


def devices_table(request: Request, equipment: Equipment, states: Sequence[DeviceState]) -> Table:
    """Every visible device; those in trouble first."""
    rows = _device_rows(equipment, states)
    present = sorted({row["network"] for row in rows if row["network"]})
    return Table(
        id="devices",
        caption=_("Devices"),
        columns=[
            Column("mn", _("Device (MN)"), href=lambda row: reverse("device", args=[row["mn"]])),
            Column("presence_name", _("State"), render=lambda row: _presence(row["presence"], row["mn"])),
            Column("point_name", _("Point"), render=_point_link),
            Column("district_name", _("District"), wide=True),
            Column("network_name", _("Network"), shown=False),
            Column("seen", _("Last seen"), kind="age"),
            Column("connected_name", _("Connection"), wide=True),
            Column("lag", _("Lag"), kind="number", render=lambda row: words.duration(row["lag"]), wide=True),
            Column("frames", _("Telegrams"), kind="number", decimals=0, wide=True),
            Column("errors", _("Errors"), kind="number", decimals=0, wide=True),
            Column("gaps", _("Gaps"), kind="number", decimals=0, wide=True),
            Column("edition_name", _("Edition"), wide=True),
            Column("dialect", _("Dialect"), wide=True),
            Column("peer", _("Address"), shown=False),
            Column("trouble", _("Urgency"), kind="number", decimals=0, shown=False),
        ],
        rows=rows,
        query=request.GET,
        search=("mn", "point_name", "point", "district_name", "peer"),
        filters=[
            Filter("network", _("All networks"), [(code, numbers.named(networks()[code])) for code in present if code in networks()]),
            Filter("connected", _("Connected or not"), [("yes", _("Connected")), ("no", _("Not connected"))]),
            Filter("edition", _("All editions"), list(words.EDITIONS.items())),
        ],
        sort="trouble",
        empty=_("A device appears here once it is registered at a point."),
    )


def claims_table(request: Request, claims: Sequence[Claim], *, secret: bool) -> Table:
    """Devices that report and that nobody has registered."""
    rows = [
        {
            "mn": claim.mn,
            "state": claim.state,
            "last": claim.last or None,
            "first": claim.first or None,
            "frames": claim.frames,
            "peer": claim.peer,
            "sample": hide(claim.sample, secret=secret),
        }
        for claim in claims
    ]
    return Table(
        id="claims",
        caption=_("To be claimed"),
        columns=[
            Column("mn", _("Device (MN)"), href=lambda row: reverse("claim", args=[row["mn"]])),
            Column("last", _("Last heard"), kind="age"),
            Column("first", _("First heard"), kind="time", wide=True),
            Column("frames", _("Telegrams"), kind="number", decimals=0),
            Column("peer", _("Address"), wide=True),
            Column("sample", _("Sample telegram"), render=lambda row: raw(row["sample"], 90), wide=True),
        ],
        rows=rows,
        query=request.GET,
        search=("mn", "peer", "sample"),
        sort="-last",
        empty=_("Every device that reports is registered."),
    )


def commands_table(request: Request, entries: Sequence[Command], *, of: str = "", name: Callable[[str], str] = str) -> Table:
    """Commands with their state; `of` is the device they all belong to, `name` gives the name of a device's point."""
    rows = [_command_row(entry, name) for entry in entries]
    device = Column("mn", _("Device (MN)"), href=lambda row: reverse("device", args=[row["mn"]]))
    return Table(
        id="commands",
        caption=_("Commands"),
        columns=[
            Column("created", _("Ordered"), kind="time"),
            *([] if of else [device, Column("point_name", _("Point"), wide=True)]),
            Column("command", _("Command")),
            Column("state_name", _("State"), render=lambda row: words.mark(words.COMMANDS, row["state"])),
            Column("answer", _("Answer"), render=lambda row: raw(row["answer"], 60)),
            Column("fields", _("Fields"), wide=True),
            Column("person", _("By"), wide=True),
            Column("sent", _("Sent"), kind="time", wide=True),
            Column("finished", _("Finished"), kind="time", wide=True),
            Column("attempts", _("Attempts"), kind="number", decimals=0, shown=False),
            Column("qn", "QN", shown=False),
        ],
        rows=rows,
        query=request.GET,
        search=("mn", "command", "fields", "person", "answer"),
        filters=[Filter("state", _("All states"), [(state, words.said(words.COMMANDS, state)) for state in words.COMMANDS])],
        sort="-created",
        size=10 if of else 50,
        prefix="commands-" if of else "",
        empty=_("No command has been given yet."),
    )


def gap_rows(gaps: Sequence[Gap]) -> list[dict[str, Any]]:
    """Gaps with their state, ready for the page."""
    return [{"gap": gap, "kind": words.period(gap.kind), "mark": words.mark(words.GAPS, gap.state)} for gap in gaps]


def raw(text: str, most: int) -> SafeString | str:
    """The begin of a raw text in equal-width letters; the whole of it under the pointer."""
    if not text:
        return numbers.NOTHING
    shown = text if len(text) <= most else f"{text[:most]}…"
    return format_html('<code class="raw" title="{}">{}</code>', text, shown)


def _presence(presence: str, mn: str) -> SafeString:
    tone, text = words.PRESENCE.get(presence, ("quiet", presence))
    return format_html('<span class="status status-{}" data-presence="{}" data-of="{}">{}</span>', tone, presence, mn, text)


def _point_link(row: Mapping[str, Any]) -> SafeString | str:
    if not row["point"]:
        return numbers.NOTHING
    return format_html('<a href="{}">{}</a>', reverse("point", args=[row["point"]]), row["point_name"])


def _device_rows(equipment: Equipment, states: Sequence[DeviceState]) -> list[dict[str, Any]]:
    """Rows of the table of devices; every word is translated once and not once a device."""
    english = numbers.language() == "en"
    connected, apart = _("Connected"), _("Not connected")
    presences = {name: words.said(words.PRESENCE, name) for name in words.PRESENCE}
    kinds = {code: numbers.named(network) for code, network in networks().items()}
    districts = {district.adcode: site.district_name(district.adcode, numbers.language()) for district in site.districts()}
    dialects: dict[tuple[str, str, str, bool], str] = {}
    rows = []
    for state in states:
        device, point = state.device, equipment.point(state.device.point)
        spoken = (device.crc, device.codes, device.charset, bool(device.sm4_key))
        if spoken not in dialects:
            dialects[spoken] = _dialect(*spoken)
        presence = state.presence.value
        name = "" if point is None else (point.name_en or point.name_zh) if english else (point.name_zh or point.name_en)
        rows.append(
            {
                "mn": device.mn,
                "presence": presence,
                "presence_name": presences.get(presence, presence),
                "trouble": TROUBLE.get(presence, len(TROUBLE)),
                "point": device.point,
                "point_name": name or device.point,
                "district_name": districts.get(point.district, point.district) if point else "",
                "network": point.network if point else "",
                "network_name": kinds.get(point.network, point.network) if point else "",
                "seen": state.seen or None,
                "connected": "yes" if state.connected else "no",
                "connected_name": connected if state.connected else apart,
                "lag": state.lag if state.data_time else None,
                "frames": state.frames,
                "errors": state.errors,
                "gaps": state.gaps,
                "edition": device.edition,
                "edition_name": words.EDITIONS.get(device.edition, device.edition),
                "dialect": dialects[spoken],
                "peer": state.peer,
            }
        )
    return rows


def _dialect(crc: str, codes: str, charset: str, encrypted: bool) -> str:
    """In what a device differs from the standard."""
    parts = [
        *([f"CRC {words.CRC[crc]}"] if crc != "standard" and crc in words.CRC else []),
        *([str(words.CODES[codes])] if codes != "2017" and codes in words.CODES else []),
        *([words.CHARSETS.get(charset, charset)] if charset != "utf-8" else []),
        *(["SM4"] if encrypted else []),
    ]
    return ", ".join(parts) or _("Standard")


def _command_row(entry: Command, name: Callable[[str], str]) -> dict[str, Any]:
    fields = (f"{key}={'••••••' if key in SECRET_FIELDS else value}" for key, value in entry.fields.items() if value)
    return {
        "created": entry.created,
        "mn": entry.mn,
        "point_name": name(entry.mn),
        "command": f"{entry.cn} {words.command(entry.cn)}",
        "state": entry.state,
        "state_name": words.said(words.COMMANDS, entry.state),
        "answer": " ".join(part for part in (words.result(entry), hide(entry.answer, secret=True)) if part),
        "fields": "; ".join(fields),
        "person": str(words.PERSONS.get(entry.person, entry.person)),
        "sent": entry.sent or None,
        "finished": entry.finished or None,
        "attempts": entry.attempts,
        "qn": entry.qn,
    }
