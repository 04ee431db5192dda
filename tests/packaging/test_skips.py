"""In CI a skipped test is a failed one, unless what it needs may not be published."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ONE = """
import pytest
def test_one():
    pytest.skip({reason!r})
"""
MODULE = """
import pytest
pytest.skip({reason!r}, allow_module_level=True)
"""


def outcome(folder: Path, code: str, **environment: str) -> str:
    """Last line of a run of the code under our own root configuration."""
    (folder / "test_code.py").write_text(code, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "conftest",
        "--rootdir",
        folder,
        "--confcutdir",
        folder,
    ]
    known = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "CI", "BILAN"))}
    wanted = {**known, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}", **environment}
    done = subprocess.run([*command, folder / "test_code.py"], check=False, capture_output=True, text=True, env=wanted, cwd=folder)
    return done.stdout.strip().splitlines()[-1]


@pytest.mark.parametrize("code", [ONE, MODULE])
@pytest.mark.parametrize(("reason", "expected"), [("no Chromium here", "fail"), ("covered by a limit, tested instead", "skip")])
def test_a_missing_tool_fails_in_ci(tmp_path, code, reason, expected):
    told = outcome(tmp_path, code.format(reason=reason), CI="true")
    assert ("error" in told or "failed" in told) == (expected == "fail")
    assert ("skipped" in told) == (expected == "skip")


def test_unpublished_measurements_may_be_absent_but_not_in_part(tmp_path):
    code = "from tests.shared import shared_data\ndef test_one():\n    shared_data('hourly')\n"
    assert "1 skipped" in outcome(tmp_path, code, CI="true", BILAN_SHARED=str(tmp_path / "nowhere"))
    assert "1 failed" in outcome(tmp_path, code, CI="true", BILAN_SHARED=str(tmp_path))


def test_elsewhere_a_missing_tool_is_a_skip(tmp_path):
    assert "1 skipped" in outcome(tmp_path, ONE.format(reason="no Chromium here"))
