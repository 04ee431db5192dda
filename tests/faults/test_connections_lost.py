"""PostgreSQL drops every connection, as when it is restarted or another server takes over: nothing is lost, nothing is stored twice."""

from __future__ import annotations

import psycopg
import pytest

from bilan.telemetry.model import Device
from bilan.telemetry.store import Store, StoreUnavailable
from tests import stores
from tests.faults.machinery import Insistent, exists, spawning
from tests.faults.test_killed import check_stored_once
from tests.postgres import new_database
from tests.telemetry.gateway.kit import PASSWORD, make_city, wait_for

pytestmark = pytest.mark.fault

LOSSES = 5
END_ALL = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"


def test_connections_lost_under_load_lose_no_reading(tmp_path):
    if not stores.on_postgresql():
        pytest.skip("only a server drops connections; on PostgreSQL it is tested instead")
    device = Device("LOST0000000000000000001", "P1", PASSWORD, system="32")
    with stores.server() as server, new_database(server) as url, psycopg.connect(server, autocommit=True) as master:
        city = make_city(tmp_path, device, telemetry=url)
        city.pack.mkdir()
        (city.pack / "gateway.toml").write_text("future_seconds = 2000000000\nfree_bytes = 1048576\ningest_seconds = 0.01\n")
        with spawning(city) as spawner:
            running = [spawner.start(name) for name in ("gateway", "ingest")]
            load = Insistent(city, device.mn, 1)
            load.start()
            store = Store.open(city)
            wait_for(lambda: hours(store), 60)
            for _ in range(LOSSES):
                before = len(load.acknowledged)
                wait_for(lambda before=before: len(load.acknowledged) > before, 60)
                wait_for(lambda: master.execute(END_ALL, (url.rpartition("/")[2],)).fetchall(), 60)
            load.finish()
            wait_for(lambda: load.finished, 60)
            wait_for(lambda: hours(store) >= len(load.acknowledged), 60)
            assert all(exists(number) for number in running)
        check_stored_once(store, city, device, load.acknowledged)
        assert not store.database.query("SELECT 1 FROM quarantine")
        store.close()


def hours(store: Store) -> int:
    """How many hours have readings; none while the connection of this process is lost too."""
    try:
        ((count,),) = store.database.query("SELECT COUNT(DISTINCT start) FROM obs_hour")
    except StoreUnavailable:
        return 0
    return int(count)
