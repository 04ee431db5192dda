"""`bilan web` serves the site; `bilan manage` runs Django's management commands for a city."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
from gunicorn.app.base import BaseApplication

from bilan.pack.city import City

CITY = click.option(
    "--city",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=lambda: os.environ.get("BILAN_CITY", "."),
    help="City folder · 城市文件夹",
)


THREADS = 32
"""A kept connection holds a thread until it is closed, so there must be more threads than people who read at the same moment."""


class Server(BaseApplication):
    """Gunicorn with our options; workers load the site after the fork, because Polars must not cross one."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        """Set the options."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Import the site in a worker."""
        from bilan.web.wsgi import application  # noqa: PLC0415

        return application


@click.command(help="Serve the web site of a city · 启动城市网站")
@CITY
@click.option("--host", help="Address to listen on · 监听地址")
@click.option("--port", type=int, help="Port to listen on · 监听端口")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Processes · 进程数")
@click.option("--threads", type=click.IntRange(1, 64), default=THREADS, show_default=True, help="Threads a process · 每进程线程数")
def web(folder: Path, host: str | None, port: int | None, workers: int, threads: int) -> None:
    """Bring the database up to date and serve until told to stop."""
    city = City.open(folder)
    os.environ["BILAN_CITY"] = str(city.folder)
    # Several requests run at once already; each must not take all processors for its frames.
    os.environ.setdefault("POLARS_MAX_THREADS", "2")
    subprocess.run([sys.executable, "-m", "bilan", "manage", "--city", str(city.folder), "migrate", "--verbosity", "0"], check=True)
    Server(
        {
            "bind": f"{host or city.web_host}:{port or city.web_port}",
            "worker_class": "gthread",
            "workers": workers,
            "threads": threads,
            "preload_app": False,
            "timeout": 60,
            "graceful_timeout": 5,
            "keepalive": 5,
            "proc_name": "bilan-web",
            "control_socket_disable": True,
        }
    ).run()


@click.command(
    help="Django management commands of a city · 城市的 Django 管理命令",
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
@CITY
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(folder: Path, arguments: tuple[str, ...]) -> None:
    """Run one management command."""
    os.environ["BILAN_CITY"] = str(City.open(folder).folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bilan.web.settings")
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    execute_from_command_line(["bilan manage", *arguments])
