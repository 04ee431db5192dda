"""An import whose process is killed in the middle of writing leaves the register as it was, and can be done again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connections

from bilan.registers.models import ChangeSet, Entry
from tests.registers.importing.helping import emptied, plants, written
from tests.web.running import Site

ROOT = Path(__file__).resolve().parents[3]
KILLED = """
import os, signal, sys
from pathlib import Path
import django
django.setup()
from bilan.people.models import Person
from bilan.registers.importing import apply
from bilan.registers.writing import Author, service
from tests.registers.importing.helping import tried
service.PORTION = 100
person = Person.objects.get(username="administrator")
prepared = tried(Path(sys.argv[1]), person)
def die(done, total):
    if done >= total // 2:
        os.kill(os.getpid(), signal.SIGKILL)
apply(prepared, Author.of(person, "test", "import"), die)
"""


@pytest.mark.parametrize("rows", [500])
def test_nothing_is_half_imported(site: Site, tmp_path: Path, rows: int) -> None:
    emptied()
    made = [[f"示范厂{at}", "甲区", "C26", 10, 1, 118.4 + at / 10_000, 24.851] for at in range(rows)]
    path = plants(tmp_path / "a.xlsx", made)
    connections.close_all()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    killed = subprocess.run([sys.executable, "-c", KILLED, str(path)], env=environment, cwd=ROOT, capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert not Entry.objects.exists() and not ChangeSet.objects.exists()
    assert written(path, site.person("administrator")).counts == {"new": rows}
