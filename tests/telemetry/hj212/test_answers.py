from __future__ import annotations

import pytest

from bilan.telemetry.hj212 import Packet, answer, answered, fast, parse
from bilan.telemetry.hj212.answers import meaning
from bilan.telemetry.hj212.building import segment
from bilan.telemetry.hj212.catalogue import returns
from tests.telemetry.hj212.vectors import vectors

ASKED = Packet("20260301101500001", "31", "2051", "123456", "A1", "5")


@pytest.mark.parametrize(("flag", "expected"), [("5", "4"), ("9", "8"), ("1", "0"), ("", "0"), ("7", "4")])
def test_answers_keep_the_edition_and_want_no_answer(flag, expected):
    assert answer(Packet(flag=flag)).flag == expected


def test_the_registered_edition_goes_before_the_flag():
    assert answer(Packet(flag="9"), edition="2017").flag == "4"


@pytest.mark.parametrize(("cn", "fields"), [("9011", {"QnRtn": "9"}), ("9012", {"ExeRtn": "9"}), ("9013", {}), ("9014", {})])
def test_answers_carry_the_number_password_and_identity_of_what_they_answer(cn, fields):
    told = answer(ASKED, cn, 9)
    assert (told.qn, told.pw, told.mn, told.st, told.cn, told.fields) == (ASKED.qn, ASKED.pw, ASKED.mn, "91", cn, fields)


def test_a_captured_acknowledgement_is_built_byte_by_byte():
    raw = {vector.name: vector.raw for vector in vectors()}
    told = parse(raw["shed-9014-flag8"][6:-6])
    upload = parse(raw["shed-2061-flag9"][6:-6])
    assert segment(answer(upload)) == segment(told)


def test_a_fast_header_is_answered_the_same_way():
    body = segment(ASKED)
    assert answer(fast.read_header(body)) == answer(parse(body))


def test_the_number_answered_may_stand_in_the_data_area():
    assert answered(parse(b"ST=91;CN=9011;MN=A1;CP=&&QN=20260301101500001;QnRtn=1&&")) == "20260301101500001"
    assert answered(ASKED) == ASKED.qn


def test_every_code_has_a_meaning_in_both_languages():
    for field, code in returns():
        assert meaning(field, code) != meaning(field, code, "en") != code
