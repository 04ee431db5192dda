"""The same on PostgreSQL, where writers do not wait in one line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import stores
from tests.postgres import new_database

ROOT = Path(__file__).resolve().parents[3]


def test_cases_are_moved_in_bulk_and_in_races_on_postgresql_too(tmp_path: Path) -> None:
    if stores.on_postgresql():
        pytest.skip("it brings its own city, and in the run on SQLite it is tested instead")
    with stores.server() as server, new_database(server) as url:
        text = f'name_zh = "演示市"\nname_en = "Demo"\nadcode = "350500"\ndemo = true\ndatabase = "{url}"\n'
        (tmp_path / "city.toml").write_text(text, encoding="utf-8")
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
        script = Path(__file__).with_name("on_postgres.py")
        done = subprocess.run([sys.executable, str(script), str(tmp_path)], env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
        found = json.loads(done.stdout.splitlines()[-1])
    assert found.pop("vendor") == "postgresql"
    assert found == {
        "submitted": 39,
        "approved": 39,
        "changes": 1,
        "written": 39,
        "broken": [],
        "moved": 1,
        "conflicts": 7,
        "twins": 1,
        "steps": 2,
    }
