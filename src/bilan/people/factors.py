"""The second factor: an application that shows a new code every thirty seconds (RFC 6238), and recovery codes for when it is lost."""

from __future__ import annotations

import base64
from dataclasses import dataclass

import segno
from django.http import HttpRequest
from django_otp import login as verified
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from bilan.people import audit
from bilan.people.models import Person

RECOVERY = 10
"""So many recovery codes a person gets, each good for once."""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A device that waits to be confirmed.

    Attributes:
        picture: QR code as an address that a page can show.
        secret: the same for typing in, in groups of four.
    """

    picture: str
    secret: str


def enrolled(person: Person) -> bool:
    """Whether the person has a second factor."""
    return TOTPDevice.objects.filter(user=person, confirmed=True).exists()


def begin(person: Person) -> Enrolment:
    """The device that the person may confirm; one that waits already is used again."""
    device = TOTPDevice.objects.filter(user=person, confirmed=False).first() or TOTPDevice.objects.create(
        user=person, name="application", confirmed=False
    )
    secret = base64.b32encode(device.bin_key).decode()
    picture = segno.make(device.config_url, error="m").svg_data_uri(scale=5, dark="#16242f", light="#ffffff")
    return Enrolment(picture, " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)))


def confirm(request: HttpRequest, code: str) -> list[str]:
    """Take the device into use when `code` is what it shows now.

    Returns:
        The recovery codes, which are shown once; none when the code is wrong.
    """
    device = TOTPDevice.objects.filter(user=request.user, confirmed=False).first()
    if device is None or not device.verify_token("".join(code.split())):
        return []
    TOTPDevice.objects.filter(user=request.user, confirmed=True).delete()
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    verified(request, device)
    audit.record("factor.set", request.user.username, request=request)
    return renew_recovery(request.user)


def renew_recovery(person: Person) -> list[str]:
    """Make new recovery codes; those before are worth nothing from now on."""
    StaticDevice.objects.filter(user=person).delete()
    device = StaticDevice.objects.create(user=person, name="recovery")
    codes = [StaticToken.random_token() for _ in range(RECOVERY)]
    device.token_set.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes


def recovery_left(person: Person) -> int:
    """Recovery codes that are not used yet."""
    return StaticToken.objects.filter(device__user=person).count()


def remove(person: Person, request: HttpRequest) -> None:
    """Take the second factor away: by the person, or by a security administrator for somebody who has lost it."""
    TOTPDevice.objects.filter(user=person).delete()
    StaticDevice.objects.filter(user=person).delete()
    audit.record("factor.removed", person.username, request=request)
