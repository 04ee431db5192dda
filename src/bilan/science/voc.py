"""Volatile organic compounds of ambient air: `from bilan.science import voc`."""

from __future__ import annotations

from bilan.science.standards.voc import *  # noqa: F403  the facade is the package's list of names
