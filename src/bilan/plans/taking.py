"""Taking a plan document over: its text and what was read from it are kept, to be confirmed by people."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django.db import transaction

from bilan.people import audit
from bilan.plans.models import Commitment, Plan, PlanState
from bilan.plans.reader.model import Block, Document
from bilan.problems import BilanError, Problem

RESERVED = frozenset({"new", "compare", "tasks"})
"""Words that addresses use where the short name of a plan stands."""
FIRST, LAST = 1990, 2100
CHUNK = 100
"""Commitments that are written at once."""
TAKEN = (
    "section",
    "sentence",
    "line",
    "block",
    "begin",
    "finish",
    "subject",
    "metric",
    "comparator",
    "value",
    "upper",
    "wording",
    "unit",
    "baseline_year",
    "baseline",
    "deadline",
    "nature",
    "kind",
    "handed_down",
    "threshold",
)
"""Fields of a commitment that the reader fills."""
_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,58}[a-z0-9]")

Progress = Callable[[int, int], None]
"""Told how many commitments are written, and of how many; may raise to stop."""


class Read(Protocol):
    """A commitment as it was read: the fields of `TAKEN`, with `words` and `notes`."""

    @property
    def words(self) -> Any:
        """Field → the words of the text that it was read from."""

    @property
    def notes(self) -> Any:
        """Such as ``approx`` or ``recurring``."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What a person says of a plan document.

    Attributes:
        code: short name in addresses; empty for one made from its years.
        title: empty for that of the document.
        begin, end: first and last year; None for those of the document.
        base_year: year of its present values.
    """

    title: str = ""
    code: str = ""
    begin: int | None = None
    end: int | None = None
    base_year: int | None = None
    issued: date | None = None
    number: str = ""
    organisation: str = ""
    title_en: str = ""


def take(
    document: Document,
    reads: Iterable[Read],
    heading: Heading,
    person: Any = None,
    *,
    digest: str = "",
    file: str = "",
    demo: bool = False,
    progress: Progress | None = None,
) -> Plan:
    """Keep a plan that was read, with all its commitments, or nothing of it.

    Parameters:
        reads: its commitments in the order of the text.
        person: who hands it in; None for the platform.
        digest: SHA-256 under which the file is kept; `file`: its own name.
        demo: whether it was written for the demo.

    Returns:
        The plan; its commitments wait to be confirmed.

    Raises:
        BilanError: it has no title, its years cannot be, or its short name is taken.
    """
    found = list(reads)
    with transaction.atomic():
        plan = Plan.objects.create(
            **headed(document, heading),
            state=PlanState.READ,
            file=file[:200],
            digest=digest,
            blocks=[_block(block) for block in document.blocks],
            problems=[problem.as_dict() for problem in document.problems],
            demo=demo,
            added_by=person,
        )
        for at in range(0, len(found), CHUNK):
            Commitment.objects.bulk_create(_rows(plan, found[at : at + CHUNK], at + 1))
            if progress is not None:
                progress(min(at + CHUNK, len(found)), len(found))
        audit.record("plan.read", plan.code, who=person, detail={"file": file, "digest": digest, "commitments": len(found)})
    return plan


def headed(document: Document, heading: Heading) -> dict[str, Any]:
    """Title, years and short name of a plan: what a person says, else what the document does.

    Raises:
        BilanError: something is missing or cannot be.
    """
    problems = []
    title = (heading.title or document.title).strip()[:300]
    begin, end = heading.begin or document.begin, heading.end or document.finish
    if not title:
        problems.append(Problem("planbook.untitled"))
    if begin is None or end is None:
        problems.append(Problem("planbook.no_years"))
    elif not FIRST <= begin <= end <= LAST:
        problems.append(Problem("planbook.years", {"begin": begin, "end": end}))
    code = heading.code or _free(f"plan-{begin}-{end}")
    if not fits(code):
        problems.append(Problem("planbook.code", {"value": code}))
    if problems:
        raise BilanError(*problems)
    return {
        "code": code,
        "title": title,
        "title_en": heading.title_en[:300],
        "begin": begin,
        "end": end,
        "base_year": heading.base_year or document.base,
        "issued": heading.issued,
        "number": heading.number[:120],
        "organisation": heading.organisation[:80],
    }


def fits(code: str) -> bool:
    """Whether a plan can be called so."""
    return bool(_CODE.fullmatch(code)) and code not in RESERVED and not Plan.objects.filter(code=code).exists()


def _free(stem: str) -> str:
    if fits(stem) or not _CODE.fullmatch(stem):
        return stem
    return next(code for number in range(2, 10_000) if fits(code := f"{stem}-{number}"))


def _block(block: Block) -> dict[str, Any]:
    return {
        "kind": str(block.kind),
        "level": block.level,
        "text": block.text,
        "line": block.line,
        "page": block.page,
        "section": block.section,
    }


def _rows(plan: Plan, reads: Sequence[Read], number: int) -> list[Commitment]:
    return [
        Commitment(
            plan=plan,
            number=number + at,
            words=dict(read.words),
            notes=list(read.notes),
            **{name: _fitting(name, getattr(read, name)) for name in TAKEN},
        )
        for at, read in enumerate(reads)
    ]


def _fitting(name: str, value: Any) -> Any:
    """A value as its column takes it: enumerations as their text, nothing as the empty text, texts no longer than they may be."""
    field = Commitment._meta.get_field(name)
    if value is None and not field.null:
        return field.get_default()
    longest = getattr(field, "max_length", None)
    return str(value)[:longest] if longest and value is not None else value
