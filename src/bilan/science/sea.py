"""Sea water judged by the national standard: `from bilan.science import sea`."""

from __future__ import annotations

from bilan.science.standards.sea import *  # noqa: F403
