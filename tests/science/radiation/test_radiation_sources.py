"""Classes of radioactive sources against the table of 2005 and the rule of IAEA RS-G-1.9."""

from __future__ import annotations

import csv

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from bilan.problems import BilanError
from bilan.science import radiation
from tests.shared import shared

names = st.sampled_from(sorted(radiation.nuclides()))
activities = st.floats(min_value=1e2, max_value=1e19)


def test_every_bound_of_the_table_belongs_to_its_class():
    with shared("reference", "radiation_sources.csv").open(encoding="utf-8") as table:
        rows = [row for row in csv.DictReader(table) if row["kind"] == "nuclide_activity_bq"]
    assert len(rows) == 30
    for row in rows:
        bounds = [float(part.split(">=")[1]) for part in row["value"].split(";")]
        assert [radiation.source_class(row["key"], bound) for bound in bounds] == [1, 2, 3, 4, 5]
        assert [radiation.source_class(row["key"], bound * 0.999) for bound in bounds] == [2, 3, 4, 5, radiation.EXEMPT]


def test_the_bounds_are_those_of_the_iaea():
    """IAEA RS-G-1.9 Table 2: A/D ≥ 1000, 10, 1, 0.01; D of Co-60 is 0.03 TBq, of Cs-137 0.1 TBq (Table I-2)."""
    for entry in radiation.nuclides().values():
        ratios = [entry.bounds[number] / entry.dangerous for number in (1, 2, 3, 4)]
        assert ratios == pytest.approx([1000, 10, 1, 0.01])
    assert (radiation.find("Co-60").dangerous, radiation.find("Cs-137").dangerous) == (0.03e12, 0.1e12)


def test_bounds_agree_with_those_of_the_code_of_federal_regulations():
    """10 CFR 73 Appendix I, categories 1 and 2 [TBq], which take the values of the IAEA."""
    published = {
        "Am-241": (60, 0.6), "Cf-252": (20, 0.2), "Cm-244": (50, 0.5), "Co-60": (30, 0.3), "Cs-137": (100, 1), "Gd-153": (1000, 10),
        "Ir-192": (80, 0.8), "Pm-147": (40000, 400), "Pu-238": (60, 0.6), "Ra-226": (40, 0.4), "Se-75": (200, 2), "Sr-90": (1000, 10),
        "Tm-170": (20000, 200), "Yb-169": (300, 3),
    }  # fmt: skip
    for name, (first, second) in published.items():
        bounds = radiation.find(name).bounds
        assert (bounds[1], bounds[2]) == pytest.approx((first * 1e12, second * 1e12)), name


def test_a_class_is_doubted_only_where_it_rests_on_a_doubted_bound():
    rows = pl.DataFrame({"nuclide": ["Ir-192"] * 4 + ["Kr-85"], "activity": [8e8, 7e8, 9e3, 0.0, 3e16]})
    found = radiation.judge(rows)
    assert found.select("grade", "unverified").rows() == [(4, ""), (5, "Ir-192"), (6, "Ir-192"), (None, ""), (1, "Kr-85")]
    for row in found.filter(pl.col("valid")).iter_rows(named=True):
        assert ",".join(radiation.explain(row["nuclide"], row["activity"]).unverified) == row["unverified"]


def test_sources_kept_together():
    """A/D = Σ Aᵢ/Dᵢ (IAEA RS-G-1.9): two sources of class IV make one of class III."""
    total, grade = radiation.aggregate([("Co-60", 2.4e10), ("Cs-137", 4e10)])
    assert (total, grade) == (pytest.approx(1.2), 3)
    assert {radiation.source_class("Co-60", 2.4e10), radiation.source_class("Cs-137", 4e10)} == {4}


@settings(max_examples=60, deadline=None)
@given(names, activities, activities)
def test_more_activity_never_lowers_the_class(nuclide, one, other):
    low, high = sorted((one, other))
    assert radiation.source_class(nuclide, high) <= radiation.source_class(nuclide, low)
    total, grade = radiation.aggregate([(nuclide, low), (nuclide, high)])
    assert grade <= min(5, radiation.source_class(nuclide, high))
    assert total == pytest.approx(radiation.aggregate([(nuclide, high), (nuclide, low)])[0])


def test_codes_of_sources():
    """放射源编码规则 (2004): twelve characters."""
    found = radiation.read_code("us15co00A1N3")
    assert (found.maker, found.year, found.nuclide, found.serial, found.source_class) == ("US", "15", "Co-60", "00A1N", 3)
    for text in ("0118CS00001", "0118CS000016", "1A18CS000014"):
        with pytest.raises(BilanError):
            radiation.read_code(text)


def test_problems_and_explanations():
    with pytest.raises(BilanError) as caught:
        radiation.source_class("Co-61", 1e9)
    assert "Co-60" in caught.value.text()
    with pytest.raises(BilanError):
        radiation.source_class("Co-60", float("nan"))
    assert radiation.explain("Kr-85", 1e16).unverified == ("Kr-85",)
    assert radiation.explain("Ir-192", 1e12).unverified == ()
    assert radiation.explain("Ir-192", 1e6).unverified == ("Ir-192",)
    assert "Ⅱ类" in radiation.explain("Ir-192", 1e12).text()


def test_tables_of_sources_on_polars_and_duckdb():
    rows = pl.DataFrame(
        {
            "room": [f"r{at % 4}" for at in range(24)],
            "nuclide": [sorted(radiation.nuclides())[at % 20] if at else "X-1" for at in range(24)],
            "activity": [0.0 if at == 5 else 10.0 ** (at % 12 + 4) for at in range(24)],
        }
    )
    judged = radiation.judge(rows)
    for row in judged.iter_rows(named=True):
        known = row["nuclide"] != "X-1" and row["activity"] > 0
        assert row["grade"] == (radiation.source_class(row["nuclide"], row["activity"]) if known else None)
    order = ["room", "nuclide", "activity"]
    assert_frame_equal(judged.sort(order), radiation.judge(duckdb.sql("SELECT * FROM rows")).pl().sort(order), check_dtypes=False)
    rooms = radiation.aggregate_by(rows, ["room"]).sort("room")
    theirs = radiation.aggregate_by(duckdb.sql("SELECT * FROM rows"), ["room"]).pl().sort("room")
    assert_frame_equal(rooms, theirs, check_dtypes=False, check_column_order=False)
    for row in rooms.iter_rows(named=True):
        own = judged.filter((pl.col("room") == row["room"]) & pl.col("valid"))
        assert row["grade"] == radiation.aggregate(list(own.select("nuclide", "activity").iter_rows()))[1]
