"""The whole way from the device to a PostgreSQL database, and what happens when it refuses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bilan.telemetry import clock
from bilan.telemetry.gateway import commands, devices
from bilan.telemetry.gateway.health import probe_postgres
from bilan.telemetry.hj212 import answer, build
from bilan.telemetry.ingest import gaps, quarantine
from bilan.telemetry.store import Store
from tests.postgres import new_database, running
from tests.telemetry.gateway.kit import MN, Client, gateway, ingest_all, make_city, quick, upload, wait_for


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with running() as address:
        yield address


@pytest.fixture
def address(server: str) -> Iterator[str]:
    with new_database(server) as url:
        yield url


def test_everything_arrives_in_postgresql(tmp_path, address):
    city = make_city(tmp_path, telemetry=address)
    with gateway(city), Client(city) as device:
        store = Store.open(city)
        recent = clock.now() // clock.HOUR * clock.HOUR - 6 * clock.HOUR
        hours = [f"{clock.moment(recent + hour * clock.HOUR):%Y%m%d%H%M%S}" for hour in (0, 1, 3)]
        device.send(
            *(upload(number, stamp=hour) for number, hour in enumerate(hours)), upload(1), upload(7, pw="wrong"), upload(8, mn="NEW")
        )
        device.receive(4)
        wait_for(lambda: len(quarantine.listed(ingest_all(city).store)) == 2)
        commands.queue(store, MN, "1061")
        (asked,) = device.receive()
        device.send(build(answer(asked, "9011")), build(answer(asked, "9012")))
        wait_for(lambda: commands.listed(ingest_all(city).store)[0].state == "executed")
        assert gaps.look_for_gaps(store, quick(gap_hour_grace=0), recent + 5 * clock.HOUR) == 1
    assert [(state.frames, state.readings) for state in devices.listed(store)] == [(6, 8)]
    assert [gap.missing for gap in gaps.listed(store)] == [1, 1]
    assert [claim.mn for claim in devices.claims(store)] == ["NEW"]
    assert store.latest().height == 2
    store.offsets.set("ingest", 0)
    assert ingest_all(city).tally.unchanged == 8
    store.close()


def test_the_probe_says_whether_postgresql_takes_anything(address):
    assert probe_postgres(address) is None
    refused = probe_postgres(address.rpartition("/")[0] + "/absent")
    assert refused is not None and refused.code == "gateway.database_unwritable"
    read_only = probe_postgres(f"{address}?options=-c%20default_transaction_read_only%3Don")
    assert read_only is not None and "read only" in read_only.text("en")
