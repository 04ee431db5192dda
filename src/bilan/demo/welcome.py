"""Wait until the web site answers, then say where it is and who may log in."""

from __future__ import annotations

import time
import urllib.error
import urllib.request

import click

from bilan.pack.city import City
from bilan.people.demo import ACCOUNTS
from bilan.problems import BilanError, Problem

PATIENCE = 300


def wait_for_site(city: City, patience: float = PATIENCE, port: int | None = None) -> str:
    """Wait until the login page is served.

    Args:
        city: the city whose site it is.
        patience: how long to wait [s].
        port: where the site listens when not where the city says.

    Returns:
        The address of the site.

    Raises:
        BilanError: nothing answered within `patience` [s].
    """
    address = f"http://{city.web_host}:{port or city.web_port}"
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/login/", timeout=5):
                return address
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise BilanError(Problem("demo.not_answering", {"seconds": int(patience), "log": str(city.data / "logs" / "web.log")}))


def greet(city: City) -> None:
    """Print the address of the site, where devices report, and the demo accounts."""
    address = wait_for_site(city)
    click.echo(f"\n  碧蓝 Bilan · {city.name_zh} {city.name_en}")
    click.echo(f"  {address}   HJ 212: {city.gateway_host}:{city.gateway_port}")
    if city.demo:
        click.echo("\n  演示账号 demo accounts (demo only)")
        for account in ACCOUNTS:
            click.echo(f"    {account.username:<14} {account.password:<14} {account.description}")
    click.echo("\n  Ctrl-C 停止 stops everything\n")
