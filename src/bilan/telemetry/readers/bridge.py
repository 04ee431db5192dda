"""From a broker to the gateway: a message is confirmed to the broker only after the gateway has it on disk."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

from bilan.pack.transport import MessageMapping
from bilan.problems import BilanError, Problem
from bilan.telemetry.readers.door import Door
from bilan.telemetry.readers.messages import matches, request_numbers, telegrams

log = logging.getLogger("bilan.mqtt")
PAUSE = 0.5


@dataclass(frozen=True, slots=True)
class Broker:
    """Where the broker is and who we are there."""

    host: str = "127.0.0.1"
    port: int = 1883
    user: str = ""
    password: str = ""
    client: str = "bilan"


@dataclass(slots=True)
class Tally:
    """Messages seen, passed on and confirmed, refused."""

    received: int = 0
    confirmed: int = 0
    refused: int = 0


class Bridge:
    """Subscribes to the declared topics and passes what comes to the gateway.

    The session at the broker outlives the bridge: what was not confirmed is delivered again after a break on either side,
    and the store takes a repeated reading once.

    Args:
        broker: where messages come from.
        gateway: host and port of the gateway.
        mappings: how messages are read.
        clock: wall time of the city.
        refused: told topic, payload and problem of each message that could not be read.
        patience: how long an answer of the gateway is waited for [s].
    """

    def __init__(
        self,
        broker: Broker,
        gateway: tuple[str, int],
        mappings: Sequence[MessageMapping],
        clock: Callable[[], datetime],
        refused: Callable[[str, bytes, Problem], None],
        patience: float = 5.0,
    ) -> None:
        self._broker = broker
        self._gateway = gateway
        self._mappings = mappings
        self._clock = clock
        self._refused = refused
        self._patience = patience
        self._numbers = request_numbers(clock)
        self.tally = Tally()
        self.subscribed = threading.Event()

    def run(self, stop: threading.Event) -> None:
        """Pass messages on until `stop` is set; a broker or gateway that is away is waited for."""
        while not stop.is_set():
            try:
                door = Door(*self._gateway, self._patience)
            except OSError as error:
                log.warning("gateway %s:%s: %s", *self._gateway, error)
                stop.wait(PAUSE)
                continue
            try:
                self._session(door, stop)
            finally:
                door.close()

    def _session(self, door: Door, stop: threading.Event) -> None:
        client = self._client(door)
        gone = threading.Event()
        client.on_disconnect = lambda *_: gone.set()
        try:
            client.connect(self._broker.host, self._broker.port, keepalive=30)
        except OSError as error:
            log.warning("%s", Problem("mqtt.no_broker", {"value": f"{self._broker.host}:{self._broker.port}", "reason": error}).text("en"))
            stop.wait(PAUSE)
            return
        client.loop_start()
        while not (stop.is_set() or door.lost.is_set() or gone.is_set()):
            stop.wait(0.05)
        self.subscribed.clear()
        client.disconnect()
        client.loop_stop()

    def _client(self, door: Door) -> Client:
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=self._broker.client,
            clean_session=False,
            manual_ack=True,
            reconnect_on_failure=False,
        )
        if self._broker.user:
            client.username_pw_set(self._broker.user, self._broker.password)
        topics = [(topic, 1) for mapping in self._mappings for topic in mapping.topics]

        def subscribe(*_: Any) -> None:
            client.subscribe(topics)

        client.on_connect = subscribe
        client.on_subscribe = lambda *_: self.subscribed.set()
        client.on_message = lambda _client, _data, message: self._take(client, door, message)
        return client

    def _take(self, client: Client, door: Door, message: MQTTMessage) -> None:
        self.tally.received += 1
        topic, payload = message.topic[:500], bytes(message.payload)
        mapping = next((entry for entry in self._mappings if any(matches(topic, pattern) for pattern in entry.topics)), None)
        if mapping is None:
            client.ack(message.mid, message.qos)
            return
        try:
            frames = telegrams(topic, payload, mapping, self._clock(), self._numbers)
        except BilanError as error:
            self.tally.refused += 1
            self._refused(topic, payload, error.problems[0])
            client.ack(message.mid, message.qos)
            return
        door.send(frames, lambda: self._confirm(client, message))

    def _confirm(self, client: Any, message: MQTTMessage) -> None:
        self.tally.confirmed += 1
        client.ack(message.mid, message.qos)
