"""`bilan manage registers_index`: indexes for the declared filters."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from bilan.registers.declared import declared
from bilan.registers.indexes import align


class Command(BaseCommand):
    """Brings the indexes in line with the declarations."""

    help = "Make and drop indexes as the declared filters ask · 按配置建立与清理筛选索引"

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run it."""
        made, dropped = align(declared())
        if options["verbosity"] > 1:
            self.stdout.write(f"+{made} -{dropped}")
