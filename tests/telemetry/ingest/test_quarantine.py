"""Frames that were put aside: listed with the reason, corrected, mapped, ignored, replayed."""

from __future__ import annotations

import pytest

from bilan.problems import BilanError
from bilan.telemetry.hj212.building import wrap
from bilan.telemetry.ingest import quarantine
from bilan.telemetry.journal import archive
from tests.telemetry.gateway.kit import MN, Client, gateway, ingest_all, make_city, upload


@pytest.fixture
def kept(tmp_path):
    """City and store of one device that sent a number that is none, and of a stranger."""
    city = make_city(tmp_path)
    with gateway(city), Client(city) as device:
        device.send(upload(3, mn="STRANGER"), upload(1).replace(b"Avg=1.25", b"Avg=1_25"), upload(2))
        body = upload(1)[6:-6].replace(b"Avg=1.25", b"Avg=1_25")
        device.send(wrap(body))
        device.receive(2)
    return city, ingest_all(city).store


def find(store, code):
    return next(entry for entry in quarantine.listed(store) if entry.code == code)


def test_each_entry_says_what_is_wrong_in_both_languages(kept):
    _, store = kept
    entries = quarantine.listed(store)
    assert {entry.code for entry in entries} == {"gateway.unknown_device", "gateway.bad_crc", "hj212.not_a_number"}
    assert all(entry.problems[0].text("en") != entry.problems[0].text() for entry in entries)
    assert quarantine.open_count(store) == 3
    assert {row["code"] for row in quarantine.counts(store)} == {entry.code for entry in entries}
    assert quarantine.listed(store, code="gateway.bad_crc", mn=MN)[0].text.startswith("##")
    assert quarantine.listed(store, before=entries[-1].id) == []


def test_a_number_that_is_none_is_corrected_and_takes_its_place(kept):
    city, store = kept
    entry = find(store, "hj212.not_a_number")
    with pytest.raises(BilanError, match="1_25"):
        quarantine.replay(store, city.journal, entry.id, "clerk")
    result = quarantine.replay(store, city.journal, entry.id, "clerk", text=entry.text.replace("1_25", "1.25"), note="typo")
    assert result.count == 2
    (series,) = store.catalogue.series_frame(parameters=["w21003"])["id"].to_list()
    assert store.scan(series=[series], begin=0, end=1 << 40, interval="hour")["value"].to_list() == [1.25, 1.25]
    assert store.scan_raw([series], 0, 1 << 40, "hour")["source"][0] == entry.id


def test_a_stranger_is_mapped_to_the_device_it_is(kept):
    city, store = kept
    entry = find(store, "gateway.unknown_device")
    with pytest.raises(BilanError, match="STRANGER"):
        quarantine.replay(store, city.journal, entry.id, "clerk")
    assert quarantine.replay(store, city.journal, entry.id, "clerk", mn=MN).count == 2
    assert store.latest()["start"].n_unique() == 1


def test_ignored_frames_are_no_longer_open_and_say_who_did_it(kept):
    _, store = kept
    entry = find(store, "gateway.bad_crc")
    quarantine.ignore(store, [entry.id], "clerk", "line noise")
    assert quarantine.open_count(store) == 2
    (ignored,) = quarantine.listed(store, state="ignored")
    assert (ignored.person, ignored.note) == ("clerk", "line noise")


def test_the_bytes_are_there_also_from_the_archive(kept):
    city, store = kept
    entry = find(store, "gateway.bad_crc")
    before = quarantine.raw(city.journal, entry.id)
    assert archive(city.journal, 99 << 32, keep=0)
    assert quarantine.raw(city.journal, entry.id) == before and before.startswith(b"##")


@pytest.mark.parametrize("text", ["", "garbage", "##9999ST=32;CN=2061;CP=&&&&0000", "ST=91;CN=9014;MN=A110000_0001;CP=&&&&", "x" * 20_000])
def test_a_correction_that_is_none_leaves_the_frame_where_it_is(kept, text):
    city, store = kept
    entry = find(store, "hj212.not_a_number")
    with pytest.raises(BilanError):
        quarantine.replay(store, city.journal, entry.id, "clerk", text=text)
    assert quarantine.entry(store, entry.id).state == "open"


def test_an_unknown_entry_is_named(kept):
    city, store = kept
    with pytest.raises(BilanError, match="4711"):
        quarantine.replay(store, city.journal, 4711, "clerk")
