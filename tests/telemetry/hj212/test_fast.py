from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilan.telemetry.hj212 import fast, parse
from bilan.telemetry.hj212.building import segment
from bilan.telemetry.hj212.catalogue import is_number
from bilan.telemetry.hj212.text import number
from tests.telemetry.hj212.test_packet import packets

HEAD = b"QN=20260301101500001;ST=31;CN=2011;PW=123456;MN=A1;Flag=5;CP=&&DataTime=20260301101500;"


def assert_agrees(body: bytes) -> None:
    packet = parse(body)
    header, numbers = fast.read(body)
    assert header == fast.read_header(body)
    assert header._asdict() == {name: getattr(packet, name) for name in header._fields}
    assert numbers.data_time == packet.data_time
    wanted = {(factor, tag): number(text) for factor, tags in packet.values.items() for tag, text in tags.items() if is_number(tag)}
    assert dict(zip(numbers.shape.columns, numbers.values, strict=True)) == wanted
    for column, mark in zip(numbers.shape.columns, numbers.marks, strict=True):
        assert mark == packet.values[column.factor].get("Flag", "")
    assert numbers.problems[: len(packet.problems)] == packet.problems


@given(packets)
def test_agrees_with_the_thorough_way_on_what_is_well_formed(packet):
    for _ in range(fast.WORTH_COMPILING + 2):
        assert_agrees(segment(packet))


area = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "a1-Rtd",
                "a2-Rtd",
                "a1-Flag",
                "=",
                ";",
                ",",
                "1.5",
                "N",
                "-",
                "--",
                " ",
                "nan",
                "inf",
                "1_0",
                "0x1",
                "1e5",
                "&&",
                "//",
                "é",
                "DataTime",
            ]
        ),
        st.text(alphabet="a1-=;,& /_.", max_size=4),
    ),
    max_size=30,
).map("".join)


@given(area, st.sampled_from(["ST=31;CN=2011;MN=A1;CP=&&", HEAD.decode(), "ST=31,MN=A;;CP=&&", "CP=&&", "MN= x;ST=²;QN=5;CP=", ""]))
def test_agrees_with_the_thorough_way_on_what_is_not(text, head):
    body = f"{head}{text}&&".encode()
    for _ in range(2):
        assert_agrees(body)


@pytest.mark.parametrize("text", ["nan", "inf", "-Infinity", "1e999", "0x1F", "1_000", "1,5", "--", "", " ", "1.2.3", "+-1", "½"])
def test_what_is_no_number_is_refused_before_and_after_the_shape_is_known(text):
    good = HEAD + b"a34004-Rtd=35,a34004-Flag=N;a34002-Rtd=7,a34002-Flag=D&&"
    bad = HEAD + f"a34004-Rtd={text},a34004-Flag=N;a34002-Rtd=7,a34002-Flag=D&&".encode()
    for _ in range(fast.WORTH_COMPILING + 2):
        assert fast.read_numbers(good).values == [35.0, 7.0]
        assert fast.read_numbers(bad).values[-1] == 7.0
        assert 35.0 not in fast.read_numbers(bad).values
        assert_agrees(bad)


def test_marks_stand_beside_their_factor_s_numbers():
    read = fast.read_numbers(HEAD + b"a-Avg=1,a-Max=2,a-Flag=D;b-Avg=3;c-SampleTime=20260301101500,c-Avg=4,c-Flag=N&&")
    assert read.values == [1, 2, 3, 4]
    assert read.marks == ("D", "D", "", "N")
    assert [column.factor for column in read.shape.columns] == ["a", "a", "b", "c"]


def test_a_plan_stays_with_its_shape():
    body = HEAD + b"plan-Rtd=1,plan-Flag=N&&"
    fast.read_numbers(body).shape.plans["A1"] = "worked out"
    assert fast.read_numbers(body.replace(b"=1,", b"=2,")).shape.plans == {"A1": "worked out"}


def test_memory_is_bounded_whatever_shapes_and_headers_arrive():
    for index in range(fast.SHAPES + 100):
        fast.read(f"ST=31;CN=2011;MN=M{index};CP=&&x{index}-Rtd=1&&".encode())
    assert len(fast._memory.shapes) <= fast.SHAPES
    for index in range(300):
        items = ";".join(f"k{index}x{key}-Rtd=1" for key in range(500))
        fast.read_numbers(f"ST=31;CN=2011;MN=M;CP=&&{items}&&".encode())
    assert fast._memory.keys <= fast.KEYS
