"""What did not come is found, asked for, and filled."""

from __future__ import annotations

import random
import threading
from typing import ClassVar

import pytest

from bilan.problems import BilanError
from bilan.telemetry import clock
from bilan.telemetry.clock import DAY, HOUR, moment
from bilan.telemetry.gateway import commands
from bilan.telemetry.hj212 import answer, build
from bilan.telemetry.ingest import gaps
from bilan.telemetry.ingest.gaps import look_for_gaps
from bilan.telemetry.model import Device
from bilan.telemetry.store import Store
from tests.telemetry.gateway.kit import MN, PASSWORD, Client, gateway, ingest_all, make_city, quick, upload, wait_for

EAGER = quick(gap_pause=0, gap_asks=50, gap_minute_grace=0, gap_hour_grace=0)


def stamp(start: int) -> str:
    return f"{moment(start):%Y%m%d%H%M%S}"


class Logger(threading.Thread):
    """A device that keeps everything it measured and sends it again when asked; some answers get lost on the way."""

    STEPS: ClassVar = {"2051": 600, "2061": HOUR}

    def __init__(self, client: Client, loss: float) -> None:
        super().__init__(daemon=True)
        self._client = client
        self._chance = random.Random(5)
        self._loss = loss
        self.asked = 0

    def run(self) -> None:
        while True:
            try:
                (packet,) = self._client.receive()
            except (OSError, AssertionError):
                return
            if packet.cn in self.STEPS:
                self.asked += 1
                self._answer(packet)

    def _answer(self, asked) -> None:
        begin, end = (clock.seconds(clock.parse_stamp(asked.fields[name])) for name in ("BeginTime", "EndTime"))
        self._client.send(build(answer(asked, "9011")))
        for start in range(begin, end + 1, self.STEPS[asked.cn]):
            if self._chance.random() >= self._loss:
                self._client.send(upload(start // 600, cn=asked.cn, stamp=stamp(start)))
        self._client.send(build(answer(asked, "9012")))


def test_a_day_with_a_tenth_of_its_packets_lost_is_filled(tmp_path):
    city = make_city(tmp_path, Device(MN, "P1", PASSWORD, system="32"))
    now = clock.now()
    today = now // DAY * DAY
    yesterday = today - DAY
    chance = random.Random(3)
    periods = [("2051", start) for start in range(yesterday, today, 600)] + [("2061", start) for start in range(yesterday, today, HOUR)]
    with gateway(city), Client(city) as device:
        for cn, start in periods:
            if start == yesterday or chance.random() >= 0.1:
                device.send(upload(start // 600, cn=cn, stamp=stamp(start), flag="4"))
        device.send(upload(1))
        device.receive()
        logger = Logger(device, 0.1)
        logger.start()
        store = ingest_all(city).store
        came = gaps.completeness(store, yesterday, today, "minute")[MN]
        assert came[1] == 144 and came[0] < 140

        def filled() -> bool:
            ingest_all(city)
            look_for_gaps(store, EAGER, today)
            return not gaps.listed(store)

        wait_for(filled, 30)
        device.socket.shutdown(2)
        logger.join(5)
    assert gaps.completeness(store, yesterday, today, "minute")[MN] == (144, 144)
    assert gaps.completeness(store, yesterday, today, "hour")[MN] == (24, 24)
    assert logger.asked > 2
    assert gaps.listed(store, states=("filled",))
    (series,) = store.catalogue.series_frame(parameters=["w01018"], interval="minute")["id"].to_list()
    assert store.scan([series], yesterday, today, "minute").height == 144


@pytest.fixture
def quiet(tmp_path):
    """A store in which one device sent the hours 0, 1 and 5 of yesterday."""
    city = make_city(tmp_path)
    store = Store.open(city)
    today = clock.now() // DAY * DAY
    row = (MN, "hour", today - DAY, HOUR, f"{0b100011:x}")
    store.database.execute("INSERT INTO period (mn, kind, day, step, bits) VALUES (?, ?, ?, ?, ?)", row)
    return store, today - DAY


def test_gaps_reach_from_the_first_period_to_now(quiet):
    store, day = quiet
    look_for_gaps(store, EAGER, day + 8 * HOUR)
    assert [(gap.start - day, gap.until - day, gap.missing) for gap in gaps.listed(store)] == [
        (6 * HOUR, 8 * HOUR, 2),
        (2 * HOUR, 5 * HOUR, 3),
    ]


def test_a_device_that_is_away_is_not_asked_and_one_that_is_there_only_so_often(quiet):
    store, day = quiet
    assert look_for_gaps(store, EAGER, day + 6 * HOUR) == 0
    store.database.execute("INSERT INTO device_status (mn, connected) VALUES (?, 1)", (MN,))
    few = quick(gap_pause=100, gap_asks=2, gap_hour_grace=0)
    now = day + 6 * HOUR
    assert look_for_gaps(store, few, now) == 1
    assert look_for_gaps(store, few, now) == 0, "one request at a time"
    finish(store)
    assert look_for_gaps(store, few, now + 99) == 0, "not before the pause is over"
    assert look_for_gaps(store, few, now + 100) == 1
    finish(store)
    assert look_for_gaps(store, few, now + 299) == 0, "the pause doubles"
    look_for_gaps(store, few, now + 300)
    assert [gap.state for gap in gaps.listed(store, states=("open", "asked", "given_up"))] == ["given_up"]
    assert len(commands.listed(store)) == 2


def finish(store):
    store.database.execute("UPDATE command SET state = 'executed'")


def test_what_is_left_of_a_gap_goes_on_with_its_history(quiet):
    store, day = quiet
    store.database.execute("INSERT INTO device_status (mn, connected) VALUES (?, 1)", (MN,))
    look_for_gaps(store, EAGER, day + 6 * HOUR)
    store.database.execute("UPDATE period SET bits = ?", (f"{0b110111:x}",))
    look_for_gaps(store, quick(gap_automatic=False, gap_hour_grace=0), day + 6 * HOUR)
    (left,) = gaps.listed(store)
    assert (left.start - day, left.missing, left.state, left.asked) == (3 * HOUR, 1, "asked", 1)


def test_a_person_may_ask_and_the_range_is_said_in_the_labels_of_the_device(quiet):
    store, day = quiet
    store.catalogue.put_devices([Device(MN, "P1", PASSWORD, labels="end")])
    gaps.ask(store, MN, "hour", day + 2 * HOUR, day + 5 * HOUR, "duty")
    (command,) = commands.listed(store)
    assert (command.cn, command.person) == ("2061", "duty")
    assert command.fields == {"BeginTime": stamp(day + 3 * HOUR), "EndTime": stamp(day + 5 * HOUR)}
    with pytest.raises(BilanError, match="empty"):
        gaps.ask(store, MN, "hour", day, day, "duty")
