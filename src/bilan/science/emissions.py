"""Emissions of stacks and outlets judged by the national standards: `from bilan.science import emissions`."""

from __future__ import annotations

from bilan.science.standards.emissions import *  # noqa: F403  the facade is the package's list of names
