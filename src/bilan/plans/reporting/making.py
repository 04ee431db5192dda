"""Making an issue of a report: written once, kept as Word and PDF with every number it says."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
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
from bilan.plans.reporting.model import Linker, Number, Written
from bilan.plans.reporting.sources.duty import recipients
from bilan.plans.reporting.word import word
from bilan.problems import BilanError, Problem, nearest

FOLDER = "reports"
STEPS = 3
"""Steps after the text: Word, PDF, keeping."""
Tell = Callable[[int, int], None]
FIXED = (1980, 1, 1, 0, 0, 0)
"""Time of the files in an archive, so that its digest depends on what they say alone."""


@dataclass(frozen=True, slots=True)
class _Made:
    """An issue before it is kept: its files by ending, the one its digest is taken of first."""

    title: str
    numbers: Mapping[str, Number]
    files: Mapping[str, bytes]


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
    """Write an issue and keep it; issues are only added, never changed. Nothing is kept unless all of it could be written.

    Args:
        tell: told how many steps are done, of how many.

    Raises:
        NotAllowed: the author may not take reports of the plans away.
        BilanError: it could not be set.
    """
    context.planbook.require(Capability.EXPORT)
    if declared.each:
        return _kept(declared, context, _for_each(declared, context, linker, tell), person)
    number = 1 + (_issues(declared, context).aggregate(most=Max("number"))["most"] or 0)
    written = compose(declared, context, number, linker, lambda done, total: tell(done, total + STEPS))
    blocks = sum(1 for _ in declared.blocks())
    tell(blocks, blocks + STEPS)
    as_word = word(written)
    tell(blocks + 1, blocks + STEPS)
    as_pdf = pdf(written)
    tell(blocks + 2, blocks + STEPS)
    return _kept(declared, context, _Made(_title(written), written.numbers, {"docx": as_word, "pdf": as_pdf}), person)


def file_of(report: Report, form: str) -> Path:
    """Where the Word file (``docx``), the PDF (``pdf``) or the archive of all its papers (``zip``) of an issue is.

    Raises:
        BilanError: it is gone.
    """
    name = next((name for name in (report.word, report.pdf) if name.endswith(f".{form}")), "")
    path = _folder() / name
    if not name or not path.is_file():
        raise BilanError(Problem("report.gone", {"value": report.number}))
    return path


def papers(report: Report) -> list[str]:
    """Names of the Word files of an issue that was written once for each; none for others."""
    if not report.word.endswith(".zip"):
        return []
    with zipfile.ZipFile(file_of(report, "zip")) as archive:
        return archive.namelist()


def paper(report: Report, at: int) -> tuple[str, bytes]:
    """Name and content of one Word file of an issue that was written once for each, counted from 0.

    Raises:
        BilanError: there are not so many, or the file is gone.
    """
    with zipfile.ZipFile(file_of(report, "zip")) as archive:
        names = archive.namelist()
        if not 0 <= at < len(names):
            raise BilanError(Problem("report.gone", {"value": report.number}))
        return names[at], archive.read(names[at])


def _for_each(declared: Outline, context: Context, linker: Linker, tell: Tell) -> _Made:
    """One paper for each department or district, together in an archive."""
    wanted = recipients(context, declared.each)
    if not wanted:
        raise BilanError(Problem("report.nobody", {"value": context.period.at}))
    number = 1 + (_issues(declared, context).aggregate(most=Max("number"))["most"] or 0)
    buffer, title = io.BytesIO(), ""
    numbers: dict[str, Number] = {}
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for at, one in enumerate(wanted):
            tell(at, len(wanted) + 1)
            written = compose(declared, replace(context, recipient=one), number, linker)
            title = _title(written)
            stamp = zipfile.ZipInfo(f"{at + 1:02d} {_file_name(one.name)}.docx", FIXED)
            archive.writestr(stamp, word(written), zipfile.ZIP_DEFLATED)
            told = {key: replace(known, title=f"{one.name} · {known.title}") for key, known in written.numbers.items()}
            numbers |= {f"{one.code}/{key}": known for key, known in told.items()}
    tell(len(wanted), len(wanted) + 1)
    return _Made(title, numbers, {"zip": buffer.getvalue()})


def _file_name(name: str) -> str:
    """A name as every system of files takes it."""
    return "".join("_" if sign in '<>:"/\\|?*' or not sign.isprintable() else sign for sign in name)[:80].strip(" .") or "_"


def _title(written: Written) -> str:
    return f"{written.title}, {written.subtitle}" if written.language == "en" else f"{written.title}{written.subtitle}"


def _issues(declared: Outline, context: Context) -> Any:
    return Report.objects.filter(report=declared.name, period=context.period.at, language=context.language)


def _folder() -> Path:
    folder: Path = settings.CITY.data / "files" / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@transaction.atomic
def _kept(declared: Outline, context: Context, made: _Made, person: Any) -> Report:
    """Keep the files under their digest and the issue with its numbers; the number is counted anew under the transaction."""
    number = 1 + (_issues(declared, context).aggregate(most=Max("number"))["most"] or 0)
    digest = hashlib.sha256(next(iter(made.files.values()))).hexdigest()
    stem = f"{declared.name}-{context.period.at}-{'en' if context.english else 'zh'}-{digest[:12]}"
    for ending, content in made.files.items():
        (_folder() / f"{stem}.{ending}").write_bytes(content)
    names = [f"{stem}.{ending}" for ending in made.files]
    report = Report.objects.create(
        report=declared.name,
        period=context.period.at,
        number=number,
        language=context.language,
        title=made.title,
        numbers={key: known.as_dict() for key, known in made.numbers.items()},
        word=names[0],
        pdf=names[1] if len(names) > 1 else "",
        digest=digest,
        person=person,
    )
    audit.record("report.make", f"{declared.name}/{context.period.at}/{number}", detail={"language": context.language, "digest": digest})
    return report
