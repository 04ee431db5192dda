"""Trying and carrying out an import, behind the page."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from bilan.tabular import TableRead, write_table
from bilan.telemetry.readers import ImportPlan, ImportSettings, apply_import, error_table, plan_import
from bilan.telemetry.store import Store
from bilan.web import site
from bilan.web.jobs import Job, Jobs, start

log = logging.getLogger("bilan.web.imports")

LANGUAGES = ("zh-hans", "en")
PROBLEMS = 200
"""So many refused cells are listed on the page; all of them stand in the table of errors."""
CHANGES = 50


def jobs() -> Jobs:
    """The imports of this city."""
    return Jobs(site.city().data / "imports")


def settings_of(job: Job) -> ImportSettings:
    """How the file of a job is to be understood."""
    return ImportSettings(**job.settings)


def start_plan(job: Job, among: Collection[str] | None) -> None:
    """Try an import in a thread; its folder tells how far it is."""
    start(jobs(), job, lambda known: _plan(known, among))


def start_apply(job: Job, among: Collection[str] | None) -> None:
    """Carry out an import in a thread; its folder tells how far it is."""
    jobs().uncancel(job.id)
    running = replace(job, state="applying", done=0)
    jobs().put(running)
    start(jobs(), running, lambda known: _apply(known, among))


def _plan(job: Job, among: Collection[str] | None) -> None:
    kept = jobs()
    kept.check(job.id)
    plan = plan_import(site.store(), kept.source(job), settings_of(job), among=among)
    if plan.refused_rows:
        for language in LANGUAGES:
            write_table(error_table(plan, language), kept.errors(job, language))
    kept.check(job.id)
    kept.put(replace(job, state="planned", total=plan.cells.height, summary=_summary(site.store(), plan)))


def _apply(job: Job, among: Collection[str] | None) -> None:
    kept = jobs()
    plan = plan_import(site.store(), kept.source(job), settings_of(job), among=among)
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
