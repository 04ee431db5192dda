"""How far a process of the demo city is, told line by line to the one that started it."""

from __future__ import annotations

import sys


def told(share: float, text: str) -> None:
    """Tell the share that is done and what was done last."""
    sys.stdout.write(f"{share:.4f} {text}\n")
    sys.stdout.flush()
