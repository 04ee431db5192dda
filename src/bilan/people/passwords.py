"""What a password must be, as Django's validators."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from bilan.people.models import FormerPassword, Person

LONG = 16
"""Characters from which a password may be of one kind: a sentence."""
KINDS = 3


class Varied:
    """Refuses short passwords that mix fewer than three kinds of characters."""

    def validate(self, password: str, user: Any = None) -> None:
        """Refuse it.

        Raises:
            ValidationError: it is short and mixes too few kinds.
        """
        if len(password) < LONG and len({_kind(character) for character in password}) < KINDS:
            raise ValidationError(self.get_help_text(), code="password_not_varied")

    def get_help_text(self) -> str:
        """Say what is asked for."""
        text = _("Mix at least %(kinds)d of capital letters, small letters, digits, other characters; or use %(long)d characters or more.")
        return text % {"kinds": KINDS, "long": LONG}


class Fresh:
    """Refuses the person's last passwords, and remembers each new one."""

    def validate(self, password: str, user: Any = None) -> None:
        """Refuse it.

        Raises:
            ValidationError: the person had it before.
        """
        if isinstance(user, Person) and user.pk and any(check_password(password, former) for former in self._former(user)):
            raise ValidationError(self.get_help_text(), code="password_not_fresh")

    def password_changed(self, _password: str, user: Any = None) -> None:
        """Remember a new password, and forget those too far back to matter."""
        if not isinstance(user, Person) or not user.pk:
            return
        FormerPassword.objects.create(person=user, hash=user.password)
        kept = user.former_passwords.values_list("pk", flat=True)[: settings.SECURITY.password_history]
        user.former_passwords.exclude(pk__in=list(kept)).delete()

    def get_help_text(self) -> str:
        """Say what is asked for."""
        return _("None of your last %(count)d passwords.") % {"count": settings.SECURITY.password_history}

    def _former(self, person: Person) -> set[str]:
        """Hashes of the passwords that may not come back: the present one and those before it."""
        return {person.password, *person.former_passwords.values_list("hash", flat=True)[: settings.SECURITY.password_history]} - {""}


def _kind(character: str) -> str:
    category = unicodedata.category(character)
    return category if category in {"Lu", "Ll", "Nd"} else "other"
