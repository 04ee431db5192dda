"""Work on uploaded files that takes its time: each job is a folder with the file, how far it is, and what came of it.

A job runs in a thread of the process that took it; every process reads its state from the folder, so any of them can show it.
"""

from __future__ import annotations

import json
import logging
import os
import re
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from django.db import Error, connections

from bilan.problems import BilanError, Problem

log = logging.getLogger("bilan.web.jobs")

STATE = "job.json"
PULSE = "pulse"
CANCEL = "cancel"
SOURCE = "source"
PULSE_SECONDS = 2.0
DEAD_SECONDS = 30.0
"""A job whose pulse is older than this was interrupted: its process ended [s]."""
KEPT_SECONDS = 14 * 86400
"""Files of jobs are kept so long [s]."""
THREADS = 2
UNUSABLE = (ValueError, LookupError, TypeError, OSError, ArithmeticError, Error)
"""What a file can do that nobody foresaw; the person is told, the process goes on."""
RUNNING = frozenset({"planning", "applying"})
_ID = re.compile(r"[0-9a-f]{16}\Z")
_STRANGE = re.compile(r"[^\w.\-()（） ]+")


class Cancelled(Exception):
    """Somebody wants the job to stop."""


@dataclass(frozen=True, slots=True)
class Job:
    """One job.

    Attributes:
        id: name of its folder.
        file: name of the file as uploaded.
        person: user name of who uploaded it.
        made: when [s since 1970 UTC].
        state: ``planning``, ``planned``, ``unreadable``, ``applying``, ``done``, ``cancelled``, ``failed``; ``interrupted`` is
            what a running job is called when its process is gone.
        settings: how the file is to be understood.
        done, total: values written so far, and to be written.
        summary: what the dry run found, ready for the page.
        counts: what was written.
        problems: why it could not go on.
    """

    id: str
    file: str
    person: str
    made: float
    state: str = "planning"
    settings: dict[str, Any] = field(default_factory=dict)
    done: int = 0
    total: int = 0
    summary: dict[str, Any] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    problems: list[dict[str, Any]] = field(default_factory=list)

    @property
    def running(self) -> bool:
        """Whether it is under way."""
        return self.state in RUNNING

    def told(self, language: str) -> list[str]:
        """Why it could not go on, in words."""
        return [Problem.from_dict(problem).text(language) for problem in self.problems]


class Jobs:
    """The jobs of one kind.

    Args:
        folder: where their folders are.
        kept: how long they stay [s].
    """

    def __init__(self, folder: Path, kept: float = KEPT_SECONDS) -> None:
        self.folder = folder
        self.kept = kept

    def make(self, file: str, person: str, settings: Mapping[str, Any]) -> Job:
        """Make the folder of a new job; the file itself is put at `source`."""
        self.forget_old()
        name = _STRANGE.sub("_", Path(file.replace("\\", "/")).name).strip(". ")[-120:] or "file"
        job = Job(secrets.token_hex(8), name, person, time.time(), settings=dict(settings))
        (self.folder / job.id / SOURCE).mkdir(parents=True)
        self.put(job)
        self.beat(job.id)
        return job

    def source(self, job: Job) -> Path:
        """Where the uploaded file is."""
        return self.folder / job.id / SOURCE / job.file

    def errors(self, job: Job, language: str) -> Path:
        """Where the table of refused rows is."""
        return self.folder / job.id / f"errors-{language}.xlsx"

    def get(self, id: str) -> Job | None:
        """The job with this id; None when there is none."""
        if not _ID.match(id):
            return None
        try:
            job = Job(**json.loads((self.folder / id / STATE).read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None
        return replace(job, state="interrupted") if job.running and not self._alive(id) else job

    def all(self) -> list[Job]:
        """Every job, the newest first."""
        names = [entry.name for entry in os.scandir(self.folder)] if self.folder.is_dir() else []
        return sorted((job for name in names if (job := self.get(name))), key=lambda job: -job.made)

    def put(self, job: Job) -> None:
        """Keep how far a job is; readers see the old or the new state, never half of one."""
        path = self.folder / job.id / STATE
        fresh = path.with_name(f"{STATE}.{threading.get_ident()}")
        fresh.write_text(json.dumps(asdict(job), ensure_ascii=False, default=str), encoding="utf-8")
        fresh.replace(path)

    def beat(self, id: str) -> None:
        """Say that the job is being worked on."""
        (self.folder / id / PULSE).touch()

    @contextmanager
    def alive(self, id: str) -> Iterator[None]:
        """Keep saying so until the block ends."""
        stop = threading.Event()

        def beat() -> None:
            while not stop.wait(PULSE_SECONDS):
                self.beat(id)

        self.beat(id)
        thread = threading.Thread(target=beat, name=f"job-{id}", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def cancel(self, id: str) -> None:
        """Ask a running job to stop at its next step."""
        (self.folder / id / CANCEL).touch()

    def check(self, id: str) -> None:
        """Stop here when somebody asked for it.

        Raises:
            Cancelled: somebody did.
        """
        path = self.folder / id / CANCEL
        if path.exists():
            path.unlink(missing_ok=True)
            raise Cancelled(id)

    def uncancel(self, id: str) -> None:
        """Forget an earlier wish to stop."""
        (self.folder / id / CANCEL).unlink(missing_ok=True)

    def fail(self, job: Job, error: BilanError, state: str = "failed") -> None:
        """Keep why a job could not go on."""
        self.put(replace(job, state=state, problems=[problem.as_dict() for problem in error.problems]))

    def forget_old(self) -> None:
        """Delete the folders of jobs of long ago; what they wrote stays."""
        for job in self.all():
            if time.time() - job.made > self.kept and not job.running:
                shutil.rmtree(self.folder / job.id, ignore_errors=True)

    def _alive(self, id: str) -> bool:
        try:
            return time.time() - (self.folder / id / PULSE).stat().st_mtime < DEAD_SECONDS
        except FileNotFoundError:
            return False


def start(kept: Jobs, job: Job, work: Callable[[Job], None]) -> None:
    """Do the work of a job in a thread; whatever stops it is kept with the job."""
    kept.beat(job.id)
    _threads(os.getpid()).submit(_guarded, kept, job, work)


@cache
def _threads(_process: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(THREADS, thread_name_prefix="job")


def _guarded(kept: Jobs, job: Job, work: Callable[[Job], None]) -> None:
    with kept.alive(job.id):
        try:
            work(job)
        except Cancelled:
            known = kept.get(job.id) or job
            kept.put(replace(known, state="cancelled"))
        except BilanError as error:
            kept.fail(job, error, "unreadable" if job.state == "planning" else "failed")
        except UNUSABLE as error:
            log.exception("job %s", job.id)
            kept.fail(job, BilanError(Problem("imports.failed", {"reason": f"{type(error).__name__}: {error}"[:300]})))
        finally:
            connections.close_all()
