"""The one door through which cases are opened, moved, handed on and ended, for one as for a thousand.

Every function takes `by`, the person who acts, or None for the platform itself, looks after their reach, signs a step and raises
`bilan.problems.BilanError` with everything that keeps it from being done; then nothing is done.
"""

from __future__ import annotations

from bilan.casework.moving.model import Choice, Done, Move, Opening

__all__ = ["Choice", "Done", "Move", "Opening"]
