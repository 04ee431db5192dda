"""Where the real measurements are that tests read and never ship."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(os.environ.get("BILAN_SHARED", Path(__file__).resolve().parents[2] / "shared"))
MISSING = "real measurements are not here"


def shared(*parts: str) -> Path:
    """Path below the shared folder, or a skip that says what is missing."""
    path = ROOT.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"{MISSING}: {path} (set BILAN_SHARED to the folder that holds data/ and reference/)")
    return path


def shared_data(*parts: str) -> Path:
    """Path below the folder of real measurements, or a skip that says what is missing."""
    return shared("data", *parts)


def shared_plans(*parts: str) -> Path:
    """Path below the folder of real plan documents, or a skip that says what is missing."""
    return shared("plans", *parts)
