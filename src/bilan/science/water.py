"""Surface water judged by the national standard: `from bilan.science import water`."""

from __future__ import annotations

from bilan.science.standards.water import *  # noqa: F403
