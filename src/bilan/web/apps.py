"""The Django app of the site."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Templates, static files and template tags of the site."""

    name = "bilan.web"
    label = "web"
