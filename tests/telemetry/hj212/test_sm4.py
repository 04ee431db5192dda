from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilan.telemetry.hj212 import Framer
from bilan.telemetry.hj212.building import wrap
from bilan.telemetry.hj212.sm4 import build_encrypted, covers, decrypt, encrypt
from tests.telemetry.hj212.vectors import vectors

KEY = bytes.fromhex("30" * 16)
HEAD = b"QN=20260301101500001;ST=31;CN=2051;PW=123456;MN=A1;Flag=9;CP=&&"


def framer(key=KEY):
    return Framer(decrypt=lambda segment: decrypt(segment, key))


def test_the_example_of_the_standard_is_encrypted_as_printed():
    raw = {vector.name: vector.raw for vector in vectors()}
    assert build_encrypted(raw["std2025-annexA2-plain208"][6:-6], KEY) == raw["std2025-annexA2-sm4-208"]


@pytest.mark.parametrize("written", [False, True])
@given(text=st.text(alphabet="0123456789.", max_size=60))
def test_both_wire_forms_with_any_remainder_are_decrypted_in_any_chunks(written, text):
    plain = HEAD + b"DataTime=20260301100000;a-Avg=" + text.encode() + b"&&"
    wire = build_encrypted(plain, KEY, written=written)
    whole = framer().feed(wire + wire)
    assert [(frame.segment, frame.error, frame.encrypted) for frame in whole] == [(plain, "", True)] * 2
    pieces = framer()
    assert [frame for index in range(len(wire)) for frame in pieces.feed(wire[index : index + 1])] == whole[:1]


def test_a_wrong_key_gives_a_check_sum_error_and_keeps_the_frame_whole():
    wire = build_encrypted(HEAD + b"DataTime=20260301100000;a-Avg=1.5&&", KEY)
    (frame,) = framer(bytes(16)).feed(wire)
    assert (frame.error, frame.raw) == ("bad_crc", wire[:-2])


def test_plain_telegrams_of_a_device_with_a_key_are_read():
    plain = "ST=31;CN=3020;MN=A1;CP=&&i11001-Info=//清洗管路，更换试剂//&&".encode()
    (frame,) = framer().feed(wrap(plain))
    assert (frame.segment, frame.encrypted) == (plain, False)


def test_an_area_shorter_than_a_block_stays_plain():
    assert encrypt(b"CP=&&SystemTime=20260301000000&&", KEY) != b"CP=&&SystemTime=20260301000000&&"
    assert encrypt(b"CP=&&a-Rtd=1&&", KEY) == b"CP=&&a-Rtd=1&&"


@given(st.binary(max_size=200))
def test_any_bytes_are_decrypted_without_error(segment):
    assert decrypt(segment, KEY) is None or isinstance(decrypt(segment, KEY), bytes)


def test_commands_that_are_encrypted():
    assert [cn for cn in ("1011", "1014", "2011", "2999", "3012", "3020", "9014") if covers(cn)] == ["1014", "2011", "2999", "3020"]
