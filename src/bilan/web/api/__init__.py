"""The programming interface under ``/api/``: what pages use is what programs get, within what their owner may see."""

from __future__ import annotations

from bilan.web.api.alerts import router as alerts
from bilan.web.api.base import api
from bilan.web.api.cases import router as cases
from bilan.web.api.points import router as points
from bilan.web.api.registers import router as registers
from bilan.web.api.values import router as values
from bilan.web.api.verdicts import router as verdicts
from bilan.web.api.zones import router as zones

api.add_router("", points)
api.add_router("", values)
api.add_router("", verdicts)
api.add_router("", registers)
api.add_router("", zones)
api.add_router("", cases)
api.add_router("", alerts)

__all__ = ["api"]
