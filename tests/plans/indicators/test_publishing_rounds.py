"""The service publishes by the city's schedule: what is due, once, the rest kept; failures stay with their table and are told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.test import override_settings

from bilan.casework.models import Notice
from bilan.lake import LakeTables, record
from bilan.pack.publishing import Publishing
from bilan.plans import publishing, publishing_rounds
from bilan.plans.publishing_rounds import FAILED, RECOVERED, publish_due
from bilan.problems import BilanError, Problem
from tests.web.running import Site

FEW = ["areas", "districts", "figures", "registers.test_plant"]
HOURLY = Publishing(nightly="00:00", hourly=("figures", "registers"))


@pytest.fixture
def lake(site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[LakeTables]:
    """The city's lake, of few tables and published by nobody yet."""
    site.renew()
    monkeypatch.setattr(publishing_rounds, "publishable", lambda tables: FEW)
    with override_settings(PUBLISHING=HOURLY):
        yield LakeTables(site.city.lake)


def publish(site: Site) -> record.Record:
    return publish_due(site.city, site.store, threading.Event())


def checked(lake: LakeTables) -> dict[str, str]:
    return {name: lake.manifest(name).checked for name in lake.names()}


def grown_old(lake: LakeTables) -> None:
    """As if the last rounds had been a day ago."""
    then = datetime.now().astimezone() - timedelta(days=1)
    done = record.read(lake)
    record.write(lake, record.Record((then.replace(tzinfo=None) - timedelta(days=1)).isoformat(), then.isoformat(), 1.0, done.faults))


def test_a_night_publishes_everything_and_an_hour_what_changes_by_the_hour(site: Site, lake: LakeTables, monkeypatch) -> None:
    done = publish(site)
    assert lake.names() == FEW and not done.faults and record.read(lake) == done
    assert not done.late(HOURLY.last(datetime.now()))
    written: list[str] = []
    monkeypatch.setattr(publishing_rounds, "write", lambda tables, lake, names: written.extend(names) or [])
    publish(site)
    assert written == ["figures", "registers.test_plant"]
    written.clear()
    grown_old(lake)
    publish(site)
    assert written == FEW


def test_what_is_current_is_marked_as_checked(site: Site, lake: LakeTables) -> None:
    publish(site)
    before = checked(lake)
    for name in lake.names():
        held = lake.manifest(name)
        file = lake.version_folder(name, held.version) / "_manifest.json"
        file.write_text(file.read_text(encoding="utf-8").replace(before[name], "2020-01-01T00:00:00+08:00"), encoding="utf-8")
    grown_old(lake)
    publish(site)
    assert all(moment > "2026" for moment in checked(lake).values())
    assert {lake.manifest(name).version for name in lake.names()} == {1}


def test_a_table_that_fails_holds_up_no_other_and_is_told_once(site: Site, lake: LakeTables, monkeypatch) -> None:
    def broken(tables, lake, names):
        if names == ["districts"]:
            raise BilanError(Problem("store.lake_unwritable", {"place": "/full", "reason": "no space left"}))
        return publishing.write(tables, lake, names)

    Notice.objects.all().delete()
    with monkeypatch.context() as patched:
        patched.setattr(publishing_rounds, "write", broken)
        first = publish(site)
        assert lake.names() == ["areas", "figures", "registers.test_plant"]
        assert "no space left" in first.faults["districts"].reason.en and not first.late(HOURLY.last(datetime.now()))
        again = publish(site)
        assert again.faults["districts"].since == first.faults["districts"].since
    told = Notice.objects.filter(kind=FAILED, channel="web")
    assert {notice.person.username for notice in told} == {"administrator"} and told.count() == 1
    assert "districts" in told[0].body_en
    assert publish(site).faults == {} and "districts" in lake.names()
    assert Notice.objects.filter(kind=RECOVERED, channel="web").count() == 1


def test_a_round_that_is_stopped_is_due_again(site: Site, lake: LakeTables) -> None:
    stopping = threading.Event()
    stopping.set()
    assert publish_due(site.city, site.store, stopping).late(HOURLY.last(datetime.now()))
    assert lake.names() == []


def test_the_pause_ends_with_the_night(site: Site) -> None:
    soon = datetime.now() + timedelta(minutes=2)
    with override_settings(PUBLISHING=Publishing(nightly=f"{soon:%H:%M}")):
        assert publishing_rounds.pause(site.city, 3600.0) < 125.0
    with override_settings(PUBLISHING=Publishing(nightly="")):
        assert publishing_rounds.pause(site.city, 3600.0) == 3600.0
