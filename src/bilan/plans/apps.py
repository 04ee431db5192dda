"""The plans as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class PlansConfig(AppConfig):
    """Names the application."""

    name = "bilan.plans"
    label = "plans"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let rules look at indicators."""
        # Models can only be imported once all applications are there.
        from bilan.casework.evaluating.frames import publish  # noqa: PLC0415
        from bilan.plans.indicators.watched import frame  # noqa: PLC0415

        publish("indicators", frame)
