"""The registers as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class RegistersConfig(AppConfig):
    """Names the application."""

    name = "bilan.registers"
    label = "registers"
    default_auto_field = "django.db.models.BigAutoField"
