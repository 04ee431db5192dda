"""`bilan mqtt`: readings from a broker."""

from __future__ import annotations

import hashlib
import json
import logging
import signal
import threading
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from bilan.pack.city import City
from bilan.pack.transport import mappings
from bilan.problems import Problem
from bilan.telemetry import clock
from bilan.telemetry.readers.bridge import Bridge, Broker
from bilan.telemetry.readers.quarantine import MESSAGES
from bilan.telemetry.store import Store

log = logging.getLogger("bilan.mqtt")
_COLUMNS = ("digest", "row_number", "file", "settings", "cells", "problems", "state", "person", "changed")
_SHOWN = 20_000


@click.command(help="Receive readings over MQTT · 接收 MQTT 上报")
@click.option("--city", "folder", required=True, type=click.Path(path_type=Path), help="City folder · 城市文件夹")
@click.option("--host", default="127.0.0.1", show_default=True, help="Broker · 消息服务器")
@click.option("--port", default=1883, show_default=True, help="Port of the broker · 端口")
@click.option("--user", default="", envvar="BILAN_MQTT_USER", help="User at the broker · 用户名")
@click.option("--password", default="", envvar="BILAN_MQTT_PASSWORD", help="Password at the broker · 密码")
@click.option("--client", default="bilan", show_default=True, help="Client id · 客户端标识")
def mqtt(folder: Path, host: str, port: int, user: str, password: str, client: str) -> None:
    """Pass messages of a broker to the gateway of a city until told to stop."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    city = City.open(folder)
    store = Store.open(city)
    store.migrate()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    bridge = make_bridge(city, store, Broker(host, port, user, password, client))
    bridge.run(stop)
    store.close()


def make_bridge(city: City, store: Store, broker: Broker, patience: float = 5.0) -> Bridge:
    """The bridge of a city; messages that cannot be read go into the quarantine of imports."""
    zone = ZoneInfo(city.timezone)

    def refused(topic: str, payload: bytes, problem: Problem) -> None:
        log.warning("%s: %s", topic, problem.text("en"))
        keep(store, topic, payload, problem)

    def wall() -> datetime:
        return datetime.now(UTC).astimezone(zone).replace(tzinfo=None)

    return Bridge(broker, (city.gateway_host, city.gateway_port), mappings(city.pack), wall, refused, patience)


def keep(store: Store, topic: str, payload: bytes, problem: Problem) -> None:
    """Put a message that cannot be read into quarantine; the same message again is kept once."""
    digest = hashlib.sha256(topic.encode() + b"\0" + payload).hexdigest()
    cells = json.dumps({"topic": topic, "payload": payload[:_SHOWN].decode("utf-8", "replace").replace("\0", "")}, ensure_ascii=False)
    problems = json.dumps([problem.as_dict()], ensure_ascii=False, default=str)
    row = (digest, 0, f"{MESSAGES}{topic}"[:200], "{}", cells, problems, "open", "", clock.now(store.zone))
    store.database.bulk_upsert("import_quarantine", _COLUMNS, [row], ["digest", "row_number"])
