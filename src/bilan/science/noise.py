"""Noise judged by the national standards: `from bilan.science import noise`."""

from __future__ import annotations

from bilan.science.standards.noise import *  # noqa: F403
