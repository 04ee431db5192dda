"""What is handed to the door through which cases are opened and moved, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bilan.casework.models import Alert, Campaign, Case, Step
from bilan.pack.flows import Transition
from bilan.people.models import Person
from bilan.problems import Problem


@dataclass(frozen=True, slots=True)
class Opening:
    """A case to be opened.

    Attributes:
        subject: ``alert``, ``entry``, ``task`` or ``none``; worked out from what is given when empty.
        register, entry: the entry it is about; `alert`: the alert. Name, place, district, town and organisation come from these where
            they are left out.
        level: rank 1 to 4; the flow's, or the alert's, when left out.
        owner: who shall have it; None for whoever of the role takes it.
        values: fields of the flow's opening.
        evidence: numbers of pieces that were uploaded without a case.
        seed: key of what opens it, so that the same cause opens no second case while the first runs.
        key: given by the sender: the same opening sent twice is one case.
        related: cases it belongs with.
        due: when the first term ends; worked out from the flow when left out.
    """

    title: str
    subject: str = ""
    register: str = ""
    entry: str = ""
    alert: Alert | None = None
    place_name: str = ""
    district: str = ""
    town: str = ""
    organisation: str = ""
    lon: float | None = None
    lat: float | None = None
    level: int | None = None
    owner: Person | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    seed: str = ""
    key: str = ""
    campaign: Campaign | None = None
    related: Sequence[Case] = ()
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """What somebody fills in to move a case.

    Attributes:
        values: fields of the transition.
        checklist: answers, each ``{"item": name, "answer": text or number, "note": text, "evidence": [numbers]}``.
        evidence: numbers of `bilan.casework.models.Evidence` of this case that are handed in with it; what already lies loose in the case
            under the same requirement counts too.
        to: the next owner where the transition names one.
        version: version of the case the mover looked at; None when they did not look.
        key: given by the sender (at most 40 characters): the same move sent twice is one step.
        done: when it was done, offline perhaps hours ago; at `lon`, `lat` [deg] ± `accuracy` [m].
        part: parallel part that is moved; worked out when left out.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    checklist: Sequence[Mapping[str, Any]] = ()
    evidence: Sequence[int] = ()
    note: str = ""
    to: Person | None = None
    version: int | None = None
    key: str = ""
    done: datetime | None = None
    lon: float | None = None
    lat: float | None = None
    accuracy: float | None = None
    part: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A transition that could be made from where a case stands.

    Attributes:
        allowed: whether this person may make it, once they have filled in what it asks for.
        why_not: what keeps them from it: role, ownership, separation of duties, parts that still run, guards that do not hold yet.
            Guards over what is only filled in with the transition are not asked beforehand.
        part: parallel part it moves; empty for the whole case.
    """

    transition: Transition
    allowed: bool
    why_not: tuple[Problem, ...] = ()
    part: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one of many openings or moves.

    Attributes:
        case: None when an opening was refused.
        step: None when it was refused.
        problems: why.
    """

    case: Case | None
    step: Step | None
    problems: tuple[Problem, ...] = ()
