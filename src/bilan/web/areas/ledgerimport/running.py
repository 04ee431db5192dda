"""Trying and writing an import of a register, behind the page."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from django.utils import timezone

from bilan.people.models import Person
from bilan.people.roles import Capability
from bilan.people.visibility import visible_to
from bilan.problems import BilanError, Problem
from bilan.registers import lake
from bilan.registers.importing import ImportSettings, Prepared, apply, plan, prepare
from bilan.registers.ledger import Ledger
from bilan.registers.models import ColumnMapping
from bilan.registers.writing import Author
from bilan.tabular.places.parsing import Box
from bilan.tabular.sheets.refused import write_refused
from bilan.web import site
from bilan.web.areas.ledgerimport import rows
from bilan.web.components.entries import readable
from bilan.web.jobs import Job, Jobs, start

log = logging.getLogger("bilan.web.ledgerimport")

KEPT = 180 * 86400
"""Files of imports are kept so long [s], refused rows with them."""
LANGUAGES = ("zh-hans", "en")
FOLDER = "register-imports"


def jobs() -> Jobs:
    """The imports of this city's registers."""
    return Jobs(site.city().data / FOLDER, KEPT)


def folder(job: Job) -> Path:
    """Where everything of an import is."""
    return jobs().folder / job.id


def refused_file(job: Job, language: str) -> Path:
    """Where the refused rows are, as Excel."""
    return folder(job) / f"refused-{language}.xlsx"


def settings_of(job: Job) -> ImportSettings:
    """How the file of a job is to be understood."""
    values = dict(job.settings["import"])
    return ImportSettings(**{**values, "only": tuple(values.get("only", ()))})


def with_settings(job: Job, settings: ImportSettings) -> Job:
    """A job with other settings."""
    return replace(job, settings={**job.settings, "import": asdict(settings)})


def box() -> Box | None:
    """Where the city lies, with a margin; None when it has no outlines."""
    places = [place for feature in site.outlines()["features"] for place in _places((feature.get("geometry") or {}).get("coordinates"))]
    if not places:
        return None
    lons, lats = [lon for lon, _lat in places], [lat for _lon, lat in places]
    return Box(min(lons), min(lats), max(lons), max(lats)).grown()


def _places(coordinates: Any) -> list[tuple[float, float]]:
    if not coordinates:
        return []
    if isinstance(coordinates[0], int | float):
        return [(float(coordinates[0]), float(coordinates[1]))]
    return [place for part in coordinates for place in _places(part)]


def start_plan(job: Job) -> None:
    """Try an import in a thread; its folder tells how far it is."""
    fresh = replace(job, state="planning", problems=[], summary={}, counts={}, done=0, total=0)
    jobs().uncancel(job.id)
    jobs().put(fresh)
    start(jobs(), fresh, _plan)


def start_apply(job: Job, reason: str) -> None:
    """Carry out an import in a thread."""
    jobs().uncancel(job.id)
    running = replace(job, state="applying", done=0, problems=[], settings={**job.settings, "reason": reason})
    jobs().put(running)
    start(jobs(), running, _apply)


def _prepared(job: Job) -> tuple[Prepared, Author, Ledger]:
    """Read the file as its author may see and change the register today."""
    person = Person.objects.get(username=job.person)
    ledger = Ledger(visible_to(person))
    register = ledger.register(job.settings["register"])
    ledger.require(Capability.IMPORT, register)
    source = jobs().source(job)
    if not source.is_file():
        raise BilanError(Problem("import.gone"))
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    author = Author.of(person, str(job.settings.get("reason") or job.file), "import", job.file[:200], digest)

    def remembered(signature: str) -> Mapping[str, str]:
        found = ColumnMapping.objects.filter(register=register.name, signature=signature).first()
        return found.mapping if found else {}

    return prepare(source, register, ledger, settings_of(job), remembered=remembered, box=box()), author, ledger


def _progress(job: Job) -> Any:
    def tell(done: int, total: int) -> None:
        jobs().put(replace(job, done=done, total=total))
        jobs().check(job.id)

    return tell


def _plan(job: Job) -> None:
    jobs().check(job.id)
    prepared, author, ledger = _prepared(job)
    made = plan(prepared, author, _progress(job))
    rows.keep(folder(job), made, made.results, set(made.register.fields) - readable(ledger, made.register))
    _write_refused(job, made, made.refused)
    jobs().check(job.id)
    jobs().put(
        replace(
            job,
            state="planned",
            total=len(made.results),
            summary={**_summary(made), "counts": dict(made.counts), "changes": job.settings.get("changes", [])},
            counts={},
        )
    )


def _apply(job: Job) -> None:
    made, author, ledger = _prepared(job)
    if made.sheet.signature != job.summary.get("signature"):
        raise BilanError(Problem("import.not_planned"))
    applied = apply(made, author, _progress(job))
    ColumnMapping.objects.update_or_create(
        register=made.register.name,
        signature=made.sheet.signature,
        defaults={"mapping": made.mapping.chosen, "used": timezone.now(), "person": author.person},
    )
    rows.keep(folder(job), made, applied.results, set(made.register.fields) - readable(ledger, made.register))
    _write_refused(job, made, applied.refused)
    changes = [*job.settings.get("changes", []), *([applied.change.pk] if applied.change else [])]
    summary = {**_summary(made), "counts": dict(applied.counts), "changes": changes}
    settings = {**job.settings, "changes": changes}
    total = len(applied.results)
    _publish(made.register.name)
    jobs().put(replace(job, state="done", done=total, total=total, counts=dict(applied.counts), summary=summary, settings=settings))
    log.info("%s imported %s into %s: %s", job.person, job.file, made.register.name, dict(applied.counts))


def _publish(register: str) -> None:
    """Write the register's table of the lake anew; what was imported stands even when that fails, and the next publication catches up."""
    try:
        lake.write(register)
    except (BilanError, OSError):
        log.exception("the table of %s was not published", register)


def _write_refused(job: Job, made: Prepared, refused: Mapping[int, Any]) -> None:
    for language in LANGUAGES:
        path = refused_file(job, language)
        if not refused:
            path.unlink(missing_ok=True)
            continue
        with path.open("wb") as target:
            write_refused(target, made.sheet, refused, language)


def _summary(made: Prepared) -> dict[str, Any]:
    """What the page shows of a dry run, as plain values in no language."""
    sheet = made.sheet
    return {
        "signature": sheet.signature,
        "sheet": sheet.name,
        "sheets": [list(entry) for entry in sheet.sheets],
        "chosen": sheet.chosen.as_dict(),
        "header": list(sheet.header),
        "rows": sheet.height,
        "notes": [{"row": note.row, "text": note.text, "kind": note.kind} for note in sheet.notes[:60]],
        "problems": [problem.as_dict() for problem in sheet.problems[:60]],
        "missing": [target.name for target in made.mapping.missing],
        "columns": [
            {
                "key": key,
                "letter": entry.column.letter,
                "title": entry.column.title,
                "unit": entry.column.unit,
                "target": entry.target,
                "confidence": entry.confidence,
                "sure": entry.sure,
                "reason": entry.reason.as_dict(),
                "factor": entry.factor,
                "doubt": entry.doubt.as_dict() if entry.doubt else None,
                "samples": list(entry.samples),
            }
            for key, entry in zip(made.mapping.chosen, made.mapping.proposals, strict=True)
        ],
    }
