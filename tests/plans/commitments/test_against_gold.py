"""The grammar against the annotated parts of two real plans, which were both read while it was written: floors that it must keep."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from types import ModuleType

import pytest

from bilan.plans.commitments import Read, commitments
from bilan.plans.reader import read
from tests.shared import shared


@pytest.fixture(scope="module")
def scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score_plan", shared("tools", "score_plan.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def as_rows(found: list[Read]) -> Iterator[dict[str, str]]:
    for one in found:
        yield {
            "sentence_zh": one.sentence,
            "metric_zh": one.metric,
            "comparator": one.comparator,
            "value": one.wording if one.value is None else repr(one.value),
            "unit": one.unit,
            "deadline": one.deadline,
            "kind": one.kind,
            "line": str(one.line),
            "id": "",
        }


@pytest.mark.parametrize(
    ("plan", "gold", "lines"),
    [
        ("quanzhou_five_year_plan.txt", "gold_quanzhou_part.csv", ((1, 390), (600, 698))),
        ("xiamen_work_plan.txt", "gold_xiamen_part.csv", ((1, 50),)),
    ],
)
def test_numbers_are_found_with_their_fields(scorer: ModuleType, plan: str, gold: str, lines: tuple[tuple[int, int], ...]) -> None:
    wanted = scorer.rows(shared("plans", gold), lines)
    found = [
        one for one in as_rows(commitments(read(shared("plans", plan)))) if any(low <= int(one["line"]) <= high for low, high in lines)
    ]
    wanted = [one for one in wanted if scorer.number(one["value"]) is not None]
    found = [one for one in found if scorer.number(one["value"]) is not None]
    pairs = scorer.match(wanted, found)
    precision, recall = len(pairs) / len(found), len(pairs) / len(wanted)
    whole = sum(all(scorer.same(field, wanted[i], found[j]) for field in scorer.FIELDS) for i, j in pairs) / len(wanted)
    assert 2 * precision * recall / (precision + recall) >= 0.98
    assert whole >= 0.94
