"""Evidence of cases: taken with kind, time, place and hash, kept once however often it is sent, checked against its hash at any time."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, BinaryIO

from django.db import IntegrityError, transaction
from django.utils import timezone

from bilan.casework.models import Case, Evidence
from bilan.problems import BilanError, Problem, nearest
from bilan.registers import attachments

LARGEST = {"photo": 30 << 20, "video": 300 << 20, "audio": 50 << 20, "document": 50 << 20, "signature": 1 << 20}
"""Kind → bytes one file of it may have."""
BEGINNINGS = {"photo": ("image/",), "video": ("video/",), "audio": ("audio/",), "signature": ("image/png",), "document": ("",)}
"""Kind → how the media type of its files begins."""
KINDS = (*LARGEST, "measurement")
MOST = 500
"""Pieces of evidence a case may have."""
ASKEW = timedelta(minutes=2)
"""A device's clock that differs by more than this is noted with what it took."""
KEY = re.compile(r"[A-Za-z0-9-]{8,40}")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_EARTH = 6_371_008.8


@dataclass(frozen=True, slots=True)
class Claim:
    """What the sender says of a piece of evidence.

    Attributes:
        kind: one of `KINDS`.
        requirement: name of the evidence that a transition asks for; empty for none.
        key: chosen by the sender, so that sending twice keeps once; empty for none.
        digest: SHA-256 that the sender computed; empty when it could not.
        taken: when, by the device's clock; `sent`: the same clock when it was sent, so that a wrong clock shows.
        lon, lat, accuracy: where [deg] ± [m].
    """

    kind: str
    requirement: str = ""
    key: str = ""
    digest: str = ""
    taken: datetime | None = None
    sent: datetime | None = None
    lon: float | None = None
    lat: float | None = None
    accuracy: float | None = None

    @classmethod
    def read(cls, sent: Mapping[str, str]) -> Claim:
        """Take a claim from a form that anybody may have filled in.

        Raises:
            BilanError: something in it cannot be; every such thing is told.
        """
        problems: list[Problem] = []
        lon, lat = _number(sent, "lon", -180, 180, problems), _number(sent, "lat", -90, 90, problems)
        claim = cls(
            kind=sent.get("kind", ""),
            requirement=sent.get("requirement", ""),
            key=sent.get("key", ""),
            digest=sent.get("digest", "").lower(),
            taken=_moment(sent, "taken", problems),
            sent=_moment(sent, "sent", problems),
            lon=lon if lat is not None else None,
            lat=lat if lon is not None else None,
            accuracy=_number(sent, "accuracy", 0, 1e7, problems),
        )
        problems += claim.problems()
        if problems:
            raise BilanError(*problems)
        return claim

    def problems(self) -> list[Problem]:
        """What cannot be in the claim's words."""
        found = []
        if self.kind not in KINDS:
            found.append(Problem("evidence.kind", {"value": self.kind[:40], "allowed": KINDS, "nearest": nearest(self.kind[:40], KINDS)}))
        for name, form in (("requirement", _NAME), ("key", KEY), ("digest", _DIGEST)):
            value: str = getattr(self, name)
            if value and not form.fullmatch(value):
                found.append(Problem("evidence.form", {"field": name, "value": value[:60]}))
        return found


@dataclass(frozen=True, slots=True)
class Checked:
    """Whether a piece of evidence is still what it was.

    Attributes:
        there: whether the content is there at all.
        digest: SHA-256 of the content as it is now; empty when it is not there.
        same: whether that is the digest it was kept under.
        doubts: codes of what deserves a look: ``clock`` (the device's clock was wrong), ``nowhere`` (no place), ``vague`` (place known
            to more than 100 m), ``late`` (sent more than a day after it was taken), ``undated`` (no time).
    """

    there: bool
    digest: str
    same: bool
    doubts: tuple[str, ...] = field(default=())


def keep(case: Case, stream: BinaryIO, name: str, claim: Claim, person: Any) -> Evidence:
    """Keep a file as evidence of a case; the same key again gives what was kept then.

    Parameters:
        name: the file's name; its ending must be what the content is.
        person: who sends it; whether they may handle the case is the caller's to ask.

    Returns:
        The evidence, not yet bound to a step.

    Raises:
        BilanError: it is empty, too large, not of its kind, damaged on the way, or its key belongs to something else.
    """
    if claim.kind not in LARGEST:
        raise BilanError(Problem("evidence.kind", {"value": claim.kind, "allowed": list(LARGEST), "nearest": ""}))
    if (known := sent_before(case, claim, person)) is not None:
        return known
    _room(case)

    def fits(content: attachments.Content) -> None:
        if not content.mime.startswith(BEGINNINGS[claim.kind]):
            raise BilanError(Problem("evidence.not_of_kind", {"value": content.name, "allowed": claim.kind}))
        if claim.digest and claim.digest != content.digest:
            raise BilanError(Problem("evidence.damaged", {"value": content.name}))

    content = attachments.keep(stream, name, LARGEST[claim.kind], fits)
    values = {"name": content.name, "mime": content.mime, "size": content.size, "digest": content.digest}
    return _write(case, replace(claim, digest=content.digest), person, values, {})


def measure(case: Case, reading: Mapping[str, Any], claim: Claim, person: Any) -> Evidence:
    """Keep a measurement as evidence: what was measured, where, when, how much.

    Parameters:
        reading: ``parameter``, ``value``, ``unit``, and ``point`` and ``moment`` where known.

    Raises:
        BilanError: it has no number, or its key belongs to something else.
    """
    value = reading.get("value")
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise BilanError(Problem("evidence.no_number", {"value": str(value)[:40]}))
    claim = replace(claim, kind="measurement")
    if (known := sent_before(case, claim, person)) is not None:
        return known
    _room(case)
    kept = {name: str(reading[name])[:120] for name in ("parameter", "unit", "point", "moment") if reading.get(name)} | {"value": value}
    name = f"{kept.get('parameter', '')} {value:g} {kept.get('unit', '')}".strip()[:200]
    return _write(case, claim, person, {"name": name}, kept)


def sent_before(case: Case, claim: Claim, person: Any) -> Evidence | None:
    """What was kept under the claim's key; None when there is nothing yet.

    Raises:
        BilanError: the key belongs to another case, another person or another content.
    """
    known = Evidence.objects.filter(key=claim.key).first() if claim.key else None
    if known is None:
        return None
    same = known.case_id == case.pk and known.person_id == getattr(person, "pk", None)
    if not same or known.kind != claim.kind or (claim.digest and known.digest and claim.digest != known.digest):
        raise BilanError(Problem("evidence.key_taken", {"value": claim.key}))
    return known


def check(evidence: Evidence) -> Checked:
    """Compare a piece of evidence with the hash it was kept under, and tell what deserves a look."""
    found = doubts(evidence)
    if not evidence.digest:
        return Checked(True, "", True, found)
    path = attachments.path_of(evidence.digest)
    if not path.is_file():
        return Checked(False, "", False, found)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Checked(True, digest, digest == evidence.digest, found)


def set_aside(case: Case, numbers: Collection[int]) -> int:
    """Let evidence that no step has taken stay in the case without answering to what a transition asks for; gives how many pieces."""
    return Evidence.objects.filter(case=case, pk__in=numbers, step__isnull=True).exclude(requirement="").update(requirement="")


def metres(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Distance between two places on the sphere [m].

    Examples:
        >>> round(metres(118.5, 24.9, 118.5, 25.0))
        11120
    """
    phi, other = math.radians(lat), math.radians(other_lat)
    h = math.sin((other - phi) / 2) ** 2 + math.cos(phi) * math.cos(other) * math.sin(math.radians(other_lon - lon) / 2) ** 2
    return 2 * _EARTH * math.asin(min(1.0, math.sqrt(h)))


def _write(case: Case, claim: Claim, person: Any, values: dict[str, Any], reading: dict[str, Any]) -> Evidence:
    now = timezone.now()
    if claim.sent is not None and abs(now - claim.sent) > ASKEW:
        reading = {**reading, "clock": round((claim.sent - now).total_seconds())}
    try:
        with transaction.atomic():
            return Evidence.objects.create(
                case=case,
                requirement=claim.requirement,
                kind=claim.kind,
                taken=claim.taken,
                received=now,
                lon=claim.lon,
                lat=claim.lat,
                accuracy=claim.accuracy,
                person=person,
                author=str(person or "")[:80],
                key=claim.key,
                reading=reading,
                **values,
            )
    except IntegrityError:
        # The same thing came twice at once; the other was first.
        known = sent_before(case, claim, person)
        if known is None:
            raise
        return known


def _room(case: Case) -> None:
    if Evidence.objects.filter(case=case).count() >= MOST:
        raise BilanError(Problem("evidence.too_many", {"value": case.code, "allowed": MOST}))


def doubts(evidence: Evidence) -> tuple[str, ...]:
    """Codes of what deserves a look, as `Checked` names them."""
    late = evidence.taken is not None and evidence.received - evidence.taken > timedelta(days=1)
    ahead = evidence.taken is not None and evidence.taken - evidence.received > ASKEW
    found = {
        "clock": "clock" in evidence.reading or ahead,
        "undated": evidence.taken is None,
        "late": late,
        "nowhere": evidence.lon is None,
        "vague": evidence.accuracy is not None and evidence.accuracy > 100,
    }
    return tuple(name for name, holds in found.items() if holds)


def _number(sent: Mapping[str, str], name: str, lower: float, upper: float, problems: list[Problem]) -> float | None:
    text = sent.get(name, "").strip()
    if not text:
        return None
    try:
        value = float(text[:40])
    except ValueError:
        value = math.nan
    if not lower <= value <= upper:
        problems.append(Problem("evidence.form", {"field": name, "value": text[:40]}))
        return None
    return value


def _moment(sent: Mapping[str, str], name: str, problems: list[Problem]) -> datetime | None:
    text = sent.get(name, "").strip()
    if not text:
        return None
    try:
        value = datetime.fromisoformat(text[:40])
        found = value.astimezone(UTC) if value.tzinfo else timezone.make_aware(value).astimezone(UTC)
    except (ValueError, OverflowError):
        found = None
    if found is None or not _EARLIEST <= found <= timezone.now() + timedelta(days=366):
        problems.append(Problem("evidence.form", {"field": name, "value": text[:40]}))
        return None
    return found
