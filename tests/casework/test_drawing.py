"""Random inspections: drawn by the seed alone, in proportion to the weights, without conflicts of interest, repeatable by anybody."""

from __future__ import annotations

import subprocess
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilan.casework.drawing import Drawn, Inspector, Target, amount, assign, digest, draw_targets, may_inspect, rank
from bilan.problems import BilanError

POOL = [Target(f"E{number:04d}", kind="key" if number % 5 == 0 else "general", district="350502") for number in range(200)]
CREW = [Inspector(f"o{number}") for number in range(6)]


def test_the_rank_is_what_any_sha256_tool_gives() -> None:
    said = subprocess.run(["sha256sum"], input=b"2026-11-22|target|E0005|1", capture_output=True, check=True).stdout.decode().split()[0]
    assert rank("2026-11-22", Target("E0005")) == said


def test_the_draw_depends_on_seed_and_pool_and_on_nothing_else() -> None:
    share = {"key": 0.25, "*": 0.05}
    first = draw_targets("seed", POOL, share)
    assert draw_targets("seed", list(reversed(POOL)), share) == first
    assert draw_targets("seed ", POOL, share) != first
    assert Counter(target.kind for target in first) == {"key": 10, "general": 8}
    assert digest(POOL, CREW) == digest(list(reversed(POOL)), list(reversed(CREW))) != digest(POOL[1:], CREW)


def test_who_weighs_more_is_drawn_more_often_in_proportion() -> None:
    pool = [Target(f"E{number}", weight=10 if number < 10 else 1) for number in range(110)]
    heavy = sum(int(draw_targets(str(seed), pool, {"*": 1 / 110})[0].code[1:]) < 10 for seed in range(2000))
    # Ten of weight 10 among a hundred of weight 1: half of the tickets. Four standard deviations of 2000 draws are 89.
    assert 1000 - 90 < heavy < 1000 + 90


def test_what_weighs_nothing_is_never_drawn() -> None:
    pool = [Target("listed", weight=0), Target("other")]
    assert [target.code for target in draw_targets("s", pool, {"*": 1.0})] == ["other"]


def test_teams_of_two_share_the_work() -> None:
    drawn = assign("seed", POOL[:30], CREW)
    assert all(len(set(entry.inspectors)) == 2 for entry in drawn)
    load = Counter(name for entry in drawn for name in entry.inspectors)
    assert set(load.values()) == {10}


def test_nobody_inspects_where_they_have_an_interest_or_no_reach() -> None:
    target = Target("E1", district="350502", organisation="O1")
    assert not may_inspect(Inspector("a", organisation="O1"), target)
    assert not may_inspect(Inspector("a", avoids=("E1",)), target)
    assert not may_inspect(Inspector("a", avoids=("O1",)), target)
    assert not may_inspect(Inspector("a", districts=("350503",)), target)
    assert may_inspect(Inspector("a", districts=("350502",)), target)
    crew = [*CREW[:2], Inspector("kin", avoids=("E1",))]
    assert assign("s", [target], crew)[0] == Drawn("E1", assign("s", [target], CREW[:2])[0].inspectors)
    with pytest.raises(BilanError) as error:
        assign("s", [target], crew[1:])
    assert error.value.problems[0].code == "drawing.too_few"
    assert error.value.problems[0].text("en")


def test_a_pool_with_a_code_twice_or_a_share_that_cannot_be_is_refused() -> None:
    for pool, share in (([*POOL, POOL[0]], {"*": 0.1}), (POOL, {"*": -0.1}), (POOL, {"*": float("nan")})):
        with pytest.raises(BilanError) as error:
            draw_targets("s", pool, share)
        assert error.value.problems[0].text("zh-hans")


@given(st.floats(0, 400), st.integers(0, 300))
def test_no_more_are_drawn_than_there_are(part: float, size: int) -> None:
    assert 0 <= amount(part, size) <= size


@given(st.sets(st.text(min_size=1, max_size=8), min_size=1, max_size=30), st.text(max_size=12))
def test_leaving_out_one_that_was_not_drawn_changes_nothing_of_a_fixed_number(codes: set[str], seed: str) -> None:
    pool = [Target(code) for code in sorted(codes)]
    count = max(2, len(pool) // 2)
    drawn = draw_targets(seed, pool, {"*": count})
    rest = [target for target in pool if target not in drawn]
    if rest:
        assert draw_targets(seed, [target for target in pool if target != rest[0]], {"*": count}) == drawn
