"""Radioactive sources judged by the national standards: `from bilan.science import radiation`."""

from __future__ import annotations

from bilan.science.standards.radiation import *  # noqa: F403
