"""Dustfall judged by the national standards: `from bilan.science import dustfall`."""

from __future__ import annotations

from bilan.science.standards.dustfall import *  # noqa: F403
