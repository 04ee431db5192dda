"""Running an appraisal, settling its appeals and making it final; every run is kept and never changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from bilan.casework.docket import Docket
from bilan.pack.appraisals import Appraisal, MeasureKind, current
from bilan.pack.registers.words import Bilingual
from bilan.people import audit
from bilan.people.roles import Capability
from bilan.plans import evidence
from bilan.plans.appraising.measuring import Measures
from bilan.plans.appraising.scoring import Grant, Scored, score, settled, totals
from bilan.plans.models import Appeal, Scoring, Stage
from bilan.plans.planbook import Planbook
from bilan.problems import BilanError, Problem, nearest
from bilan.registers.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Book:
    """What an appraisal reads, within what its author may see, and whom it is about."""

    planbook: Planbook
    docket: Docket
    ledger: Ledger
    districts: tuple[str, ...]
    today: date


@dataclass(frozen=True, slots=True)
class Outcome:
    """Scores and totals that are not kept yet."""

    scores: list[dict[str, Any]]
    totals: dict[str, dict[str, Any]]


def appraisals() -> dict[str, Appraisal]:
    """The appraisals of the city."""
    return current(settings.CITY.pack)


def appraisal(name: str) -> Appraisal:
    """One appraisal.

    Raises:
        BilanError: there is none of this name; the nearest is told.
    """
    known = appraisals()
    if name not in known:
        raise BilanError(Problem("appraisal.none", {"value": name, "nearest": nearest(name, known)}))
    return known[name]


def reckon(declared: Appraisal, book: Book, year: int, assumed: Mapping[str, float] | None = None) -> Outcome:
    """Score every district by what stands now, or by what is assumed instead; nothing is kept."""
    measures = Measures(book.docket, book.ledger, book.districts, year, min(book.today, date(year, 12, 31)), assumed)
    found: list[Scored] = []
    for item in declared.items:
        values = measures.of(item.measure)
        for district in book.districts:
            target = measures.target(item.measure.of, district) if item.measure.kind is MeasureKind.INDICATOR else None
            found.append(score(item, district, values[district], target, measures.evidence(item, district)))
    return Outcome([entry.as_dict() for entry in found], totals(found, declared.full, declared.least))


def provisional(declared: Appraisal, book: Book, year: int, person: Any = None) -> Scoring:
    """Score every district and keep it as provisional.

    Raises:
        NotAllowed: the author may not sign off for the whole city.
    """
    book.planbook.require(Capability.ASSIGN, "")
    made = reckon(declared, book, year)
    return _kept(declared.name, declared.text, year, "provisional", made, person)


def final(scoring: Scoring, planbook: Planbook, person: Any = None) -> Scoring:
    """Make a provisional scoring final: the same scores, with what was granted to appeals put in.

    Raises:
        NotAllowed: the author may not sign off for the whole city.
        BilanError: it is final already, or an appeal still waits for its answer.
    """
    planbook.require(Capability.ASSIGN, "")
    if scoring.stage != Stage.PROVISIONAL:
        raise BilanError(Problem("appraisal.closed"))
    waiting = scoring.appeals.filter(answered=None).count()
    if waiting:
        raise BilanError(Problem("appraisal.waiting", {"value": waiting}))
    made = _settled(scoring)
    return _kept(scoring.appraisal, scoring.text, scoring.year, "final", made, person)


def appeal(
    scoring: Scoring,
    planbook: Planbook,
    who: str,
    item: str,
    reason: str,
    asked: float | None = None,
    person: Any = None,
    files: Sequence[evidence.File] = (),
) -> Appeal:
    """Object to a score.

    Args:
        files: what proves the reason.

    Raises:
        NotAllowed: the author may not speak for the district.
        BilanError: the scoring is final, has no such item, no reason is given, or a file cannot be kept; nothing is written then.
    """
    planbook.require(Capability.HANDLE, who)
    if scoring.stage != Stage.PROVISIONAL:
        raise BilanError(Problem("appraisal.closed"))
    entry = _entry(scoring, who, item)
    if not reason.strip():
        raise BilanError(Problem("appraisal.no_reason"))
    _within(asked, entry["full"])
    kept = evidence.added((), files)
    with transaction.atomic():
        made = Appeal.objects.create(
            scoring=scoring, who=who, item=item, reason=reason.strip()[:4000], asked=asked, person=person, evidence=kept
        )
        audit.record("appraisal.appeal", f"{scoring} {who} {item}", who=person, detail={"files": _digests(kept)})
    return made


def attach(made: Appeal, planbook: Planbook, files: Sequence[evidence.File], person: Any = None) -> Appeal:
    """Add files to an appeal that is not answered yet.

    Raises:
        NotAllowed: the author may not speak for the district.
        BilanError: it was answered already, no file came, there are too many, or one cannot be kept; nothing is added then.
    """
    planbook.require(Capability.HANDLE, made.who)
    if not files:
        raise BilanError(Problem("appraisal.no_file"))
    with transaction.atomic():
        held = Appeal.objects.select_for_update().select_related("scoring").get(pk=made.pk)
        _unanswered(held)
        held.evidence = evidence.added(held.evidence, files)
        held.save(update_fields=["evidence"])
        audit.record("appraisal.attach", f"{held.scoring} {held.who} {held.item}", who=person, detail={"files": _digests(held.evidence)})
    return held


def answer(made: Appeal, planbook: Planbook, text: str, granted: float | None = None, person: Any = None) -> Appeal:
    """Answer an appeal, granting a score or none.

    Raises:
        NotAllowed: the author may not sign off for the whole city.
        BilanError: it was answered already, no answer is written, or the score is out of bounds.
    """
    planbook.require(Capability.ASSIGN, "")
    if not text.strip():
        raise BilanError(Problem("appraisal.no_reason"))
    _within(granted, _entry(made.scoring, made.who, made.item)["full"])
    with transaction.atomic():
        made = Appeal.objects.select_for_update().select_related("scoring").get(pk=made.pk)
        _unanswered(made)
        made.answer, made.granted, made.answered, made.answered_by = text.strip()[:4000], granted, timezone.now(), person
        made.save(update_fields=["answer", "granted", "answered", "answered_by"])
        audit.record("appraisal.answer", f"{made.scoring} {made.who} {made.item}", who=person, detail={"granted": granted})
    return made


def _unanswered(held: Appeal) -> None:
    if held.answered is not None:
        raise BilanError(Problem("appraisal.answered"))
    if held.scoring.stage != Stage.PROVISIONAL:
        raise BilanError(Problem("appraisal.closed"))


def _digests(files: Iterable[Mapping[str, Any]]) -> list[str]:
    return [str(entry["digest"]) for entry in files]


def _kept(name: str, text: str, year: int, stage: str, made: Outcome, person: Any) -> Scoring:
    with transaction.atomic():
        number = 1 + (Scoring.objects.filter(appraisal=name, year=year).aggregate(most=Max("number"))["most"] or 0)
        kept: Scoring = Scoring.objects.create(
            appraisal=name, year=year, number=number, stage=stage, text=text, scores=made.scores, totals=made.totals, person=person
        )
        audit.record("appraisal.score", str(kept), who=person, detail={"stage": stage})
    return kept


def _settled(scoring: Scoring) -> Outcome:
    """The scores with what was granted put in, and the totals anew; who had too little measured for a total before has none now."""
    granted: dict[str, dict[str, Grant]] = {}
    for known in scoring.appeals.exclude(granted=None).order_by("answered"):
        granted.setdefault(known.who, {})[known.item] = Grant(known.granted, known.answer)
    own: dict[str, list[Scored]] = {}
    for entry in scoring.scores:
        own.setdefault(entry["who"], []).append(_scored(entry))
    ended = {(entry.who, entry.item): entry for who, entries in own.items() for entry in settled(entries, granted.get(who, {}))}
    scores = [ended[entry["who"], entry["item"]] for entry in scoring.scores]
    totalled = [entry for entry in scores if scoring.totals[entry.who]["total"] is not None]
    found = totals(totalled, _full(scoring.scores))
    return Outcome([entry.as_dict() for entry in scores], {who: found.get(who, entry) for who, entry in scoring.totals.items()})


def _scored(entry: Mapping[str, Any]) -> Scored:
    why = Bilingual(entry["why"]["zh"], entry["why"]["en"])
    cap, evidence = entry.get("cap"), entry.get("evidence", {})
    return Scored(entry["who"], entry["item"], entry["score"], entry["full"], entry["value"], why, cap, evidence)


def _full(scores: Iterable[Mapping[str, Any]]) -> float:
    """Points that could be had: the weights of all items, each once."""
    return float(sum({entry["item"]: entry["full"] for entry in scores}.values()))


def _entry(scoring: Scoring, who: str, item: str) -> Mapping[str, Any]:
    found = next((entry for entry in scoring.scores if entry["who"] == who and entry["item"] == item), None)
    if found is None:
        raise BilanError(Problem("appraisal.no_item", {"value": f"{who} {item}"}))
    return found


def _within(points: float | None, full: float) -> None:
    if points is not None and not 0 <= points <= full:
        raise BilanError(Problem("appraisal.bad_points", {"value": points, "allowed": full}))
