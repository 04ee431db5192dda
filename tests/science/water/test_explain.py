from __future__ import annotations

import json

import pytest

from bilan.problems import BilanError
from bilan.science import water

SAMPLE = {"ph": 7.2, "do": 4.1, "nh3n": 3.1, "tp": "<0.01", "tn": 3.0, "section_type": "lake", "target_class": 3}


def test_it_names_limits_clause_and_what_decided():
    why = water.explain(SAMPLE)
    ammonia = next(item for item in why.items if item.column == "nh3n")
    assert (why.grade, why.deciding, why.main, why.attained) == (6, ("NH3-N",), ("NH3-N", "DO"), False)
    assert (ammonia.limits[2], ammonia.clause, ammonia.confidence, ammonia.decides) == (1.0, "表1 第7项", "verified_2plus", True)
    assert ammonia.factor == pytest.approx(2.1)
    assert "CODMn" in why.missing


def test_nitrogen_is_shown_and_does_not_count():
    nitrogen = next(item for item in water.explain(SAMPLE).items if item.column == "tn")
    assert (nitrogen.water_class, nitrogen.counted, nitrogen.decides) == (6, False, False)
    assert "不参评" in nitrogen.text()


def test_both_languages_say_it_whole():
    why = water.explain(SAMPLE)
    chinese, english = why.text().splitlines(), why.text("en").splitlines()
    assert len(chinese) == len(english) == 8
    assert chinese[0].startswith("劣Ⅴ类（重度污染）")
    assert english[0].startswith("Worse than class V (heavy pollution)")
    assert "超标 2.10 倍" in chinese[1]
    assert "2.10 times over" in english[1]
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in why.text("en"))


def test_it_goes_into_json():
    assert json.loads(json.dumps(water.explain(SAMPLE).as_dict()))["grade"] == 6


def test_nothing_measured():
    why = water.explain({"do": None})
    assert why.grade is None
    assert "没有可参评的值" in why.text()


def test_no_item_at_all():
    with pytest.raises(BilanError):
        water.explain({"colour": 3})
