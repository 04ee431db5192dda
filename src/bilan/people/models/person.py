"""Persons."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bilan.pack.roles import current
from bilan.people.roles import Role

if TYPE_CHECKING:
    from bilan.people.models.delegation import Delegation


class PersonManager(BaseUserManager):
    """Makes persons."""

    def create_user(self, username: str, password: str | None = None, **values: Any) -> Person:
        """Make a person with `username`, a viewer unless roles are given; without a password nobody can log in as them."""
        if not {"role", "roles"} & set(values):
            values["role"] = Role.VIEWER
        person: Person = self.model(username=username, **values)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, username: str, password: str | None = None, **values: Any) -> Person:
        """Make an administrator of the whole city."""
        return self.create_user(username, password, **{"role": Role.ADMINISTRATOR, **values})


class Person(AbstractBaseUser):
    """Somebody who works with the platform.

    Attributes:
        roles: codes of what the person is: see `bilan.pack.roles`.
        districts: codes of the counties (six digits) and towns (nine) the person is limited to; empty for the whole city.
        organisation: code of the organisation the person belongs to; empty for none.
        language: language the person reads, empty for what the browser asks for.
        password_since: when the password was set.
        must_change: whether somebody else set it.
    """

    username = models.CharField(_("User name"), max_length=80, unique=True)
    name = models.CharField(_("Name"), max_length=80, blank=True)
    roles = models.JSONField(_("Roles"), default=list, blank=True)
    districts = models.JSONField(_("Districts"), default=list, blank=True)
    organisation = models.CharField(_("Organisation"), max_length=40, blank=True)
    language = models.CharField(_("Language"), max_length=10, blank=True)
    is_active = models.BooleanField(default=True)
    created = models.DateTimeField(default=timezone.now)
    password_since = models.DateTimeField(default=timezone.now)
    must_change = models.BooleanField(default=False)

    objects = PersonManager()
    _delegated: list[Delegation] | None = None

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def role(self) -> str:
        """Code of the person's first role; empty for none. Setting it makes it the only one."""
        return str(self.roles[0]) if self.roles else ""

    @role.setter
    def role(self, code: str) -> None:
        self.roles = [str(code)]

    def role_titles(self) -> str:
        """Titles of the person's roles in the reader's language."""
        known, language = current(settings.CITY.pack), get_language() or ""
        return " · ".join(known[code].title.text(language) if code in known else code for code in self.roles)

    def set_password(self, raw_password: str | None) -> None:
        """Give the person a new password; it is as old as this moment."""
        super().set_password(raw_password)
        self.password_since = timezone.now()

    def delegated(self) -> list[Delegation]:
        """What is delegated to the person now; asked for once in the life of this object, which is that of a request."""
        if self._delegated is None:
            self._delegated = list(apps.get_model("people", "Delegation").active(self)) if self.pk else []
        return self._delegated

    @property
    def password_old(self) -> bool:
        """Whether the password must be changed before anything else: it was given by somebody else, or the city's time for it is over."""
        days = settings.SECURITY.password_days
        return self.must_change or (days > 0 and self.has_usable_password() and timezone.now() - self.password_since > timedelta(days=days))

    @property
    def needs_second_factor(self) -> bool:
        """Whether one of the person's roles asks for a second factor."""
        known = current(settings.CITY.pack)
        return any(code in settings.SECURITY.second_factor or (code in known and known[code].second_factor) for code in self.roles)
