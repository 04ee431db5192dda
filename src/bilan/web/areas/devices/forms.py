"""Forms about devices: how one speaks, what it is told, what it is to send again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from bilan.telemetry.gateway.catalogue import Offer, offers
from bilan.telemetry.hj212 import catalogue
from bilan.telemetry.model import Device
from bilan.web.areas.devices import words
from bilan.web.components import numbers

PREFIX = "field-"
STAMP = "%Y%m%d%H%M%S"
UNTOUCHED = ("password", "sm4_key")
"""Secrets that are not shown: an empty field leaves them as they are."""
_PERIODS = {"hour": _("Hourly data"), "minute": _("Minute data"), "day": _("Daily data")}


class When(forms.DateTimeField):
    """A wall time of the city, to the second."""

    def __init__(self, **values: Any) -> None:
        super().__init__(widget=forms.DateTimeInput(attrs={"type": "datetime-local", "step": "1"}, format="%Y-%m-%dT%H:%M:%S"), **values)

    def to_python(self, value: Any) -> Any:
        """The naive wall time, because that is what everything here is in."""
        moment = super().to_python(value)
        return moment.replace(tzinfo=None) if isinstance(moment, datetime) else moment


class DialectForm(forms.Form):
    """How a device speaks, and at which point it stands."""

    point = forms.CharField(label=_("Point"), max_length=64, help_text=_("Code of the point it reports for"))
    password = forms.CharField(label=_("Password"), max_length=64, required=False, help_text=_("Leave empty to keep it"))
    edition = forms.ChoiceField(label=_("Edition"), choices=list(words.EDITIONS.items()))
    system = forms.CharField(label=_("System code (ST)"), validators=[RegexValidator(r"^\d{2}$", _("Two digits"))], max_length=2)
    crc = forms.ChoiceField(label=_("Check sum"), choices=list(words.CRC.items()))
    codes = forms.ChoiceField(label=_("Factor codes"), choices=list(words.CODES.items()))
    charset = forms.ChoiceField(label=_("Character set"), choices=list(words.CHARSETS.items()))
    acknowledge = forms.ChoiceField(label=_("Acknowledgement"), choices=list(words.ACKNOWLEDGE.items()))
    labels = forms.ChoiceField(label=_("Times of periods"), choices=list(words.LABELS.items()))
    realtime_seconds = forms.IntegerField(label=_("Real-time period (s)"), min_value=1, max_value=86400)
    minute_interval = forms.TypedChoiceField(
        label=_("Minute period (min)"), coerce=int, choices=[(int(text), text) for text in catalogue.fields()["MinInterval"].allowed]
    )
    address = forms.GenericIPAddressField(label=_("Only from this address"), required=False)
    sm4_key = forms.CharField(
        label=_("SM4 key"),
        required=False,
        validators=[RegexValidator(r"^[0-9A-Fa-f]{32}$", _("32 hexadecimal digits"))],
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Leave empty to keep it"),
    )
    without_key = forms.BooleanField(label=_("Not encrypted: remove the key"), required=False)
    state = forms.ChoiceField(label=_("State"), choices=list(words.STATE.items()))

    @classmethod
    def about(cls, device: Device, data: Mapping[str, Any] | None = None) -> DialectForm:
        """The form of a device; secrets stay out of the page."""
        known = {name: value for name, value in asdict(device).items() if name not in UNTOUCHED}
        return cls(data, initial=known)

    def applied(self, device: Device) -> Device:
        """The device as the form says."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "without_key"}
        for name in UNTOUCHED:
            if not given[name]:
                del given[name]
        if self.cleaned_data["without_key"]:
            given["sm4_key"] = ""
        return replace(device, **given)


class ClaimForm(DialectForm):
    """How an unknown device speaks: guessed from its sample, corrected by a person."""

    point = None
    state = None
    without_key = None

    def applied(self, device: Device) -> Device:
        """The device as the form says."""
        return replace(device, **self.cleaned_data)

    @classmethod
    def about(cls, device: Device, data: Mapping[str, Any] | None = None) -> ClaimForm:
        """The form of a guess; the password was sent by the device itself and is shown to who may claim it."""
        form = cls(data, initial=asdict(device))
        form.fields["password"].help_text = form.fields["sm4_key"].help_text = ""
        return form


class CommandForm(forms.Form):
    """The fields of one command, made from the codec's tables."""

    def __init__(self, offer: Offer, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.offer = offer
        for name in offer.fields:
            self.fields[PREFIX + name] = _made(name)

    @property
    def values(self) -> dict[str, str]:
        """Fields of the data area as they stand on the wire."""
        return {
            name.removeprefix(PREFIX): f"{value:{STAMP}}" if isinstance(value, datetime) else str(value)
            for name, value in self.cleaned_data.items()
            if value not in (None, "")
        }


class ResendForm(forms.Form):
    """A range of periods that a device is to send again."""

    kind = forms.ChoiceField(label=_("What"), choices=list(_PERIODS.items()))
    begin = When(label=_("From"))
    end = When(label=_("Until"))


def offered(device: Device) -> list[tuple[str, str]]:
    """Commands that a device of this edition can be given: code and name."""
    return [(offer.cn, f"{offer.cn} {words.command(offer.cn)}") for offer in offers().values() if device.edition in offer.editions]


def _made(name: str) -> forms.Field:
    """The form field that fits a field of the protocol, with its bounds."""
    known = catalogue.fields().get(name)
    if known is None:
        return forms.CharField(label=name, max_length=64)
    label = f"{known.en if numbers.language() == 'en' else known.zh}{f' ({known.unit})' if known.unit else ''}"
    if known.kind == "time":
        free = name == "SystemTime"
        return When(label=label, required=not free, help_text=_("Empty: the time of sending") if free else "")
    if known.allowed:
        return forms.ChoiceField(label=label, choices=[(text, text) for text in known.allowed])
    if known.kind == "integer":
        bounds = f"{known.low}–{known.high}" if known.low is not None and known.high is not None else ""
        return forms.IntegerField(label=label, min_value=known.low, max_value=known.high, help_text=bounds)
    return forms.CharField(label=label, min_length=known.low, max_length=known.high or 64, help_text=name)
