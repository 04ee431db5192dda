"""Tables: searching, sorting, paging and what leaves as a file."""

from __future__ import annotations

import csv
import io

import fastexcel
import polars as pl
import pytest
from django.http import QueryDict
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from bilan.problems import BilanError
from bilan.web.components import export
from bilan.web.components.table import Column, Filter, Table

COLUMNS = (Column("name", "Name"), Column("value", "Value", kind="number", decimals=1, unit="mg/L"), Column("kind", "Kind", shown=False))
ROWS = [
    {"name": "甲", "value": 2.25, "kind": "a"},
    {"name": "乙", "value": None, "kind": "b"},
    {"name": "=1+1", "value": 10.0, "kind": "a"},
]


def table(query: str = "", rows: list[dict[str, object]] | None = None) -> Table:
    given_rows = ROWS if rows is None else rows
    return Table("t", COLUMNS, given_rows, QueryDict(query), search=("name",), filters=[Filter("kind", "Kind", [("a", "A")])], size=2)


def test_rows_without_a_value_come_last_either_way() -> None:
    assert [row["name"] for row in table("sort=value").chosen()] == ["甲", "=1+1", "乙"]
    assert [row["name"] for row in table("sort=-value").chosen()] == ["=1+1", "甲", "乙"]


def test_search_and_filter_narrow_together() -> None:
    assert [row["name"] for row in table("q=甲&kind=a").chosen()] == ["甲"]
    assert table("q=乙&kind=a").chosen() == []


def test_pages_outside_are_the_nearest_inside() -> None:
    assert (table("page=99").view().number, table("page=-1").view().number, table("page=x").view().number) == (2, 1, 1)
    assert table("", rows=[]).view().pages == 1


def test_an_unknown_column_to_sort_by_is_named_with_the_nearest() -> None:
    with pytest.raises(BilanError, match="nearest: value"):
        table("sort=valeu").chosen()


@given(st.text(), st.text(), st.text())
def test_no_query_breaks_a_table(text: str, page: str, columns: str) -> None:
    query = QueryDict(mutable=True)
    query.update({"q": text, "page": page, "columns": columns})
    view = Table("t", COLUMNS, ROWS, query, search=("name",)).view()
    assert 1 <= view.number <= view.pages


def test_cells_show_numbers_as_the_standard_rounds_and_escape_text() -> None:
    lines = table("sort=value", rows=[{"name": "<b>", "value": 2.25, "kind": ""}]).view().lines
    assert [cell["html"] for cell in lines[0]] == ["&lt;b&gt;", "2.2"]


def exported(form: str) -> bytes:
    response = table(f"export={form}").respond(RequestFactory().get(f"/?export={form}"))
    assert response is not None
    return b"".join(response.streaming_content)


def test_csv_opens_in_a_spreadsheet_and_runs_nothing() -> None:
    content = exported("csv")
    assert content.startswith("\ufeff".encode())
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[0] == ["Name", "Value (mg/L)", "Kind"]
    assert ["'=1+1", "10.0", "a"] in rows


def test_excel_keeps_numbers_as_numbers_and_text_as_text() -> None:
    frame = pl.DataFrame(fastexcel.read_excel(exported("xlsx")).load_sheet(0))
    assert frame.sort("Value (mg/L)", nulls_last=True)["Value (mg/L)"].to_list() == [2.25, 10.0, None]
    assert "=1+1" in frame["Name"].to_list()


def test_parquet_keeps_the_short_names() -> None:
    assert pl.read_parquet(io.BytesIO(exported("parquet"))).columns == ["name", "value", "kind"]


def test_a_file_of_another_table_is_not_this_tables_business() -> None:
    assert table().respond(RequestFactory().get("/?export=csv&table=other")) is None


def test_an_unknown_kind_of_file_is_refused() -> None:
    with pytest.raises(BilanError, match="csv, xlsx, parquet"):
        export.respond("pdf", "t", [], [])
