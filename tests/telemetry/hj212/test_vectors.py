"""Every telegram of the reference folder, key by key."""

from __future__ import annotations

import pytest

from bilan.telemetry.hj212 import Framer, crc16, fast, parse
from bilan.telemetry.hj212.building import segment
from bilan.telemetry.hj212.check import as_json, check
from tests.telemetry.hj212.vectors import captured, vectors

NOT_SAID_BY_A_CHECKER = {"origin", "note", "key_hex"}


def test_every_vector_is_read_as_the_reference_says():
    known = vectors()
    assert len(known) == 78
    for vector in known:
        (checked,) = check(vector.raw, key=vector.key)
        told = as_json(checked)
        for name, value in vector.expected.items():
            if name not in NOT_SAID_BY_A_CHECKER:
                assert told.get(name) == value, (vector.name, name)
        for name in ("error", "crc_variant", "terminator", "rf", "cp", "values", "pnum", "pno", "qn", "flag"):
            assert (name in told) == (name in vector.expected), (vector.name, name)


def test_the_four_digits_are_judged_right_or_wrong_as_the_reference_says():
    for vector in vectors():
        (checked,) = check(vector.raw, key=vector.key)
        told = as_json(checked)
        right = told.get("crc_declared", "?").upper() == told.get("crc_computed")
        assert right == vector.crc_ok, vector.name


def test_a_wrong_key_gives_a_check_sum_error_and_no_crash():
    (encrypted,) = [vector for vector in vectors() if vector.key]
    (checked,) = check(encrypted.raw, key=bytes(16))
    assert checked.frame.error == "bad_crc"
    (checked,) = check(encrypted.raw)
    assert checked.frame.error == "bad_crc"


@pytest.fixture(scope="module")
def stream():
    return captured()


def test_captured_telegrams_are_all_right(stream):
    assert len(stream) == 7783
    for _, telegram in stream:
        (frame,) = Framer().feed(telegram)
        assert not frame.error
        assert not parse(frame.segment).problems


def test_captured_telegrams_are_found_in_one_stream(stream):
    framer = Framer()
    frames = framer.feed(b"\r\n".join(telegram for _, telegram in stream))
    assert [frame.raw for frame in frames] == [telegram for _, telegram in stream]
    assert framer.garbage == framer.pending == 0


def test_captured_telegrams_are_built_again_byte_by_byte(stream):
    for source, telegram in stream:
        (frame,) = Framer().feed(telegram)
        # The one telegram of 2025 has a stray Flag behind its factor; Flag is a plain field and is written in front.
        if source != "scada_2025":
            assert segment(parse(frame.segment)) == frame.segment


def test_the_fast_way_agrees_on_every_telegram_there_is(stream):
    segments = [telegram[6:-4] for _, telegram in stream]
    segments += [frame.segment for vector in vectors() for frame in Framer().feed(vector.raw)]
    for body in segments:
        packet = parse(body)
        header, numbers = fast.read(body)
        assert header == fast.read_header(body)
        assert header._asdict() == {name: getattr(packet, name) for name in header._fields}
        assert numbers.data_time == packet.data_time
        for column, value, mark in zip(numbers.shape.columns, numbers.values, numbers.marks, strict=True):
            assert value == float(packet.values[column.factor][column.tag])
            assert mark == packet.values[column.factor].get("Flag", "")


def test_examples_printed_in_the_standard_have_their_printed_sums():
    printed = {vector.name: vector.raw for vector in vectors() if vector.name in ("std2017-annexA", "std2025-annexA1")}
    assert crc16(printed["std2017-annexA"][6:107]) == 0x1C80
    assert crc16(printed["std2025-annexA1"][6:93]) == 0x2200
