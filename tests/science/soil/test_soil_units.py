"""Units of farmland with their crops, pollution indices, and the same result on Polars and DuckDB."""

from __future__ import annotations

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from bilan.science import soil


def crops(*indices):
    rows = {"unit": ["u"] * len(indices), "point": list(range(len(indices))), "content": list(indices), "food_limit": [1.0] * len(indices)}
    return pl.DataFrame(rows, schema_overrides={"unit": pl.String, "content": pl.Float64, "food_limit": pl.Float64})


@pytest.mark.parametrize(
    ("grade", "indices", "adjusted"),
    [
        (2, (0.5, 0.9), 2),  # fewer than three crop points: the class stays
        (2, (0.5, 0.9, 1.0), 1),  # every point within the food limit
        (2, (0.5, 0.9, 1.1), 2),
        (3, (0.5, 0.9, 1.0), 2),
        (3, (0.5,) * 13 + (1.5,) * 7, 2),  # 65 % within, none severe
        (3, (0.5,) * 12 + (1.5,) * 8, 3),
        (3, (0.5,) * 19 + (2.1,), 3),  # one severe point
        (1, (3.0, 3.0, 3.0), 1),  # class 1 stays class 1
    ],
)
def test_crops_adjust_the_class_as_the_guide_says(grade, indices, adjusted):
    """环办土壤[2019]53号, 农产品辅助判定."""
    found = soil.adjust_by_crops(pl.DataFrame({"unit": ["u"], "grade": [grade]}), crops(*indices)).row(0, named=True)
    assert (found["grade_soil"], found["grade"]) == (grade, adjusted)
    assert found["unverified"]


def test_a_unit_without_crops_keeps_its_class():
    found = soil.adjust_by_crops(pl.DataFrame({"unit": ["v"], "grade": [3]}), crops(0.1, 0.1, 0.1)).row(0, named=True)
    assert (found["grade"], found["crop_points"], found["crop_clean_share"], found["unverified"]) == (3, 0, None, "")


def test_a_point_counts_by_its_worst_crop_item():
    rows = crops(0.2, 0.2, 0.2).with_columns(item=pl.lit("Cd"))
    more = crops(2.5).with_columns(item=pl.lit("Pb"))
    found = soil.adjust_by_crops(pl.DataFrame({"unit": ["u"], "grade": [2]}), pl.concat([rows, more])).row(0, named=True)
    assert (found["crop_points"], found["crop_severe"], found["grade"]) == (3, 1, 2)


def test_the_nemerow_index_by_hand():
    """P = sqrt((mean² + max²) / 2): indices 0.5, 1.0 and 3.0 give sqrt((2.25 + 9) / 2) = 2.371708."""
    found = soil.pollution_index(pl.DataFrame({"ph": [6.0], "cd_soil": [0.15], "hg_soil": [1.8], "as_soil": [120.0]}))
    assert found.select("index_cd_soil", "index_hg_soil", "index_as_soil", "nemerow").row(0) == (0.5, 1.0, 3.0, 2.371708)
    built = soil.pollution_index(pl.DataFrame({"land_class": [2], "pb_soil": [400.0]}), "construction")
    assert built["nemerow"].item() == 0.5


def test_safe_use_by_district():
    areas = pl.DataFrame({"district": ["a", "a", "b"], "area": [900.0, 100.0, 50.0], "safe": [True, False, False]})
    found = soil.safe_use_rate(areas, ("district",)).sort("district")
    assert found["rate"].to_list() == [90.0, 0.0]
    assert soil.safe_use_rate(areas)["rate"].to_list() == [85.7]


SAMPLES = pl.DataFrame(
    [
        {
            "point": f"p{number}",
            "unit": f"u{number % 4}",
            "ph": None if number == 7 else 4.0 + number / 8,
            "land_use": ("水田", "旱地", "果园", "水旱轮作")[number % 4],
            "land_class": number % 3,
            "cd_soil": 0.07 * number,
            "hg_soil": 0.11 * (number % 13),
            "as_soil": 9.0 * (number % 17),
            "pb_soil": 31.0 * number,
            "cr_soil": None if number % 5 == 0 else 37.0 * number,
            "cu_soil": 11.0 * number,
            "bap_soil": 0.05 * number,
            "benzene_soil": 0.3 * number,
        }
        for number in range(40)
    ]
)
CROPS = SAMPLES.select("unit", "point", content=pl.col("cd_soil") / 4, food_limit=pl.lit(0.2))
RULES = {
    "farmland": soil.judge_farmland,
    "construction": soil.judge_construction,
    "index": soil.pollution_index,
    "units": lambda frame: soil.evaluate_units(soil.judge_farmland(frame)),
}


@pytest.mark.parametrize("name", RULES)
def test_duckdb_and_polars_agree_on_soil(name):
    ours = RULES[name](SAMPLES)
    samples = SAMPLES  # noqa: F841 - DuckDB finds the frame by its name
    theirs = RULES[name](duckdb.sql("SELECT * FROM samples")).pl()
    order = [column for column in ("point", "unit") if column in ours.columns]
    assert ours.height > 0
    assert_frame_equal(ours.sort(order), theirs.sort(order), check_dtypes=False, check_column_order=False, rel_tol=1e-9)


def test_crops_on_duckdb():
    units = soil.evaluate_units(soil.judge_farmland(SAMPLES))
    crop_rows = CROPS  # noqa: F841 - DuckDB finds the frame by its name
    ours = soil.adjust_by_crops(units, CROPS)
    theirs = soil.adjust_by_crops(duckdb.sql("SELECT * FROM units"), duckdb.sql("SELECT * FROM crop_rows")).pl()
    assert_frame_equal(ours.sort("unit"), theirs.sort("unit"), check_dtypes=False, check_column_order=False)
    assert isinstance(soil.judge_farmland(SAMPLES.lazy()), pl.LazyFrame)
