"""The limits are those of the reference tables, which name the standards they were read in."""

from __future__ import annotations

import csv
from datetime import date

import pytest

from bilan.problems import BilanError
from bilan.science import emissions
from bilan.science.tables import table
from tests.shared import shared


def printed(row):
    """The limit as the reference writes it."""
    if not row["limit_low"]:
        return row["limit"] or row["limit_text"]
    return f"{row['limit_low']}-{row['limit']}" if row["limit"] else f">={row['limit_low']}"


def test_every_row_of_the_reference_is_carried_with_its_limit_clause_and_confidence():
    with shared("reference", "emission_limits.csv").open(encoding="utf-8") as file:
        expected = list(csv.DictReader(file))
    columns = ("standard", "source_type", "item_en", "averaging_text", "condition", "clause", "confidence")
    ours = {(*(row[column] for column in columns), printed(row)) for row in table("emission_limits")}
    keys = ("standard", "source_type", "pollutant", "averaging", "condition", "table_or_clause", "confidence", "limit")
    assert {tuple(row[key] for key in keys) for row in expected} == ours


def test_no_unknown_limit_became_zero():
    unknown = [row for row in table("emission_limits") if row["status"] == "value_unknown"]
    assert len(unknown) == 14
    assert all(row["limit"] == row["limit_low"] == "" for row in unknown)
    assert all(
        entry.high != 0
        for key in emissions.sources()
        for averaging in emissions.averagings(key)
        for entry in emissions.limits_of(key, averaging)
    )


# GB 13223-2011 Tables 1 and 2, GB 13271-2014 Tables 2 and 3, GB 18485-2014 Table 4, GB 18918-2002 Table 1 (1A), as printed.
@pytest.mark.parametrize(
    ("source", "averaging", "item", "conditions", "expected"),
    [
        ("gb13223-coal", "hour", "dust", (), 30),
        ("gb13223-coal", "hour", "so2", ("new",), 100),
        ("gb13223-coal", "hour", "so2", ("existing_high_sulfur",), 400),
        ("gb13223-coal", "hour", "nox", ("w_flame",), 200),
        ("gb13223-coal-special", "hour", "so2", (), 50),
        ("gb13223-gas-turbine", "hour", "nox", (), 50),
        ("gb13271-coal", "hour", "dust", (), 50),
        ("gb13271-gas-special", "hour", "nox", (), 150),
        ("gb18485", "day", "so2", (), 80),
        ("gb18918-1a", "day", "cod", (), 50),
        ("gb18918-1a", "day", "nh3n", ("cold",), 8),
        ("gb18918-1a", "day", "tp", ("from_2006",), 0.5),
    ],
)
def test_limits_as_printed(source, averaging, item, conditions, expected):
    assert emissions.choose(source, averaging, date(2025, 6, 1), conditions)[item].limit.high == expected


def test_reference_oxygen_as_printed():
    expected = {
        "gb13223-coal": 6,
        "gb13223-oil": 3,
        "gb13223-gas-turbine": 15,
        "gb13271-coal": 9,
        "gb13271-gas": 3.5,
        "gb18485": 11,
        "gb25464-kiln": 18,
    }
    found = {key: emissions.choose(key, "hour", date(2026, 4, 1))["dust"].limit.reference_o2 for key in expected}
    assert found == expected


def test_the_strictest_holds_and_is_said_where_the_deciding_condition_is_not_told():
    choice = emissions.choose("gb18918-1a", "day", date(2026, 4, 1))["nh3n"]
    assert (choice.limit.high, choice.assumed) == (5, True)
    assert not emissions.choose("gb18918-3", "day", date(2026, 4, 1))["tp"].assumed


def test_ceramics_changed_their_reference_oxygen_with_the_amendment():
    before, after = (
        emissions.choose("gb25464-kiln", "hour", day, ["oil_gas"])["nox"].limit for day in (date(2014, 12, 11), date(2014, 12, 12))
    )
    assert (before.high, before.reference_o2) == (300, 8.6)
    assert (after.high, after.reference_o2) == (180, 18)


def test_instantaneous_values_of_2026_exist_but_are_not_known():
    assert emissions.choose("gb18918-1a", "instant", date(2026, 2, 28)) == {}
    known = emissions.choose("gb18918-1a", "instant", date(2026, 3, 1))
    assert {item for item, choice in known.items() if not choice.limit.known} == {"fc", "cod", "nh3n", "tn", "tp"}
    assert (known["ph"].limit.low, known["ph"].limit.high, known["colour"].limit.high) == (6, 9, 30)


def test_units_of_the_table_become_those_of_measurements():
    limit = emissions.choose("gb16297-boundary", "hour", date(2026, 1, 1))["fluorides_air"].limit
    assert (limit.high, limit.unit) == (pytest.approx(0.02), "mg/m3")


@pytest.mark.parametrize(
    "call", [lambda: emissions.limits_of("gb13223-cola", "hour"), lambda: emissions.choose("gb18485", "hour", None, ["warmish"])]
)
def test_unknown_names_are_refused_with_the_nearest(call):
    with pytest.raises(BilanError) as error:
        call()
    assert error.value.problems[0].values["nearest"] in {"gb13223-coal", "warm"}


def test_no_condition_of_the_limits_is_without_a_name():
    assert {row["when"] for row in table("emission_limits") if row["when"]} == set(emissions.conditions())
    assert {key for row in table("emission_limits") for key in row["group"].split("|")} == set(emissions.sources())
