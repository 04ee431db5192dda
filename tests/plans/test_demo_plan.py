"""What the demo city has of plans: figures that add up, its own plan read like any other, and targets for every measured promise."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from importlib import resources
from pathlib import Path

import pytest

from bilan.demo.districts import districts
from bilan.demo.plans import document, signing
from bilan.demo.plans.figures import figures, lines
from bilan.pack.indicators import load, reported
from bilan.people.models import Organisation
from bilan.plans.commitments import commitments
from bilan.plans.linking import linked
from bilan.plans.models import Check, Commitment, Figure, FigureState, Plan, Target
from bilan.plans.reader import read
from tests.web.running import Site

CATALOGUE = load()
WEIGHTS = {"1": 5.0, "2": 3.0, "3": 2.0}
AREAS = {"1": 100.0, "2": 300.0, "3": 50.0}
ROWS = 33


def test_every_reported_series_has_figures() -> None:
    assert {line.series for line in lines()} == set(reported())


def test_districts_add_up_to_the_city_and_keep_within_bounds() -> None:
    declared = reported()
    totals: dict[tuple[str, int], float] = defaultdict(float)
    city: dict[tuple[str, int], float] = {}
    kinds = {line.series: line.kind for line in lines()}
    for made in figures(WEIGHTS, AREAS, 2026, {name: series.decimals for name, series in declared.items()}):
        series = declared[made.series]
        assert series.least is None or made.value >= series.least
        assert series.most is None or made.value <= series.most
        if made.district == "":
            city[made.series, made.year] = made.value
        elif kinds[made.series] in {"total", "land"}:
            totals[made.series, made.year] += made.value
    for key, total in totals.items():
        assert total == pytest.approx(city[key], abs=3), key


def test_figures_follow_from_the_seed() -> None:
    assert list(figures(WEIGHTS, AREAS, 2022, {}, 4)) == list(figures(WEIGHTS, AREAS, 2022, {}, 4))
    assert list(figures(WEIGHTS, AREAS, 2022, {}, 4)) != list(figures(WEIGHTS, AREAS, 2022, {}, 5))


def test_the_table_of_the_plan_is_read_and_every_row_finds_its_indicator() -> None:
    with resources.as_file(resources.files("bilan.pack").joinpath("demo", "plan.txt")) as path:
        text = read(Path(path))
    rows = [entry for entry in commitments(text) if entry.section == "表1"]
    assert len(rows) == ROWS
    found = [linked(entry.metric, entry.sentence, CATALOGUE, entry.subject, entry.unit) for entry in rows]
    assert "" not in found
    assert len(set(found)) == ROWS
    answered = {row for name in found for row in CATALOGUE[name].plan.split()}
    assert {f"quanzhou/2.{number}" for number in range(1, 30)} <= answered


def test_figures_are_signed_off_by_three_persons(site: Site) -> None:
    Figure.objects.all().delete()
    count = signing.sign_all(districts(), reported(), datetime(2026, 11, 22, 9))
    figure = Figure.objects.get(series="gdp-constant", district="", period="2025")
    assert figure.state == FigureState.SIGNED
    assert len({step["person"] for step in figure.steps}) == len(figure.steps)
    assert not Figure.objects.filter(period="2026").exists()
    assert Organisation.objects.filter(code=figure.organisation).exists()
    assert signing.sign_all(districts(), reported(), datetime(2026, 11, 22, 9)) == count


def test_in_january_the_year_before_is_not_reported_yet(site: Site) -> None:
    Figure.objects.all().delete()
    signing.sign_all(districts(), reported(), datetime(2026, 1, 22, 9))
    assert not Figure.objects.filter(period="2025").exists()
    assert Figure.objects.filter(period="2024").exists()


def test_the_plan_is_confirmed_linked_and_has_targets(site: Site) -> None:
    plan = document.make(CATALOGUE, None)
    assert plan.demo
    assert not Commitment.objects.filter(plan=plan, check_state=Check.OPEN).exists()
    good_days = Target.objects.get(plan=plan, indicator="good-days", year=2028)
    assert (good_days.value, good_days.comparator, good_days.baseline, good_days.nature) == (98.0, ">=", 97.3, "约束性")
    assert good_days.path["2028"] == good_days.value
    assert Target.objects.get(plan=plan, indicator="pm25", year=2026).value == 20.5
    assert Target.objects.get(plan=plan, indicator="forest-cover").comparator == ">="
    assert Target.objects.get(plan=plan, indicator="water-v-minus-share").comparator == "<="
    assert Target.objects.get(plan=plan, indicator="carbon-intensity-cut").handed_down
    assert Target.objects.filter(plan=plan).values("indicator").distinct().count() >= ROWS
    count = Target.objects.count()
    assert document.make(CATALOGUE, None).pk == plan.pk
    assert (Target.objects.count(), Plan.objects.filter(code=document.CODE).count()) == (count, 1)
