"""`bilan manage registers_duplicates`: look for entries that may be one thing."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from bilan.problems import BilanError, Problem
from bilan.registers.declared import declared
from bilan.registers.duplicates import refresh


class Command(BaseCommand):
    """Looks through one register or all of them."""

    help = "Look for entries that may be one thing · 查找疑似重复的条目"

    def add_arguments(self, parser: CommandParser) -> None:
        """Which registers."""
        parser.add_argument("registers", nargs="*", help="Registers, all without any · 台账，省略为全部")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run it."""
        known = declared().registers
        for name in options["registers"] or known:
            if name not in known:
                raise BilanError(Problem("registers.not_found", {"value": name}))
            count = refresh(known[name])
            if count or options["registers"]:
                self.stdout.write(f"{name} {count}")
