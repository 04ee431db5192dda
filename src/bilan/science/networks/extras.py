"""The one way to SciPy, an extra."""

from __future__ import annotations

import importlib
from typing import Any

from bilan.problems import BilanError, Problem


def scipy(module: str) -> Any:
    """A module of SciPy.

    Raises:
        BilanError: SciPy is not installed; the problem names the extra.
    """
    try:
        return importlib.import_module(f"scipy.{module}")
    except ModuleNotFoundError as error:
        raise BilanError(Problem("networks.extra", {"value": "scipy"})) from error
