"""What pages about devices read through: the reader's equipment, judged by the city's own limits."""

from __future__ import annotations

from functools import cache

from bilan.people.equipment import Equipment
from bilan.telemetry.gateway.settings import Settings
from bilan.web import site
from bilan.web.registry import Request


@cache
def limits() -> Settings:
    """When a device of this city counts as late or silent."""
    return Settings.of(site.city())


def equipment_of(request: Request) -> Equipment:
    """Devices, commands, gaps and quarantine as the reader may see them."""
    return request.monitoring.equipment(limits())
