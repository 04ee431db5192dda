from __future__ import annotations

import itertools
import json
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilan.pack.transport import MessageMapping, mappings
from bilan.pack.vocab import parameters
from bilan.problems import BilanError
from bilan.telemetry.hj212 import Framer, parse
from bilan.telemetry.readers.messages import telegrams

NOW = datetime(2026, 3, 1, 9, 30)
READINGS = next(entry for entry in mappings() if entry.name == "readings")
TOPIC = "bilan/readings/A1"


def packets(payload, mapping=READINGS, topic=TOPIC):
    content = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    frames = telegrams(topic, content, mapping, NOW, map(str, itertools.count(20260301093000000)))
    return [parse(frame.segment) for frame in Framer().feed(b"".join(frames)) if not frame.error]


def test_an_object_becomes_a_telegram_of_the_hour():
    (packet,) = packets(
        {"time": "2026-03-01 08:00", "password": "123456", "values": {"SO2": 12, "PM2.5": {"value": 35.5, "flag": "D"}, "?": 1}}
    )
    assert (packet.mn, packet.pw, packet.cn, packet.st, packet.wants_answer) == ("A1", "123456", "2061", "22", True)
    assert packet.data_time == "20260301080000"
    assert packet.values == {"a21026": {"Avg": "12.0", "Flag": "N"}, "a34004": {"Avg": "35.5", "Flag": "D"}}


def test_numbers_go_in_the_unit_of_the_wire():
    mapping = MessageMapping("w", ("w",), "json", "fixed.W1", system="21", values="payload", parameters={"mercury": "w20111"})
    (packet,) = packets({"mercury": 0.00005, "NH3-N": 0.4}, mapping)
    assert packet.values["w20111"]["Avg"] == "0.05"
    assert packet.values["w21003"]["Avg"] == "0.4"
    assert packet.data_time == "20260301093000"


def test_many_factors_are_split():
    values = dict.fromkeys(itertools.islice(parameters(), 150), 1.0)
    found = packets({"time": "2026-03-01 08:00", "values": values})
    assert len(found) == 3
    assert len({packet.qn for packet in found}) == 3
    assert sum(len(packet.values) for packet in found) == 150


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (b"{", "mqtt.unreadable"),
        (b"[1]", "mqtt.unreadable"),
        (b"[" * 100_000, "mqtt.unreadable"),
        (b" " * 300_000, "mqtt.too_large"),
        ({"values": {"SO2": 1}, "time": "soon"}, "value.not_a_time"),
        ({"values": {"SO2": "1"}, "time": "2026-03-01"}, "mqtt.no_values"),
        (b'{"values": {"SO2": NaN}, "time": "2026-03-01"}', "mqtt.no_values"),
    ],
)
def test_what_cannot_be_read_says_why(payload, code):
    with pytest.raises(BilanError) as caught:
        packets(payload)
    assert [problem.code for problem in caught.value.problems] == [code]


def test_a_device_name_cannot_break_out_of_its_field():
    with pytest.raises(BilanError) as caught:
        packets({"values": {"SO2": 1}, "time": "2026-03-01"}, topic="bilan/readings/A1;PW=x")
    assert caught.value.problems[0].code == "mqtt.no_device"


JSON = st.recursive(st.none() | st.booleans() | st.floats() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))


@given(st.one_of(st.binary(max_size=200), JSON.map(lambda value: json.dumps({"time": "20260301", "values": value}).encode())))
def test_any_payload_gives_telegrams_or_our_error(payload):
    try:
        found = packets(payload)
    except BilanError as error:
        assert error.text("zh-hans")
    else:
        assert all(packet.mn == "A1" for packet in found)
