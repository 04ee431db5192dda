from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilan.telemetry.hj212 import Framer, Packet, build, catalogue, parse
from bilan.telemetry.hj212.building import segment
from bilan.telemetry.hj212.packet import EDITIONS, edition_of, flag_bits

name = st.text(alphabet="abcdefwxyzABCDEF0123456789", min_size=1, max_size=8)
word = st.text(alphabet="abcXYZ0123456789.:+ 清洗管路故障", max_size=10).map(str.strip)
digits = st.text(alphabet="0123456789", max_size=17)
tags = st.sampled_from([*catalogue.tags(), "ValidNum", "i22004-Info"])
packets = st.builds(
    Packet,
    qn=digits,
    st=digits,
    cn=st.sampled_from(list(catalogue.commands())),
    pw=name,
    mn=name,
    flag=st.sampled_from(["", "0", "4", "5", "7", "8", "9"]),
    pnum=digits,
    pno=digits,
    rf=st.sampled_from(["", "1"]),
    fields=st.dictionaries(name, word, max_size=5),
    values=st.dictionaries(name, st.dictionaries(tags, word, min_size=1, max_size=4), max_size=8),
)


@given(packets, st.sampled_from(["utf-8", "gbk"]))
def test_what_is_built_is_read_back(packet, charset):
    (frame,) = Framer().feed(build(packet, charset))
    assert not frame.error
    assert parse(frame.segment, charset) == packet


@given(st.binary(max_size=500))
def test_any_bytes_are_read_without_error(body):
    packet = parse(b"ST=31;CP=&&" + body + b"&&")
    assert parse(body) is not None
    assert all(problem.text("en") and problem.text() for problem in packet.problems)


@pytest.mark.parametrize("cn", list(catalogue.commands()))
def test_every_command_of_the_table_survives_building_and_reading(cn):
    command = catalogue.commands()[cn]
    keys = [key for key in (*command.request, *command.upload) if "-" not in key]
    packet = Packet("20260301101500001", "31", cn, "123456", "A1", "5", fields=dict.fromkeys(keys, "1"), values={"w01018": {"Avg": "1.5"}})
    assert parse(build(packet)[6:-6]) == packet


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"ST=31;CN=2011;MN=A1;Flag=5CP=&&a-Rtd=1&&", None),
        (b"QN=1,ST=31;CN=2011;MN=A1;CP=&&a-Rtd=1&&", "hj212.comma_in_header"),
        (b"ST=31;CN=2011;MN=A1;CP=&&a-Rtd=1,a-Rtd=1&&", "hj212.duplicate"),
        (b"ST=31;CN=2011;MN=A1;CP=&&a-Rtd=1", "hj212.no_closing"),
        (b"ST=31;CN=2011;MN=A1;CP=a-Rtd=1", "hj212.no_opening"),
        (b"ST=31;CN=2011;MN=A1;CP=&& a-Rtd =1;&&", None),
        (b"st=31;cn=2011;mn=A1;CP=&&a-Rtd=1;;&&", None),
        (b"CN=2011;MN=A1;CP=&&a-Rtd=1&&", "hj212.missing_field"),
        (b"ST=31;CN=2011;MN=A1;CP=&&a-Rtd=1;a2102&&", "hj212.no_value"),
        (b"ST=31;CN=2011;MN=A1;CP=&&a-Rtd=1;-Rtd=2&&", "hj212.bad_key"),
    ],
)
def test_odd_telegrams_are_read_and_what_is_odd_is_said(body, code):
    packet = parse(body)
    assert packet.values["a"]["Rtd"] == "1"
    assert [problem.code for problem in packet.problems if problem.code != "hj212.no_closing" or code == "hj212.no_closing"] == (
        [code] if code else []
    )


def test_the_later_of_two_values_counts():
    assert parse(b"ST=31;CN=2011;MN=A;CP=&&a-Rtd=1;a-Rtd=2&&").values == {"a": {"Rtd": "2"}}


def test_a_key_with_two_dashes_is_split_at_the_first():
    assert parse(b"ST=31;CN=2011;MN=A;CP=&&a21026-i22004-Info=1&&").values == {"a21026": {"i22004-Info": "1"}}


def test_a_log_text_may_hold_separators():
    packet = parse(b"ST=31;CN=3020;MN=A;CP=&&PolId=w01018;i11001-Info=//a=1;b&&,c//;i11002-Info=//x//&&")
    assert packet.values == {"i11001": {"Info": "//a=1;b&&,c//"}, "i11002": {"Info": "//x//"}}
    assert packet.fields == {"PolId": "w01018"}


@pytest.mark.parametrize(
    ("raw", "codes"), [("清洗".encode(), []), ("清洗".encode("gbk"), ["hj212.charset"]), (b"\xff\xff1", ["hj212.undecodable"])]
)
def test_text_is_read_in_either_character_set_and_undecodable_bytes_are_kept(raw, codes):
    body = b"ST=31;CN=3020;PW=;MN=A;CP=&&i11001-Info=" + raw + b"&&"
    packet = parse(body)
    assert [problem.code for problem in packet.problems] == codes
    if codes != ["hj212.charset"]:
        assert segment(packet) == body
    else:
        assert packet.values["i11001"]["Info"] == "清洗"
        assert segment(packet, "gbk") == body


def test_mixed_character_sets_in_one_telegram_are_read_item_by_item():
    body = b"ST=31;CN=3020;MN=A;CP=&&i1-Info=" + "清洗".encode() + b";i2-Info=" + "故障".encode("gbk") + b";i3-Info=\xff\xff&&"
    texts = [tags["Info"] for tags in parse(body).values.values()]
    assert texts[:2] == ["清洗", "故障"]
    assert texts[2].encode("ascii", "surrogateescape") == b"\xff\xff"


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("split", [False, True])
@pytest.mark.parametrize("acknowledge", [False, True])
def test_flag_bits(edition, split, acknowledge):
    flag = flag_bits(edition, acknowledge=acknowledge, split=split)
    packet = Packet(flag=str(flag))
    assert (packet.edition, packet.wants_answer, flag // 2 % 2 == 1) == (edition, acknowledge, split)


def test_usual_flags():
    assert [edition_of(flag) for flag in (0, 3, 4, 7, 8, 11, None)] == ["2005", "2005", "2017", "2017", "2025", "2025", "2005"]
