"""Say whether the audit log is as it was written."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bilan.people import audit


class Command(BaseCommand):
    """Walk the whole audit log; ends with an error when an entry is changed or missing."""

    help = __doc__

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Walk the log."""
        state = audit.state()
        if state.broken is not None:
            raise CommandError(f"entry {state.broken}: {state.reason} · 第 {state.broken} 条：{state.reason}")
        self.stdout.write(f"{state.count} entries, whole · {state.count} 条，完整  {state.head.hash}")
