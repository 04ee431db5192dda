"""Accounts of the demo city: their passwords are shown, so they exist only where every value is invented."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth import get_user_model

from bilan.people.roles import Role

PASSWORD = "bilan-demo"


@dataclass(frozen=True, slots=True)
class Account:
    """A demo account as the login page and the terminal show it."""

    username: str
    password: str
    name: str
    role: Role
    districts: tuple[str, ...] = ()

    @property
    def description(self) -> str:
        """Who it is and what it is limited to, in one line."""
        return " · ".join((self.name, *self.districts))


ACCOUNTS = (
    Account("viewer", PASSWORD, "值班员 Viewer", Role.VIEWER),
    Account("operator", PASSWORD, "运维员 Operator", Role.OPERATOR),
    Account("admin", PASSWORD, "管理员 Administrator", Role.ADMINISTRATOR),
    Account("district", PASSWORD, "县区值班员 District", Role.VIEWER, ("350582",)),
)


def create_accounts() -> list[Account]:
    """Make the demo accounts that are not there yet and return all of them; those there keep what was changed."""
    persons = get_user_model().objects
    for account in ACCOUNTS:
        if not persons.filter(username=account.username).exists():
            persons.create_user(account.username, account.password, name=account.name, role=account.role, districts=list(account.districts))
    return list(ACCOUNTS)
