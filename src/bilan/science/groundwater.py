"""Groundwater judged by the national standard: `from bilan.science import groundwater`."""

from __future__ import annotations

from bilan.science.standards.groundwater import *  # noqa: F403
