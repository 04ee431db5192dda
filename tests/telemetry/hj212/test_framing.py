from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bilan.telemetry.hj212 import Framer
from bilan.telemetry.hj212.building import wrap
from bilan.telemetry.hj212.crc import MODBUS_SWAPPED
from bilan.telemetry.hj212.frame import LONGEST

GOOD = wrap(b"QN=20260301101500001;ST=31;CN=2011;PW=123456;MN=A1;Flag=5;CP=&&DataTime=20260301101500;a21026-Rtd=12.5,a21026-Flag=N&&")
OTHER = wrap(b"ST=91;CN=9014;PW=123456;MN=A1;Flag=4;CP=&&&&")


def cut(pieces, **options):
    framer = Framer(**options)
    frames = [frame for piece in pieces for frame in framer.feed(piece)]
    return frames + framer.finish()


def bytewise(data):
    return [data[index : index + 1] for index in range(len(data))]


fragments = st.one_of(
    st.sampled_from(
        [GOOD, OTHER, GOOD[:-2], GOOD[:-6], GOOD[:40], b"##", b"#", b"##9999", b"##0012A", b"\r\n", b"&&1C80", b"&&12\r", b"CP=&&"]
    ),
    st.sampled_from(
        [GOOD.replace(b"##0", b"##", 1), GOOD.replace(b"12.5", b"99.9"), b"##QN=1;CP=&&&&1C80\r\n", GOOD[:4] + b"9" + GOOD[5:]]
    ),
    st.binary(max_size=20),
    st.text(alphabet="#0123456789ABCF&\r\nCP={}x,", max_size=30).map(str.encode),
)
streams = st.lists(fragments, max_size=12).map(b"".join)


@given(streams, st.data())
@example(b"##0\r", None)
def test_frames_do_not_depend_on_the_chunks(stream, data):
    whole = cut([stream])
    assert cut(bytewise(stream)) == whole
    if data is not None:
        cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=6)))
        pieces = [stream[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
        assert cut(pieces) == whole


@given(
    st.lists(st.sampled_from([GOOD, OTHER]), max_size=5), st.lists(st.text(alphabet="abc;=&,.12 \t", max_size=30), min_size=6, max_size=6)
)
def test_garbage_between_frames_costs_no_good_frame(good, noise):
    stream = b"".join(between.encode() + frame for between, frame in zip(noise, good, strict=False))
    assert [frame.raw for frame in cut([stream]) if not frame.error] == [frame[:-2] for frame in good]


@pytest.mark.parametrize(
    "broken",
    [
        GOOD[:50],
        b"##9999",
        b"##0500ST=31;CN=2011;",
        b"##",
        b"#",
        b"##AB",
        b"##0087\r\n",
        GOOD.replace(b"##0", b"##5", 1),
        GOOD.replace(b"12.5", b"1.25"),
        GOOD[:-4],
    ],
)
def test_a_broken_telegram_does_not_take_the_next_ones_along(broken):
    frames = cut([broken + GOOD + OTHER])
    assert [frame.raw for frame in frames if not frame.error] == [GOOD[:-2], OTHER[:-2]]


@given(st.binary(max_size=4000))
def test_any_bytes_are_taken_without_error_and_nothing_is_lost_from_sight(stream):
    framer = Framer()
    frames = framer.feed(stream) + framer.finish()
    assert framer.pending == 0
    assert all(frame.error or frame.readable for frame in frames)


@pytest.mark.parametrize(
    ("unit", "bound"),
    [
        (b"#", 2),
        (b"##9999A", LONGEST + 32),
        (b"##9999", LONGEST + 32),
        (b"##0987A&&AAAA", LONGEST + 32),
        (b"A", 0),
        (b"##9999CP=&&{0x", 90_000),
        (b"&&", 2),
    ],
)
def test_endless_streams_are_held_in_bounded_memory(unit, bound):
    framer = Framer()
    piece = unit * (65536 // len(unit))
    for _ in range(10):
        for frame in framer.feed(piece):
            assert len(frame.raw) <= bound + 256
        assert framer.pending <= bound


def test_a_stream_of_hash_signs_of_any_size_is_counted_and_kept_as_one_sample():
    framer = Framer()
    piece = b"#" * (4 << 20)
    for _ in range(16):
        assert framer.feed(piece) == []
        assert framer.pending <= 2
    (frame,) = framer.finish()
    assert frame.error == "no_header"
    assert len(frame.raw) == 256
    assert framer.garbage == 16 * len(piece)


def test_a_silent_device_is_given_up_and_complete_telegrams_behind_it_are_found():
    framer = Framer()
    assert framer.feed(b"##9000ST=31;CN=2011;" + GOOD) == []
    broken, good = framer.finish()
    assert (broken.error, good.raw, framer.pending) == ("truncated", GOOD[:-2], 0)
    assert framer.feed(OTHER)[0].raw == OTHER[:-2]


def test_offsets_are_positions_in_the_stream():
    stream = b"noise" + GOOD + b"##x" + OTHER
    for pieces in ([stream], bytewise(stream)):
        frames = cut(pieces)
        assert all(stream.startswith(frame.raw, frame.offset) for frame in frames)
        assert [frame.error for frame in frames] == ["no_header", "", "no_header", ""]


def test_a_limit_refuses_longer_telegrams():
    long = wrap(b"ST=31;CP=&&" + b"a" * 200 + b"&&")
    errors = [frame.error for frame in cut([long + OTHER], limit=100)]
    assert (errors[0], errors[-1]) == ("bad_length", "")


def test_a_modbus_sum_is_named():
    telegram = wrap(GOOD[6:-6], MODBUS_SWAPPED)
    (frame,) = cut([telegram])
    assert (frame.error, frame.variant, frame.segment, frame.readable) == ("bad_crc", MODBUS_SWAPPED, GOOD[6:-6], False)


def test_lower_case_sums_and_missing_line_ends_are_right():
    assert [frame.error for frame in cut([GOOD[:-6] + GOOD[-6:-2].lower() + OTHER[:-2] + GOOD])] == ["", "", ""]


def test_a_missing_closing_mark_is_right_when_length_and_sum_are():
    assert [frame.error for frame in cut([wrap(b"ST=31;CN=2011;CP=&&a21026-Rtd=1"), OTHER])] == ["", ""]


def test_an_empty_segment_is_a_frame():
    (frame,) = cut([b"##0000FFFF\r\n"])
    assert (frame.segment, frame.error) == (b"", "")
