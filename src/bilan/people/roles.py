"""Roles and what each of them may do."""

from __future__ import annotations

from enum import StrEnum


class Action(StrEnum):
    """Something a person may be allowed to do."""

    SEE = "see"
    OPERATE = "operate"
    ADMINISTER = "administer"


class Role(StrEnum):
    """What a person is in the bureau; each role may do all that the one before it may."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    ADMINISTRATOR = "administrator"


ALLOWED: dict[Role, frozenset[Action]] = {
    Role.VIEWER: frozenset({Action.SEE}),
    Role.OPERATOR: frozenset({Action.SEE, Action.OPERATE}),
    Role.ADMINISTRATOR: frozenset({Action.SEE, Action.OPERATE, Action.ADMINISTER}),
}
"""Role → its actions."""
