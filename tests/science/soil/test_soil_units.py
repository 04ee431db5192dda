"""Units of farmland with their crops, pollution indices, and the same result on Polars and DuckDB."""

from __future__ import annotations

import polars as pl
import pytest

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
