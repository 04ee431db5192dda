"""Notices reach real servers: mail, push and signed requests; what fails is tried again, what is read is not sent any more."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import threading
import time
from datetime import timedelta

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import connection
from django.test import override_settings
from py_vapid import Vapid

from bilan.casework import alerting, notices
from bilan.casework.models import Alert, Channels, Notice, Subscription
from bilan.casework.notices import sending
from bilan.pack.notices import Notices, Webhook
from bilan.problems import BilanError
from tests.casework.episodes import docket, finding, findings, later, looked, rule, rules
from tests.casework.notices.servers import listener, mail_server

KNOWN = rules(rule(role="operator", cause="none"))


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch):
    for model in (Notice, Alert, Channels, Subscription):
        model.objects.all().delete()
    monkeypatch.setattr("bilan.casework.alerting.saying.current", lambda _: KNOWN)


@pytest.fixture
def operator(site):
    person = site.person("operator")
    Channels.objects.create(person=person, mail="operator@example.cn", mail_from=1, push_from=1)
    return person


def alarm(*rows, at=0):
    rows = rows or (finding(),)
    alerting.take(findings(*rows), looked(row["source"] for row in rows), later(at), KNOWN)
    notices.plan(later(at), KNOWN)


def waiting(**conditions):
    return Notice.objects.filter(sent=None, given_up=None, **conditions)


def test_a_mail_arrives_in_the_readers_language(operator):
    operator.language = "en"
    operator.save()
    with mail_server() as mails, override_settings(NOTICES=Notices(smtp_host="127.0.0.1", smtp_port=mails.port, address="https://b.cn/")):
        alarm(finding(level=4, name="一号排口"))
        assert notices.deliver(later(0)) == 1
    (mail,) = mails.taken
    assert mail["Subject"] == "[Critical] Over the limit: 一号排口"
    assert (mail["To"], mail["Importance"]) == ("operator@example.cn", "high")
    body = mail.get_content()
    assert "2.0 at 一号排口" in body
    assert f"https://b.cn/alerts/{Alert.objects.get().pk}" in body
    assert Notice.objects.get(channel="mail").sent == later(0)
    operator.language = ""
    operator.save()


def test_what_the_server_turns_away_is_tried_again_later_each_time(operator):
    with mail_server() as mails, override_settings(NOTICES=Notices(smtp_host="127.0.0.1", smtp_port=mails.port)):
        alarm()
        mails.fail = 2
        assert notices.deliver(later(0)) == 0
        notice = waiting(channel="mail").get()
        assert (notice.attempts, notice.due - later(0)) == (1, timedelta(seconds=30))
        assert "451" in notice.fault
        assert notices.deliver(later(0.4)) == 0
        assert notices.deliver(later(0.5)) == 0
        assert waiting(channel="mail").get().due - later(0.5) == timedelta(seconds=60)
        assert notices.deliver(later(1.5)) == 1
        first = mails.taken[0]["Message-ID"]
        Notice.objects.filter(channel="mail").update(sent=None, due=later(2))
        notices.deliver(later(2))
    assert [mail["Message-ID"] for mail in mails.taken] == [first, first]
    assert Notice.objects.get(channel="mail").fault == ""


def test_a_server_that_is_away_costs_one_attempt_and_loses_nothing(operator):
    with mail_server() as mails:
        port = mails.port
    with override_settings(NOTICES=Notices(smtp_host="127.0.0.1", smtp_port=port, timeout=2)):
        alarm(finding(), finding("GAS2|w01018"))
        assert notices.deliver(later(0)) == 0
        assert sorted(waiting(channel="mail").values_list("attempts", flat=True)) == [0, 1]
        with mail_server(port) as mails:
            notices.deliver(later(1))
            assert len(mails.taken) == 2


def test_after_the_last_attempt_it_is_given_up(operator):
    with mail_server() as mails, override_settings(NOTICES=Notices(smtp_host="127.0.0.1", smtp_port=mails.port, attempts=2)):
        mails.refuse = {"operator@example.cn"}
        alarm()
        for minute in range(0, 10):
            notices.deliver(later(minute))
    notice = Notice.objects.get(channel="mail")
    assert (notice.attempts, notice.given_up is not None) == (2, True)
    assert "550" in notice.fault


def test_what_waited_is_sent_together_but_the_critical_first_and_singly(operator):
    Channels.objects.filter(person=operator).update(digest_minutes=60)
    with mail_server() as mails, override_settings(NOTICES=Notices(smtp_host="127.0.0.1", smtp_port=mails.port)):
        alarm(*(finding(f"P{number}|w01018", name=f"排口{number}") for number in range(6)))
        assert notices.deliver(later(1)) == 0
        alarm(finding("CRIT|w01018", level=4), at=59)
        assert notices.deliver(later(60)) == 2
    assert [mail["Subject"] for mail in mails.taken] == ["【重大】超标：CRIT", "另有 6 条通知合并为摘要"]
    assert "排口3" in mails.taken[1].get_content()
    assert Notice.objects.filter(digest__isnull=False).count() == 6


def test_what_was_read_meanwhile_is_not_sent(operator):
    Channels.objects.filter(person=operator).update(quiet_from=11 * 60, quiet_to=13 * 60)
    with mail_server() as mails, override_settings(NOTICES=Notices(smtp_host="127.0.0.1", smtp_port=mails.port)):
        alarm()
        assert notices.read(operator, alert=Alert.objects.get().pk, now=later(5)) == 1
        assert notices.deliver(later(120)) == 0
    assert Notice.objects.get(channel="web", person=operator).read == later(5)


def test_a_signed_request_reaches_the_gateway(site, monkeypatch):
    monkeypatch.setenv("SMS_KEY", "a shared key")
    with listener() as seen:
        hook = Webhook("sms", seen.url, 2, "SMS_KEY")
        seen.answers = [503]
        with override_settings(NOTICES=Notices(webhooks=(hook,))):
            alarm(finding(level=3, name="一号排口"))
            assert notices.deliver(later(0)) == 0
            assert notices.deliver(later(1)) == 1
    ((headers, body),) = seen.taken
    stamp = headers["x-bilan-timestamp"]
    expected = hmac.new(b"a shared key", stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    assert headers["x-bilan-signature"] == f"sha256={expected}"
    assert abs(int(stamp) - time.time()) < 60
    said = json.loads(body)
    assert (said["kind"], said["level"], said["title"]["zh"]) == ("alert.opened", 3, "【严重】超标：一号排口")
    assert said["persons"] == ["inside-operator", "operator"]
    assert said["alert"]["source"] == "GAS1|w01018"
    assert headers["x-bilan-delivery"] == str(said["id"])


def test_a_key_is_made_where_none_is_given(site):
    hook = Webhook("own", "https://example.cn")
    key = hook.key(site.city.data)
    assert hook.key(site.city.data) == key
    assert len(key) >= 32
    assert (site.city.data / "webhook.own.secret").stat().st_mode & 0o077 == 0


class Browser:
    """A browser that subscribed, with its keys."""

    def __init__(self, person, endpoint):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = os.urandom(16)
        public = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        keys = {"p256dh": _text(public), "auth": _text(self.auth)}
        self.subscription = Subscription.objects.create(person=person, endpoint=endpoint, keys=keys)

    def read(self, body):
        return json.loads(http_ece.decrypt(body, private_key=self.key, auth_secret=self.auth, version="aes128gcm"))


def _text(raw):
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def test_a_push_message_is_signed_and_only_the_browser_can_read_it(operator):
    with listener() as seen:
        browser = Browser(operator, seen.url)
        alarm(finding(level=4, name="一号排口"))
        assert notices.deliver(later(0)) == 1
    ((headers, body),) = seen.taken
    assert "一号排口".encode() not in body
    said = browser.read(body)
    assert (said["title"], said["body"], said["level"]) == ("【重大】超标：一号排口", "一号排口为 2.0", 4)
    assert said["link"] == f"/alerts/{Alert.objects.get().pk}"
    assert headers["urgency"] == "high"
    scheme, _, rest = headers["authorization"].partition(" ")
    fields = dict(part.strip().split("=", 1) for part in rest.split(","))
    assert (scheme, fields["k"]) == ("vapid", notices.public_key())
    assert Vapid.verify(headers["authorization"])


def test_a_browser_that_withdrew_is_forgotten_and_another_still_told(operator):
    with listener() as gone, listener() as there:
        gone.answers = [410]
        Browser(operator, gone.url)
        Browser(operator, there.url)
        alarm()
        assert notices.deliver(later(0)) == 1
        assert Subscription.objects.get().endpoint == there.url


@pytest.mark.parametrize(
    "endpoint",
    ["http://fcm.googleapis.com/x", "https://127.0.0.1/x", "https://evil.cn/fcm.googleapis.com", "https://fcm.googleapis.com:8443/x", "x"],
)
def test_only_push_services_are_subscribed_to(operator, endpoint):
    with pytest.raises(BilanError):
        notices.subscribe(operator, endpoint, {"p256dh": "a", "auth": "b"})


def test_a_person_keeps_few_browsers(operator):
    for number in range(12):
        notices.subscribe(operator, f"https://fcm.googleapis.com/fcm/send/{number}", {"p256dh": "a", "auth": "b"})
    assert Subscription.objects.filter(person=operator).count() == 10
    assert notices.unsubscribe(operator, "https://fcm.googleapis.com/fcm/send/11") == 1


def test_reminders_come_until_it_is_read_or_taken_note_of(operator, site):
    said = Notices(smtp_host="127.0.0.1", storm_notices=100)
    with override_settings(NOTICES=said):
        alarm(finding(level=3), finding("GAS2|w01018", level=3), finding("GAS3|w01018", level=2))
        assert notices.remind(later(59)) == 0
        notices.read(operator, [Notice.objects.get(person=operator, alert__source="GAS2|w01018", channel="web").pk])
        for minute in (60, 61, 180, 420, 421, 2000):
            notices.remind(later(minute))
        mine = Notice.objects.filter(person=operator, kind="alert.reminder").order_by("made")
        assert list(mine.values_list("alert__source", "made")) == [
            ("GAS1|w01018", later(60)),
            ("GAS1|w01018", later(180)),
            ("GAS1|w01018", later(420)),
        ]
        assert "提醒" in mine[0].title_zh
        alarm(finding("GAS4|w01018", level=3), at=3000)
        alerting.acknowledge(docket(site.person("administrator")), [Alert.objects.get(source="GAS4|w01018").pk], now=later(3001))
        assert notices.remind(later(4000)) == 0


def test_a_clock_put_back_neither_doubles_nor_delays(operator):
    with mail_server() as mails, override_settings(NOTICES=Notices(smtp_host="127.0.0.1", smtp_port=mails.port)):
        Channels.objects.filter(person=operator).update(digest_minutes=60)
        year = 366 * 24 * 60
        alarm(finding(level=3), at=year)
        assert notices.deliver(later(0)) == 1
        assert notices.remind(later(0)) == 0
        assert notices.remind(later(61)) == 2
        assert [notices.deliver(later(minute)) for minute in (-600, -599, 0)] == [1, 0, 0]
        assert notices.remind(later(-600)) == 0
    assert ["提醒" in mail["Subject"] for mail in mails.taken] == [False, True]


def test_of_two_that_deliver_at_once_one_sends(operator):
    with listener() as seen, override_settings(NOTICES=Notices(webhooks=(Webhook("sms", seen.url, 1),), storm_notices=100)):
        alarm(*(finding(f"P{number}|w01018") for number in range(20)))

        def work():
            try:
                notices.deliver(later(0))
            finally:
                connection.close()

        threads = [threading.Thread(target=work) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    numbers = [headers["x-bilan-delivery"] for headers, _ in seen.taken]
    assert len(numbers) == len(set(numbers)) == 20


def test_the_signature_is_over_time_and_body():
    assert sending.signature("k", "1", b"a") != sending.signature("k", "2", b"a")
