"""`bilan manage registers_lake`: the registers' tables in the lake."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from bilan.registers import lake


class Command(BaseCommand):
    """Writes the tables that are behind their registers."""

    help = "Write the registers' tables in the lake · 更新数据湖中的台账表"

    def add_arguments(self, parser: CommandParser) -> None:
        """What may be asked for."""
        parser.add_argument("--all", action="store_true", help="write current tables too · 已是最新的也重写")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run it."""
        written = lake.refresh(every=options["all"])
        for name in sorted(name for name, done in written.items() if done):
            self.stdout.write(f"{name}: {lake.path_of(name)}")
