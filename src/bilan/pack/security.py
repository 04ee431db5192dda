"""What a city says in `city.toml` about logging in: ``[security]`` and ``[sso]``."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from bilan.problems import BilanError, Place, Problem, nearest


@dataclass(frozen=True, slots=True)
class Security:
    """Rules for passwords, sessions and wrong attempts.

    Attributes:
        password_length: characters a password must have at least.
        password_days: days after which a password must be changed; 0 for never.
        password_history: so many former passwords may not come back.
        idle_minutes: minutes without a request after which a session ends; 0 for never.
        attempts: wrong passwords in a row before an account rests.
        address_attempts: wrong passwords from one address before the address rests.
        rest_seconds: the first rest [s]; each further wrong attempt doubles it.
        rest_longest: the longest rest [s].
        second_factor: roles that need a second factor in this city, beside those that say so themselves.
    """

    password_length: int = 10
    password_days: int = 0
    password_history: int = 5
    idle_minutes: int = 0
    attempts: int = 5
    address_attempts: int = 30
    rest_seconds: int = 60
    rest_longest: int = 3600
    second_factor: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sso:
    """Single sign-on by OpenID Connect; off while `issuer` is empty.

    Attributes:
        issuer: address of the provider; what it can do is read from ``/.well-known/openid-configuration`` below it.
        client_id: what the provider calls us.
        secret: name of the environment variable that holds the client's secret; without it, the file ``data/sso.secret``.
        title: what the button says.
        algorithm: how the provider signs.
        scopes: what is asked for.
        username, name: claims the user name and the name are taken from.
        create: whether a person nobody has entered yet is made at their first log-in, with `roles`.
        roles: roles of those.
        second_factor: whether the provider asks for a second factor itself, so that we need not.
    """

    issuer: str = ""
    client_id: str = ""
    secret: str = "BILAN_SSO_SECRET"
    title: str = "统一身份认证 · Single sign-on"
    algorithm: str = "RS256"
    scopes: str = "openid profile"
    username: str = "preferred_username"
    name: str = "name"
    create: bool = False
    roles: tuple[str, ...] = field(default_factory=lambda: ("viewer",))
    second_factor: bool = False

    def client_secret(self, data: Path) -> str:
        """The client's secret: from the environment, else from the city's data folder; empty when it is in neither."""
        kept = data / "sso.secret"
        return os.environ.get(self.secret, "") or (kept.read_text(encoding="utf-8").strip() if kept.is_file() else "")


def security(values: Mapping[str, Any], source: str = "") -> Security:
    """The table ``[security]`` of a city.

    Raises:
        BilanError: a key is unknown or a value has the wrong type; every mistake is told.

    Examples:
        >>> security({"password_days": 90}).password_days
        90
    """
    return Security(**checked_table(Security(), values, source))


def sso(values: Mapping[str, Any], source: str = "") -> Sso:
    """The table ``[sso]`` of a city.

    Raises:
        BilanError: a key is unknown or a value has the wrong type; every mistake is told.
    """
    return Sso(**checked_table(Sso(), values, source))


def checked_table(usual: Any, values: Mapping[str, Any], source: str) -> dict[str, Any]:
    """The values of a table of `city.toml` for the fields of a data class.

    Parameters:
        usual: an instance with the values that hold when nothing is said.

    Raises:
        BilanError: a key is unknown or a value has the wrong type; every mistake is told.
    """
    known = {entry.name: getattr(usual, entry.name) for entry in fields(usual)}
    problems, found = [], {}
    for key, value in values.items():
        if key not in known:
            problems.append(Problem("city.unknown_key", {"value": key, "nearest": nearest(key, known)}, Place(source)))
            continue
        given = tuple(value) if isinstance(value, list) else value
        if type(given) is not type(known[key]) or (isinstance(given, int) and given < 0):
            allowed = {tuple: "list", str: "text", bool: "true / false", int: "≥ 0"}[type(known[key])]
            problems.append(Problem("pack.wrong_type", {"key": key, "value": repr(value), "allowed": allowed}, Place(source)))
        found[key] = given
    if problems:
        raise BilanError(*problems)
    return found
