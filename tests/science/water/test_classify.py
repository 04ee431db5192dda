from __future__ import annotations

from datetime import datetime

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from bilan.problems import BilanError
from bilan.science import water
from bilan.science.standards.water import limits
from tests.shared import shared


def judged(**values):
    return water.classify(pl.DataFrame({name: [value] for name, value in values.items()})).row(0, named=True)


@pytest.mark.parametrize("section_type", ["river", "lake"])
def test_every_limit_belongs_to_its_class_and_the_next_value_does_not(section_type):
    rows = pl.read_csv(shared("reference", "surface_water_limits.csv"), infer_schema=False).filter(
        pl.col("table") == "1", pl.col("comparator").is_in(["<=", ">="]), pl.col("water_body").is_in(["any", section_type])
    )
    by_symbol = {entry.symbol: entry for entry in limits.version_at().items.values()}
    for row in rows.iter_rows(named=True):
        column = by_symbol[row["symbol"]].column
        allowed = [float(row[f"class_{number}"]) for number in range(1, 6)]
        smaller_is_better = row["comparator"] == "<="
        beyond = [limit * (1.001 if smaller_is_better else 0.999) for limit in allowed]
        worse = [1 + sum(value > limit if smaller_is_better else value < limit for limit in allowed) for value in beyond]
        frame = pl.DataFrame({column: allowed + beyond}).with_columns(section_type=pl.lit(section_type))
        items = None if row["in_21_item_evaluation"] == "1" else [column]
        judged_classes = water.classify(frame, items=items)[f"class_{column}"].to_list()
        assert judged_classes == [allowed.index(limit) + 1 for limit in allowed] + worse, row


@pytest.mark.parametrize(("ph", "expected"), [(5.99, 6), (6.0, 1), (9.0, 1), (9.01, 6)])
def test_ph_is_inside_or_worse_than_five(ph, expected):
    assert judged(ph=ph)["grade"] == expected


def test_nitrogen_temperature_and_coliforms_never_decide():
    row = judged(do=8.0, tn=9.0, wt=40.0, fc=90000.0, section_type="lake")
    assert (row["grade"], row["class_tn"], row["class_fc"], row["items"]) == (1, 6, 6, 1)


def test_no_limit_of_nitrogen_for_rivers():
    assert judged(do=8.0, tn=9.0, section_type="river")["class_tn"] is None


def test_section_type_decides_the_phosphorus_limits():
    frame = pl.DataFrame({"tp": [0.06, 0.06, 0.06], "section_type": ["river", "lake", None]})
    assert water.classify(frame)["grade"].to_list() == [2, 4, 2]


def test_main_pollutants_cyanide_and_heavy_metals_first_then_class_then_factor():
    row = judged(codmn=12.0, cod=35.0, bod5=30.0, nh3n=1.8, pb=0.08, do=4.0)
    assert row["main"] == "Pb,BOD5,CODMn"
    assert row["factor_bod5"] == pytest.approx(6.5)


def test_no_main_pollutants_up_to_class_three():
    assert judged(codmn=6.0, tp=0.2)["main"] == ""


def test_oxygen_comes_after_items_with_a_factor_in_the_same_class():
    assert judged(do=4.0, codmn=7.0, nh3n=1.2)["main"] == "NH3-N,CODMn,DO"


def test_target_class_as_reference():
    frame = pl.DataFrame({"tp": [0.15, 0.15], "do": [7.0, 7.0], "target_class": [2, 3]})
    result = water.classify(frame, against="target")
    assert result["factor_tp"].to_list() == [pytest.approx(0.5), None]
    assert result["main"].to_list() == ["TP", ""]
    assert result["attained"].to_list() == [False, True]


def test_non_detects_count_as_half_the_detection_limit():
    frame = pl.DataFrame({"hg": ["<0.00012", "0.00004L", "0.0002", "--", None], "do": ["8", "8", "8", "8", "8"]})
    assert water.classify(frame)["class_hg"].to_list() == [3, 1, 4, None, None]


def test_oxygen_saturation_gives_class_one_when_asked():
    frame = pl.DataFrame({"do": [6.5], "do_saturation": [92.0]})
    assert water.classify(frame)["grade"].to_list() == [2]
    assert water.classify(frame, saturation="class_1")["grade"].to_list() == [1]


def test_rounding_for_evaluation_is_half_even():
    frame = pl.DataFrame({"codmn": [4.05, 4.15, 6.04], "nh3n": [0.505, 0.515, 0.155]})
    result = water.classify(frame, rounding="evaluation")
    assert result["class_codmn"].to_list() == [2, 3, 3]
    assert result["class_nh3n"].to_list() == [2, 3, 2]


@pytest.mark.parametrize("value", [None, float("nan"), float("inf"), -0.5])
def test_impossible_values_are_missing(value):
    row = judged(tp=value, codmn=None)
    assert (row["grade"], row["valid"], row["main"], row["items"]) == (None, False, "", 0)


def test_before_the_standard_was_in_force_there_is_no_class():
    frame = pl.DataFrame({"start": [datetime(2002, 5, 31, 23), datetime(2002, 6, 1)], "do": [8.0, 8.0]})
    assert water.classify(frame)["grade"].to_list() == [None, 1]


def test_unknown_item_names_the_nearest():
    with pytest.raises(BilanError, match="codmn"):
        water.classify(pl.DataFrame({"do": [1.0]}), items=["codmnn"])


def test_a_frame_without_items_says_so():
    with pytest.raises(BilanError, match="no column"):
        water.classify(pl.DataFrame({"point": ["a"]}))


concentration = st.one_of(st.none(), st.floats(0, 50, allow_nan=False))


@settings(max_examples=5, deadline=None)
@given(
    st.lists(st.fixed_dictionaries(dict.fromkeys(("ph", "do", "codmn", "nh3n", "tp", "hg", "cn"), concentration)), min_size=1, max_size=20),
    st.sampled_from(["none", "evaluation"]),
)
def test_duckdb_and_polars_agree(rows, rounding):
    names = list(rows[0])
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.Float64)).with_row_index("n").with_columns(section_type=pl.lit("lake"))
    ours = water.classify(frame, rounding=rounding)
    theirs = water.classify(duckdb.sql("SELECT * FROM frame"), rounding=rounding).pl()
    assert_frame_equal(ours.sort("n"), theirs.sort("n"), check_dtypes=False)


@settings(max_examples=25, deadline=None)
@given(st.fixed_dictionaries({name: st.floats(0, 50) for name in ("codmn", "nh3n", "tp")}), st.floats(0, 50))
def test_more_of_a_pollutant_never_improves_the_class(values, more):
    dirtier = {**values, "tp": values["tp"] + more}
    assert judged(**dirtier)["grade"] >= judged(**values)["grade"]
