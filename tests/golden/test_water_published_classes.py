"""Our class against the officially published one, with section types learnt from other days than those compared."""

from __future__ import annotations

from datetime import datetime
from functools import cache

import polars as pl
import pytest

from bilan.science import water
from tests.shared import shared_data

COLUMNS = {
    "省份": "province",
    "流域": "basin",
    "断面名称": "name",
    "监测时间": "start",
    "水质类别": "official",
    "水温(℃)": "wt",
    "pH(无量纲)": "ph",
    "溶解氧(mg/L)": "do",
    "高锰酸盐指数(mg/L)": "codmn",
    "氨氮(mg/L)": "nh3n",
    "总磷(mg/L)": "tp",
    "总氮(mg/L)": "tn",
}
ITEMS = ["wt", "ph", "do", "codmn", "nh3n", "tp", "tn"]
SECTION = ["province", "basin", "name"]
CLASSES = {"I类": 1, "II类": 2, "III类": 3, "IV类": 4, "V类": 5, "劣V类": 6, "-1": -1}
TRAINING = (datetime(2026, 7, 13), datetime(2026, 7, 27))
NATIONAL = "national_20260709_20260809.parquet"
# Rows of other days than the training: with a published class; equal; value that lost its exponent; type not learnt yet.
HELD_OUT = {
    NATIONAL: (369464, 369306, 76, 82),
    "fujian_20260709_20260809.csv.gz": (10642, 10642, 0, 0),
    "national_other_schema_20260701_20260708.csv.gz": (41659, 41642, 6, 11),
    "raw_as_published_National_Water_20260712.csv.gz": (13955, 13948, 6, 1),
}


def published(name):
    path = shared_data("cnemc_surface_water", name)
    frame = pl.read_parquet(path) if name.endswith(".parquet") else _from_text(path)
    return frame.select(*COLUMNS).rename(COLUMNS)


def _from_text(path):
    text = pl.read_csv(path, infer_schema=False, null_values=["--", ""])
    numbers = [column for column, ours in COLUMNS.items() if ours in ITEMS]
    return text.with_columns(
        pl.col("监测时间").str.to_datetime("%Y-%m-%d %H:%M"),
        pl.col("水质类别").replace(CLASSES).cast(pl.Int8),
        pl.col(numbers).cast(pl.Float64),
    )


@cache
def learnt():
    national = published(NATIONAL)
    training = national.filter(pl.col("start").is_between(*TRAINING, closed="left"))
    return water.learn_section_types(training, section=SECTION)


@cache
def held_out(name):
    frame = published(name).filter(~pl.col("start").is_between(*TRAINING, closed="left"))
    return water.compare_published(frame.join(learnt().select(*SECTION, "section_type", "told"), on=SECTION, how="left"))


@pytest.mark.parametrize("name", HELD_OUT)
def test_class_equals_the_official_one_on_days_it_did_not_learn_from(name):
    judged = held_out(name).filter(pl.col("official").is_between(1, 6))
    equal = judged.filter(pl.col("grade") == pl.col("official")).height
    assert equal / judged.height >= 0.999
    assert (judged.height, equal) == HELD_OUT[name][:2]


@pytest.mark.parametrize("name", HELD_OUT)
def test_each_difference_is_explained(name):
    judged = held_out(name)
    found = dict(judged.group_by("difference").len().iter_rows())
    _, _, lost, other_type = HELD_OUT[name]
    assert found.get("lost_exponent", 0) == lost
    assert found.get("section_type", 0) == other_type
    assert set(found) <= {"equal", "lost_exponent", "section_type"}


@pytest.mark.parametrize("name", HELD_OUT)
def test_other_section_types_are_those_the_training_days_could_not_tell(name):
    differing = held_out(name).filter(pl.col("difference") == "section_type")
    assert not differing["told"].fill_null(False).any()


def test_rows_without_a_published_class_have_no_item():
    judged = water.compare_published(published(NATIONAL).filter(pl.col("official") == -1))
    assert judged.height == 1795
    assert judged["grade"].null_count() == judged.height


def test_with_types_from_all_days_only_lost_exponents_differ():
    everything = published(NATIONAL)
    types = water.learn_section_types(everything, section=SECTION).select(*SECTION, "section_type")
    judged = water.compare_published(everything.join(types, on=SECTION))
    found = dict(judged.filter(pl.col("official") > 0).group_by("difference").len().iter_rows())
    assert found == {"equal": 627371, "lost_exponent": 125}
