"""Commands to devices: sent when they are there, repeated, followed to their answer, also when answers get lost."""

from __future__ import annotations

from datetime import datetime

import pytest

from bilan.problems import BilanError
from bilan.telemetry.gateway import commands
from bilan.telemetry.hj212 import Packet, answer, build
from bilan.telemetry.hj212.answers import RESULT
from bilan.telemetry.store import Store
from tests.telemetry.gateway.kit import MN, PASSWORD, Client, gateway, ingest_all, make_city, upload, wait_for


def queue(city, cn, **fields):
    store = Store.open(city)
    number = commands.queue(store, MN, cn, fields, "duty")
    store.close()
    return number


def connected(city):
    device = Client(city)
    device.send(upload(0))
    assert device.receive()[0].cn == "9014"
    ingest_all(city)
    return device


def state(city, number):
    return next(command for command in commands.listed(ingest_all(city).store) if command.id == number)


def test_a_range_is_asked_for_uploaded_and_the_command_followed_to_its_end(tmp_path):
    city = make_city(tmp_path)
    with gateway(city):
        number = queue(city, "2061", BeginTime="20260101020000", EndTime="20260101040000")
        with connected(city) as device:
            (asked,) = device.receive()
            assert (asked.cn, asked.pw, asked.flag, asked.fields["EndTime"]) == ("2061", PASSWORD, "5", "20260101040000")
            device.send(build(answer(asked, "9011")))
            for hour in (2, 3, 4):
                device.send(upload(hour))
                device.receive()
            assert state(city, number).state == "accepted"
            device.send(build(answer(asked, RESULT)), upload(9))
            device.receive()
        done = state(city, number)
    assert (done.state, done.result, done.attempts, done.person) == ("executed", "1", 1, "duty")
    assert done.sent and done.finished and "DataTime=20260101020000" in done.answer


def test_a_lost_answer_makes_the_identical_frame_come_again_and_then_a_timeout(tmp_path):
    city = make_city(tmp_path)
    with gateway(city, answer_seconds=0.2, answer_repeats=2):
        number = queue(city, "3012", PolId="w01018")
        with connected(city) as device:
            first, second, third = device.receive(3)
            assert first == second == third
            device.silent(1.5)
            device.send(upload(1))
            device.receive()
        assert (state(city, number).state, state(city, number).attempts) == ("timeout", 3)


def test_a_lost_result_makes_a_timeout_after_the_execution_time(tmp_path):
    city = make_city(tmp_path)
    with gateway(city, execution_seconds=0.3):
        number = queue(city, "3013", PolId="w01018")
        with connected(city) as device:
            (asked,) = device.receive()
            device.send(build(answer(asked, "9011")))
            device.silent(2)
            device.send(upload(1))
            device.receive()
        assert state(city, number).state == "timeout"


def test_an_answer_with_a_wrong_number_is_not_taken_for_the_right_one(tmp_path):
    city = make_city(tmp_path)
    with gateway(city):
        number = queue(city, "1011")
        with connected(city) as device:
            (asked,) = device.receive()
            strange = Packet(**{**{name: getattr(asked, name) for name in ("st", "cn", "pw", "mn", "flag")}, "qn": "20200101000000000"})
            device.send(build(answer(strange, RESULT)), upload(1))
            device.receive()
            assert state(city, number).state == "sent"
            device.send(build(answer(asked, "9011", 2)), upload(2))
            device.receive()
        refused = state(city, number)
    assert (refused.state, refused.result) == ("refused", "2")


def test_commands_go_one_after_the_other(tmp_path):
    city = make_city(tmp_path)
    with gateway(city):
        numbers = [queue(city, "1061"), queue(city, "1063")]
        with connected(city) as device:
            for cn in ("1061", "1063"):
                (asked,) = device.receive()
                assert asked.cn == cn
                device.send(build(answer(asked, "9011")), build(answer(asked, RESULT)))
            device.send(upload(1))
            device.receive()
        assert [state(city, number).state for number in numbers] == ["executed", "executed"]


def test_a_device_that_asks_for_the_time_is_given_it(tmp_path):
    city = make_city(tmp_path)
    with gateway(city), connected(city) as device:
        device.send(build(Packet(qn="20260301000000777", st="32", cn="1013", pw=PASSWORD, mn=MN, flag="5")))
        first, second = sorted(device.receive(2), key=lambda packet: packet.cn)
        assert (first.cn, len(first.fields["SystemTime"])) == ("1012", 14)
        assert (second.cn, second.qn) == ("9013", "20260301000000777")
        device.send(build(answer(first, "9011")), build(answer(first, RESULT)), upload(1))
        device.receive()
        (command,) = commands.listed(ingest_all(city).store)
    assert (command.cn, command.state, command.person) == ("1012", "executed", "gateway")


def test_the_clock_is_set_on_connection_when_the_city_wants_it(tmp_path):
    city = make_city(tmp_path)
    with gateway(city, set_clock=True), Client(city) as device:
        device.send(upload(1))
        assert {packet.cn for packet in device.receive(2)} == {"1012", "9014"}


def test_a_command_is_not_sent_again_by_the_next_run_of_the_gateway(tmp_path):
    city = make_city(tmp_path)
    with gateway(city):
        queue(city, "1061")
        with connected(city) as device:
            assert device.receive()[0].cn == "1061"
    with gateway(city), Client(city) as device:
        device.send(upload(1))
        assert device.receive()[0].cn == "9014"
        assert device.silent(0.5)


def test_a_command_nobody_fetched_expires(tmp_path):
    city = make_city(tmp_path)
    store = Store.open(city)
    number = commands.queue(store, MN, "1061", valid_seconds=-1)
    with gateway(city):
        assert wait_for(lambda: state(city, number).state == "expired")


@pytest.mark.parametrize(
    ("cn", "fields", "message"),
    [
        ("2060", {}, "nearest: 20"),
        ("2061", {"BeginTime": "20260101000000"}, "EndTime"),
        ("2061", {"BeginTime": "20260102000000", "EndTime": "20260101000000"}, "empty"),
        ("2061", {"BeginTime": "yesterday", "EndTime": "20260101000000"}, "yesterday"),
        ("3012", {"PolId": "w01018;CN=1072"}, ";"),
    ],
)
def test_commands_that_cannot_be_are_refused_with_the_reason(tmp_path, cn, fields, message):
    store = Store.open(make_city(tmp_path))
    with pytest.raises(BilanError, match=message):
        commands.queue(store, MN, cn, fields)


def test_a_command_to_an_unknown_device_is_refused(tmp_path):
    store = Store.open(make_city(tmp_path))
    with pytest.raises(BilanError, match="NOBODY"):
        commands.resend(store, "NOBODY", "2061", datetime(2026, 1, 1), datetime(2026, 1, 2))
