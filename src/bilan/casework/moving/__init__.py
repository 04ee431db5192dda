"""The one door through which cases are opened, moved, handed on and ended, for one as for a thousand.

Every function takes `by`, the person who acts, or None for the platform itself, looks after their reach, signs a step and raises
`bilan.problems.BilanError` with everything that keeps it from being done; then nothing is done. Functions that work on many cases answer
with one `Done` for each instead.
"""

from __future__ import annotations

from bilan.casework.moving.dating import as_of
from bilan.casework.moving.handing import hand_over
from bilan.casework.moving.handling import (
    add_helper,
    assign,
    comment,
    remove_helper,
    reopen,
    resume,
    suspend,
    transfer,
    urge,
    withdraw,
)
from bilan.casework.moving.model import Choice, Done, Move, Opening
from bilan.casework.moving.opening import dispatch, open_case, open_many
from bilan.casework.moving.relapse import relapse
from bilan.casework.moving.service import move, move_many
from bilan.casework.moving.signing import verify
from bilan.casework.moving.standing import available
from bilan.casework.moving.sweeping import Swept, overdue
from bilan.casework.moving.telling import Staff, listen
from bilan.casework.moving.versions import flow_named, flow_of, flows

__all__ = [
    "Choice",
    "Done",
    "Move",
    "Opening",
    "Staff",
    "Swept",
    "add_helper",
    "as_of",
    "assign",
    "available",
    "comment",
    "dispatch",
    "flow_named",
    "flow_of",
    "flows",
    "hand_over",
    "listen",
    "move",
    "move_many",
    "open_case",
    "open_many",
    "overdue",
    "relapse",
    "remove_helper",
    "reopen",
    "resume",
    "suspend",
    "transfer",
    "urge",
    "verify",
    "withdraw",
]
