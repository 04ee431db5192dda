"""What people do with the commitments that were read from a plan: confirm, correct, split, merge, reject, add, link to an indicator.

Every change is made here. Whether somebody may is the caller's to ask (`bilan.plans.planbook.Planbook.require`); that nobody overwrites
what another has changed meanwhile, and that the log says who did what, is seen to here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC
from typing import Any

from django.db import transaction
from django.db.models import F, Max, QuerySet
from django.utils import timezone

from bilan.people import audit
from bilan.people.models import Person
from bilan.plans.checking import FIELDS, cleaned
from bilan.plans.histories import since
from bilan.plans.linking import Named, linked
from bilan.plans.models import Check, Commitment, Kind, Plan
from bilan.problems import BilanError, Problem

READING = ("section", "sentence", "line", "block", "begin", "finish", "words", "notes")
"""Fields that say where a commitment was read; its parts inherit them."""
DONE = (Check.CONFIRMED, Check.CORRECTED)
"""States of commitments that count."""
MOST_PARTS = 20
NEEDED = frozenset({"title", "begin", "end", "state"})
DESCRIBED = ("title", "title_en", "begin", "end", "base_year", "number", "issued", "organisation", "state")
"""What a person may say of a plan; of these `NEEDED` cannot be empty."""


def confirm(commitment: Commitment, person: Any, *, version: int | None = None) -> Commitment:
    """Say that a commitment was read rightly.

    Parameters:
        person: who says it; None for the platform.
        version: version of the commitment that the person looked at; None when they did not look.

    Raises:
        BilanError: it was rejected, or somebody has changed it since.
    """
    held = _held(commitment, version)
    if held.check_state == Check.REJECTED:
        raise BilanError(Problem("planbook.rejected", {"number": held.number}))
    if held.check_state in DONE:
        return held
    return _write(held, person, "plan.confirm", {"check_state": Check.CONFIRMED})


def confirm_many(found: QuerySet[Commitment], person: Any, *, chosen: Mapping[str, Any] | None = None) -> int:
    """Confirm all commitments among `found` that nobody has decided on.

    Parameters:
        found: commitments of one plan.
        chosen: how they were chosen, for the log.

    Returns:
        How many there were.
    """
    with transaction.atomic():
        waiting = list(found.filter(check_state=Check.OPEN).order_by("number").values_list("pk", "number", "plan__code"))
        if not waiting:
            return 0
        numbers = [pk for pk, _number, _plan in waiting]
        now = timezone.now()
        count = 0
        for at in range(0, len(numbers), 500):
            part = Commitment.objects.filter(pk__in=numbers[at : at + 500], check_state=Check.OPEN)
            count += part.update(check_state=Check.CONFIRMED, checked=now, checked_by=person, version=F("version") + 1)
        detail = {"count": count, "numbers": [number for _pk, number, _plan in waiting], "chosen": dict(chosen or {})}
        audit.record("plan.confirm", waiting[0][2], who=person, detail=detail)
    return count


def correct(commitment: Commitment, given: Mapping[str, Any], person: Any, *, version: int | None = None) -> Commitment:
    """Put right what was read wrongly; what the reader had said is kept.

    Parameters:
        given: field → text or value, of `bilan.plans.checking.FIELDS`.

    Raises:
        BilanError: a value cannot be, or somebody has changed it since.
    """
    held = _held(commitment, version)
    before = {name: getattr(held, name) for name in FIELDS}
    values = cleaned(given, before)
    changed = {name: value for name, value in values.items() if value != before[name]}
    if not changed and held.check_state in DONE:
        return held
    detail = {"before": {name: before[name] for name in changed}, "after": changed}
    if not changed or set(changed) == {"owner"}:
        # Who answers for it is no matter of reading.
        return _write(held, person, "plan.confirm", {"check_state": Check.CONFIRMED, **changed}, detail if changed else None)
    as_read = held.as_read or {name: before[name] for name in FIELDS if name != "owner"}
    return _write(held, person, "plan.correct", {**changed, "as_read": as_read, "check_state": Check.CORRECTED}, detail)


def reject(commitment: Commitment, person: Any, *, version: int | None = None) -> Commitment:
    """Say that it is no commitment; it stays where it was read and counts no more.

    Raises:
        BilanError: somebody has changed it since.
    """
    return _write(_held(commitment, version), person, "plan.reject", {"check_state": Check.REJECTED})


def reopen(commitment: Commitment, person: Any, *, version: int | None = None) -> Commitment:
    """Take back what was said of it: it waits to be confirmed again.

    Raises:
        BilanError: somebody has changed it since.
    """
    return _write(_held(commitment, version), person, "plan.reopen", {"check_state": Check.OPEN})


def link(commitment: Commitment, indicator: str, person: Any, *, version: int | None = None) -> Commitment:
    """Name the indicator that measures a commitment; empty for none.

    Raises:
        BilanError: somebody has changed it since.
    """
    held = _held(commitment, version)
    return _write(held, person, "plan.link", {"indicator": indicator}, {"before": held.indicator, "after": indicator}, decided=False)


def link_sure(found: QuerySet[Commitment], indicators: Iterable[Named], person: Any) -> int:
    """Link all commitments among `found` that are linked to nothing and whose words leave no doubt.

    Parameters:
        found: commitments of one plan.
        indicators: those to choose from.

    Returns:
        How many were linked.
    """
    known = list(indicators)
    waiting = found.filter(indicator="").exclude(check_state=Check.REJECTED).exclude(kind=Kind.BASELINE_FACT).select_related("plan")
    made: dict[int, str] = {}
    plan = ""
    with transaction.atomic():
        for held in waiting:
            name = linked(held.metric, held.sentence, known, held.subject, held.unit)
            if not name:
                continue
            plan, made[held.number] = held.plan.code, name
            Commitment.objects.filter(pk=held.pk, indicator="").update(indicator=name, version=F("version") + 1)
        if made:
            audit.record("plan.link", plan, who=person, detail={"count": len(made), "links": made})
    return len(made)


def split(commitment: Commitment, parts: Sequence[Mapping[str, Any]], person: Any, *, version: int | None = None) -> list[Commitment]:
    """Put several commitments in the place of one in which more than one thing is promised.

    Parameters:
        parts: what each of them says, field → text or value; what is not there is as in the commitment.

    Returns:
        The parts, which are confirmed; the commitment itself is rejected and stays to show where they come from.

    Raises:
        BilanError: there are less than two, one cannot be, or somebody has changed the commitment since.
    """
    if not 2 <= len(parts) <= MOST_PARTS:
        raise BilanError(Problem("planbook.parts"))
    with transaction.atomic():
        held = _held(commitment, version)
        before = {name: getattr(held, name) for name in FIELDS}
        values = [{**before, **cleaned(part, before)} for part in parts]
        number = _next(held.plan)
        made = [
            _new(held.plan, number + at, {**_place(held), **value, "indicator": held.indicator if at == 0 else ""}, person, held)
            for at, value in enumerate(values)
        ]
        numbers = [part.number for part in made]
        notes = [*held.notes, f"split: {', '.join(map(str, numbers))}"]
        _write(held, person, "plan.split", {"check_state": Check.REJECTED, "notes": notes}, {"parts": numbers})
    return made


def merge(commitments: Sequence[Commitment], person: Any, *, versions: Mapping[int, int] | None = None) -> Commitment:
    """Make one commitment of several that promise the same thing: the first is kept, with what it lacks taken from the others.

    Parameters:
        versions: number of a commitment → version that the person looked at.

    Returns:
        The one that is kept, confirmed; the others are rejected.

    Raises:
        BilanError: there are less than two, they are of several plans, or somebody has changed some since: each of these is told.
    """
    with transaction.atomic():
        held = _all_held(commitments, versions or {})
        if len(held) < 2 or len({each.plan_id for each in held}) > 1 or any(each.check_state == Check.REJECTED for each in held):
            raise BilanError(Problem("planbook.merge"))
        first, *others = held
        taken: dict[str, Any] = {}
        for name in (*FIELDS, "indicator"):
            if getattr(first, name) in ("", None):
                taken |= next(({name: getattr(each, name)} for each in others if getattr(each, name) not in ("", None)), {})
        words = {**{name: said for each in reversed(others) for name, said in each.words.items()}, **first.words}
        as_read = first.as_read or {name: getattr(first, name) for name in FIELDS if name != "owner"}
        numbers = [each.number for each in others]
        for each in others:
            notes = [*each.notes, f"merged: {first.number}"]
            _write(each, person, "plan.merge", {"check_state": Check.REJECTED, "notes": notes}, {"into": first.number})
        values = {**taken, "words": words, "as_read": as_read, "check_state": Check.CORRECTED}
        return _write(first, person, "plan.merge", values, {"with": numbers})


def add(plan: Plan, block: int, begin: int, finish: int, given: Mapping[str, Any], person: Any) -> Commitment:
    """Add a commitment that was not read, from words of the text.

    Parameters:
        block: place of the block in the text, from 0; `begin`, `finish`: the characters within it.
        given: field → text or value.

    Raises:
        BilanError: the words are not in the text, or a value cannot be.
    """
    said = words_at(plan, block, begin, finish)
    values = cleaned({"kind": "target", **given})
    place = {**said, "block": block, "begin": begin, "finish": finish, "notes": ["added"]}
    with transaction.atomic():
        made = _new(plan, _next(plan), {**place, **values}, person, None)
        audit.record("plan.add-commitment", f"{plan.code}-{made.number}", who=person, detail={"sentence": made.sentence[:200]})
    return made


def describe(plan: Plan, given: Mapping[str, Any], person: Any, *, version: int | None = None) -> Plan:
    """Change what is known of the document itself: title, years, number, state.

    Parameters:
        given: field → value; what is empty and must not be stays as it was.

    Raises:
        BilanError: its years cannot be, or somebody has changed it since.
    """
    held = Plan.objects.get(pk=plan.pk)
    values = {name: given[name] for name in DESCRIBED if name in given and (given[name] not in ("", None) or name not in NEEDED)}
    changed = {name: value for name, value in values.items() if value != getattr(held, name)}
    begin, end = values.get("begin", held.begin), values.get("end", held.end)
    if begin > end:
        raise BilanError(Problem("planbook.years", {"begin": begin, "end": end}))
    if version is not None and version != held.version:
        raise BilanError(Problem("planbook.plan_conflict", {"value": version, "allowed": held.version}))
    if not changed:
        return held
    with transaction.atomic():
        if not Plan.objects.filter(pk=held.pk, version=held.version).update(**changed, version=held.version + 1):
            raise BilanError(Problem("planbook.plan_conflict", {"value": held.version, "allowed": held.version + 1}))
        audit.record("plan.describe", held.code, who=person, detail={"fields": sorted(changed)})
    return Plan.objects.get(pk=held.pk)


def words_at(plan: Plan, block: int, begin: int, finish: int) -> dict[str, Any]:
    """Sentence, section and line of words in the text of a plan.

    Raises:
        BilanError: they are not in the text.
    """
    known = plan.blocks[block] if 0 <= block < len(plan.blocks) else {"text": ""}
    if not 0 <= begin < finish <= len(known["text"]):
        raise BilanError(Problem("planbook.span", {"block": block, "allowed": len(known["text"])}))
    return {"sentence": known["text"][begin:finish], "section": known.get("section", "")[:200], "line": known.get("line") or 0}


def _place(held: Commitment) -> dict[str, Any]:
    return {name: getattr(held, name) for name in READING}


def _next(plan: Plan) -> int:
    return int(plan.commitments.aggregate(most=Max("number"))["most"] or 0) + 1


def _new(plan: Plan, number: int, values: Mapping[str, Any], person: Any, source: Commitment | None) -> Commitment:
    checked = {"check_state": Check.CONFIRMED, "checked": timezone.now(), "checked_by": person}
    return Commitment.objects.create(plan=plan, number=number, source=source, **values, **checked)


def _held(commitment: Commitment, version: int | None) -> Commitment:
    """The commitment as it stands now.

    Raises:
        BilanError: it is no longer the version that somebody looked at.
    """
    held = Commitment.objects.select_related("plan", "checked_by").get(pk=commitment.pk)
    if version is not None and version != held.version:
        raise BilanError(conflict(held, version))
    return held


def _all_held(commitments: Sequence[Commitment], versions: Mapping[int, int]) -> list[Commitment]:
    """The commitments as they stand now, each once, by their numbers.

    Raises:
        BilanError: some are no longer the versions that somebody looked at; every such one is told.
    """
    found = Commitment.objects.select_related("plan", "checked_by").filter(pk__in={each.pk for each in commitments}).order_by("number")
    held = list(found)
    overtaken = [each for each in held if versions.get(each.number, each.version) != each.version]
    if overtaken:
        raise BilanError(*(conflict(each, versions[each.number]) for each in overtaken))
    return held


def conflict(held: Commitment, version: int) -> Problem:
    """What is told to somebody who looked at an older version."""
    events = since(held, version)
    at = events[0].at.replace(tzinfo=events[0].at.tzinfo or UTC) if events else held.checked
    who = Person.objects.filter(username=events[0].who).first() if events and events[0].who else held.checked_by
    when = timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if at else ""
    author = str(who or "Bilan")
    return Problem("planbook.conflict", {"author": author, "when": when, "number": held.number, "value": version, "allowed": held.version})


def _write(
    held: Commitment, person: Any, act: str, values: Mapping[str, Any], detail: Mapping[str, Any] | None = None, *, decided: bool = True
) -> Commitment:
    """Write values over the version at hand and log it; nothing is written when another was faster."""
    kept = {**values, "version": held.version + 1}
    if decided:
        kept |= {"checked": timezone.now(), "checked_by": person}
    with transaction.atomic():
        if not Commitment.objects.filter(pk=held.pk, version=held.version).update(**kept):
            raise BilanError(conflict(Commitment.objects.select_related("checked_by").get(pk=held.pk), held.version))
        audit.record(act, f"{held.plan.code}-{held.number}", who=person, detail=detail)
    return Commitment.objects.select_related("plan", "checked_by").get(pk=held.pk)
