"""Environmental risk judged by the national standards: `from bilan.science import risk`."""

from __future__ import annotations

from bilan.science.standards.risk import *  # noqa: F403
