"""The plans as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """Names the application."""

    name = "bilan.plans"
    label = "plans"
    default_auto_field = "django.db.models.BigAutoField"
