"""The Django app of persons."""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Persons, their roles and their tokens."""

    name = "bilan.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
