"""What a person may be allowed to do, as pages ask for it, and the three roles that every city has."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bilan.pack.roles import KERNEL, Capability

__all__ = ["ALLOWED", "Action", "Capability", "Right", "Role"]


class Action(StrEnum):
    """Something a person may be allowed to do with the city's monitoring, and entering the site at all."""

    ENTER = "enter"
    """Use their own account: everybody with a known role."""
    SEE = "see"
    """Open pages that show data: everybody who may see readings or a register."""
    OPERATE = "operate"
    ADMINISTER = "administer"


@dataclass(frozen=True, slots=True)
class Right:
    """A capability on a kernel, or on any register at all, as a page asks for it; one register is asked for by `Scope.reaches`.

    Attributes:
        on: ``registers`` for any of them, or ``kernel/KERNEL``.

    Examples:
        >>> Right(Capability.SEE, "kernel/people").kernel, Right(Capability.EDIT, "registers").kernel
        ('people', '')
    """

    capability: Capability
    on: str

    @property
    def kernel(self) -> str:
        """The kernel it is about; empty for registers."""
        return self.on.removeprefix(KERNEL) if self.on.startswith(KERNEL) else ""


class Role(StrEnum):
    """Roles of the base pack that code names; each may do all that the one before it may. All others are data."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    ADMINISTRATOR = "administrator"


ALLOWED: dict[Role, frozenset[Action]] = {
    Role.VIEWER: frozenset({Action.ENTER, Action.SEE}),
    Role.OPERATOR: frozenset({Action.ENTER, Action.SEE, Action.OPERATE}),
    Role.ADMINISTRATOR: frozenset({Action.ENTER, Action.SEE, Action.OPERATE, Action.ADMINISTER}),
}
"""Role → its actions in the city's monitoring."""
