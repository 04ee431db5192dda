"""Heavy analyses behind the page: a job that keeps what it found in both languages, so that it is computed once."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
from django.utils import translation

from bilan.people.models import Person
from bilan.people.monitoring import Monitoring
from bilan.people.visibility import visible_to
from bilan.problems import LANGUAGES, BilanError, Problem
from bilan.web import site
from bilan.web.areas.analysis.asking import Asked, asked
from bilan.web.areas.analysis.reading import material
from bilan.web.areas.analysis.running import run
from bilan.web.jobs import Job, Jobs, start

FOLDER = "analyses"
KEPT = 7 * 86400.0
"""What was found is kept so long [s]."""
FRESH = 86400.0
"""So long it is shown to whoever asks the same [s]."""
MOST_RUNNING = 2
DATA = "numbers.parquet"
FILE = "analysis"


def jobs() -> Jobs:
    """The analyses that run or ran as jobs."""
    return Jobs(site.city().data / FOLDER, KEPT)


def latest(of: Asked) -> Job | None:
    """The newest job that was asked the same and is not too old."""
    fitting = (job for job in jobs().all() if job.settings.get("query") == of.query and time.time() - job.made < FRESH)
    return next(fitting, None)


def begin(of: Asked, monitoring: Monitoring, person: Person) -> Job:
    """Start a job.

    Raises:
        BilanError: a setting is wrong, there is nothing to analyse, or the person has as many running as they may.
    """
    running = [job for job in jobs().all() if job.running and job.person == person.username]
    if len(running) >= MOST_RUNNING:
        raise BilanError(Problem("workbench.busy", {"value": len(running)}))
    material(monitoring, of)
    job = replace(jobs().make(FILE, person.username, {"query": of.query}), state="applying", total=100)
    jobs().put(job)
    start(jobs(), job, _work)
    return job


def told(job: Job, language: str, *, narrow: bool) -> dict[str, Any]:
    """What a job found, as `Outcome.told` gives it."""
    found: dict[str, Any] = json.loads(_told(job, language, narrow).read_text(encoding="utf-8"))
    return found


def data(job: Job, table: str = "") -> pl.DataFrame | None:
    """The numbers that a job found, or a further table of it; None when it has none of that name."""
    known = {path.stem: path for path in (jobs().folder / job.id).glob("table-*.parquet")}
    path = known.get(f"table-{table}") if table else jobs().folder / job.id / DATA
    return pl.read_parquet(path) if path else None


def _told(job: Job, language: str, narrow: bool) -> Path:
    return jobs().folder / job.id / f"told-{language}-{'narrow' if narrow else 'wide'}.json"


def _work(job: Job) -> None:
    person = Person.objects.get(username=job.person)
    monitoring = Monitoring(site.store(), visible_to(person))
    of = asked(monitoring, job.settings["query"], job.person)
    found = run(of.analysis, material(monitoring, of), of.settings, _telling(job))
    found.data.write_parquet(jobs().folder / job.id / DATA)
    for name, (_title, table) in found.tables.items():
        table.write_parquet(jobs().folder / job.id / f"table-{name}.parquet")
    for language in LANGUAGES:
        with translation.override(language):
            for narrow in (False, True):
                _told(job, language, narrow).write_text(json.dumps(found.told(language, narrow=narrow), allow_nan=False), encoding="utf-8")
    jobs().put(replace(job, state="done", done=100, total=100))


def _telling(job: Job) -> Callable[[float], None]:
    shown = -1

    def tell(share: float) -> None:
        nonlocal shown
        jobs().check(job.id)
        if (now := int(100 * share)) != shown:
            shown = now
            jobs().put(replace(job, done=now))

    return tell
