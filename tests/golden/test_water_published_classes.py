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
FILES = {
    "national_20260709_20260809.parquet": {"lost_exponent": 0},
    "fujian_20260709_20260809.csv.gz": {},
    "national_other_schema_20260701_20260708.csv.gz": {},
    "raw_as_published_National_Water_20260712.csv.gz": {},
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
    national = published("national_20260709_20260809.parquet")
    training = national.filter(pl.col("start").is_between(*TRAINING, closed="left"))
    return water.learn_section_types(training, section=SECTION)


def held_out(name):
    frame = published(name).filter(~pl.col("start").is_between(*TRAINING, closed="left"))
    judged = water.compare_published(frame.join(learnt().select(*SECTION, "section_type"), on=SECTION, how="left"))
    return judged.with_columns(official_class=pl.when(pl.col("official").is_between(1, 6)).then("official"))


def counts(name):
    judged = held_out(name)
    return dict(judged.group_by("difference").len().rows()), judged


if __name__ == "__main__":
    for name in FILES:
        found, judged = counts(name)
        print(name, judged["official_class"].count(), found, len(published(name)))
        print(judged.filter(pl.col("difference").is_in(["unexplained", "section_type"])).group_by(*SECTION, "difference").len().sort("len"))
    print(learnt()["section_type"].value_counts(), learnt()["told"].value_counts())
