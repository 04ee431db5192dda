"""From findings to episodes: opening, rising, acknowledging, explaining, folding, clearing and raising again."""

from __future__ import annotations

from bilan.casework.alerting.deciding import acknowledge, decidable, explain, note, release, suppress
from bilan.casework.alerting.declaring import accept, declare, withdraw
from bilan.casework.alerting.escalating import escalate
from bilan.casework.alerting.passed import retire
from bilan.casework.alerting.saying import says, title
from bilan.casework.alerting.taking import Taken, take

__all__ = [
    "Taken",
    "accept",
    "acknowledge",
    "decidable",
    "declare",
    "escalate",
    "explain",
    "note",
    "release",
    "retire",
    "says",
    "suppress",
    "take",
    "title",
    "withdraw",
]
