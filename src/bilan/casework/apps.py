"""The casework as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """Names the application."""

    name = "bilan.casework"
    label = "casework"
    default_auto_field = "django.db.models.BigAutoField"
