"""The journal keeps what was committed, finds it again by position, and survives torn ends, damage and full disks."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bilan.problems import BilanError
from bilan.telemetry import journal
from bilan.telemetry.journal import Kind, Reader, Writer, archive, encode, locate, read
from bilan.telemetry.journal.segments import archived_path, segment_path, segments


class Commits:
    """Collects what a writer reports and lets a test wait for it."""

    def __init__(self) -> None:
        self.done: list[object] = []
        self.errors: list[OSError] = []
        self._changed = threading.Condition()

    def __call__(self, tokens: list[object], error: OSError | None) -> None:
        with self._changed:
            if error:
                self.errors.append(error)
            else:
                self.done += tokens
            self._changed.notify_all()

    def wait(self, count: int) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.done) + len(self.errors) >= count, 10)


def write(folder: Path, payloads: list[bytes], **options: int) -> None:
    commits = Commits()
    writer = Writer(folder, commits, **options)
    for number, payload in enumerate(payloads):
        writer.append(encode(Kind.FRAME, number, f"MN{number}", "127.0.0.1:1", payload), number)
        commits.wait(number + 1)
    writer.close()
    assert commits.done == list(range(len(payloads)))


def read_all(folder: Path, place: int = 0) -> list[journal.Record]:
    reader = Reader(folder, place)
    records = []
    while batch := reader.read(7):
        records += batch
    reader.close()
    return records


def test_records_come_back_in_order_over_segments_and_restarts(tmp_path):
    payloads = [bytes([number]) * 300 for number in range(50)]
    write(tmp_path, payloads[:30], segment_bytes=2000, allocate_bytes=1000)
    write(tmp_path, payloads[30:], segment_bytes=2000, allocate_bytes=1000)
    records = read_all(tmp_path)
    assert [record.payload for record in records] == payloads
    assert len(segments(tmp_path)) > 5
    assert [record.position for record in records] == sorted({record.position for record in records})


def test_a_record_is_found_by_its_position_also_after_archiving(tmp_path):
    payloads = [os.urandom(400_000) for _ in range(12)]
    write(tmp_path, payloads, segment_bytes=2_000_000)
    records = read_all(tmp_path)
    made = archive(tmp_path, records[-1].position, keep=0)
    assert made and archived_path(tmp_path, 1).exists() and not segment_path(tmp_path, 1).exists()
    assert [read(tmp_path, record.position).payload for record in records] == payloads
    assert [record.payload for record in read_all(tmp_path)] == payloads


def test_an_archive_keeps_what_is_not_consumed(tmp_path):
    write(tmp_path, [b"x" * 900] * 10, segment_bytes=2000)
    third = read_all(tmp_path)[4].position
    archive(tmp_path, third, keep=0)
    assert [segment_path(tmp_path, number).exists() for number in segments(tmp_path)] == [False, False, True, True, True]


def test_a_torn_tail_is_cut_and_positions_are_not_given_twice(tmp_path):
    write(tmp_path, [b"a" * 100, b"b" * 100])
    path = segment_path(tmp_path, 1)
    whole = path.stat().st_size
    with path.open("ab") as file:
        file.write(encode(Kind.FRAME, 0, "MN", "", b"torn" * 50)[:60])
    reader = Reader(tmp_path)
    assert len(reader.read()) == 2
    assert reader.read() == []
    write(tmp_path, [b"c"])
    assert path.stat().st_size == whole
    assert [record.payload for record in reader.read()] == [b"c"]
    assert locate(reader.position)[0] == 2


def test_damage_in_the_middle_costs_only_the_damaged_record(tmp_path):
    write(tmp_path, [b"a" * 100, b"b" * 100, b"c" * 100])
    write(tmp_path, [b"d"])
    records = read_all(tmp_path)
    with segment_path(tmp_path, 1).open("r+b") as file:
        file.seek(records[1].position - records[0].position + 60)
        file.write(b"!")
    reader = Reader(tmp_path)
    assert [record.payload[:1] for record in [*reader.read(), *reader.read(), *reader.read()]] == [b"a", b"c", b"d"]
    assert reader.damaged == records[2].position - records[1].position
    with pytest.raises(BilanError, match="no journal record"):
        read(tmp_path, records[1].position)


def test_a_reader_in_waiting_sees_what_is_appended(tmp_path):
    commits = Commits()
    writer = Writer(tmp_path, commits)
    reader = Reader(tmp_path)
    assert reader.read() == []
    for number in range(3):
        writer.append(encode(Kind.EVENT, 0, "", "", b"%d" % number), number)
        commits.wait(number + 1)
        assert [record.payload for record in reader.read()] == [b"%d" % number]
    writer.close()


def test_a_failed_write_is_reported_and_the_next_one_goes_to_a_new_segment(tmp_path, monkeypatch):
    commits = Commits()
    writer = Writer(tmp_path, commits)
    writer.append(encode(Kind.FRAME, 0, "", "", b"first"), 1)
    commits.wait(1)
    with monkeypatch.context() as broken:
        broken.setattr(os, "fdatasync", lambda handle: (_ for _ in ()).throw(OSError(5, "broken")))
        writer.append(encode(Kind.FRAME, 0, "", "", b"doubtful"), 2)
        commits.wait(2)
    writer.append(encode(Kind.FRAME, 0, "", "", b"second"), 3)
    commits.wait(3)
    writer.close()
    assert commits.done == [1, 3] and len(commits.errors) == 1
    payloads = [record.payload for record in read_all(tmp_path)]
    assert payloads[0] == b"first" and payloads[-1] == b"second"


def test_a_missing_position_is_named(tmp_path):
    with pytest.raises(BilanError, match="4294967296"):
        read(tmp_path, 1 << 32)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(content=st.binary(max_size=3000), cut=st.integers(0, 400))
def test_any_bytes_in_a_segment_never_break_a_reader(tmp_path_factory, content, cut):
    folder = tmp_path_factory.mktemp("journal")
    good = encode(Kind.FRAME, 1, "MN", "", b"x" * 300)
    segment_path(folder, 1).write_bytes(content + good + good[:cut])
    segment_path(folder, 2).write_bytes(good)
    payloads = [record.payload for record in read_all(folder)]
    assert payloads[-1] == b"x" * 300 and len(payloads) >= 2
