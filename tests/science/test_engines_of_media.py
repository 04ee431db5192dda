"""One text of every rule: the same result on Polars and on DuckDB, whatever the medium; lazy frames stay lazy."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from bilan.science import groundwater, noise, sea, soil, water

BEGIN = datetime(2025, 1, 3)
ORDER = ("point", "basin", "bay", "lake", "city", "unit", "zone_class", "period", "level", "at", "start")
Rule = Callable[[Any], Any]


def sections() -> pl.DataFrame:
    """Sections of rivers and lakes."""
    return pl.DataFrame(
        [
            {
                "point": f"断面{point}",
                "basin": "甲" if point < 6 else "乙",
                "lake": f"湖{point % 3}",
                "city": f"市{point % 4}",
                "section_type": "lake" if point % 3 == 0 else "river",
                "target_class": point % 4 + 1,
                "start": BEGIN + timedelta(days=20 * day),
                "ph": 6.1 + (point * day) % 7 / 2,
                "do": 3.0 + (point + day) % 6,
                "codmn": 1.5 + (point * 3 + day) % 9,
                "nh3n": 0.1 * ((point + 2 * day) % 17),
                "tp": None if point == day else 0.013 * ((point * day) % 19),
                "tn": 0.3 * (point + 1),
                "cn": 0.05 * point,
                "chla": 0.002 * (day + 1),
                "sd": 0.2 * (point + 1),
                "depth": 1.0,
            }
            for point in range(9)
            for day in range(19)
        ]
    )


def stations() -> pl.DataFrame:
    """Stations at sea, whose columns do for wells too."""
    return pl.DataFrame(
        [
            {
                "point": f"S{point}",
                "bay": "甲" if point < 6 else "乙",
                "target_class": point % 4 + 1,
                "start": BEGIN + timedelta(days=29 * day),
                "ph": 7.5 + (point * day) % 7 / 5,
                "do": 2.5 + (point + day) % 6,
                "cod": 0.7 + (point * 3 + day) % 9 / 2,
                "codmn": 0.7 + (point * 3 + day) % 9 / 2,
                "din": None if point == day else 0.05 * ((point + 2 * day) % 17),
                "dip": 0.004 * ((point * day) % 19),
                "wt_rise": 0.5 * (day % 9),
                "las": 0.05 * (point % 3),
                "nh3n": 0.1 * ((point + 2 * day) % 17),
                "tc": 10.0 * (point * day),
                "chla": 0.002 * (day + 1),
                "do_saturation": 90.0 + day * 3,
                "algae": 1e5 * day,
                "organism": "size_30",
            }
            for point in range(9)
            for day in range(13)
        ]
    )


def plots() -> pl.DataFrame:
    """Samples of soil."""
    return pl.DataFrame(
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


def sources() -> pl.DataFrame:
    """Drinking-water sources, control units and flows."""
    return pl.DataFrame(
        [
            {"unit": f"U{at % 3}", "at": at, "target_class": at % 4 + 1, "river_flow": 1.0 + at % 5, "target_flow": 2.0,
             "codmn": 1.0 + at % 9, "do": 1.0 + at % 7, "tp": 0.03 * (at % 9), "mn": 0.02 * (at % 8),
             "tl": None if at % 2 else 0.0002, "volume": 5.0 * at,
             "sd": 0.1 * (at % 4), "nh3n": 2.0 * (at % 9), "section_type": "lake" if at % 5 else "river"}
            for at in range(40)
        ]
    )  # fmt: skip


def levels() -> pl.DataFrame:
    """Points of noise."""
    return pl.DataFrame(
        {
            "point": [f"p{at:02}" for at in range(30)],
            "zone_class": [noise.ZONES[at % 6] for at in range(30)],
            "ld": [45.0 + at for at in range(30)],
            "ln": [None if at == 3 else 38.0 + at * 0.7 for at in range(30)],
            "length": [1.0 + at % 4 for at in range(30)],
        }
    )


def monthly(frame: Any) -> Any:
    return water.evaluate_periods(frame, "month")


WATER: dict[str, Rule] = {
    "classify": lambda frame: water.classify(frame, against="target"),
    "describe": lambda frame: water.describe(water.classify(frame)),
    "month": monthly,
    "year": lambda frame: water.evaluate_periods(frame, "year"),
    "basins": lambda frame: water.evaluate_basins(monthly(frame), ["basin", "start"]),
    "lakes": lambda frame: water.evaluate_lakes(frame, "quarter"),
    "trophic": lambda frame: water.trophic_index(frame, partial=True),
    "city": water.city_index,
    "attainment": lambda frame: water.attainment(water.classify(frame), "basin"),
    "trend": lambda frame: water.spearman_trend(frame, "nh3n"),
    "black_odorous": lambda frame: water.black_odorous_points(water.black_odorous(frame)),
    "learn": lambda frame: water.learn_section_types(frame, official="target_class"),
    "compare": lambda frame: water.compare_published(frame, official="target_class"),
    "rounded": water.rounded_means,
}
SEA_AND_WELLS: dict[str, Rule] = {
    "judge": lambda frame: sea.judge(frame, targeted=True),
    "shellfish": lambda frame: sea.judge(frame, use="shellfish"),
    "season": lambda frame: sea.evaluate_periods(frame, "season"),
    "year": lambda frame: sea.evaluate_periods(frame, "year"),
    "zones": lambda frame: sea.evaluate_zones(sea.evaluate_periods(frame, "quarter"), ["bay", "start"]),
    "whole": lambda frame: sea.evaluate_zones(sea.judge(frame)),
    "bulletin": sea.eutrophication,
    "hj442": lambda frame: sea.eutrophication(frame, "hj442"),
    "red tide": sea.red_tide_risk,
    "wells": groundwater.judge,
    "well months": lambda frame: groundwater.evaluate_periods(frame, "month"),
    "well areas": lambda frame: groundwater.evaluate_areas(groundwater.judge(frame), "bay"),
    "score": lambda frame: groundwater.composite_score(groundwater.judge(frame)),
}
SOIL: dict[str, Rule] = {
    "farmland": soil.judge_farmland,
    "construction": soil.judge_construction,
    "index": soil.pollution_index,
    "units": lambda frame: soil.evaluate_units(soil.judge_farmland(frame)),
}
SOURCES: dict[str, Rule] = {
    "sources": water.judge_drinking,
    "shares": lambda frame: water.evaluate_sources(water.judge_drinking(frame), "unit"),
    "flow": lambda frame: water.ecological_flow(frame, "unit"),
    "units": lambda frame: water.evaluate_units(water.classify(frame, against="target")),
    "bodies": lambda frame: water.black_odorous_waters(water.black_odorous(frame), "unit", order="at"),
}
NOISE: dict[str, Rule] = {
    "judge": noise.judge,
    "attainment": lambda frame: noise.attainment(noise.judge(frame)),
    "area": lambda frame: noise.evaluate_area(frame, ["zone_class"]),
    "roads": lambda frame: noise.evaluate_roads(frame, ["zone_class"]),
    "coverage": lambda frame: noise.coverage(frame, weights=["length"]),
}
MEDIA = {
    "water": (sections, WATER),
    "sea": (stations, SEA_AND_WELLS),
    "soil": (plots, SOIL),
    "sources": (sources, SOURCES),
    "noise": (levels, NOISE),
}
"""Medium → what makes its frame, and its rules."""
LAZY: dict[str, Rule] = {"water": water.classify, "sea": sea.judge, "soil": soil.judge_farmland}


@cache
def frame_of(medium: str) -> pl.DataFrame:
    """The frame of a medium, made once."""
    return MEDIA[medium][0]()


@pytest.mark.parametrize(("medium", "name"), [(medium, name) for medium, (_made, rules) in MEDIA.items() for name in rules])
def test_duckdb_and_polars_agree(medium: str, name: str) -> None:
    frame, rule = frame_of(medium), MEDIA[medium][1][name]
    ours, theirs = rule(frame), rule(duckdb.sql("SELECT * FROM frame")).pl()
    order = [column for column in ORDER if column in ours.columns]
    assert ours.height > 0
    assert_frame_equal(ours.sort(order), theirs.sort(order), check_dtypes=False, check_column_order=False, rel_tol=1e-9)


@pytest.mark.parametrize("medium", LAZY)
def test_a_lazy_frame_stays_lazy(medium: str) -> None:
    assert isinstance(LAZY[medium](frame_of(medium).lazy()), pl.LazyFrame)


def test_duckdb_and_polars_agree_on_crops() -> None:
    samples = frame_of("soil")
    units = soil.evaluate_units(soil.judge_farmland(samples))
    crops = samples.select("unit", "point", content=pl.col("cd_soil") / 4, food_limit=pl.lit(0.2))
    ours = soil.adjust_by_crops(units, crops)
    theirs = soil.adjust_by_crops(duckdb.sql("SELECT * FROM units"), duckdb.sql("SELECT * FROM crops")).pl()
    assert_frame_equal(ours.sort("unit"), theirs.sort("unit"), check_dtypes=False, check_column_order=False)
