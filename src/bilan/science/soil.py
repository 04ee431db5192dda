"""Soil judged by the national standards: `from bilan.science import soil`."""

from __future__ import annotations

from bilan.science.standards.soil import *  # noqa: F403
