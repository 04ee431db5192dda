"""The casework as a Django application."""

from __future__ import annotations

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """Names the application."""

    name = "bilan.casework"
    label = "casework"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let those concerned be told of what happens to cases."""
        # Models can only be imported once all applications are there.
        from bilan.casework.moving.telling import listen  # noqa: PLC0415
        from bilan.casework.notices.cases import told  # noqa: PLC0415

        listen(told)
