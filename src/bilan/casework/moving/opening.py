"""Opening cases, one or many: from alerts, from entries, from nothing but a wish."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from bilan.casework.models import Alert, AlertEvent, Case, CaseState, FlowVersion
from bilan.casework.moving import effects
from bilan.casework.moving.dating import moment
from bilan.casework.moving.filling import cleaned, values_of
from bilan.casework.moving.hand import Hand
from bilan.casework.moving.held import Held, keep
from bilan.casework.moving.model import Done, Opening
from bilan.casework.moving.numbering import Codes
from bilan.casework.moving.service import sent_before
from bilan.casework.moving.telling import tell
from bilan.casework.moving.versions import flow_named, kept
from bilan.pack.flows import LEVELS, Flow
from bilan.people.models import Person
from bilan.problems import BilanError, Place, Problem
from bilan.registers.declared import declared
from bilan.registers.models import Entry
from bilan.registers.portions import portions

RUNNING = (CaseState.RUNNING, CaseState.SUSPENDED)


def open_case(flow: str, opening: Opening, by: Person | None) -> Case:
    """Open a case.

    Parameters:
        flow: name of its flow.
        by: who opens it; None for the platform itself.

    Returns:
        The case; the one that runs already when the same key was sent before, or one with the same seed runs.

    Raises:
        BilanError: with everything that keeps it from being opened.
    """
    done = open_many(flow, [opening], by)[0]
    if done.case is None:
        raise BilanError(*done.problems)
    return done.case


def open_many(flow: str, openings: Sequence[Opening], by: Person | None, *, accept: str = "all") -> list[Done]:
    """Open many cases of a flow at once.

    Parameters:
        accept: ``all`` opens only when none is refused; ``rows`` opens those that can be.

    Returns:
        What became of each, in order; a case that ran already has no step.

    Raises:
        BilanError: there is no such flow.
    """
    try:
        return _opened(flow_named(flow), openings, Hand(by), accept)
    except IntegrityError:
        # Somebody opened one of the same key or seed at the same moment: it is there now.
        return _opened(flow_named(flow), openings, Hand(by), accept)


def dispatch(flow: str, subjects: Iterable[Alert | Entry], by: Person | None, *, like: Opening, accept: str = "rows") -> list[Done]:
    """Open a case for each of many alerts or entries.

    Parameters:
        like: what all of them share: demand, note, owner, campaign; its title stands before the name of each subject.
    """
    openings = []
    for subject in subjects:
        if isinstance(subject, Alert):
            about, seed = {"alert": subject}, f"alert:{subject.rule}:{subject.source}"
        else:
            about, seed = {"register": subject.register, "entry": subject.code}, f"entry:{subject.register}:{subject.code}"
        title = " ".join(part for part in (like.title, subject.name or str(subject)) if part)
        if like.campaign is not None:
            seed = f"campaign:{like.campaign.pk}:{seed}"
        openings.append(replace(like, title=title[:300], seed=like.seed or seed[:200], **about))
    return open_many(flow, openings, by, accept=accept)


def _opened(flow: Flow, openings: Sequence[Opening], hand: Hand, accept: str) -> list[Done]:
    now = moment()
    with transaction.atomic():
        entries = _entries(openings)
        whole = [_whole(flow, opening, entries) for opening in openings]
        standing = _standing(flow, whole)
        version, known, codes = kept(flow), declared(), Codes(flow)
        helds: list[Held | None] = []
        done: list[Done] = []
        seeds: dict[str, Held] = {}
        for opening in whole:
            case = standing.get(f"key:{opening.key}") or standing.get(f"seed:{opening.seed}")
            if case is None and (twin := seeds.get(f"key:{opening.key}") or seeds.get(f"seed:{opening.seed}")) is not None:
                case = twin.case
            if case is not None:
                helds.append(None)
                done.append(Done(case, None))
                continue
            held = Held(_case(flow, version, opening, now), flow, entry=entries.get((opening.register, opening.entry)))
            problems = _problems(flow, opening, held, hand)
            around = values_of(held)
            values, wrong = cleaned(flow.opening.fields, opening.values, {}, around, known)
            problems += wrong
            held.case.data = values
            helds.append(None if problems else held)
            done.append(Done(None if problems else held.case, None, tuple(problems)))
            if not problems:
                seeds |= {f"{word}:{text}": held for word, text in (("key", opening.key), ("seed", opening.seed)) if text}
        if accept == "all" and any(entry.problems for entry in done):
            transaction.set_rollback(True)
            return [replace(entry, case=None, step=None) for entry in done]
        fresh = [(held, opening) for held, opening in zip(helds, whole, strict=True) if held is not None]
        _write(flow, fresh, hand, codes, now)
    return [replace(entry, step=held.steps[0]) if held is not None else entry for entry, held in zip(done, helds, strict=True)]


def _entries(openings: Sequence[Opening]) -> dict[tuple[str, str], Entry]:
    wanted: dict[str, set[str]] = defaultdict(set)
    for opening in openings:
        register, code = _about(opening)
        if register and code:
            wanted[register].add(code)
    found: dict[tuple[str, str], Entry] = {}
    for register, codes in wanted.items():
        for part in portions(sorted(codes)):
            found |= {(register, entry.code): entry for entry in Entry.objects.filter(Q(register=register, code__in=part))}
    return found


def _about(opening: Opening) -> tuple[str, str]:
    alert = opening.alert
    if opening.entry or alert is None:
        return opening.register, opening.entry
    return alert.register, alert.code


def _whole(flow: Flow, opening: Opening, entries: dict[tuple[str, str], Entry]) -> Opening:
    """The opening with what its alert and its entry say of it where it says nothing itself."""
    alert, (register, code) = opening.alert, _about(opening)
    entry = entries.get((register, code))
    filled: dict[str, Any] = {"register": register, "entry": code}
    for name, own in (("district", "district"), ("town", "town"), ("organisation", "organisation"), ("lon", "lon"), ("lat", "lat")):
        if getattr(opening, name) in ("", None):
            filled[name] = next(
                (value for source in (entry, alert) if source is not None and (value := getattr(source, own)) not in ("", None)),
                getattr(opening, name),
            )
    filled["place_name"] = opening.place_name or (entry.name if entry is not None else alert.name if alert is not None else "")
    filled["subject"] = opening.subject or (
        "alert" if alert is not None else "entry" if code else "task" if "task" in flow.subject.kinds else "none"
    )
    filled["level"] = opening.level or (alert.level if alert is not None else LEVELS.index(flow.level) + 1)
    return replace(opening, **filled)


def _standing(flow: Flow, openings: Sequence[Opening]) -> dict[str, Case]:
    """Cases that were opened under the same keys, or run with the same seeds."""
    found: dict[str, Case] = {
        f"key:{key}": step.case for key, step in sent_before([opening.key for opening in openings if opening.key]).items()
    }
    for part in portions(sorted({opening.seed for opening in openings if opening.seed})):
        for case in Case.objects.filter(flow=flow.name, seed__in=part, standing__in=RUNNING):
            found[f"seed:{case.seed}"] = case
    return found


def _case(flow: Flow, version: FlowVersion, opening: Opening, now: datetime) -> Case:
    return Case(
        flow=flow.name,
        declared=version,
        title=opening.title.strip()[:300],
        state=flow.start,
        level=opening.level or 2,
        subject=opening.subject,
        register=opening.register,
        entry=opening.entry,
        place_name=opening.place_name[:200],
        district=opening.district,
        town=opening.town,
        organisation=opening.organisation,
        lon=opening.lon,
        lat=opening.lat,
        owner=opening.owner,
        opened=now,
        entered=now,
        seed=opening.seed[:200],
        campaign=opening.campaign,
    )


def _problems(flow: Flow, opening: Opening, held: Held, hand: Hand) -> list[Problem]:
    case = held.case
    found: list[Problem] = []
    if not case.title:
        found.append(Problem("case.title_missing", {}, Place("", None, "title")))
    if case.subject not in flow.subject.kinds:
        found.append(Problem("case.subject", {"value": case.subject, "allowed": flow.subject.kinds}))
    if case.entry and held.entry is None:
        found.append(Problem("case.no_entry", {"value": case.entry, "register": case.register}))
    if case.register and flow.subject.registers and case.register not in flow.subject.registers and case.subject != "alert":
        found.append(Problem("case.register", {"value": case.register, "allowed": flow.subject.registers}))
    if hand.person is not None and not any(
        hand.covers(case, role) for role in hand.held if not flow.opening.roles or role in flow.opening.roles
    ):
        found.append(Problem("case.opening_role", {"value": flow.title.zh, "en": flow.title.en, "allowed": flow.opening.roles}))
    if opening.owner is not None and not effects.carries(held, opening.owner):
        found.append(Problem("case.cannot_own", {"value": str(opening.owner), "allowed": flow.responsible(flow.start)}))
    return found


def _write(flow: Flow, fresh: Sequence[tuple[Held, Opening]], hand: Hand, codes: Codes, now: datetime) -> None:
    for held, opening in fresh:
        held.case.code = codes.next(opening.district, now)
        effects.arrive(held.case, flow, flow.start, now, values_of(held))
        if opening.due is not None:
            held.case.due = opening.due
    codes.keep()
    for part in portions([held for held, _opening in fresh]):
        Case.objects.bulk_create([held.case for held in part])
    for held, opening in fresh:
        step_values = {name: value for name, value in held.case.data.items() if not name.startswith("@")}
        held.sign(
            hand,
            "open",
            now,
            before="",
            role=hand.role_for(held.case, flow.opening.roles) or "",
            note=opening.note.strip(),
            values=step_values,
            key=opening.key[:40],
        )
        if opening.related:
            held.case.related.add(*opening.related)
    keep(held for held, _opening in fresh)
    _bind([(held.case, opening.alert) for held, opening in fresh if opening.alert is not None], hand, now)
    tell([("case.assigned", held.case) for held, _opening in fresh], hand)


def _bind(pairs: Sequence[tuple[Case, Alert]], hand: Hand, now: datetime) -> None:
    """Let alerts, with those folded into them, point to the cases they led to."""
    for case, alert in pairs:
        Alert.objects.filter(Q(pk=alert.pk) | Q(folded=alert)).update(case=case)
        alert.case = case
    events = [
        AlertEvent(alert=alert, at=now, kind="case", level=alert.level, person=hand.person, author=hand.name, text=case.code)
        for case, alert in pairs
    ]
    AlertEvent.objects.bulk_create(events, batch_size=500)
