"""Declaring the windows that explain what would otherwise be an alert, accepting them and taking them back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from bilan.casework.docket import Docket
from bilan.casework.models import Window, WindowKind
from bilan.people import audit
from bilan.people.roles import Capability
from bilan.people.visibility import NotAllowed, NotVisible, Reach
from bilan.problems import BilanError, Problem, nearest


def declare(
    docket: Docket,
    kind: str,
    begin: int,
    end: int,
    text: str,
    *,
    point: str = "",
    organisation: str = "",
    district: str = "",
    now: datetime | None = None,
) -> Window:
    """Declare a window for a point, or for all points of an organisation; the bureau's own are accepted at once.

    Parameters:
        kind: of `WindowKind`.
        begin, end: wall time [s].
        point, organisation: one of them, or both: whose point it is.
        district: where it lies.

    Raises:
        NotAllowed: the reader handles no casework there.
        BilanError: the kind is unknown, it ends before it begins, or neither point nor organisation or no reason is given.
    """
    at = now or timezone.now()
    known = [str(value) for value in WindowKind.values]
    if kind not in known:
        raise BilanError(Problem("value.unknown_choice", {"value": kind, "allowed": known, "nearest": nearest(kind, known)}))
    if end <= begin:
        raise BilanError(Problem("alerts.window_backwards"))
    if not point and not organisation:
        raise BilanError(Problem("alerts.window_nowhere"))
    if not text.strip():
        raise BilanError(Problem("alerts.no_reason"))
    reaches = _covering(docket, district, organisation)
    if not reaches:
        raise NotAllowed(Capability.HANDLE)
    official = any(reach.organisations is None for reach in reaches)
    with transaction.atomic():
        window = Window.objects.create(
            kind=kind,
            point=point,
            organisation=organisation,
            district=district,
            begin=begin,
            end=end,
            note=text.strip()[:400],
            declared=at,
            person=docket.person,
            accepted=at if official else None,
            accepted_by=docket.person if official else None,
        )
        detail = {"kind": kind, "point": point, "organisation": organisation, "begin": begin, "end": end, "text": text}
        audit.record("window.declare", str(window.pk), who=docket.person, detail=detail)
    return window


def accept(docket: Docket, number: int, *, now: datetime | None = None) -> Window:
    """Accept a declared window for the bureau.

    Raises:
        NotVisible, NotAllowed: it is not the reader's to see, or to accept.
    """
    return _settled(docket, number, "accepted", now or timezone.now())


def withdraw(docket: Docket, number: int, *, now: datetime | None = None) -> Window:
    """Take a declared window back; whoever declared it may do so, and the bureau.

    Raises:
        NotVisible, NotAllowed: it is not the reader's to see, or to take back.
    """
    return _settled(docket, number, "withdrawn", now or timezone.now())


def _settled(docket: Docket, number: int, name: str, at: datetime) -> Window:
    with transaction.atomic():
        window = docket.windows().filter(pk=number).select_for_update().first()
        if window is None:
            raise NotVisible(str(number))
        official = any(reach.organisations is None for reach in _covering(docket, window.district, window.organisation))
        own = name == "withdrawn" and docket.person is not None and window.person_id == docket.person.pk
        if not official and not own:
            raise NotAllowed(Capability.HANDLE)
        if getattr(window, name) is None:
            setattr(window, name, at)
            if name == "accepted":
                window.accepted_by = docket.person
            window.save(update_fields=[name, "accepted_by"])
            audit.record(f"window.{'accept' if name == 'accepted' else 'withdraw'}", str(window.pk), who=docket.person)
    return window


def _covering(docket: Docket, district: str, organisation: str) -> list[Reach]:
    return [reach for reach in docket.scope.kernel(Capability.HANDLE, "casework") if reach.covers(district, "", organisation)]
