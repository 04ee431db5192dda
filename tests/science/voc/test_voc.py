"""Species of the photochemical stations against published factors."""

from __future__ import annotations

import csv

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from bilan.pack.vocab import vocabulary
from bilan.problems import BilanError
from bilan.science import voc
from tests.shared import shared

AMOUNT = st.floats(0, 500)


def test_species_are_those_of_the_reference_and_of_the_vocabulary():
    with shared("reference", "voc_mir.csv").open(encoding="utf-8") as file:
        rows = {row["cas"]: row for row in csv.DictReader(file)}
    ours = {entry.cas: entry for entry in voc.species().values() if entry.cas}
    assert len(ours) == 57
    assert ours.keys() == rows.keys()
    for cas, entry in ours.items():
        assert (entry.mir, entry.koh) == (float(rows[cas]["mir_g_o3_per_g_voc"]), float(rows[cas]["koh_1e12_cm3_molecule_s"]))
        assert vocabulary().by_code[entry.code].column == entry.item


@pytest.mark.parametrize(
    ("species", "mir"),
    # https://alex870521.github.io/AeroViz/theory/ofp/ "Typical MIR values"
    [
        ("ethane", 0.28),
        ("propane", 0.49),
        ("ethylene", 9.00),
        ("propylene", 11.66),
        ("toluene", 4.00),
        ("mp_xylene", 7.80),
        ("isoprene", 10.61),
    ],
)
def test_ozone_potential_of_a_microgram_is_the_published_reactivity(species, mir):
    assert voc.ozone_potential(pl.DataFrame({species: [1.0]}))["ofp"][0] == pytest.approx(mir, abs=0.006)


@pytest.mark.parametrize(
    ("species", "temperature", "mass"),
    # Benzene at 25 C: published conversion table, 1 ppb = 3.19 ug/m3; toluene at 23 C: 3.79 (molar mass 92.0).
    [("benzene", 25, 3.19), ("toluene", 23, 3.79)],
)
def test_mass_of_a_ppb_as_published(species, temperature, mass):
    found = voc.to_mass(pl.DataFrame({species: [1.0]}), temperature=temperature)[species][0]
    assert found == pytest.approx(mass, abs=0.007)


def test_oh_reactivity_of_a_ppb_of_isoprene():
    # 1 ppb is 2.46e10 molecules/cm3 at 298 K and 1 atm; k(OH + isoprene) = 1.00e-10 cm3/(molecule s) (Atkinson and Arey 2003).
    assert voc.oh_reactivity(pl.DataFrame({"isoprene": [1.0]}), unit="ppb")["loh"][0] == pytest.approx(2.46, abs=0.005)


@settings(max_examples=25, deadline=None)
@given(AMOUNT, AMOUNT)
def test_units_do_not_matter(toluene, ethylene):
    ppb = pl.DataFrame({"toluene": [toluene], "ethylene": [ethylene]})
    mass = voc.to_mass(ppb)
    for rule, name in ((voc.ozone_potential, "ofp"), (voc.oh_reactivity, "loh")):
        assert rule(ppb, unit="ppb")[name][0] == pytest.approx(rule(mass)[name][0])


@settings(max_examples=25, deadline=None)
@given(AMOUNT, AMOUNT)
def test_more_of_a_species_never_lowers_the_sum(one, other):
    low, high = sorted((one, other))
    frame = pl.DataFrame({"benzene": [low, high], "propane": [3.0, 3.0]})
    for rule, name in ((voc.ozone_potential, "ofp"), (voc.oh_reactivity, "loh")):
        first, second = rule(frame)[name]
        assert first <= second


def test_missing_species_are_left_out_and_nothing_at_all_is_empty():
    frame = pl.DataFrame({"benzene": [1.0, None, -1.0], "ethylene": [None, None, float("nan")]}, schema_overrides={"ethylene": pl.Float64})
    assert voc.ozone_potential(frame)["ofp"].to_list() == [0.72, None, None]


def test_xylenes_count_once():
    frame = pl.DataFrame({"1_3_dimethylbenzene": [1.0], "1_4_dimethylbenzene": [1.0], "mp_xylene": [2.0], "ethylbenzene": [1.0]})
    assert voc.ozone_potential(frame)["ofp"][0] == pytest.approx(9.75 + 5.84 + 3.04)
    assert voc.ozone_potential(frame.drop("1_4_dimethylbenzene"))["ofp"][0] == pytest.approx(2 * 7.795 + 3.04)
    assert voc.ratios(frame, unit="ppb")["ratio_xe"][0] == 2.0


def test_ratios_are_of_mixing_ratios():
    mass = voc.to_mass(pl.DataFrame({"benzene": [0.6], "toluene": [1.2]}))
    assert voc.ratios(mass)["ratio_bt"][0] == pytest.approx(0.5)
    assert voc.ratios(pl.DataFrame({"benzene": [0.6], "toluene": [0.0]}))["ratio_bt"][0] is None


def test_top_species_within_groups_on_two_engines():
    frame = pl.DataFrame({"point": ["a", "a", "b"], "toluene": [10.0, 20.0, 1.0], "ethylene": [1.0, 1.0, 4.0], "ethane": [9.0, 9.0, None]})
    ours = voc.top_species(frame, "ofp", count=2, groups=["point"])
    assert ours.select("point", "species", "rank").rows() == [
        ("a", "toluene", 1),
        ("a", "ethylene", 2),
        ("b", "ethylene", 1),
        ("b", "toluene", 2),
    ]
    assert ours.filter(pl.col("point") == "b")["share"].sum() == pytest.approx(1)
    theirs = voc.top_species(duckdb.sql("SELECT * FROM frame"), "ofp", count=2, groups=["point"]).pl()
    assert_frame_equal(ours, theirs, check_dtypes=False)


def test_no_species_and_unknown_units_are_refused():
    for call in (
        lambda: voc.ozone_potential(pl.DataFrame({"so2": [1.0]})),
        lambda: voc.oh_reactivity(pl.DataFrame({"benzene": [1.0]}), unit="ppm"),
    ):
        with pytest.raises(BilanError):
            call()
