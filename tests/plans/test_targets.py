"""Changes of targets: what was before stays, with the document; who comes second is told."""

from __future__ import annotations

from itertools import pairwise

import pytest
from django.contrib.auth import get_user_model
from hypothesis import given
from hypothesis import strategies as st

from bilan.people.visibility import NotAllowed, NotVisible, visible_to
from bilan.plans import targets
from bilan.plans.models import Target, TargetChange
from bilan.plans.planbook import Planbook
from bilan.plans.targets import Change
from bilan.problems import BilanError
from tests.web import tiny
from tests.web.running import Site


@pytest.fixture(scope="module")
def books(site: Site, _renewed: None) -> dict[str, Planbook]:
    get_user_model().objects.create_user("target-planner", "a long test password", role="planner")
    get_user_model().objects.create_user("inside-target-planner", "a long test password", role="planner", districts=[tiny.INSIDE])
    people = {name: site.person(name) for name in ("target-planner", "inside-target-planner", "viewer")}
    return {name: Planbook(visible_to(person), person) for name, person in people.items()}


def made(code: str, **more: object) -> Target:
    values = {"indicator": "pm25", "year": 2030, "value": 18.0, "baseline_year": 2025, "baseline": 20.0, "comparator": "<=", **more}
    return Target.objects.create(code=code, **values)


def code_of(error: pytest.ExceptionInfo[BilanError]) -> str:
    return error.value.problems[0].code


def test_a_path_is_kept_with_what_was_before(books: dict[str, Planbook]) -> None:
    made("way")
    way = {"2026": 19.6, "2027": "19.2"}
    fresh = targets.change(books["target-planner"], "way", Change(0, {"path": way}, "某函〔2026〕1 号", "分年度下达"))
    assert (fresh.path, fresh.version) == ({"2026": 19.6, "2027": 19.2}, 1)
    kept = TargetChange.objects.get(target=fresh)
    assert (kept.field, kept.before, kept.after, kept.document) == ("path", {}, fresh.path, "某函〔2026〕1 号")


def test_who_comes_second_is_told(books: dict[str, Planbook]) -> None:
    made("twice")
    targets.change(books["target-planner"], "twice", Change(0, {"owner": "大气科"}, reason="分工"))
    with pytest.raises(BilanError) as refused:
        targets.change(books["target-planner"], "twice", Change(0, {"owner": "水科"}, reason="分工"))
    assert code_of(refused) == "targets.overtaken"
    assert Target.objects.get(code="twice").owner == "大气科"


def test_a_promised_value_needs_a_document(books: dict[str, Planbook]) -> None:
    made("promise")
    with pytest.raises(BilanError) as refused:
        targets.change(books["target-planner"], "promise", Change(0, {"value": 19.0}, reason="太难"))
    assert code_of(refused) == "targets.document"
    with pytest.raises(BilanError) as refused:
        targets.change(books["target-planner"], "promise", Change(0, {"owner": "大气科"}))
    assert code_of(refused) == "targets.no_document"
    assert not TargetChange.objects.filter(target__code="promise").exists()


def test_what_the_province_hands_down_is_filled_in(books: dict[str, Planbook]) -> None:
    made("ours")
    made("theirs", value=None, handed_down=True)
    assert targets.hand_down(books["target-planner"], "theirs", 0, 17.5, "省函〔2026〕8 号").value == 17.5
    with pytest.raises(BilanError) as refused:
        targets.hand_down(books["target-planner"], "ours", 0, 17.5, "省函〔2026〕8 号")
    assert code_of(refused) == "targets.not_handed_down"


def test_shares_go_to_districts_that_are_there(books: dict[str, Planbook]) -> None:
    made("shares")
    known = list(tiny.DISTRICTS)
    fresh = targets.change(books["target-planner"], "shares", Change(0, {"shares": {tiny.INSIDE: "17"}}, reason="分解"), known)
    assert fresh.shares == {tiny.INSIDE: 17.0}
    with pytest.raises(BilanError) as refused:
        targets.change(books["target-planner"], "shares", Change(1, {"shares": {"110101": 17}}, reason="分解"), known)
    assert code_of(refused) == "targets.district"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"path": {"2019": 1}}, "targets.year"),
        ({"path": {"2026": "nan"}}, "targets.no_number"),
        ({"value": "many"}, "targets.no_number"),
        ({"indicator": "pm10"}, "targets.field"),
        ({"value": 18.0}, "targets.nothing"),
    ],
)
def test_what_cannot_be_is_refused(books: dict[str, Planbook], values: dict[str, object], expected: str) -> None:
    target = Target.objects.filter(code="refused").first() or made("refused")
    with pytest.raises(BilanError) as refused:
        targets.change(books["target-planner"], "refused", Change(target.version, values, "某函"))
    assert code_of(refused) == expected


def test_a_planner_of_a_district_changes_neither_the_city_nor_others(books: dict[str, Planbook]) -> None:
    made("whole")
    made("elsewhere", district=tiny.OUTSIDE)
    made("here", district=tiny.INSIDE)
    wish = Change(0, {"owner": "某科"}, reason="分工")
    with pytest.raises(NotAllowed):
        targets.change(books["inside-target-planner"], "whole", wish)
    with pytest.raises(NotVisible):
        targets.change(books["inside-target-planner"], "elsewhere", wish)
    assert targets.change(books["inside-target-planner"], "here", wish).owner == "某科"
    with pytest.raises(NotAllowed):
        targets.change(books["viewer"], "here", wish)


@given(st.floats(0, 100), st.floats(0, 100), st.integers(1, 15))
def test_an_even_path_ends_where_it_was_promised(begin: float, end: float, years: int) -> None:
    target = Target(baseline_year=2020, baseline=begin, year=2020 + years, value=end)
    path = targets.even(target)
    assert len(path) == years
    assert path[str(target.year)] == pytest.approx(end, abs=1e-3)
    steps = [begin, *path.values()]
    assert all((later - earlier) * (end - begin) >= -1e-3 for earlier, later in pairwise(steps))
