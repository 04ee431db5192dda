"""Pages under 50 concurrent readers, beside the cheapest page of the same server: `python benchmarks/pages.py CITY`.

Needs wrk (Debian package) and a city with data, such as the demo city. The server is started here on a free port.
"""

from __future__ import annotations

import argparse
import http.cookiejar
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from pathlib import Path

from bilan.demo.ports import free_port
from bilan.demo.welcome import wait_for_site
from bilan.pack.city import City
from bilan.people.demo import ACCOUNTS

SCRIPT = """
done = function(summary, latency, requests)
  io.write(string.format("p50=%.1f p95=%.1f p99=%.1f n=%d bad=%d\\n", latency:percentile(50) / 1000, latency:percentile(95) / 1000,
    latency:percentile(99) / 1000, summary.requests, summary.errors.status + summary.errors.timeout + summary.errors.read))
end
"""
FLOOR = "/login/"


def pages(station: str, section: str) -> dict[str, str]:
    """Addresses that are measured, by name."""
    year = "begin=2025-11-01T00:00&end=2026-11-01T00:00"
    return {
        "login page (floor)": FLOOR,
        "overview": "/overview",
        "map page": "/map",
        "map data, air": "/map/layers/air.geojson",
        "map data, sources": "/map/layers/source_gas.geojson",
        "station page": f"/points/{station}",
        "one-year chart": f"/api/observations?points={station}&parameters=pm25,o3&{year}",
        "one-year chart, water": f"/api/observations?points={section}&parameters=tp,do&{year}",
        "ranking": "/ranking",
        "network table, air": "/monitoring/air",
        "devices": "/devices",
        "live": f"/live?points={station}&since=0",
    }


def logged_in(address: str) -> str:
    """Log in as the first demo account and give the cookie header."""
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    opener.open(f"{address}/login/").read()
    token = next(cookie.value for cookie in jar if "csrf" in cookie.name)
    form = {"username": ACCOUNTS[0].username, "password": ACCOUNTS[0].password, "csrfmiddlewaretoken": token}
    request = urllib.request.Request(f"{address}/login/", urllib.parse.urlencode(form).encode(), {"Referer": address})
    opener.open(request).read()
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


def measure(address: str, path: str, cookie: str, seconds: int, users: int) -> dict[str, float] | None:
    """Latencies [ms] of one address under `users` readers; None when the address does not exist."""
    request = urllib.request.Request(address + path, headers={"Cookie": cookie})
    try:
        urllib.request.urlopen(request, timeout=30).read()
    except urllib.error.HTTPError:
        return None
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(SCRIPT)
        script.flush()
        command = [
            "wrk",
            "-t1",
            f"-c{users}",
            f"-d{seconds}s",
            "--timeout",
            "20s",
            "-s",
            script.name,
            "-H",
            f"Cookie: {cookie}",
            address + path,
        ]
        printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return {name: float(value) for name, value in re.findall(r"(p50|p95|p99|n|bad)=([\d.]+)", printed)}


def main() -> None:
    """Start the site, measure every page, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("city", type=Path)
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--users", type=int, default=50)
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("wrk is needed: apt install wrk")
    city = City.open(options.city)
    port = free_port(8100, set())
    server = subprocess.Popen(
        [sys.executable, "-m", "bilan", "web", "--city", str(city.folder), "--port", str(port)], stderr=subprocess.DEVNULL
    )
    try:
        address = wait_for_site(city, port=port)
        cookie = logged_in(address)
        from bilan.telemetry.store import Store  # noqa: PLC0415  opened once the server has made its schema

        store = Store.open(city)
        codes = [next(point.code for point in store.catalogue.points(network=name)) for name in ("air", "surface_water")]
        rows = {name: measure(address, path, cookie, options.seconds, options.users) for name, path in pages(*codes).items()}
    finally:
        server.terminate()
        server.wait()
    floor = (rows["login page (floor)"] or {"p95": 1.0})["p95"]
    print(f"{options.users} readers, {options.seconds} s a page, {time.strftime('%Y-%m-%d')}\n")
    print(f"{'page':<24}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'× floor':>9}{'requests/s':>12}{'errors':>8}")
    for name, row in rows.items():
        if row is None:
            print(f"{name:<24}{'not there':>9}")
            continue
        ratio, rate = row["p95"] / floor, row["n"] / options.seconds
        print(f"{name:<24}{row['p50']:>9.0f}{row['p95']:>9.0f}{row['p99']:>9.0f}{ratio:>9.1f}{rate:>12.0f}{row['bad']:>8.0f}")


if __name__ == "__main__":
    main()
