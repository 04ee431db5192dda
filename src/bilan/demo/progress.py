"""Progress that tells the truth: what is being done, how far it is, how long it has taken."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import click

Progress = Callable[[float, str], None]
"""Takes the share done, 0 to 1, and what is being done."""

BAR = 24


class Bar:
    """One line of the terminal for one long job; plain lines where the output is no terminal.

    Args:
        title: what the job is, in both languages.
    """

    def __init__(self, title: str) -> None:
        self._title = title
        self._begin = time.monotonic()
        self._shown = -1.0
        self._live = sys.stdout.isatty()

    def __call__(self, share: float, text: str = "") -> None:
        """Show how far the job is."""
        share = min(max(share, 0.0), 1.0)
        if share < 1 and share - self._shown < (0.005 if self._live else 0.25):
            return
        self._shown = share
        filled = round(share * BAR)
        line = f"{'█' * filled}{'░' * (BAR - filled)} {share:4.0%}  {self._title}  {time.monotonic() - self._begin:5.1f} s  {text}"
        click.echo(f"\r\x1b[K{line}" if self._live else line, nl=not self._live)
        if share >= 1 and self._live:
            click.echo()
