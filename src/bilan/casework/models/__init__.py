"""What the casework keeps."""

from __future__ import annotations

from bilan.casework.models.alert import Alert, AlertEvent
from bilan.casework.models.campaign import Campaign, Drawing
from bilan.casework.models.case import Case, Evidence, FlowVersion, Step
from bilan.casework.models.levels import AlertState, CaseState, Level
from bilan.casework.models.notice import Channels, Notice, Subscription
from bilan.casework.models.window import Window, WindowKind

__all__ = [
    "Alert",
    "AlertEvent",
    "AlertState",
    "Campaign",
    "Case",
    "CaseState",
    "Channels",
    "Drawing",
    "Evidence",
    "FlowVersion",
    "Level",
    "Notice",
    "Step",
    "Subscription",
    "Window",
    "WindowKind",
]
