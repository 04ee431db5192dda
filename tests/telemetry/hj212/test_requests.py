from __future__ import annotations

from datetime import datetime

import pytest

from bilan.problems import BilanError
from bilan.telemetry.hj212 import catalogue, parse
from bilan.telemetry.hj212.building import segment
from bilan.telemetry.hj212.qn import RequestNumbers, following, moment_of, request_number
from bilan.telemetry.hj212.requests import first_contact, request
from tests.telemetry.hj212.vectors import vectors

DEVICE = {"qn": "20160801085857223", "mn": "010000A8900016F000169DC0", "pw": "123456", "st": "32"}
SAMPLES = {"time": "20160801085857", "number": "1.5", "code": "1"}


def sample(field):
    """A value that the field allows."""
    if field.allowed:
        return field.allowed[0]
    if field.kind == "integer":
        return str(field.low)
    return "0" * field.low if field.kind == "text" else SAMPLES[field.kind]


@pytest.mark.parametrize(
    ("name", "cn", "values"),
    [
        ("std2017-annexA", "1062", {"RtdInterval": 30}),
        ("stdC1-1000", "1000", {"OverTime": 5, "ReCount": 3}),
        ("stdC9-1072", "1072", {"NewPW": "654321"}),
    ],
)
def test_commands_of_the_standard_are_built_as_printed(name, cn, values):
    raw = {vector.name: vector.raw for vector in vectors()}[name]
    printed = parse(raw[6:-6])
    assert segment(request(cn, values, **(DEVICE | {"pw": printed.pw}))) == raw[6:-6]


@pytest.mark.parametrize("edition", ["2005", "2017", "2025"])
def test_every_host_command_can_be_composed_with_all_its_fields(edition):
    for command in catalogue.commands().values():
        if edition in command.editions and command.direction in ("host", "both"):
            values = {name: sample(catalogue.fields()[name]) for name in command.request}
            packet = request(command.cn, values, **DEVICE, edition=edition)
            assert parse(segment(packet)) == packet
            assert packet.wants_answer and packet.edition == edition


@pytest.mark.parametrize(
    ("cn", "values", "code"),
    [
        ("1062", {"RtdInterval": 29}, "hj212.outside"),
        ("1062", {"RtdInterval": "6e1"}, "hj212.outside"),
        ("1064", {"MinInterval": 7}, "hj212.not_allowed"),
        ("2061", {"BeginTime": "2026"}, "hj212.not_a_time"),
        ("2061", {"BeginnTime": "20260301000000"}, "hj212.unknown_field_near"),
        ("1072", {"NewPW": "1234567"}, "hj212.wrong_length"),
        ("1072", {"NewPW": "1;CN=1"}, "hj212.separator_in_value"),
        ("1073", {}, "hj212.unknown_command"),
        ("9021", {}, "hj212.unknown_command"),
        ("1021", {}, "hj212.unknown_command"),
    ],
)
def test_what_a_device_would_refuse_is_refused_before_it_is_sent(cn, values, code):
    with pytest.raises(BilanError) as caught:
        request(cn, values, **DEVICE)
    assert [problem.code for problem in caught.value.problems] == [code]
    assert caught.value.text() and caught.value.text("en")


def test_a_parameter_of_the_site_may_be_set():
    packet = request("3021", {"PolId": "w01018", "InfoId": "i13004", "i13004-Info": "20"}, **DEVICE)
    assert segment(packet).endswith(b"CP=&&PolId=w01018;InfoId=i13004;i13004-Info=20&&")


def test_history_is_asked_for_with_times():
    packet = request("2061", {"BeginTime": datetime(2026, 3, 1, 8), "EndTime": datetime(2026, 3, 1, 9)}, **DEVICE)
    assert packet.fields == {"BeginTime": "20260301080000", "EndTime": "20260301090000"}


def test_everything_set_on_first_contact_is_accepted():
    commands = [request(cn, values, **DEVICE) for cn, values in first_contact(datetime(2026, 3, 1))]
    assert commands[0].cn == "1012"


def test_request_numbers_never_repeat_and_never_go_back():
    numbers = RequestNumbers()
    later, earlier = datetime(2026, 3, 1, 0, 0, 1), datetime(2026, 3, 1)
    taken = [numbers.take(moment) for moment in (later, earlier, later, later)]
    assert taken == sorted(set(taken))
    assert moment_of(taken[0]) == later
    assert following(request_number(earlier)) == "20260301000000001"


def test_an_epoch_number_is_no_request_number():
    with pytest.raises(ValueError, match="1617957600465"):
        moment_of("1617957600465")
