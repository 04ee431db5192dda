"""Libraries that only some functions need: loaded when they are first used."""

from __future__ import annotations

import importlib
from typing import Any

from bilan.problems import BilanError, Problem


def extra(module: str, name: str = "science") -> Any:
    """Load a module of an optional library.

    Parameters:
        module: name of the module, such as ``scipy.optimize``.
        name: extra of the package that brings it.

    Raises:
        BilanError: it is not installed, or cannot be loaded here; the problem tells how to install it.

    Examples:
        >>> extra("json").dumps([1])
        '[1]'
    """
    try:
        return importlib.import_module(module)
    except (ImportError, OSError) as error:
        values = {"value": module, "allowed": f"pip install bilan[{name}]", "reason": str(error)[:200]}
        raise BilanError(Problem("science.no_library", values)) from error
