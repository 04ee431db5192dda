"""`bilan manage registers_lists`: draw up the yearly lists."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from bilan.registers import lists
from bilan.registers.declared import declared
from bilan.registers.models import ListVersion

AUTHOR = "Bilan"


class Command(BaseCommand):
    """Draws up one list or all of them; published ones are left as they are."""

    help = "Draw up the yearly lists · 生成年度名录"

    def add_arguments(self, parser: CommandParser) -> None:
        """Which lists, of which year."""
        parser.add_argument("rules", nargs="*", help="List rules, all without any · 名录规则，省略为全部")
        parser.add_argument("--year", type=int, default=timezone.localdate().year, help="Year · 年度")
        parser.add_argument("--publish", action="store_true", help="Publish them · 同时发布")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run it."""
        for name in options["rules"] or sorted(declared().lists):
            if ListVersion.objects.filter(rule=name, year=options["year"], published__isnull=False).exists():
                continue
            version = lists.draw_up(name, options["year"], AUTHOR)
            if options["publish"]:
                lists.publish(version, AUTHOR)
            self.stdout.write(f"{name} {version.year} {version.members.filter(movement__in=lists.ON).count()}")
