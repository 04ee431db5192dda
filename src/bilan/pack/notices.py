"""What a city says in `city.toml` about telling people: ``[notices]`` and ``[[notices.webhooks]]``."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bilan.pack.city import WEBHOOKS
from bilan.pack.kept import kept_secret
from bilan.pack.security import checked_table
from bilan.problems import BilanError, Place, Problem, nearest

PUSH_SERVICES = (
    "fcm.googleapis.com",
    "push.services.mozilla.com",
    "push.apple.com",
    "notify.windows.com",
    "push.hicloud.com",
)
ENCRYPTIONS = ("none", "starttls", "tls")


@dataclass(frozen=True, slots=True)
class Webhook:
    """A system that is told by signed HTTP requests, such as a gateway to short messages, WeCom or DingTalk.

    Attributes:
        name: what it is called here.
        url: where it listens.
        level_from: lowest level it is told of (1 to 4).
        secret: name of the environment variable with the key of the signature; without it, the file ``data/webhook.NAME.secret``, which
            is made when there is none.
    """

    name: str = ""
    url: str = ""
    level_from: int = 3
    secret: str = ""

    def key(self, data: Path) -> str:
        """The key of the signature.

        Parameters:
            data: the city's data folder.
        """
        given = os.environ.get(self.secret, "") if self.secret else ""
        return given or kept_secret(data / f"webhook.{self.name}.secret")


@dataclass(frozen=True, slots=True)
class Notices:
    """How people are told.

    Attributes:
        address: what links in messages begin with; empty for where the site listens.
        smtp_host: mail server; no mail while it is empty.
        smtp_port, smtp_user, smtp_encryption: how it is spoken to; encryption is ``none``, ``starttls`` or ``tls``.
        smtp_password: name of the environment variable with the password; without it, the file ``data/smtp.secret``.
        sender: address that mails come from.
        push: whether browsers are sent push messages; needs the internet.
        push_services: hosts of the push services that browsers may name, and what lies below them.
        push_contact: whom a push service may write to, ``mailto:`` or ``https:``.
        storm_notices, storm_minutes: so many notices a person gets singly in so many minutes; the rest comes as one digest.
        storm_critical: critical ones come singly beyond that, but no more than this.
        remind_from, remind_minutes, remind_times: from which level, after how long unread, and how often people are reminded.
        attempts: how often a message is tried before it is given up; `retry_seconds`: first pause, doubled each time [s].
        timeout: how long a server may take to answer [s].
        webhooks: other systems that are told.
    """

    address: str = ""
    smtp_host: str = ""
    smtp_port: int = 25
    smtp_user: str = ""
    smtp_password: str = "BILAN_SMTP_PASSWORD"
    smtp_encryption: str = "none"
    sender: str = "bilan@localhost"
    push: bool = True
    push_services: tuple[str, ...] = PUSH_SERVICES
    push_contact: str = "mailto:bilan@localhost"
    storm_notices: int = 10
    storm_minutes: int = 10
    storm_critical: int = 100
    remind_from: int = 3
    remind_minutes: int = 60
    remind_times: int = 3
    attempts: int = 8
    retry_seconds: int = 30
    timeout: int = 15
    webhooks: tuple[Webhook, ...] = ()

    def password(self, data: Path) -> str:
        """Password of the mail server: from the environment, else from the city's data folder; empty when it is in neither."""
        kept = data / "smtp.secret"
        return os.environ.get(self.smtp_password, "") or (kept.read_text(encoding="utf-8").strip() if kept.is_file() else "")


def notices(values: Mapping[str, Any], source: str = "") -> Notices:
    """The table ``[notices]`` of a city.

    Raises:
        BilanError: a key is unknown or a value is not allowed; every mistake is told.

    Examples:
        >>> notices({"smtp_host": "mail.example.cn", "webhooks": [{"name": "sms", "url": "https://sms.example.cn"}]}).webhooks[0].level_from
        3
    """
    plain = {key: value for key, value in values.items() if key != WEBHOOKS}
    problems: list[Problem] = []
    given: dict[str, Any] = {}
    hooks: list[Webhook] = []
    try:
        given = checked_table(Notices(), plain, source)
    except BilanError as error:
        problems += error.problems
    for entry in values.get(WEBHOOKS, ()):
        try:
            hooks.append(Webhook(**checked_table(Webhook(), entry, source)))
        except BilanError as error:
            problems += error.problems
    problems += _doubtful(given, hooks, source)
    if problems:
        raise BilanError(*problems)
    return Notices(**given, webhooks=tuple(hooks))


def _doubtful(given: Mapping[str, Any], hooks: list[Webhook], source: str) -> list[Problem]:
    place = Place(source)
    found = []
    encryption = given.get("smtp_encryption", ENCRYPTIONS[0])
    if encryption not in ENCRYPTIONS:
        values = {"value": encryption, "allowed": ENCRYPTIONS, "nearest": nearest(encryption, ENCRYPTIONS)}
        found.append(Problem("value.unknown_choice", values, place))
    names = [hook.name for hook in hooks]
    for hook in hooks:
        if not hook.name.replace("-", "").isalnum() or names.count(hook.name) > 1:
            found.append(Problem("notices.hook_name", {"value": hook.name}, place))
        if not hook.url.startswith(("http://", "https://")):
            found.append(Problem("notices.hook_url", {"value": hook.url}, place))
    return found
