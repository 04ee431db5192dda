"""The Django app of persons."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest


class PeopleConfig(AppConfig):
    """Persons, their roles and their tokens."""

    name = "bilan.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let every session know from its first moment whose it is and where it began."""
        from bilan.people.sessions import begin  # noqa: PLC0415  # models cannot be imported before all applications are

        def logged_in(request: HttpRequest, **_values: Any) -> None:
            begin(request)

        user_logged_in.connect(logged_in, weak=False, dispatch_uid="bilan.people.sessions")
