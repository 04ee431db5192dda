"""What costs much to make is made once a run, whichever worker needs it first, and copied by the others."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from bilan.telemetry.store.locking import exclusive

HOME = "BILAN_TEST_HOME"
"""Variable that tells the workers of a run where it keeps what they share."""


def begin() -> None:
    """Make the folder that the workers share; it goes when this process ends."""
    if HOME not in os.environ:
        os.environ[HOME] = tempfile.mkdtemp(prefix="bilan-run-")
        Path(os.environ[HOME]).chmod(0o755)
        atexit.register(shutil.rmtree, os.environ[HOME], ignore_errors=True)


def once(name: str, make: Callable[[Path], object]) -> Path:
    """The folder `name` of this run, made by `make` where no worker has made it yet.

    Parameters:
        make: fills the folder it is given, which does not exist yet; what it leaves unfinished is made again.
    """
    begin()
    home = Path(os.environ[HOME])
    made = home / name
    with (home / f"{name}.lock").open("ab") as lock, exclusive(lock):
        if not made.exists():
            part = home / f"{name}.part"
            shutil.rmtree(part, ignore_errors=True)
            make(part)
            part.rename(made)
    return made
