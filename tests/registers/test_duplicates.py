"""Finding entries that may be one thing."""

from __future__ import annotations

from typing import Any

import pytest

from bilan.registers import duplicates
from bilan.registers.declared import declared
from bilan.registers.models import Entry, Suspicion
from bilan.registers.writing import merge, undo
from tests.registers.entries import PLATFORM, plant, point

USCC = "91350100M000100Y43"


def found() -> dict[frozenset[str], list[dict[str, Any]]]:
    duplicates.refresh(declared().registers["test-plant"])
    pairs = Suspicion.objects.filter(register="test-plant", different__isnull=True).select_related("first", "second")
    return {frozenset((pair.first.code, pair.second.code)): pair.reasons for pair in pairs}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("晋江东石纺织有限公司", "晋江（东石）纺织 有限责任公司"),
        ("ＡＢＣ化工", "abc 化工"),
        ("甲厂", "甲厂"),
    ],
)
def test_names_that_mean_the_same(one: str, other: str) -> None:
    first, second = plant(name=one), plant(name=other)
    assert [reason["by"] for reason in found()[frozenset((first.code, second.code))]] == ["name"]
    Entry.objects.filter(pk__in=[first.pk, second.pk]).update(archived=True)


@pytest.mark.parametrize("lat", [0.0, 24.85, 60.0])
def test_places_within_fifty_metres(lat: float) -> None:
    here = plant(name=f"此处{lat}", geometry=point(118.5, lat))
    near = plant(name=f"近处{lat}", geometry=point(118.5, lat + 0.0004))
    far = plant(name=f"远处{lat}", geometry=point(118.5, lat - 0.0005))
    pairs = found()
    assert pairs[frozenset((here.code, near.code))] == [{"by": "place", "metres": pytest.approx(44.4, abs=0.4)}]
    assert frozenset((here.code, far.code)) not in pairs


def test_a_shared_credit_code_weighs_most() -> None:
    first = plant(name="信用一", uscc=USCC)
    second = plant(name="信用二")
    Entry.objects.filter(pk=second.pk).update(data={**second.data, "uscc": USCC})
    pairs = found()
    assert [reason["by"] for reason in pairs[frozenset((first.code, second.code))]] == ["uscc"]
    strongest = Suspicion.objects.filter(register="test-plant").order_by("-weight").first()
    assert strongest is not None
    assert {strongest.first_id, strongest.second_id} == {first.pk, second.pk}


def test_what_a_person_decided_is_remembered() -> None:
    first, second = plant(name="双生厂"), plant(name="双生厂")
    key = frozenset((first.code, second.code))
    assert key in found()
    duplicates.judged_different(Suspicion.objects.get(first=first, second=second), "甲", "两个院子")
    assert key not in found()
    assert Suspicion.objects.get(first=first, second=second).note == "两个院子"


def test_a_value_that_very_many_share_says_nothing() -> None:
    for _number in range(duplicates.LARGEST + 1):
        plant(name="无名厂")
    assert not any(reason["by"] == "name" and reason["text"] == "无名厂" for reasons in found().values() for reason in reasons)


def test_merging_takes_a_pair_off_and_undoing_brings_the_entry_back() -> None:
    keep, other = plant(name="并厂"), plant(name="并厂")
    key = frozenset((keep.code, other.code))
    assert key in found()
    change = merge(keep, [other], PLATFORM)
    assert key not in found()
    undo(change, PLATFORM)
    back = Entry.objects.get(pk=other.pk)
    assert (back.archived, back.merged_id) == (False, None)
    assert key in found()
