from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilan.problems import BilanError
from bilan.telemetry.hj212 import Packet, build, parse
from bilan.telemetry.hj212.building import area, segment
from bilan.telemetry.hj212.splitting import AREA_LIMIT, SEGMENT_LIMIT, Joiner, split
from tests.telemetry.hj212.vectors import vectors

HEADER = {"qn": "20260301101500001", "st": "31", "cn": "2061", "pw": "123456", "mn": "010000A8900016F000169DC0", "flag": "5"}
values = st.dictionaries(
    st.text(alphabet="aw0123456789", min_size=1, max_size=6),
    st.dictionaries(
        st.sampled_from(["Avg", "Min", "Max", "Cou", "Flag"]),
        st.text(alphabet="0123456789.", min_size=1, max_size=60),
        min_size=1,
        max_size=5,
    ),
    max_size=60,
)


@given(values, st.randoms())
def test_parts_fit_the_frame_are_readable_alone_and_join_in_any_order(wanted, chance):
    whole = Packet(**HEADER, fields={"DataTime": "20260301090000"}, values=wanted)
    parts = split(whole)
    for part in parts:
        assert len(segment(part)) <= SEGMENT_LIMIT and len(area(part).encode()) <= AREA_LIMIT
        assert parse(build(part)[6:-6]) == part
        assert part.data_time == whole.data_time
    assert len({part.qn for part in parts}) == len(parts)
    chance.shuffle(parts)
    joiner = Joiner()
    joined = [joiner.add(part, 0.0) for part in parts]
    assert joined[:-1] == [None] * (len(parts) - 1)
    assert joined[-1] == whole
    assert len(joiner) == 0


def test_split_parts_say_so():
    whole = Packet(**HEADER, fields={"DataTime": "20260301090000"}, values={f"a{n:05d}": {"Avg": "1.5", "Flag": "N"} for n in range(80)})
    parts = split(whole)
    assert [(part.flag, part.pnum, part.pno) for part in parts] == [("7", "3", "1"), ("7", "3", "2"), ("7", "3", "3")]


def test_a_value_that_fits_no_frame_is_refused():
    with pytest.raises(BilanError) as caught:
        split(Packet(**HEADER, values={"i11001": {"Info": "长" * 400}}))
    assert caught.value.problems[0].values["length"] == 1200


def test_the_parts_printed_in_the_standard_join():
    raw = {vector.name: vector.raw for vector in vectors()}
    first, second = (parse(raw[f"stdC50-2061-split{number}"][6:-6]) for number in (1, 2))
    joiner = Joiner()
    assert joiner.add(second, 0.0) is None
    joined = joiner.add(first, 1.0)
    assert list(joined.values) == ["w00000", "w01001", "w01018"]
    assert (joined.flag, joined.pnum) == ("5", "")


def test_a_missing_part_closes_by_time():
    parts = split(Packet(**HEADER, values={f"a{n:05d}": {"Avg": "1.5"} for n in range(90)}))
    joiner = Joiner(timeout=10)
    joiner.add(parts[1], 0.0)
    assert joiner.expire(9.9) == []
    assert joiner.expire(10.0) == [[parts[1]]]
    assert joiner.add(parts[0], 11.0) is None


def test_a_repeated_part_is_no_second_part():
    parts = split(Packet(**HEADER, values={f"a{n:05d}": {"Avg": "1.5"} for n in range(90)}))
    joiner = Joiner()
    assert joiner.add(parts[0], 0.0) is None
    assert joiner.add(parts[0], 0.0) is None
    assert joiner.add(parts[1], 0.0) is not None


def test_part_numbers_without_the_bit_are_parts_and_the_bit_without_numbers_is_whole():
    assert Joiner().add(Packet(pnum="2", pno="1"), 0.0) is None
    whole = Packet(flag="7")
    assert Joiner().add(whole, 0.0) is whole


@pytest.mark.parametrize(("pnum", "pno"), [("2", "3"), ("2", "0"), ("99999", "1"), ("x", "1"), ("1", "1"), ("", "1")])
def test_senseless_part_numbers_are_taken_as_a_whole_packet(pnum, pno):
    packet = Packet(flag="7", pnum=pnum, pno=pno)
    assert Joiner().add(packet, 0.0) is packet


def test_open_sets_are_bounded():
    joiner = Joiner(parts=100)
    chance = random.Random(1)
    for index in range(5000):
        joiner.add(Packet(mn=f"M{chance.randrange(3000)}", pnum="9", pno=str(index % 9 + 1), fields={"DataTime": str(index // 9)}), 0.0)
        assert len(joiner) <= 100
