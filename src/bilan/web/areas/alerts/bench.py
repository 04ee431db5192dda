"""Trying a rule on the past, behind the page: a job that replays it part by part and keeps what it would have found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from bilan.evaluation.rules import SCHEMA, Context
from bilan.evaluation.rules.evaluating import PAST, replay
from bilan.evaluation.rules.limits import held
from bilan.pack import roles
from bilan.pack.registers.loading import current as registers
from bilan.pack.rules import RuleSpec, Subject
from bilan.pack.rules.reading import read_file
from bilan.problems import BilanError, Problem
from bilan.web import site
from bilan.web.areas.alerts import saying
from bilan.web.jobs import Job, Jobs, start

FOLDER = "rule-tests"
KEPT = 7 * 86400
"""Trials are kept so long [s]."""
FOUND = "found.parquet"
FILE = "rule.yaml"
MOST_DAYS = 400
LONGEST_TEXT = 20_000
MOST_FOUND = 20_000
"""Episodes kept of a trial; a rule that fires more often is not worth reading through."""


def jobs() -> Jobs:
    """The trials of this city's rules."""
    return Jobs(site.city().data / FOLDER, KEPT)


def begin(rule: str, text: str, period: tuple[int, int], person: str, among: Sequence[str] | None) -> Job:
    """Start a trial.

    Parameters:
        rule: name of the rule; `text`: its changed declaration, empty for the one in force.
        period: begin and end [s of the wall clock].
        among: codes of the points whose episodes are kept; None for all.

    Raises:
        BilanError: the text declares no rule, or one that keeps no past; the period is empty or too long.
    """
    first, last = period
    if not 0 < last - first <= MOST_DAYS * 86400:
        raise BilanError(Problem("alertpages.period", {"allowed": MOST_DAYS}))
    kept = jobs()
    settings = {"rule": rule, "begin": first, "end": last, "changed": bool(text), "among": None if among is None else list(among)}
    job = kept.make(FILE, person, settings)
    try:
        if text:
            kept.source(job).write_text(wrapped(text), encoding="utf-8")
        spec = spec_of(job)
        if spec.subject not in PAST:
            raise BilanError(Problem("rules.cannot_replay", {"value": spec.subject.value}))
    except BilanError as error:
        kept.fail(job, error)
        raise
    running = replace(job, state="applying", total=len(parts(spec)))
    kept.put(running)
    start(kept, running, _run)
    return running


def wrapped(text: str) -> str:
    """A declaration as a file of rules: a single rule is put into a list.

    Examples:
        >>> wrapped("- rule: a")
        'rules:\\n- rule: a\\n'
    """
    body = text.replace("\r\n", "\n").strip("\n")
    return f"{body}\n" if body.lstrip().startswith("rules:") else f"rules:\n{body}\n"


def spec_of(job: Job) -> RuleSpec:
    """The rule that a trial is about.

    Raises:
        BilanError: it is no longer declared, or the text of the trial is wrong; lines are those of the text.
    """
    if not job.settings["changed"]:
        spec = saying.declared_now().get(job.settings["rule"])
        if spec is None:
            raise BilanError(Problem("rules.unknown_rule", {"value": job.settings["rule"], "nearest": ""}))
        return spec
    pack = site.city().pack
    specs, problems = read_file(jobs().source(job), registers(pack).registers, roles.current(pack))
    if problems:
        raise BilanError(*problems)
    if len(specs) != 1:
        raise BilanError(Problem("alertpages.one_rule", {"value": len(specs)}))
    return specs[0]


def parts(spec: RuleSpec) -> list[RuleSpec]:
    """The rule, cut by network and parameter: sources of different parts never meet, so together they find what the whole finds."""
    where = spec.where
    networks: list[tuple[str, ...]] = [(code,) for code in where.networks] or [()]
    parameters = [(code,) for code in where.parameters] if spec.subject is Subject.SERIES and where.parameters else [where.parameters]
    return [replace(spec, where=replace(where, networks=network, parameters=one)) for network in networks for one in parameters]


def found(job: Job) -> pl.DataFrame:
    """The episodes that a trial has found so far."""
    path = _path(job)
    return pl.read_parquet(path) if path.is_file() else pl.DataFrame(schema=SCHEMA)


def _path(job: Job) -> Path:
    return jobs().folder / job.id / FOUND


def _run(job: Job) -> None:
    kept, store = jobs(), site.store()
    spec, settings = spec_of(job), job.settings
    among = None if settings["among"] is None else set(settings["among"])
    known = held(store.limits.frame(), store.catalogue.points())
    frames: list[pl.DataFrame] = []
    watched: set[str] = set()
    for done, part in enumerate(parts(spec), 1):
        kept.check(job.id)
        one = replay(store, [part], settings["begin"], settings["end"], context=Context(limits=known))
        if one.problems:
            raise BilanError(*one.problems)
        episodes = one.episodes if among is None else one.episodes.filter(pl.col("point").is_in(among))
        frames.append(episodes)
        watched |= set(one.checked["source"].to_list()) | set(one.episodes["source"].to_list())
        job = replace(job, done=done)
        kept.put(job)
    kept.check(job.id)
    episodes = pl.concat(frames).sort("opened", "source")
    counts = {
        "found": episodes.height,
        "sources": episodes["source"].n_unique(),
        "watched": len(watched) if among is None else 0,
        "standing": int(episodes["ended"].null_count()),
    }
    episodes.head(MOST_FOUND).write_parquet(_path(job))
    kept.put(replace(job, state="done", counts=counts))
