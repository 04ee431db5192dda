"""Classes of soil against what the standards print, and against what ministries publish."""

from __future__ import annotations

import csv
import dataclasses
import math

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bilan.problems import BilanError
from bilan.science import soil
from bilan.science.standards.soil import farmland as farmland_rules
from tests.shared import shared

METALS = ("cd_soil", "hg_soil", "as_soil", "pb_soil", "cr_soil")
SYMBOLS = {symbol: f"{symbol.lower()}_soil" for symbol in ("Cd", "Hg", "As", "Pb", "Cr", "Cu", "Ni", "Zn")}


def judged(**values):
    return soil.judge_farmland(pl.DataFrame({name: [value] for name, value in values.items()})).row(0, named=True)


def test_every_value_of_the_farmland_tables_is_a_bound():
    """GB 15618-2018 Tables 1 and 3 as transcribed: at the value the class holds, just above it the next one begins."""
    with shared("reference", "soil_agri.csv").open(encoding="utf-8") as table:
        rows = [row for row in csv.DictReader(table) if row["table"] in ("1", "3")]
    assert len(rows) == 76
    for symbol, column in SYMBOLS.items():
        own = [row for row in rows if row["symbol"] == symbol]
        ph = [float(row["ph_upper"]) if row["ph_upper"] else 8.5 for row in own]
        use = [{"paddy": "paddy", "orchard": "orchard"}.get(row["land_use_en"], "other") for row in own]
        floors = [1 if row["value_type"] == "screening" else 2 for row in own]
        frame = pl.DataFrame({"ph": ph, "land_use": use, column: [float(row["value"]) for row in own]})
        assert soil.judge_farmland(frame)[f"class_{column}"].to_list() == floors
        above = soil.judge_farmland(frame.with_columns(pl.col(column) * 1.0001))
        assert above[f"class_{column}"].to_list() == [floor + 1 for floor in floors]


def test_every_value_of_the_construction_tables_is_a_bound():
    """GB 36600-2018 Tables 1 and 2 as transcribed."""
    with shared("reference", "soil_construction.csv").open(encoding="utf-8") as table:
        rows = {row["item_zh"]: row for row in csv.DictReader(table)}
    assert len(rows) == 46
    for land in (1, 2):
        known = soil.construction_at().items.values()
        bounds = {
            entry.column: [float(rows[entry.name_zh][f"{kind}_class_{land}"]) for kind in ("screening", "intervention")] for entry in known
        }
        values = {column: [low, low * 1.0001, high, high * 1.0001] for column, (low, high) in bounds.items()}
        found = soil.judge_construction(pl.DataFrame({"land_class": [land] * 4, **values}))
        for column, (low, high) in bounds.items():
            assert found[f"class_{column}"].to_list() == ([1, 2, 2, 3] if high > low else [1, 3, 1, 3]), column


def test_the_ph_belongs_to_the_band_below():
    """GB 15618-2018 Table 1: pH ≤ 5.5, 5.5 < pH ≤ 6.5, 6.5 < pH ≤ 7.5, pH > 7.5."""
    values = [soil.farmland_at().items["pb_soil"].screening_value(ph) for ph in (5.5, 5.51, 6.5, 6.51, 7.5, 7.51)]
    assert values == [70.0, 90.0, 90.0, 120.0, 120.0, 170.0]


def test_a_rotation_takes_the_stricter_value():
    """GB 15618-2018 Table 1, note: cadmium of dry land, arsenic of paddy."""
    items = soil.farmland_at().items
    assert items["cd_soil"].screening_value(7.0, "rotation") == 0.3
    assert items["as_soil"].screening_value(7.0, "rotation") == 25
    row = judged(ph=7.0, land_use="水旱轮作", cd_soil=0.5, as_soil=27.0)
    assert (row["class_cd_soil"], row["class_as_soil"], row["main"]) == (2, 2, "Cd,As")


def test_copper_nickel_and_zinc_do_not_set_the_class():
    """环办土壤[2019]53号: the class rests on Cd, Hg, As, Pb and Cr."""
    row = judged(ph=6.0, cd_soil=0.1, cu_soil=80.0, zn_soil=500.0)
    assert (row["grade"], row["attained"], row["main"], row["deciding"]) == (1, False, "Zn,Cu", "")


def test_missing_values_follow_the_rule():
    row = judged(ph=None, cd_soil=9.0, bap_soil=0.6)
    assert (row["class_cd_soil"], row["grade"], row["valid"], row["class_bap_soil"]) == (None, None, False, 2)
    assert row["unverified"] == ""
    row = judged(ph=6.0, cd_soil=None, pb_soil=float("nan"), as_soil=-1.0, hg_soil=0.1)
    assert (row["grade"], row["items"], row["unverified"]) == (1, 1, "")
    frame = pl.DataFrame({"ph": [6.0, 6.0], "cd_soil": ["<0.7", "0.4L"]})
    assert soil.judge_farmland(frame)["class_cd_soil"].to_list() == [2, 1]


def test_without_its_class_construction_land_is_not_judged():
    frame = pl.DataFrame({"land_class": [None, "第一类用地", "3"], "pb_soil": [900.0] * 3})
    assert soil.judge_construction(frame).select("grade", "valid").rows() == [(None, False), (3, True), (None, False)]


def test_arsenic_within_the_local_background_is_not_polluted():
    """GB 36600-2018 Table 1, note 1."""
    frame = pl.DataFrame({"land_class": [1, 1, 1], "as_soil": [30.0, 30.0, 130.0], "background_as_soil": [35.0, None, 20.0]})
    found = soil.judge_construction(frame)
    assert found.select("class_as_soil", "attained").rows() == [(1, True), (2, False), (3, False)]
    assert "local background" in soil.explain_construction(frame.row(0, named=True)).text("en")


def test_problems_name_the_nearest():
    with pytest.raises(BilanError) as caught:
        soil.judge_farmland(pl.DataFrame({"ph": [6.0], "cd_soil": [0.1]}), items=["cd_sol"])
    assert "nearest: cd_soil" in caught.value.text("en")
    with pytest.raises(BilanError):
        soil.judge_farmland(pl.DataFrame({"ph": [6.0]}))
    with pytest.raises(BilanError):
        soil.judge_construction(pl.DataFrame({"pb_soil": [1.0]}))


few = settings(max_examples=10, deadline=None)
contents = st.floats(min_value=0.0, max_value=5000.0, allow_nan=False)
phs = st.floats(min_value=3.0, max_value=11.0)
uses = st.sampled_from(soil.LAND_USES)


@few
@given(contents, contents, phs, uses, st.sampled_from(METALS))
def test_more_of_a_metal_never_improves_the_class(one, other, ph, use, metal):
    low, high = sorted((one, other))
    frame = pl.DataFrame({"ph": [ph, ph], "land_use": [use, use], metal: [low, high]})
    first, second = soil.judge_farmland(frame)["grade"].to_list()
    assert first <= second


@few
@given(st.permutations(METALS), phs, st.lists(contents, min_size=5, max_size=5))
def test_the_order_of_columns_does_not_matter(order, ph, values):
    row = dict(zip(METALS, values, strict=True))
    plain, shuffled = (judged(ph=ph, **{name: row[name] for name in names}) for names in (METALS, order))
    assert plain == shuffled


@few
@given(phs, uses, st.lists(contents, min_size=5, max_size=5))
def test_the_explanation_says_what_the_frame_says(ph, use, values):
    sample = {"ph": ph, "land_use": use, **dict(zip(METALS, values, strict=True))}
    row, why = judged(**sample), soil.explain_farmland(sample)
    assert (why.grade, ",".join(why.main)) == (row["grade"], row["main"])
    for entry in why.items:
        limit = entry.limits[0].value
        assert (entry.factor is not None) == (entry.value > limit)
        assert entry.factor is None or math.isclose(entry.factor, entry.value / limit - 1, abs_tol=1e-6)


def test_a_changed_limit_changes_the_verdict(monkeypatch):
    known = soil.farmland_at()
    cadmium = known.items["cd_soil"]
    softer = {use: tuple(dataclasses.replace(band, value=band.value * 2) for band in bands) for use, bands in cadmium.screening.items()}
    changed = dataclasses.replace(known, items={**known.items, "cd_soil": dataclasses.replace(cadmium, screening=softer)})
    assert judged(ph=6.0, cd_soil=0.5)["grade"] == 2
    monkeypatch.setattr(farmland_rules, "farmland_at", lambda: changed)
    assert judged(ph=6.0, cd_soil=0.5)["grade"] == 1


def test_explanations_in_both_languages():
    why = soil.explain_farmland({"ph": 8.1, "land_use": "其他", "as_soil": 120.0, "zn_soil": 350.0})
    said = why.text().splitlines()
    assert said[0] == "3 类（严格管控类）：GB 15618-2018 表 1–3，2018-08-01 起施行"
    assert said[1] == "砷 120 mg/kg：超管制值；筛选值 25、管制值 100；超标 3.80 倍；决定结果；表 1, 表 3，一个来源核实"
    assert said[-1] == "超标项目：As、Zn"
    assert "Zinc (Zn) 350 mg/kg: over the screening value" in why.text("en")
    assert why.missing == ("Cd", "Hg", "Pb", "Cr")
    assert why.as_dict()["items"][0]["limits"][0]["value"] == 25.0
