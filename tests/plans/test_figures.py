"""Reported figures: who may do what to them, in which order, and what is kept."""

from __future__ import annotations

import hashlib
import io
from datetime import date
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from hypothesis import given
from hypothesis import strategies as st

from bilan.people.visibility import NotAllowed, NotVisible, visible_to
from bilan.plans import figures
from bilan.plans.figures import Filling
from bilan.plans.models import Figure, FigureState
from bilan.plans.planbook import Planbook
from bilan.problems import BilanError
from bilan.registers import attachments
from tests.web import tiny
from tests.web.running import Site

TODAY = date(2026, 11, 1)


@pytest.fixture(scope="module")
def books(site: Site, _renewed: None) -> dict[str, Planbook]:
    """The door of four persons: two of a department, two planners."""
    make = get_user_model().objects.create_user
    for name, role, organisation in (("filler", "department", "water"), ("other", "department", "energy")):
        make(name, "a long test password", role=role, organisation=organisation)
    for name in ("checker", "signer"):
        make(name, "a long test password", role="planner")
    make("inside-planner", "a long test password", role="planner", districts=[tiny.INSIDE])
    people = {name: site.person(name) for name in ("filler", "other", "checker", "signer", "inside-planner", "viewer")}
    return {name: Planbook(visible_to(person), person) for name, person in people.items()}


def filled(books: dict[str, Planbook], period: str, value: float = 12.5, **more: Any) -> Figure:
    figure = figures.fill(books["filler"], Filling("sewage", period, value, organisation="water", **more), TODAY)
    return figures.attach(books["filler"], figure.pk, io.BytesIO("依据".encode()), "依据.txt")


def code_of(error: pytest.ExceptionInfo[BilanError]) -> str:
    return error.value.problems[0].code


def test_from_filling_in_to_signing_off(books: dict[str, Planbook]) -> None:
    figure = filled(books, "2025")
    assert figure.evidence[0]["digest"] == hashlib.sha256("依据".encode()).hexdigest()
    assert (attachments.root() / figure.evidence[0]["file"]).read_text(encoding="utf-8") == "依据"
    checked = figures.check(books["checker"], figure.pk, figure.version)
    signed = figures.sign(books["signer"], figure.pk, checked.version)
    assert signed.state == FigureState.SIGNED
    assert [(step["act"], step["person"]) for step in signed.steps] == [
        ("fill", "filler"),
        ("attach", "filler"),
        ("check", "checker"),
        ("sign", "signer"),
    ]


def test_nobody_does_two_of_the_three(books: dict[str, Planbook]) -> None:
    own = figures.fill(books["checker"], Filling("own", "2025", 1.0), TODAY)
    own = figures.attach(books["checker"], own.pk, io.BytesIO(b"proof"), "proof.txt")
    with pytest.raises(BilanError) as refused:
        figures.check(books["checker"], own.pk, own.version)
    assert code_of(refused) == "figures.own"
    checked = figures.check(books["signer"], own.pk, own.version)
    for name in ("checker", "signer"):
        with pytest.raises(BilanError) as refused:
            figures.sign(books[name], own.pk, checked.version)
        assert code_of(refused) == "figures.own"


def test_a_department_fills_in_its_own_and_checks_nothing(books: dict[str, Planbook]) -> None:
    with pytest.raises(NotAllowed):
        figures.fill(books["filler"], Filling("sewage", "2024", 1.0, organisation="energy"), TODAY)
    with pytest.raises(NotAllowed):
        figures.fill(books["viewer"], Filling("sewage", "2024", 1.0), TODAY)
    figure = filled(books, "2024")
    with pytest.raises(NotAllowed):
        figures.check(books["filler"], figure.pk, figure.version)


def test_figures_of_another_district_are_not_there(books: dict[str, Planbook]) -> None:
    outside = figures.fill(books["checker"], Filling("sewage", "2023", 3.0, district=tiny.OUTSIDE), TODAY)
    with pytest.raises(NotVisible):
        figures.give_back(books["inside-planner"], outside.pk, outside.version, "无依据")


def test_a_signed_figure_stands_until_its_correction_is_signed_off(books: dict[str, Planbook]) -> None:
    figure = filled(books, "2022", 10.0)
    figure = figures.check(books["checker"], figure.pk, figure.version)
    first = figures.sign(books["signer"], figure.pk, figure.version)
    with pytest.raises(BilanError) as refused:
        figures.fill(books["filler"], Filling("sewage", "2022", 10.0, organisation="water"), TODAY)
    assert code_of(refused) == "figures.same"
    correction = filled(books, "2022", 11.0)
    standing = Figure.objects.filter(series="sewage", period="2022", state=FigureState.SIGNED, replaced=False)
    assert [entry.value for entry in standing] == [10.0]
    checked = figures.check(books["checker"], correction.pk, correction.version)
    second = figures.sign(books["signer"], checked.pk, checked.version)
    assert [entry.value for entry in standing.all()] == [11.0]
    assert [entry.pk for entry in figures.replaced(books["signer"], second)] == [first.pk]


def test_what_was_returned_is_filled_in_again(books: dict[str, Planbook]) -> None:
    figure = filled(books, "2021", 7.0)
    with pytest.raises(BilanError) as refused:
        figures.give_back(books["checker"], figure.pk, figure.version, " ")
    assert code_of(refused) == "figures.no_reason"
    returned = figures.give_back(books["checker"], figure.pk, figure.version, "单位有误")
    again = figures.fill(books["filler"], Filling("sewage", "2021", 0.7, organisation="water"), TODAY)
    assert (again.pk, again.state, again.value, again.evidence) == (returned.pk, FigureState.FILLED, 0.7, figure.evidence)


def test_the_second_of_two_is_told(books: dict[str, Planbook]) -> None:
    figure = filled(books, "2020")
    figures.give_back(books["signer"], figure.pk, figure.version, "先退")
    again = figures.fill(books["filler"], Filling("sewage", "2020", 13.0, organisation="water"), TODAY)
    with pytest.raises(BilanError) as refused:
        figures.check(books["checker"], again.pk, figure.version)
    assert code_of(refused) == "figures.overtaken"


def test_evidence_is_needed_before_checking(books: dict[str, Planbook]) -> None:
    bare = figures.fill(books["filler"], Filling("bare", "2025", 1.0, organisation="water"), TODAY)
    with pytest.raises(BilanError) as refused:
        figures.check(books["checker"], bare.pk, bare.version)
    assert code_of(refused) == "figures.no_evidence"


@pytest.mark.parametrize(
    ("value", "period", "expected"),
    [
        (101.0, "2025", "figures.bounds"),
        (float("nan"), "2025", "figures.no_number"),
        (5.0, "2025-13", "figures.period"),
        (5.0, "2027", "figures.ahead"),
    ],
)
def test_what_cannot_be_is_refused(books: dict[str, Planbook], value: float, period: str, expected: str) -> None:
    with pytest.raises(BilanError) as refused:
        figures.fill(books["checker"], Filling("sewage", period, value, lower=0.0, upper=100.0), TODAY)
    assert code_of(refused) == expected


@given(st.integers(1990, 2100), st.integers(1, 12))
def test_periods_begin_and_end_in_order(year: int, month: int) -> None:
    text = f"{year}-{month:02d}"
    quarter = f"{year}-Q{(month - 1) // 3 + 1}"
    assert figures.begins(str(year)) <= figures.begins(quarter) <= figures.begins(text) <= figures.ends(text) <= figures.ends(quarter)
