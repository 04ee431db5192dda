"""Hazardous-waste codes judged by the national standards: `from bilan.science import waste`."""

from __future__ import annotations

from bilan.science.standards.waste import *  # noqa: F403
