"""What campaigns and random inspections begin with: who may begin them, and which entries they are about."""

from __future__ import annotations

from urllib.parse import parse_qsl

from bilan.casework.docket import Docket
from bilan.people.models import Person
from bilan.people.roles import Capability
from bilan.people.visibility import visible_to

IGNORED = {"sort", "page", "q", "columns", "view", "size"}
"""Arguments of a list's address that choose no entries."""


def require_assign(by: Person | None) -> None:
    """Insist that somebody may give out cases; the platform itself may.

    Raises:
        NotAllowed: they may not.
    """
    if by is not None:
        Docket(visible_to(by), by).require(Capability.ASSIGN)


def arguments_of_query(query: str) -> dict[str, str]:
    """Filters in the address of a register's list; several values of one filter are any of them.

    Examples:
        >>> arguments_of_query("?district=350582&class=ban&class=keep&sort=-code")
        {'district': '350582', 'class': 'ban,keep'}
    """
    found: dict[str, str] = {}
    for name, value in parse_qsl(query.lstrip("?")):
        if name not in IGNORED and value:
            found[name] = f"{found[name]},{value}" if name in found else value
    return found
