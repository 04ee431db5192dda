"""Make the demo city's accounts and print them."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from bilan.people.demo import create_accounts


class Command(BaseCommand):
    """Make the demo accounts that are not there yet; one line an account: user name, password, role, districts."""

    help = __doc__

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Make the accounts."""
        for account in create_accounts():
            self.stdout.write("\t".join((account.username, account.password, account.role, ",".join(account.districts))))
