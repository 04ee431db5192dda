"""Telling people: who is told what by which channel, singly or as a digest; sending, receipts and reminders."""

from __future__ import annotations

from bilan.casework.notices.delivering import deliver
from bilan.casework.notices.inbox import inbox, prefer, preferences, read, subscribe, tell, unread, unsubscribe
from bilan.casework.notices.message import Words
from bilan.casework.notices.planning import plan
from bilan.casework.notices.reminding import remind
from bilan.casework.notices.vapid import public_key

__all__ = [
    "Words",
    "deliver",
    "inbox",
    "plan",
    "prefer",
    "preferences",
    "public_key",
    "read",
    "remind",
    "subscribe",
    "tell",
    "unread",
    "unsubscribe",
]
