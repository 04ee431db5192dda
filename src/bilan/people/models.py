"""Persons and the tokens their programs use."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bilan.pack.roles import current
from bilan.people.roles import Role

ATTEMPTS = 5
"""Wrong passwords in a row before an account rests."""
REST = timedelta(minutes=1)
"""How long an account rests after too many wrong passwords."""


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
    """

    username = models.CharField(_("User name"), max_length=80, unique=True)
    name = models.CharField(_("Name"), max_length=80, blank=True)
    roles = models.JSONField(_("Roles"), default=list, blank=True)
    districts = models.JSONField(_("Districts"), default=list, blank=True)
    organisation = models.CharField(_("Organisation"), max_length=40, blank=True)
    language = models.CharField(_("Language"), max_length=10, blank=True)
    is_active = models.BooleanField(default=True)
    created = models.DateTimeField(default=timezone.now)
    failures = models.PositiveSmallIntegerField(default=0)
    resting_until = models.DateTimeField(null=True, blank=True)

    objects = PersonManager()

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

    @property
    def resting(self) -> bool:
        """Whether the account rests after too many wrong passwords."""
        return self.resting_until is not None and timezone.now() < self.resting_until

    def failed(self) -> None:
        """Count a wrong password; after `ATTEMPTS` of them the account rests."""
        self.failures += 1
        if self.failures >= ATTEMPTS:
            self.failures, self.resting_until = 0, timezone.now() + REST
        self.save(update_fields=["failures", "resting_until"])

    def succeeded(self) -> None:
        """Forget wrong passwords after a right one."""
        if self.failures or self.resting_until:
            self.failures, self.resting_until = 0, None
            self.save(update_fields=["failures", "resting_until"])


class Token(models.Model):
    """A secret a person's program sends instead of a password; only its digest is kept."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tokens")
    label = models.CharField(_("Label"), max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    created = models.DateTimeField(default=timezone.now)
    used = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.label

    @classmethod
    def issue(cls, person: Person, label: str) -> str:
        """Make a token for `person` and return its secret, which is shown once and never again."""
        secret = secrets.token_urlsafe(32)
        cls.objects.create(person=person, label=label, digest=_digest(secret))
        return secret

    @classmethod
    def owner(cls, secret: str) -> Person | None:
        """Find the active person whose token has this secret, and note that it was used today."""
        token = cls.objects.select_related("person").filter(digest=_digest(secret), person__is_active=True).first()
        if token is None:
            return None
        if token.used is None or timezone.now() - token.used > timedelta(hours=1):
            cls.objects.filter(pk=token.pk).update(used=timezone.now())
        person: Person = token.person
        return person


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
