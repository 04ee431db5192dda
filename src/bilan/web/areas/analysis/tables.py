"""Concentrations and uncertainties that a person brings: two files, checked against each other cell by cell and kept for that person."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl
from django.core.files.uploadedfile import UploadedFile

from bilan.problems import BilanError, Place, Problem, nearest
from bilan.tabular import Matrix, read_matrix
from bilan.web import site
from bilan.web.components.upload import accepted
from bilan.web.jobs import Job, Jobs

FOLDER = "analysis-tables"
KEPT = 90 * 86400.0
"""Tables are kept so long [s]."""
ENDINGS = (".csv", ".txt", ".tsv", ".xlsx", ".xls", ".parquet", ".gz")
MEGABYTES = 20
MOST_TOLD = 200
"""So many problems are kept and shown; all are counted."""
PARTS = ("concentrations", "uncertainties")


@dataclass(frozen=True, slots=True)
class Tables:
    """Tables of a person.

    Attributes:
        id: as the address names them.
        files: names of both files.
        problems: what could not be read, with file, row and column; the first ones.
        problem_count: how many problems there are.
        usable: whether there is something to factorise.
    """

    id: str
    files: tuple[str, ...]
    samples: int
    species: int
    problems: tuple[Problem, ...]
    problem_count: int
    usable: bool

    @property
    def title(self) -> str:
        """Both names in a line."""
        return " + ".join(self.files)

    def read(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Concentrations and uncertainties: ``key`` and a column a species."""
        folder = kept().folder / self.id
        return pl.read_parquet(folder / f"{PARTS[0]}.parquet"), pl.read_parquet(folder / f"{PARTS[1]}.parquet")


def kept() -> Jobs:
    """Where tables are kept."""
    return Jobs(site.city().data / FOLDER, KEPT)


def find(id: str, person: str) -> Tables:
    """The tables with this id.

    Raises:
        BilanError: there are none, or they are another person's.
    """
    job = kept().get(id)
    if job is None or job.person != person:
        raise BilanError(Problem("receptor.no_such_table", {"value": id}))
    about = job.summary
    problems = tuple(Problem.from_dict(problem) for problem in job.problems)
    return Tables(job.id, tuple(about["files"]), about["samples"], about["species"], problems, about["problem_count"], job.state == "done")


def keep(files: Mapping[str, UploadedFile[Any]], person: str) -> str:
    """Read two uploaded files, check them against each other and keep both; the id they are found by.

    What is wrong with them is kept with them, so that the page can tell it.

    Raises:
        BilanError: a file is missing.
        ValidationError: a file is too large or of another kind.
    """
    chosen = [files.get(part) for part in PARTS]
    if not all(chosen):
        raise BilanError(Problem("receptor.two_files", {}))
    given = [accepted(file, ENDINGS, MEGABYTES) for file in chosen]
    job = kept().make(given[0].name, person, {})
    problems: list[Problem] = []
    frames: tuple[pl.DataFrame, pl.DataFrame] | None = None
    count = 0
    try:
        concentrations, uncertainties = (_read(file) for file in given)
        found = list(_unlike(concentrations, uncertainties))
        problems = [*found, *concentrations.problems, *uncertainties.problems]
        count = len(found) + concentrations.problem_count + uncertainties.problem_count
        frames = None if any(problem.code in _FATAL for problem in found) else _paired(concentrations, uncertainties)
    except BilanError as error:
        problems, count = list(error.problems), len(error.problems)
    _put(job, [file.name for file in given], frames, problems, count)
    return job.id


_FATAL = frozenset({"receptor.no_uncertainty", "receptor.no_match", "receptor.zero_at", "receptor.twice_sampled"})


def _put(job: Job, files: list[str], frames: tuple[pl.DataFrame, pl.DataFrame] | None, problems: list[Problem], count: int) -> None:
    for part, frame in zip(PARTS, frames or (), strict=False):
        frame.write_parquet(kept().folder / job.id / f"{part}.parquet")
    about = {
        "files": files,
        "problem_count": count,
        "samples": frames[0].height if frames else 0,
        "species": frames[0].width - 1 if frames else 0,
    }
    told = [problem.as_dict() for problem in problems[:MOST_TOLD]]
    kept().put(replace(job, state="done" if frames else "unreadable", summary=about, problems=told))


def _read(file: UploadedFile[Any]) -> Matrix:
    """The table of an uploaded file; its name is told, not that of the copy."""
    name = str(file.name)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / f"table{''.join(Path(name).suffixes[-2:])}"
        with copy.open("wb") as target:
            for chunk in file.chunks():
                target.write(chunk)
        return read_matrix(copy, name=name)


def _unlike(one: Matrix, other: Matrix) -> Iterator[Problem]:
    """What of the uncertainties does not fit the concentrations."""
    for name in (name for name in one.species if name not in other.species):
        values = {"value": name, "nearest": nearest(name, other.species), "allowed": other.species[:20]}
        yield Problem("receptor.no_uncertainty", values, Place(other.file, other.header_row, name))
    for matrix in (one, other):
        for row, key in matrix.frame.filter(~pl.col("key").is_first_distinct()).select("row", "key").iter_rows():
            yield Problem("receptor.twice_sampled", {"value": str(key)}, Place(matrix.file, row))
    if one.frame["key"].dtype == other.frame["key"].dtype:
        for row, key in one.frame.join(other.frame, on="key", how="anti").select("row", "key").iter_rows():
            yield Problem("receptor.no_match", {"value": str(key)}, Place(one.file, row))
    else:
        yield Problem("receptor.no_match", {"value": str(one.frame["key"][0])}, Place(one.file, one.header_row + 1))
    for name in (name for name in one.species if name in other.species):
        wrong = other.frame.filter(pl.col(name) <= 0).select("row", name)
        for row, value in wrong.iter_rows():
            yield Problem("receptor.zero_at", {"value": value}, Place(other.file, row, name))


def _paired(one: Matrix, other: Matrix) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Both in the order of the concentrations, with the same columns."""
    columns = ["key", *one.species]
    left = one.frame.select(columns)
    return left, left.select("key").join(other.frame.select(columns), on="key", how="left", maintain_order="left")
