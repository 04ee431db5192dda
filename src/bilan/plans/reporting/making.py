"""Making an issue of a report: written once, kept as Word and PDF with every number it says."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from bilan.pack.reports import Outline, current
from bilan.people import audit
from bilan.people.roles import Capability
from bilan.plans.models import Report
from bilan.plans.reporting.composing import compose
from bilan.plans.reporting.context import Context
from bilan.plans.reporting.drawing import pdf
from bilan.plans.reporting.model import Linker, Written
from bilan.plans.reporting.word import word
from bilan.problems import BilanError, Problem, nearest

FOLDER = "reports"
STEPS = 3
"""Steps after the text: Word, PDF, keeping."""
Tell = Callable[[int, int], None]


def outlines() -> dict[str, Outline]:
    """The outlines of the city."""
    return current(settings.CITY.pack)


def outline(name: str) -> Outline:
    """One outline.

    Raises:
        BilanError: there is none of this name; the nearest is told.
    """
    known = outlines()
    if name not in known:
        raise BilanError(Problem("report.no_outline", {"value": name, "nearest": nearest(name, known)}))
    return known[name]


def make(declared: Outline, context: Context, linker: Linker, person: Any = None, tell: Tell = lambda done, total: None) -> Report:
    """Write an issue and keep it; issues are only added, never changed.

    Args:
        tell: told how many steps are done, of how many.

    Raises:
        NotAllowed: the author may not take reports of the plans away.
        BilanError: it could not be set.
    """
    context.planbook.require(Capability.EXPORT)
    number = 1 + (_issues(declared, context).aggregate(most=Max("number"))["most"] or 0)
    written = compose(declared, context, number, linker, lambda done, total: tell(done, total + STEPS))
    blocks = sum(1 for _ in declared.blocks())
    tell(blocks, blocks + STEPS)
    as_word = word(written)
    tell(blocks + 1, blocks + STEPS)
    as_pdf = pdf(written)
    tell(blocks + 2, blocks + STEPS)
    return _kept(declared, context, written, as_word, as_pdf, person)


def file_of(report: Report, form: str) -> Path:
    """Where the Word file (``docx``) or the PDF (``pdf``) of an issue is.

    Raises:
        BilanError: it is gone.
    """
    name = {"docx": report.word, "pdf": report.pdf}.get(form, "")
    path = _folder() / name
    if not name or not path.is_file():
        raise BilanError(Problem("report.gone", {"value": report.number}))
    return path


def _issues(declared: Outline, context: Context) -> Any:
    return Report.objects.filter(report=declared.name, period=context.period.at, language=context.language)


def _folder() -> Path:
    folder: Path = settings.CITY.data / "files" / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@transaction.atomic
def _kept(declared: Outline, context: Context, written: Written, as_word: bytes, as_pdf: bytes, person: Any) -> Report:
    """Keep the files under their digest and the issue with its numbers; the number is counted anew under the transaction."""
    number = 1 + (_issues(declared, context).aggregate(most=Max("number"))["most"] or 0)
    digest = hashlib.sha256(as_word).hexdigest()
    stem = f"{declared.name}-{context.period.at}-{'en' if context.english else 'zh'}-{digest[:12]}"
    for ending, content in (("docx", as_word), ("pdf", as_pdf)):
        (_folder() / f"{stem}.{ending}").write_bytes(content)
    report = Report.objects.create(
        report=declared.name,
        period=context.period.at,
        number=number,
        language=context.language,
        title=f"{written.title}{written.subtitle}" if not context.english else f"{written.title}, {written.subtitle}",
        numbers={key: number.as_dict() for key, number in written.numbers.items()},
        word=f"{stem}.docx",
        pdf=f"{stem}.pdf",
        digest=digest,
        person=person,
    )
    audit.record("report.make", f"{declared.name}/{context.period.at}/{number}", detail={"language": context.language, "digest": digest})
    return report
