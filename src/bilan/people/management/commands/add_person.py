"""Add a person from the command line, or give one a new password, role or district."""

from __future__ import annotations

import getpass
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from bilan.pack.roles import current
from bilan.people.models import Person
from bilan.people.roles import Role


class Command(BaseCommand):
    """Add a person, or change one that exists; the password is asked for and never an argument."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("username")
        parser.add_argument("--name", default="")
        parser.add_argument("--role", action="append", choices=sorted(current(settings.CITY.pack)), help="may be given more than once")
        parser.add_argument("--district", action="append", default=[], help="code of a county or town; may be given more than once")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Add or change the person."""
        person, made = Person.objects.get_or_create(username=options["username"])
        person.name, person.roles, person.districts = (
            options["name"] or person.name,
            options["role"] or [Role.VIEWER.value],
            options["district"],
        )
        person.set_password(getpass.getpass("Password · 密码: "))
        person.save()
        self.stdout.write(f"{person.username}: {'added · 已添加' if made else 'changed · 已修改'}")
