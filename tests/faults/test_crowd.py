"""Ten thousand devices connected at once."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from bilan.telemetry.gateway.command import allow_files
from bilan.telemetry.gateway.devices import gateway_status
from bilan.telemetry.model import Device
from tests.faults.machinery import ROOT, spawning
from tests.telemetry.gateway.kit import PASSWORD, Client, make_city, upload, wait_for

pytestmark = pytest.mark.fault

CROWD = 10_000


def test_ten_thousand_connections_are_held_and_heard(tmp_path):
    if allow_files(CROWD + 2000) < CROWD + 1000:
        pytest.skip("this user may not open ten thousand connections: raise the limit of open files (ulimit -n)")
    city = make_city(
        tmp_path, *(Device(f"CROWD{number:05d}", f"P{number}", PASSWORD) for number in range(CROWD)), Device("ONE", "P", PASSWORD)
    )
    city.pack.mkdir()
    (city.pack / "gateway.toml").write_text("free_bytes = 1048576\n")
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    with spawning(city) as spawner:
        spawner.start("gateway")
        wait_for(lambda: gateway_status(city)["reachable"])
        script = [sys.executable, "-m", "tests.faults.crowd", str(city.gateway_port), str(CROWD)]
        with subprocess.Popen(script, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment) as crowd:
            assert crowd.stdin and crowd.stdout
            assert crowd.stdout.readline() == "connected\n"
            status = gateway_status(city)
            assert (status["connections"], status["devices"], status["frames"]) == (CROWD, CROWD, CROWD)
            with Client(city) as one:
                one.send(upload(1, mn="ONE"))
                assert one.receive()[0].cn == "9014"
            for stage in (2, 3):
                crowd.stdin.write("go\n")
                crowd.stdin.flush()
                assert crowd.stdout.readline() == "reported\n"
                assert gateway_status(city)["frames"] == stage * CROWD + 1
            assert gateway_status(city)["devices"] == CROWD
        wait_for(lambda: gateway_status(city)["connections"] == 0)
