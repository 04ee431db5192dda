"""Ecological status: a published evaluation comes out, the terms are those of the standard, and every engine agrees."""

from __future__ import annotations

import duckdb
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bilan.pack.scores import load
from bilan.problems import BilanError
from bilan.science import ecology
from bilan.science.scores import judge_row

NANTONG_2017 = {"richness": 30.59, "vegetation": 76.93, "water_network": 93.94, "stress": 6.08, "pollution": 1.48}
"""Five indices of Nantong in 2017 as its bureau published them (hbj.nantong.gov.cn, 2018-06-04), with EI 67.97, good."""
COUNTY = {
    "area": 1000.0, "forest_dense": 400.0, "forest_shrub": 50.0, "grass_high": 100.0, "water_river": 20.0, "water_lake": 30.0,
    "crop_paddy": 200.0, "crop_dry": 120.0, "built_town": 40.0, "built_village": 40.0, "ndvi": 0.70, "river_length": 600.0,
    "water_resources": 500.0, "erosion_severe": 5.0, "erosion_moderate": 20.0, "stress_other": 0.0, "rain": 1200.0, "cod": 8000.0,
    "nh3n": 900.0, "so2": 3000.0, "dust": 1500.0, "nox": 4000.0, "solid_waste": 0.0,
}  # fmt: skip


def status(**changed: float | None) -> dict[str, object]:
    return ecology.judge_status(pl.DataFrame([{**COUNTY, **changed}])).row(0, named=True)


def test_a_published_evaluation_comes_out_to_the_last_digit() -> None:
    found = ecology.judge_status(pl.DataFrame([NANTONG_2017])).row(0, named=True)
    assert (found["ei"], found["grade"], found["valid"]) == (67.97, 2, True)


def test_the_scored_table_and_the_kernel_agree() -> None:
    judged = judge_row(load()["ecological-index"], NANTONG_2017)
    assert judged.score == 67.97 and judged.grade is not None and judged.grade.grade == 2


def test_indices_of_a_county_are_those_of_the_formulas_written_out() -> None:
    # HJ 192-2015 clause 5, each formula written out by hand.
    found = status()
    forest = 0.35 * (0.6 * 400 + 0.25 * 50)
    habitat = (
        511.2642131067
        * (forest + 0.21 * 0.6 * 100 + 0.28 * (0.1 * 20 + 0.3 * 30) + 0.11 * (0.6 * 200 + 0.4 * 120) + 0.04 * (0.3 * 40 + 0.4 * 40))
        / 1000
    )
    water = (84.3704083981 * 600 + 591.7908642005 * 50 + 86.3869548281 * 500) / 1000 / 3
    stress = 236.0435677948 * (0.4 * 5 + 0.2 * 20 + 0.2 * 80) / 1000
    volume, area = 1200 * 1000, 1000
    load_ = (
        0.2 * (4.3937397289 * 8000 + 40.1764754986 * 900) / volume
        + (0.2 * 0.0648660287 * 3000 + 0.1 * 4.0904459321 * 1500 + 0.2 * 0.5103049278 * 4000) / area
    )
    assert found["habitat"] == pytest.approx(habitat, abs=0.005) and found["richness"] == found["habitat"]
    assert found["vegetation"] == pytest.approx(0.0121165124 * 7000, abs=0.005)
    assert found["water_network"] == pytest.approx(water, abs=0.005)
    assert found["stress"] == pytest.approx(stress, abs=0.005)
    assert found["pollution"] == pytest.approx(load_, abs=0.005)


def test_weights_of_each_group_of_land_make_one() -> None:
    terms = {term.key: term.weight for term in ecology.terms("habitat")}
    groups = {"forest": 0.35, "grass": 0.21, "water": 0.28, "crop": 0.11, "built": 0.04, "bare": 0.01}
    for group, weight in groups.items():
        assert sum(value for key, value in terms.items() if key.startswith(group)) == pytest.approx(weight)
    for index in ("water_network", "stress", "pollution", "ei"):
        assert sum(term.weight for term in ecology.terms(index)) == pytest.approx(1)


def test_a_missing_number_leaves_its_index_empty_and_no_other() -> None:
    found = status(nh3n=None)
    assert found["pollution"] is None and found["ei"] is None and not found["valid"]
    assert found["stress"] is not None and found["water_network"] is not None


def test_land_cover_that_misses_a_part_of_the_region_is_not_judged() -> None:
    assert status(area=1200.0)["habitat"] is None
    assert status(area=None)["covered"] == pytest.approx(100)


@pytest.mark.parametrize(("level", "grade"), [(0, 1), (1, 2), (2, 3)])
def test_a_restriction_lowers_the_grade_and_keeps_the_index(level: int, grade: int) -> None:
    row = {"richness": 90.0, "vegetation": 90.0, "water_network": 90.0, "stress": 5.0, "pollution": 5.0, "restriction": level}
    found = ecology.judge_status(pl.DataFrame([row])).row(0, named=True)
    assert (found["ei"], found["grade"]) == (91.25, grade)
    notes = [note.en for note in ecology.explain_status(found).notes]
    assert bool(notes) == bool(level)


@pytest.mark.parametrize(("ratio", "counts"), [(1.0, 1.0), (1.4, 1.4), (1.9, 0.5), (2.4, 0.0), (3.0, 0.0)])
def test_a_flood_is_no_gain(ratio: float, counts: float) -> None:
    usual = status(water_resources=counts * 400.0)
    assert status(water_resources=ratio * 400.0, water_resources_mean=400.0)["water_network"] == usual["water_network"]


def test_doubt_is_told_only_of_what_was_computed_with_it() -> None:
    assert status()["unverified"] == "vegetation"
    assert status(water_ice=1.0)["unverified"] == "habitat,vegetation"
    assert ecology.judge_status(pl.DataFrame([NANTONG_2017]))["unverified"].item() == ""


def test_the_reason_names_every_term_with_clause_and_confidence() -> None:
    why = ecology.explain_status(status())
    assert {"richness", "forest_dense", "cod", "river_length"} <= {item.column for item in why.items}
    assert all(item.clause and item.confidence for item in why.items)
    assert "良" in why.verdict.zh or "优" in why.verdict.zh
    assert "ndvi" in why.unverified and "511.2642" in why.text("en")


def test_duckdb_says_the_same() -> None:
    frame = pl.DataFrame([COUNTY, {**COUNTY, "cod": None}, {**COUNTY, "built_town": 90.0, "crop_dry": 70.0}])
    columns = ["habitat", "richness", "vegetation", "water_network", "stress", "pollution", "ei", "grade"]
    there = ecology.judge_status(duckdb.from_arrow(frame.to_arrow())).pl()
    assert there.select(columns).sort(columns).rows() == ecology.judge_status(frame).select(columns).sort(columns).rows()


@settings(max_examples=4, deadline=None)
@given(st.lists(st.floats(0.1, 40), min_size=8, max_size=8), st.sampled_from(["crop_dry", "built_town", "built_village"]))
def test_forest_instead_of_fields_or_houses_is_never_worse(parts: list[float], taken: str) -> None:
    rows = [{**COUNTY, taken: COUNTY[taken] - part, "forest_dense": COUNTY["forest_dense"] + part} for part in parts]
    found = ecology.judge_status(pl.DataFrame([COUNTY, *rows]))["ei"]
    assert found.min() == found[0]


@settings(max_examples=4, deadline=None)
@given(st.lists(st.floats(0.2, 5), min_size=8, max_size=8))
def test_the_size_of_a_county_does_not_matter(scales: list[float]) -> None:
    rows = [{name: value if name in ("ndvi", "rain") else value * scale for name, value in COUNTY.items()} for scale in (1.0, *scales)]
    found = ecology.judge_status(pl.DataFrame(rows))
    for name in NANTONG_2017:
        assert found[name].to_list() == pytest.approx([found[name][0]] * len(rows), abs=0.011)


def test_a_frame_without_land_or_richness_is_refused() -> None:
    with pytest.raises(BilanError):
        ecology.judge_status(pl.DataFrame({"area": [1.0]}))


def test_areas_of_a_raster_by_zone() -> None:
    cover = np.array([[21, 21, 43], [51, 64, 99]])
    zones = np.array([[1, 1, 2], [1, 2, 0]])
    areas = ecology.land_areas(cover, 30, zones=zones)
    pixel = 0.0009
    assert areas["area"].to_list() == pytest.approx([3 * pixel, 2 * pixel])
    assert areas.row(0, named=True)["forest_dense"] == pytest.approx(2 * pixel)
    assert areas.row(1, named=True)["water_lake"] == pytest.approx(pixel) == areas.row(1, named=True)["water_wetland"]
    with pytest.raises(ValueError, match="2"):
        ecology.land_areas(cover, 30, zones=zones[:1])


def test_a_raster_is_judged_as_its_table_of_areas_is() -> None:
    cover = np.random.default_rng(1).choice([21, 22, 31, 43, 11, 12, 51, 52, 66], (60, 80))
    areas = ecology.land_areas(cover, 30)
    by_hand = {
        name: float(np.isin(cover, [code for code, key in ecology.land_classes().items() if key == name]).sum())
        for name in areas.columns[2:-1]
    }
    whole = ecology.judge_status(pl.DataFrame([by_hand]))
    assert ecology.judge_status(areas)["habitat"].item() == whole["habitat"].item()


@pytest.mark.parametrize(
    ("by", "word"), [(0.9, "无明显变化"), (1.0, "略微变好"), (-1.0, "略微变差"), (3.0, "明显变好"), (-8.0, "显著变差")]
)
def test_changes_between_years_have_the_names_of_the_standard(by: float, word: str) -> None:
    frame = pl.DataFrame({"region": ["B", "A", "B"], "year": [2021, 2020, 2020], "ei": [60.0 + by, 70.0, 60.0]})
    found = ecology.judge_changes(frame)
    assert found["change_word"].to_list() == [None, None, word]
