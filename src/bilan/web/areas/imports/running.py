"""Trying and carrying out an import, behind the page."""

from __future__ import annotations

import logging
import os
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from typing import Any

from bilan.problems import BilanError, Problem
from bilan.tabular import TableRead, write_table
from bilan.telemetry.readers import ImportPlan, apply_import, error_table, plan_import
from bilan.telemetry.store import Store
from bilan.web import site
from bilan.web.areas.imports.jobs import Cancelled, Job, Jobs

log = logging.getLogger("bilan.web.imports")

LANGUAGES = ("zh-hans", "en")
PROBLEMS = 200
"""So many refused cells are listed on the page; all of them stand in the table of errors."""
CHANGES = 50
THREADS = 2
UNUSABLE = (ValueError, LookupError, TypeError, OSError, ArithmeticError)
"""What a file can do that nobody foresaw; the person is told, the process goes on."""


def jobs() -> Jobs:
    """The imports of this city."""
    return Jobs(site.city().data / "imports")


@cache
def _threads(_process: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(THREADS, thread_name_prefix="import")


def start_plan(job: Job, among: Collection[str] | None) -> None:
    """Try an import in a thread; its folder tells how far it is."""
    _threads(os.getpid()).submit(_guarded, _plan, job, among)


def start_apply(job: Job, among: Collection[str] | None) -> None:
    """Carry out an import in a thread; its folder tells how far it is."""
    jobs().uncancel(job.id)
    running = replace(job, state="applying", done=0)
    jobs().put(running)
    jobs().beat(job.id)
    _threads(os.getpid()).submit(_guarded, _apply, running, among)


def _guarded(work: Any, job: Job, among: Collection[str] | None) -> None:
    """Do the work and keep whatever stops it with the job."""
    kept = jobs()
    with kept.alive(job.id):
        try:
            work(job, among)
        except Cancelled:
            known = kept.get(job.id) or job
            kept.put(replace(known, state="cancelled"))
        except BilanError as error:
            kept.fail(job, error, "unreadable" if job.state == "planning" else "failed")
        except UNUSABLE as error:
            log.exception("import %s", job.id)
            kept.fail(job, BilanError(Problem("imports.failed", {"reason": f"{type(error).__name__}: {error}"[:300]})))


def _plan(job: Job, among: Collection[str] | None) -> None:
    kept = jobs()
    kept.check(job.id)
    plan = plan_import(site.store(), kept.source(job), job.import_settings(), among=among)
    if plan.refused_rows:
        for language in LANGUAGES:
            write_table(error_table(plan, language), kept.errors(job, language))
    kept.check(job.id)
    kept.put(replace(job, state="planned", total=plan.cells.height, summary=_summary(site.store(), plan)))


def _apply(job: Job, among: Collection[str] | None) -> None:
    kept = jobs()
    plan = plan_import(site.store(), kept.source(job), job.import_settings(), among=among)
    state = replace(job, total=plan.cells.height)

    def progress(values: int) -> None:
        nonlocal state
        state = replace(state, done=state.done + values)
        kept.put(state)
        kept.check(job.id)

    kept.check(job.id)
    applied = apply_import(site.store(), plan, person=job.person, city_pack=site.city().pack, progress=progress)
    counts = {name: getattr(applied, name) for name in ("inserted", "changed", "unchanged", "quarantined")}
    kept.put(replace(state, state="done", done=state.total, counts=counts))
    log.info("%s imported %s: %s", job.person, job.file, counts)


def _summary(store: Store, plan: ImportPlan) -> dict[str, Any]:
    """What the page shows of a dry run, as plain values in no language."""
    table = plan.table
    listed = [problem.as_dict() for row in sorted(plan.problems) for problem in plan.problems[row]]
    changed = plan.cells.filter(plan.cells["status"] == "changed").head(CHANGES)
    return {
        "counts": plan.counts,
        "rows": table.frame.height,
        "sheet": table.sheet,
        "header": table.header_row,
        "interval": plan.settings.interval,
        "columns": _columns(table, plan),
        "unknown": [[header, close] for header, close in table.unknown.items()],
        "problems": listed[:PROBLEMS],
        "problem_count": len(listed),
        "changes": changed.select("row", "column", "point", "start", "old", "value", "unit").to_dicts(),
        "points": plan.cells["point"].n_unique(),
        "begin": plan.cells["start"].min(),
        "end": plan.cells["start"].max(),
    }


def _columns(table: TableRead, plan: ImportPlan) -> list[dict[str, Any]]:
    """What each recognised column means and in which unit its values are kept."""
    units: dict[str, Sequence[str]] = {
        parameter: sorted(group["unit"].unique().to_list()) for (parameter,), group in plan.cells.group_by("parameter")
    }
    return [
        {
            "header": column.header,
            "name": column.name,
            "parameter": column.parameter.code if column.parameter else "",
            "stated": column.unit,
            "kept": list(units.get(column.parameter.code, ())) if column.parameter else [],
        }
        for column in table.columns
    ]
