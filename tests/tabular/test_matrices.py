"""Tables of samples by species: whatever the species are called, nothing is lost in silence."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bilan.problems import BilanError
from bilan.tabular import read_matrix
from tests.shared import shared_data


def read(tmp_path: Path, text: str, name: str = "m.csv") -> tuple[pl.DataFrame, list[tuple[str, int | None, str]]]:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    found = read_matrix(path)
    return found.frame, [(problem.code, problem.place.row, problem.place.column) for problem in found.problems if problem.place]


def test_titles_times_limits_and_missing_codes(tmp_path: Path) -> None:
    text = "某实验室 VOCs\n日期,EC,OC,Pb\n2025/1/1,1.5,<0.2,-999\n2025/1/2,x,2.0,0.1\n,,,\n2025/1/3,2,3,0.2\n"
    frame, told = read(tmp_path, text)
    assert frame.columns == ["row", "key", "EC", "OC", "Pb"]
    assert frame["key"].to_list() == [datetime(2025, 1, day) for day in (1, 2, 3)]
    assert frame["row"].to_list() == [3, 4, 6]
    assert frame["OC"].to_list() == [0.1, 2.0, 3.0]
    assert frame["Pb"].to_list() == [None, 0.1, 0.2]
    assert told == [("value.not_a_number", 4, "EC"), ("matrix.missing_code", 3, "Pb")]


def test_names_of_samples_and_columns_told_twice(tmp_path: Path) -> None:
    frame, told = read(tmp_path, "id,a,b,a\nS-1,1,2,3\nS-2,4,5,6\n")
    assert frame["key"].to_list() == ["S-1", "S-2"]
    assert frame["a"].to_list() == [1.0, 4.0]
    assert told == [("matrix.twice", 1, "a")]


@pytest.mark.parametrize("text", ["just words\nand more\n", "a\n1\n", "\n"])
def test_what_is_no_such_table_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "m.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BilanError):
        read_matrix(path)


def test_excel_is_read_like_text(tmp_path: Path) -> None:
    table = pl.DataFrame({"sample": ["a", "b"], "so4": [1.5, 2.5], "no3": [0.5, 0.25]})
    table.write_excel(tmp_path / "m.xlsx")
    assert read_matrix(tmp_path / "m.xlsx").frame.drop("row").rows() == table.rows()


def test_the_example_sets_of_epa_are_read_whole() -> None:
    """Baton Rouge: 307 samples of 41 species; Baltimore: tab-separated, 26 species."""
    found = read_matrix(shared_data("pmf_receptor", "Dataset-BatonRouge-con.csv.gz"))
    assert (found.frame.height, len(found.species), found.problem_count) == (307, 41, 0)
    assert len(read_matrix(shared_data("pmf_receptor", "Dataset-Baltimore_unc.txt.gz")).species) == 26


@settings(max_examples=30, deadline=None)
@given(content=st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("m") / "m.csv"
    path.write_bytes(content)
    try:
        read_matrix(path)
    except BilanError as error:
        assert error.text("en")
