"""What somebody fills in with a transition: fields as registers clean them, evidence, answers of a checklist."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.utils import timezone

from bilan.casework.evidence import metres
from bilan.casework.models import Evidence
from bilan.casework.moving.held import Held
from bilan.casework.terms import shifted
from bilan.pack.flows import EvidenceNeed
from bilan.pack.registers import COMMON, Bilingual, Field, Register, Registers, Section
from bilan.pack.registers.validation import clean
from bilan.problems import Place, Problem, nearest
from bilan.registers.writing.targets import Targets

SLACK = 100.0
"""Largest uncertainty of a place that is granted to whoever took something near [m]."""
Values = dict[str, Any]


def values_of(held: Held, **more: Any) -> Values:
    """What expressions know of a case: the entry's values, the case's own over them, and what every case has."""
    case, entry = held.case, held.entry
    own = {name: value for name, value in case.data.items() if not name.startswith("@")}
    common = {name: getattr(entry, name) for name in COMMON} if entry is not None else {"district": case.district, "town": case.town}
    return {
        **common,
        **(entry.data if entry is not None else {}),
        **own,
        "level": case.level,
        "round": case.round,
        "state": case.state,
        "opened": timezone.localtime(case.opened).date().isoformat(),
        "subject": case.subject,
        "findings": case.data.get("@findings", 0),
        "critical": case.data.get("@critical", 0),
        **more,
    }


def cleaned(
    fields: tuple[Field, ...], given: Mapping[str, Any], held_values: Values, around: Values, known: Registers
) -> tuple[Values, list[Problem]]:
    """Clean fields as those of an entry are.

    Parameters:
        given: what was filled in; what is left out stays as it is held, None empties.
        held_values: what the case holds already.
        around: what expressions may name.

    Returns:
        Values of the fields, absent ones left out; what is wrong.
    """
    names = [field.name for field in fields]
    problems = [
        Problem(
            "registers.unknown_field", {"value": name, "allowed": names, "nearest": nearest(str(name), names)}, Place("", None, str(name))
        )
        for name in given
        if name not in names
    ]
    if not fields:
        return {}, problems
    register = _as_register(fields)
    before = {name: held_values[name] for name in names if name in held_values}
    found, wrong = clean(register, known, {**before, **given}, common=around, held=before, today=timezone.localdate())
    problems += wrong
    if not wrong and register.links:
        problems += Targets(register, [found]).problems(found, set(), Place())
    return found, problems


def handed_in(
    held: Held, needs: Sequence[EvidenceNeed], given: Sequence[int], around: Values, done: datetime
) -> tuple[list[Evidence], list[Problem]]:
    """Evidence that is handed in, and what of it is missing or does not count.

    Parameters:
        given: numbers of evidence; what lies loose in the case under the name of a need counts too.
        done: when the transition was made.
    """
    names = {need.name for need in needs}
    unknown = [number for number in given if number not in held.loose]
    problems = [Problem("case.evidence_unknown", {"value": number}) for number in unknown]
    pieces = [piece for number, piece in held.loose.items() if number in given or piece.requirement in names]
    for need in needs:
        own = [piece for piece in pieces if piece.kind == need.kind and piece.requirement in {need.name, ""}]
        good = []
        for piece in own:
            fault = _fault(held, need, piece, done)
            problems += [fault] if fault else []
            good += [] if fault else [piece]
        applies = need.when is None or need.when.holds(around)
        if applies and len(good) < need.least:
            values = {"value": need.title.zh, "en": need.title.en, "allowed": need.least, "found": len(good), "name": need.name}
            problems.append(Problem("case.evidence_missing", values, Place("", None, need.name)))
    return pieces, problems


def _fault(held: Held, need: EvidenceNeed, piece: Evidence, done: datetime) -> Problem | None:
    """Why a piece of evidence does not count."""
    case, place = held.case, Place("", None, need.name)
    if need.near is not None and case.lon is not None and case.lat is not None:
        if piece.lon is None or piece.lat is None:
            return Problem("case.evidence_nowhere", {"value": piece.name}, place)
        away = metres(case.lon, case.lat, piece.lon, piece.lat)
        if away - min(piece.accuracy or 0.0, SLACK) > need.near:
            return Problem("case.evidence_far", {"value": piece.name, "found": round(away), "allowed": round(need.near)}, place)
    if need.within is not None:
        taken = piece.taken or piece.received
        if taken < shifted(done, need.within, back=True):
            when = f"{timezone.localtime(taken):%Y-%m-%d %H:%M}"
            values = {"value": piece.name, "found": when, "allowed": need.within.text("zh-hans"), "en": need.within.text("en")}
            return Problem("case.evidence_old", values, place)
    return None


@lru_cache(1024)
def _as_register(fields: tuple[Field, ...]) -> Register:
    """Fields as a register without a name, for the code that cleans entries."""
    return Register("", Bilingual(""), Bilingual(""), "", (Section(Bilingual(""), fields),), geometry="none")


def asked_for(needs: Iterable[EvidenceNeed], around: Values) -> list[EvidenceNeed]:
    """The needs that apply."""
    return [need for need in needs if need.when is None or need.when.holds(around)]
