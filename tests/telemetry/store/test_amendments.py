"""Review is laid over the values and can be taken back; what is final stays closed."""

from __future__ import annotations

import pytest

from bilan.problems import BilanError
from bilan.telemetry.clock import DAY, HOUR
from bilan.telemetry.model import Reading, SeriesKey
from bilan.telemetry.store import INVALIDATED, Amendment, Store


@pytest.fixture
def one(store: Store) -> int:
    (number,) = store.catalogue.series_ids([SeriesKey("P", "a34004", "mean", "hour")])
    store.write("hour", [Reading(number, hour * HOUR, HOUR, float(hour)) for hour in range(4)], arrived=1)
    store.dirty.done(store.dirty.take(100))
    return number


def amend(store: Store, one: int, kind: str, begin: int = 0, end: int = 4, **more: object) -> None:
    store.amend(Amendment(one, begin * HOUR, end * HOUR, kind, "reviewer", "span check", **more))  # type: ignore[arg-type]


def values(store: Store, one: int, level: str = "reviewed") -> list[tuple[float | None, str]]:
    return store.scan([one], 0, DAY, "hour", level=level).select("value", "flag").rows()


def test_each_kind_does_what_it_says(store: Store, one: int) -> None:
    amend(store, one, "replace", 0, 1, value=9.0)
    amend(store, one, "invalidate", 1, 2)
    amend(store, one, "flag", 2, 3, flag="C")
    assert values(store, one) == [(9.0, "N"), (None, INVALIDATED), (2.0, "C"), (3.0, "N")]
    assert values(store, one, "raw") == [(0.0, "N"), (1.0, "N"), (2.0, "N"), (3.0, "N")]
    assert [mark.hour for mark in store.dirty.take(10)] == [2 * HOUR, HOUR, 0]


def test_the_last_decision_counts_and_restoring_takes_all_back(store: Store, one: int) -> None:
    amend(store, one, "invalidate")
    amend(store, one, "replace", 0, 1, value=7.0)
    assert values(store, one)[:2] == [(7.0, "N"), (None, INVALIDATED)]
    amend(store, one, "restore", 0, 2)
    assert values(store, one)[:3] == [(0.0, "N"), (1.0, "N"), (None, INVALIDATED)]
    assert [entry.kind for entry in store.amendments([one])] == ["invalidate", "replace", "restore"]


def test_levels_say_how_far_review_has_come(store: Store, one: int) -> None:
    amend(store, one, "invalidate", 0, 1, rule="persistence")
    amend(store, one, "invalidate", 1, 2)
    amend(store, one, "final", 2, 3)
    assert [value for value, _ in values(store, one, "flagged")] == [None, 1.0, 2.0, 3.0]
    assert [value for value, _ in values(store, one)] == [None, None, 2.0, 3.0]
    assert values(store, one, "final") == [(2.0, "N")]


def test_what_is_final_must_be_restored_before_it_is_amended(store: Store, one: int) -> None:
    amend(store, one, "final")
    with pytest.raises(BilanError) as refused:
        amend(store, one, "invalidate", 1, 2)
    assert refused.value.problems[0].code == "store.amendment_final"
    amend(store, one, "restore", 1, 2)
    amend(store, one, "invalidate", 1, 2)
    assert [value for value, _ in values(store, one)] == [0.0, None, 2.0, 3.0]


def test_the_newest_value_is_shown_as_reviewed(store: Store, one: int) -> None:
    amend(store, one, "replace", 3, 4, value=33.0)
    assert store.latest()["value"].to_list() == [33.0]


@pytest.mark.parametrize(
    ("kind", "begin", "who", "why", "code"),
    [
        ("invalid", 0, "a", "b", "store.amendment_kind"),
        ("invalidate", 4, "a", "b", "store.amendment_empty"),
        ("invalidate", 0, " ", "b", "store.amendment_reason"),
        ("invalidate", 0, "a", "", "store.amendment_reason"),
    ],
)
def test_a_decision_must_be_complete(store: Store, one: int, kind: str, begin: int, who: str, why: str, code: str) -> None:
    with pytest.raises(BilanError) as refused:
        store.amend(Amendment(one, begin * HOUR, 4 * HOUR, kind, who, why))
    assert refused.value.problems[0].code == code
    assert refused.value.text("zh-hans") != refused.value.text("en")
