from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bilan.problems import BilanError
from bilan.tabular import read_table, source

ENDINGS = st.sampled_from([".csv", ".xlsx", ".xls", ".ods", ".parquet", ".txt", ".csv.gz"])
MAGIC = [b"", b"PAR1", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"\xff\xfe"]
HEADS = st.sampled_from([*MAGIC, "站点,时间,SO2\n".encode(), b"point;start;pm25\n"])
WORDS = st.sampled_from(["SO2", "时间", "1", "2026-03-01", '"', "1e400", "\x00"])
CELLS = st.lists(st.lists(st.one_of(st.text(max_size=12), WORDS), max_size=6), max_size=12)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ending=ENDINGS, head=HEADS, body=st.binary(max_size=400))
def test_random_bytes_raise_nothing_but_our_error(tmp_path, ending, head, body):
    path = tmp_path / f"x{ending}"
    path.write_bytes(head + body)
    try:
        read_table(path)
    except BilanError as error:
        assert error.text("zh-hans")
        assert error.text("en")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cells=CELLS)
def test_random_tables_raise_nothing_but_our_error(tmp_path, cells):
    path = tmp_path / "x.csv"
    path.write_text("站点,时间,SO2\n" + "\n".join(",".join(row) for row in cells), encoding="utf-8", errors="replace")
    try:
        read = read_table(path)
    except BilanError:
        return
    assert read.raw.height == read.frame.height


def test_a_packed_workbook_that_would_not_fit_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(source, "LARGEST", 1 << 20)
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as entry,
    ):
        for _ in range(1100):
            entry.write(b"\0" * (1 << 20))
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(packed.getvalue())
    with pytest.raises(BilanError) as caught:
        read_table(path)
    assert caught.value.problems[0].code == "table.too_large"
