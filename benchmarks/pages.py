"""Pages under 50 concurrent readers, beside the cheapest page of the same server: `python benchmarks/pages.py CITY`.

Needs a city with data, such as the demo city; with wrk (Debian package) the site is also driven to its limit. The server is started
here on a free port.
"""

from __future__ import annotations

import argparse
import asyncio
import http.cookiejar
import random
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
FLOOR = "/healthz"


def pages(station: str, section: str) -> dict[str, str]:
    """Addresses that are measured, by name."""
    year = "begin=2025-11-01T00:00&end=2026-11-01T00:00"
    return {
        "health check (floor)": FLOOR,
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


def reached(address: str, path: str, cookie: str) -> bool:
    """Whether the address exists; the answer also warms what the server keeps."""
    request = urllib.request.Request(address + path, headers={"Cookie": cookie})
    try:
        urllib.request.urlopen(request, timeout=30).read()
    except urllib.error.HTTPError:
        return False
    return True


def saturated(address: str, path: str, cookie: str, seconds: int, users: int) -> dict[str, float]:
    """Latencies [ms] when every reader asks again at once, by wrk."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(SCRIPT)
        script.flush()
        options = ["-t1", f"-c{users}", f"-d{seconds}s", "--timeout", "20s", "-s", script.name, "-H", f"Cookie: {cookie}"]
        printed = subprocess.run(["wrk", *options, address + path], capture_output=True, text=True, check=True).stdout
    return {name: float(value) for name, value in re.findall(r"(p50|p95|p99|n|bad)=([\d.]+)", printed)}


def paused(address: str, path: str, cookie: str, seconds: int, users: int, think: float) -> dict[str, float]:
    """Latencies [ms] when every reader pauses for `think` [s] on average between two requests."""
    host, _, port = address.removeprefix("http://").partition(":")
    request = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n\r\n".encode()
    times: list[float] = []
    bad = 0

    async def read(deadline: float) -> None:
        nonlocal bad
        reader, writer = await asyncio.open_connection(host, int(port))
        while time.monotonic() < deadline:
            await asyncio.sleep(random.uniform(0, 2 * think))
            begun = time.monotonic()
            writer.write(request)
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            await reader.readexactly(int(head.split(b"content-length:")[1].split(b"\r\n")[0]))
            times.append(1000 * (time.monotonic() - begun))
            bad += not head.startswith(b"http/1.1 200")
        writer.close()

    async def everybody() -> None:
        await asyncio.gather(*(read(time.monotonic() + seconds) for _ in range(users)))

    asyncio.run(everybody())
    ordered = sorted(times)
    shares = {
        name: ordered[min(len(ordered) - 1, int(len(ordered) * share))] for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))
    }
    return {**shares, "n": len(ordered), "bad": bad}


def table(title: str, rows: dict[str, dict[str, float] | None], seconds: int) -> None:
    """Print one table; the first row is the floor."""
    floor = next(row["p95"] for row in rows.values() if row)
    print(f"\n{title}\n\n{'page':<24}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'× floor':>9}{'requests/s':>12}{'errors':>8}")
    for name, row in rows.items():
        if row is None:
            print(f"{name:<24}{'not there':>9}")
            continue
        ratio, rate = row["p95"] / floor, row["n"] / seconds
        print(f"{name:<24}{row['p50']:>9.0f}{row['p95']:>9.0f}{row['p99']:>9.0f}{ratio:>9.1f}{rate:>12.0f}{row['bad']:>8.0f}")


def main() -> None:
    """Start the site, measure every page both ways, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("city", type=Path)
    parser.add_argument("--seconds", type=int, default=6)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--think", type=float, default=2.0, help="mean pause of a reader between two requests [s]")
    options = parser.parse_args()
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
        addresses = {name: path if reached(address, path, cookie) else None for name, path in pages(*codes).items()}
        asked = (address, cookie, options.seconds, options.users)
        slow = {name: path and paused(asked[0], path, *asked[1:], options.think) for name, path in addresses.items()}
        table(f"{options.users} readers, one request every {options.think:g} s each", slow, options.seconds)
        if shutil.which("wrk"):
            fast = {name: path and saturated(asked[0], path, *asked[1:]) for name, path in addresses.items()}
            table(f"{options.users} readers who ask again at once (wrk)", fast, options.seconds)
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
