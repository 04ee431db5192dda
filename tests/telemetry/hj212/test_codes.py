from __future__ import annotations

import csv

from bilan.telemetry.hj212.codes import modern, old, pairs
from tests.shared import shared


def test_pairs_are_those_of_the_reference_table():
    with shared("reference", "pollutant_codes.csv").open(encoding="utf-8", newline="") as file:
        reference = {row["code"]: (row["old_code"], row["confidence"]) for row in csv.DictReader(file) if row["old_code"]}
    assert {pair.code: (pair.old_code, pair.confidence) for pair in pairs()} == reference


def test_both_directions_are_one_to_one():
    assert all(old(modern(pair.old_code)) == pair.old_code and modern(old(pair.code)) == pair.code for pair in pairs())
