"""Handing one notice to the mail server, the push service or another system."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import requests
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils import timezone

from bilan.casework.models import Notice, Subscription
from bilan.casework.notices.message import CRITICAL
from bilan.casework.notices.vapid import private_key
from bilan.problems import LANGUAGES

SIGNATURE, STAMP, DELIVERY = "X-Bilan-Signature", "X-Bilan-Timestamp", "X-Bilan-Delivery"
BODY_LONGEST = 1000
"""Characters of the body that a push message carries: services take no more than four kilobytes in all."""
GONE = (404, 410)
"""What a push service answers when the browser has withdrawn."""
FAULTY = 20
"""A subscription that failed so often in a row is dropped."""


class NotSent(Exception):
    """A notice could not be handed over.

    Attributes:
        lasting: trying again is of no use.
        server: nobody there could be reached, so the others of the channel need not be tried now.
    """

    def __init__(self, fault: str, *, lasting: bool = False, server: bool = False) -> None:
        super().__init__(fault)
        self.lasting = lasting
        self.server = server


def language_of(notice: Notice) -> str:
    """The language its reader is told in."""
    chosen = notice.person.language if notice.person else ""
    return LANGUAGES[1] if chosen.startswith("en") else LANGUAGES[0]


def address(link: str) -> str:
    """A link as messages carry it."""
    base = settings.NOTICES.address or f"http://{settings.CITY.web_host}:{settings.CITY.web_port}"
    return f"{base.rstrip('/')}{link}"


def mail(notice: Notice) -> None:
    """Send a mail; the same notice always carries the same identifier, so that a mail sent twice can be told.

    Raises:
        NotSent: the server is away, or did not take it.
    """
    said = settings.NOTICES
    english = language_of(notice) == LANGUAGES[1]
    to = notice.person.channels.mail if notice.person and hasattr(notice.person, "channels") else ""
    if not said.smtp_host or not to:
        raise NotSent("no address", lasting=True)
    body = notice.body_en if english else notice.body_zh
    city = settings.CITY.name_en or settings.CITY.name_zh if english else settings.CITY.name_zh
    foot = f"{city} · 碧蓝 Bilan"
    headers = {"Message-ID": f"<notice-{notice.pk}.{int(notice.made.timestamp())}@{said.sender.rpartition('@')[2]}>"}
    if notice.level >= CRITICAL:
        headers |= {"X-Priority": "1", "Importance": "high"}
    message = EmailMessage(
        notice.title_en if english else notice.title_zh,
        f"{body}\n\n{address(notice.link)}\n\n-- \n{foot}\n",
        said.sender,
        [to],
        headers=headers,
        connection=get_connection(
            "django.core.mail.backends.smtp.EmailBackend",
            host=said.smtp_host,
            port=said.smtp_port,
            username=said.smtp_user,
            password=said.password(settings.CITY.data),
            use_tls=said.smtp_encryption == "starttls",
            use_ssl=said.smtp_encryption == "tls",
            timeout=said.timeout,
        ),
    )
    # Everything that smtplib raises is an OSError.
    try:
        message.send()
    except OSError as error:
        code = getattr(error, "smtp_code", None)
        raise NotSent(f"{type(error).__name__}: {error}", server=code is None and not hasattr(error, "recipients")) from error


def push(notice: Notice) -> None:
    """Send a push message to every browser of the person; one that took it is enough.

    Raises:
        NotSent: no browser is left, or none took it.
    """
    if notice.person is None:
        raise NotSent("no person", lasting=True)
    english = language_of(notice) == LANGUAGES[1]
    payload = {
        "notice": notice.pk,
        "title": notice.title_en if english else notice.title_zh,
        "body": (notice.body_en if english else notice.body_zh)[:BODY_LONGEST],
        "link": notice.link,
        "level": notice.level,
        "language": "en" if english else "zh-CN",
        "tag": f"alert-{notice.alert_id}" if notice.alert_id else f"case-{notice.case_id}" if notice.case_id else notice.kind,
    }
    text = json.dumps(payload, ensure_ascii=False)
    faults = [_pushed(subscription, text, notice.level) for subscription in Subscription.objects.filter(person=notice.person)]
    if not faults:
        raise NotSent("no browser", lasting=True)
    if all(faults):
        raise NotSent("; ".join(fault for fault in faults if fault))


def hook(notice: Notice) -> None:
    """Tell another system, signed: HMAC-SHA256 with its key over timestamp, full stop and body.

    Raises:
        NotSent: the system is away, refused, or is no longer declared.
    """
    name = str(notice.data.get("hook", ""))
    found = next((entry for entry in settings.NOTICES.webhooks if entry.name == name), None)
    if found is None:
        raise NotSent(f"no webhook {name}", lasting=True)
    body = json.dumps(_told(notice), ensure_ascii=False).encode()
    stamp = str(int(timezone.now().timestamp()))
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        STAMP: stamp,
        SIGNATURE: f"sha256={signature(found.key(settings.CITY.data), stamp, body)}",
        DELIVERY: str(notice.pk),
    }
    try:
        answer = requests.post(found.url, data=body, headers=headers, timeout=settings.NOTICES.timeout, allow_redirects=False)
    except requests.RequestException as error:
        raise NotSent(f"{type(error).__name__}: {error}") from error
    if not 200 <= answer.status_code < 300:
        raise NotSent(f"HTTP {answer.status_code}")


def signature(key: str, stamp: str, body: bytes) -> str:
    """The signature of a request, in hexadecimal.

    Examples:
        >>> signature("key", "1772424000", b"{}")[:16]
        'caf526b55346632a'
    """
    return hmac.new(key.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()


SENDERS: dict[str, Callable[[Notice], None]] = {"mail": mail, "push": push, "hook": hook}


def _pushed(subscription: Subscription, text: str, level: int) -> str:
    """Send to one browser; gives what went wrong, or nothing."""
    # Only the process that sends needs it, and it is slow to load.
    from pywebpush import WebPushException, webpush  # noqa: PLC0415

    origin = {"endpoint": subscription.endpoint, "keys": subscription.keys}
    try:
        webpush(
            origin,
            text,
            vapid_private_key=private_key(),
            vapid_claims={"sub": settings.NOTICES.push_contact},
            ttl=86400,
            timeout=settings.NOTICES.timeout,
            headers={"Urgency": "high" if level >= CRITICAL else "normal"},
        )
    except WebPushException as error:
        status = error.response.status_code if error.response is not None else 0
        return _failed(subscription, f"HTTP {status}" if status else str(error), gone=status in GONE)
    except (requests.RequestException, ValueError) as error:
        return _failed(subscription, f"{type(error).__name__}: {error}")
    Subscription.objects.filter(pk=subscription.pk).exclude(failed=0).update(failed=0)
    return ""


def _failed(subscription: Subscription, fault: str, *, gone: bool = False) -> str:
    if gone or subscription.failed + 1 >= FAULTY:
        subscription.delete()
    else:
        subscription.failed += 1
        subscription.save(update_fields=["failed"])
    return fault


def _told(notice: Notice) -> dict[str, Any]:
    """What another system learns of a notice."""
    alert = notice.alert
    found: dict[str, Any] = {
        "id": notice.pk,
        "kind": notice.kind,
        "level": notice.level,
        "title": {"zh": notice.title_zh, "en": notice.title_en},
        "body": {"zh": notice.body_zh, "en": notice.body_en},
        "link": address(notice.link),
        "made": _iso(notice.made),
        "city": settings.CITY.adcode,
    }
    if alert is not None:
        about = ("rule", "source", "state", "point", "parameter", "register", "code", "name", "district", "organisation", "role")
        found["alert"] = {"number": alert.pk, **{name: getattr(alert, name) for name in about}, "opened": _iso(alert.opened)}
        found["persons"] = sorted(
            notice.alert.notices.filter(channel="web", made=notice.made).exclude(person=None).values_list("person__username", flat=True)
        )
    if notice.kind == "digest":
        found["counted"] = {name: notice.data.get(name, {}) for name in ("levels", "topics")}
    return found


def _iso(moment: datetime) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds")
