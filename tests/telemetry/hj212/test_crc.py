from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilan.telemetry.hj212.crc import MODBUS, MODBUS_SWAPPED, STANDARD, WRITTEN, checksum, crc16, crc16_modbus, matching_variant


def by_definition(segment: bytes) -> int:
    """The sum bit by bit, as the standard describes it."""
    register = 0xFFFF
    for byte in segment:
        register = (register // 256) ^ byte
        for _ in range(8):
            register = register // 2 ^ (0xA001 if register % 2 else 0)
    return register


@given(st.binary(max_size=3000))
def test_folding_gives_what_the_definition_gives(segment):
    assert crc16(segment) == by_definition(segment)


@pytest.mark.parametrize(("segment", "value"), [(b"", 0xFFFF), (b"123456789", 0x2F80)])
def test_check_values_of_the_reference(segment, value):
    assert crc16(segment) == value


def test_modbus_check_value():
    assert crc16_modbus(b"123456789") == 0x4B37


@given(st.binary(max_size=100))
def test_only_256_values_exist_and_their_low_byte_is_one_of_eight(segment):
    assert crc16(segment) in WRITTEN
    assert not segment or crc16(segment) & 0xFF in {0x00, 0x01, 0x40, 0x41, 0x80, 0x81, 0xC0, 0xC1}


@pytest.mark.parametrize("variant", [STANDARD, MODBUS, MODBUS_SWAPPED])
def test_each_variant_is_recognised_in_either_case(variant):
    segment = b"ST=31;CN=2011;MN=A1;CP=&&a24088-Rtd=2.017&&"
    assert matching_variant(segment, checksum(segment, variant).lower()) == variant


def test_a_sum_of_no_variant_is_recognised_as_none():
    assert matching_variant(b"ST=31;CP=&&&&", "1234") == ""
