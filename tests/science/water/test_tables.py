from __future__ import annotations

import pytest

from bilan.pack.vocab import vocabulary
from bilan.science import water
from bilan.science.standards.water.words import class_number
from bilan.science.tables import table


def test_item_columns_are_those_of_the_vocabulary():
    known = vocabulary()
    for item in water.version_at().items.values():
        assert known.by_column(item.column).code == item.code


def test_twenty_one_items_count():
    counted = [item for item in water.version_at().items.values() if item.counted]
    assert len(counted) == 21
    assert {"tn", "wt", "fc"}.isdisjoint(item.column for item in counted)


@pytest.mark.parametrize("name", ["limits", "rules", "status", "classes", "tli", "tli_grades", "spearman", "black_odorous"])
def test_every_row_says_how_certain_it_is(name):
    assert {row["confidence"] for row in table(f"surface_water_{name}")} <= {"verified_2plus", "verified_1", "derived", "memory_only"}


@pytest.mark.parametrize(
    ("text", "number"),
    [("Ⅰ类", 1), ("II类", 2), ("Ⅲ", 3), ("IV", 4), ("五类", 5), ("劣Ⅴ类", 6), ("劣V", 6), (">V", 6), ("-1", None)],
)
def test_classes_as_people_write_them(text, number):
    assert class_number(text) == number
