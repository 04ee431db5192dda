"""A limit of a table that is another one gives another verdict, for every medium: nothing is judged by numbers that stand elsewhere."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from importlib import resources
from typing import Any

import polars as pl
import pytest

from bilan.science import air, catalogue, dustfall, emissions, groundwater, noise, radiation, risk, sea, soil, tables, voc, waste, water

MEDIA = {entry.medium for entry in catalogue.tables()} - {"ecology"}
"""Media whose standards have tables; ecology is judged by scored tables."""


@dataclass(frozen=True)
class Case:
    """A table's rows that are changed, and a verdict before and after."""

    table: str
    where: Mapping[str, str]
    change: Mapping[str, str]
    judge: Callable[[], Any]
    before: Any
    after: Any


def frame(**values: Any) -> pl.DataFrame:
    return pl.DataFrame({name: [value] for name, value in values.items()})


def one(judged: pl.DataFrame, column: str) -> Any:
    return judged[column].item()


DAY = {"day": date(2026, 4, 1), "point": "a", "pm10": 50.0, "so2": 5.0, "no2": 30.0, "co": 0.7, "o3_8h": 88.0}
HOUR = {"start": datetime(2026, 4, 1, 8), "point": "a", "so2": 9.0, "no2": 110.0, "co": 0.8, "o3": 64.0, "pm10": 50.0, "pm25": 20.0}

CASES = {
    # HJ 633-2026: 60 µg/m³ of PM2.5 a day is index 100; 100 µg/m³ of nitrogen dioxide in an hour is index 50.
    "air, index": Case(
        "air_iaqi",
        {"version": "2026", "pollutant": "PM2.5", "averaging_period": "24h", "iaqi_hi": "100"},
        {"bp_hi": "65"},
        lambda: one(air.judge_day_means(frame(pm25=61.0, **DAY)), "level"),
        3,
        2,
    ),
    "air, hour": Case(
        "air_iaqi",
        {"version": "2026", "pollutant": "NO2", "averaging_period": "1h", "iaqi_hi": "50"},
        {"bp_hi": "120"},
        lambda: one(air.judge_hours(frame(**HOUR)), "level"),
        2,
        1,
    ),
    # GB 3838-2002 Table 1: total phosphorus of rivers up to 0.2 mg/L is class III.
    "surface water": Case(
        "surface_water_limits",
        {"column": "tp", "water_body": "river"},
        {"class_3": "0.1"},
        lambda: one(water.classify(frame(tp=0.15, do=8.0)), "grade"),
        3,
        4,
    ),
    # GB 3838-2002 Table 2: manganese 0.1 mg/L.
    "surface water, drinking": Case(
        "surface_water_limits",
        {"column": "mn"},
        {"limit_value": "0.05"},
        lambda: one(water.judge_drinking(frame(codmn=2.0, mn=0.08)), "attained"),
        True,
        False,
    ),
    "surface water, lakes": Case(
        "surface_water_tli",
        {"column": "tp"},
        {"intercept": "12"},
        lambda: one(water.trophic_index(frame(chla=0.010, tp=0.05, tn=1.0, sd=1.0, codmn=4.0)), "tli") > 48.1,
        False,
        True,
    ),
    "surface water, black": Case(
        "surface_water_black_odorous",
        {"scheme": "urban", "column": "do", "level_en": "mild"},
        {"upper": "1"},
        lambda: one(water.black_odorous(frame(do=1.5)), "black_odorous"),
        1,
        0,
    ),
    # GB 3097-1997 Table 1: inorganic nitrogen ≤ 0.20, 0.30 mg/L.
    "sea": Case("seawater_limits", {"column": "din"}, {"class_2": "0.25"}, lambda: one(sea.judge(frame(din=0.28)), "grade"), 2, 3),
    # GB/T 14848-2017 Table 1: ammonia nitrogen ≤ 0.02, 0.10, 0.50 mg/L.
    "groundwater": Case(
        "groundwater_limits", {"column": "nh3n"}, {"class_3": "0.2"}, lambda: one(groundwater.judge(frame(nh3n=0.3)), "grade"), 3, 4
    ),
    # GB 15618-2018 Table 1: cadmium of paddies at pH 5.5 to 6.5, 0.4 mg/kg.
    "soil, farmland": Case(
        "soil_farmland",
        {"value_type": "screening", "column": "cd_soil", "land_use_en": "paddy", "ph_lower": "5.5"},
        {"value": "0.3"},
        lambda: one(soil.judge_farmland(frame(ph=6.0, land_use="水田", cd_soil=0.35)), "grade"),
        1,
        2,
    ),
    "soil, construction": Case(
        "soil_construction",
        {"column": "pb_soil"},
        {"screening_1": "600"},
        lambda: one(soil.judge_construction(frame(land_class=1, pb_soil=500.0)), "grade"),
        2,
        1,
    ),
    # GB 3096-2008 Table 1: class 1, 55 dB(A) by day.
    "noise": Case(
        "noise_limits",
        {"table": "environmental_quality", "zone_class": "1", "period": "day"},
        {"limit": "53"},
        lambda: one(noise.judge(frame(zone_class="1", ld=54.0, ln=40.0)), "attained"),
        True,
        False,
    ),
    # GB 13223-2011 Table 2: 50 mg/m³ of sulphur dioxide at 6 % oxygen.
    "emissions": Case(
        "emission_limits",
        {"group": "gb13223-coal-special", "item": "so2"},
        {"limit": "45"},
        lambda: one(emissions.judge(frame(so2=48.0, o2=6.0), "gb13223-coal-special"), "attained"),
        True,
        False,
    ),
    "emissions, oxygen": Case(
        "emission_oxygen",
        {"standard": "GB 25464"},
        {"most_oxygen": "20.7"},
        lambda: one(emissions.judge(frame(so2=10.0, o2=20.5), "gb25464-kiln"), "attained"),
        None,
        False,
    ),
    "emissions, hours of a day": Case(
        "emission_validity", {"rule": "day_hours", "medium": "gas"}, {"threshold": "18"}, lambda: emissions.least_hours("gas"), 20, 18
    ),
    # 2005 announcement 62: cobalt-60 from 3e11 Bq on is class II.
    "radiation": Case(
        "radiation_nuclides",
        {"nuclide": "Co-60"},
        {"class_2": "4e11"},
        lambda: one(radiation.judge(frame(nuclide="Co-60", activity=3e11)), "grade"),
        2,
        3,
    ),
    # HJ 169-2018 Table B.1: ammonia 5 t.
    "risk": Case("risk_substances", {"cas": "7664-41-7"}, {"threshold_t": "20"}, lambda: risk.q_ratio([("氨气", 10.0)])[0], 2.0, 0.5),
    "voc": Case("voc_species", {"item": "toluene"}, {"mir": "5"}, lambda: one(voc.ozone_potential(frame(toluene=10.0)), "ofp"), 40.0, 50.0),
    "waste": Case(
        "waste_codes",
        {"waste_code": "900-041-49"},
        {"waste_code": "900-941-49"},
        lambda: one(waste.judge(frame(waste_code="HW49 900-041-49")), "valid"),
        True,
        False,
    ),
    "dustfall": Case(
        "dustfall_targets",
        {"region": "jjj"},
        {"limit": "8"},
        lambda: one(dustfall.judge(frame(dustfall=8.5), "jjj"), "attained"),
        True,
        False,
    ),
}
"""Medium, with what of it → what is changed and what that changes."""


class Changed:
    """Stands for the folder of tables, with one of them changed as it is read."""

    def __init__(self, case: Case) -> None:
        self._case, self._path = case, resources.files("bilan.science.standards")
        self.rows = 0

    def files(self, _package: str) -> Changed:
        return self

    def joinpath(self, *parts: str) -> Changed:
        self._path = resources.files("bilan.science.standards").joinpath(*parts)
        return self

    def read_text(self, encoding: str) -> str:
        text = self._path.read_text(encoding=encoding)
        if self._path.name != f"{self._case.table}.csv":
            return text
        read = csv.DictReader(text.splitlines())
        written = io.StringIO()
        writer = csv.DictWriter(written, read.fieldnames or ())
        writer.writeheader()
        for row in read:
            hit = all(row[name] == value for name, value in self._case.where.items())
            self.rows += hit
            writer.writerow({**row, **self._case.change} if hit else row)
        return written.getvalue()


def forget() -> None:
    """Nothing that was read from tables is remembered."""
    for name, module in list(sys.modules.items()):
        if name.startswith("bilan.science"):
            for kept in vars(module).values():
                if hasattr(kept, "cache_clear"):
                    kept.cache_clear()


@pytest.fixture
def forgotten() -> Iterator[None]:
    yield
    forget()


@pytest.mark.parametrize("name", CASES)
@pytest.mark.usefixtures("forgotten")
def test_a_changed_limit_changes_the_verdict(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    case = CASES[name]
    assert case.judge() == case.before
    changed = Changed(case)
    with monkeypatch.context() as patched:
        patched.setattr(tables, "resources", changed)
        forget()
        assert case.judge() == case.after
    assert changed.rows


def test_every_medium_has_such_a_limit() -> None:
    assert {name.partition(",")[0].replace(" ", "_") for name in CASES} == MEDIA
