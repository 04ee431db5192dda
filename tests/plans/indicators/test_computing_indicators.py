"""Values for all districts and periods: versions by date, the rule on missing data, what is kept, and the rows behind."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from bilan.casework.evaluating.frames import Frames
from bilan.evaluation.rules import Context, evaluate
from bilan.pack.indicators import Period
from bilan.pack.rules import load as load_rules
from bilan.plans.indicators.behind import rows_behind
from bilan.plans.indicators.computing import compute
from bilan.plans.indicators.keeping import keep
from bilan.plans.indicators.spans import Span, spans
from bilan.plans.indicators.watched import frame
from bilan.plans.models import IndicatorValue, Target
from bilan.problems import BilanError, Problem
from bilan.telemetry.clock import seconds
from tests.pack.indicators.texts import LIMIT, text
from tests.plans.indicators.generated import DISTRICTS, TODAY, catalogue, days, tables
from tests.web.running import Site

RULE = """rules:
  - rule: few-days
    title: 好天太少 · Too few fine days
    about: 测试 · For tests
    subject: indicators
    where: {name: [watched]}
    condition: value < 250 and value < before
    levels: [{level: notice}]
    says: "{value:.0f}，去年 {before:.0f} · {value:.0f} after {before:.0f}"
"""
MADE = pl.concat(
    [
        days(date(2025, 1, 1), date(2025, 12, 31), lambda day: 3 if day.day == 1 else 1),
        days(date(2026, 1, 1), TODAY - timedelta(days=1), lambda day: 2),
        days(date(2025, 1, 1), date(2025, 9, 30), lambda day: 4, DISTRICTS[0]),
    ]
)
GIVEN = {"air_days": MADE}


def cell(found: pl.DataFrame, district: str, period: str) -> dict[str, object]:
    return found.row(by_predicate=(pl.col("district") == district) & (pl.col("period") == period), named=True)


def test_one_query_answers_every_district_and_period(site: Site) -> None:
    found = compute(catalogue(), ["fine"], tables(site, GIVEN), [*spans(Period.YEAR, 2025, 2026), *spans(Period.MONTH, 2025, 2025)])
    assert found.height == (2 + 12) * (1 + len(DISTRICTS))
    assert cell(found, "", "2025")["value"] == 365 - 12
    assert cell(found, "", "2025-02")["value"] == 27
    assert cell(found, DISTRICTS[0], "2025")["value"] == 0
    assert (cell(found, DISTRICTS[1], "2025")["value"], cell(found, DISTRICTS[1], "2025")["why"]) == (None, "no_data")
    running = cell(found, "", "2026")
    assert (running["through"], running["basis"]) == (date(2026, 7, 10), 1.0)


def test_too_few_data_give_no_value_but_say_how_many_there_were(site: Site) -> None:
    found = compute(catalogue(text(missing="{least: 0.75}")), ["fine"], tables(site, GIVEN), spans(Period.QUARTER, 2025, 2025))
    whole = compute(catalogue(text(missing="{least: 0.75}")), ["fine"], tables(site, GIVEN), spans(Period.YEAR, 2025, 2025))
    assert cell(found, DISTRICTS[0], "2025-Q3")["why"] == ""
    assert cell(found, DISTRICTS[0], "2025-Q4")["why"] == "no_data"
    assert cell(whole, DISTRICTS[0], "2025")["why"] == "too_few"
    assert cell(whole, DISTRICTS[0], "2025")["value"] is None


def test_a_period_has_the_version_that_holds_on_its_last_day(site: Site) -> None:
    later = text(version="2", more="valid_from: 2026-01-01\nparameters: {limit: {value: 1, title: 级别 · Level}}")
    found = compute(catalogue(text(), later), ["fine"], tables(site, GIVEN), spans(Period.YEAR, 2025, 2026), [""])
    assert dict(zip(found["period"], found["version"], strict=True)) == {"2025": "1", "2026": "2"}
    assert dict(zip(found["period"], found["value"], strict=True)) == {"2025": 353.0, "2026": 0.0}


def test_periods_of_kinds_not_declared_or_not_begun_are_left_out(site: Site) -> None:
    found = compute(
        catalogue(text(also="[]")), ["fine"], tables(site, GIVEN), [*spans(Period.MONTH, 2025, 2025), *spans(Period.YEAR, 2026, 2030)]
    )
    assert found["period"].unique().to_list() == ["2026"]


def test_what_was_kept_is_kept_once_and_never_changed(site: Site) -> None:
    wanted = spans(Period.YEAR, 2025, 2026)
    first = compute(catalogue(), ["fine"], tables(site, GIVEN), wanted)
    assert keep(first) == first.height
    assert (
        keep(
            compute(catalogue(), ["fine"], tables(site, GIVEN), [*wanted, *spans(Period.MONTH, 2025, 2025)]).filter(
                pl.col("period").str.len_chars() == 4
            )
        )
        == 0
    )
    amended = {"air_days": MADE.with_columns(pl.when(pl.col("day") == date(2025, 6, 2)).then(pl.lit(5)).otherwise("grade").alias("grade"))}
    assert keep(compute(catalogue(), ["fine"], tables(site, amended), wanted)) == 1
    kept = IndicatorValue.objects.filter(indicator="fine", district="", period="2025").order_by("pk")
    assert [(value.value, value.latest) for value in kept] == [(353.0, False), (352.0, True)]


def test_the_rows_behind_a_value_are_those_it_counted(site: Site) -> None:
    found = rows_behind(catalogue()["fine"], tables(site, GIVEN), "", Span.parse("2025-02"))
    rows = found.dicts()
    assert [row["day"] for row in rows] == [date(2025, 2, day) for day in range(1, 29)]
    assert {row["grade"] for row in rows} == {1, 3}
    assert "@period" not in found.columns


def test_an_indicator_may_say_itself_what_is_behind(site: Site) -> None:
    behind = 'behind: "select district, period_of(day) as period, day from air_days where grade > $limit"'
    found = rows_behind(catalogue(text(more=f"{LIMIT}\n{behind}"))["fine"], tables(site, GIVEN), "", Span.parse("2025"))
    assert [row["day"].day for row in found.dicts()] == [1] * 12


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("select '' as district, '2025' as period, 'a' as value", "indicators.result_type"),
        ("select '' as district, '2025' as period, 1 as value from air_days", "indicators.twice"),
        ("select '' as district, '2025' as period", "indicators.result_column"),
        ("select '' as district, '2025' as period, 1 as value, 2 as row", "indicators.result_unknown"),
        ("select district, day as period, grad as value from air_days", "indicators.unknown_column"),
        ("select district from observations_day", "indicators.needs_parameter"),
    ],
)
def test_a_result_that_is_no_indicator_is_refused(site: Site, sql: str, code: str) -> None:
    with pytest.raises(BilanError) as refused:
        compute(catalogue(text(sql=sql)), ["fine"], tables(site, GIVEN), spans(Period.YEAR, 2025, 2025))
    assert [problem.code for problem in refused.value.problems] == [code]


def test_an_unknown_indicator_is_told_with_the_nearest(site: Site) -> None:
    with pytest.raises(BilanError, match=r"\"fien\" \(nearest: fine\)"):
        compute(catalogue(), ["fien"], tables(site, GIVEN), spans(Period.YEAR, 2025, 2025))


def test_rules_see_the_newest_values_and_the_next_target(site: Site) -> None:
    keep(compute(catalogue(text(name="seen")), ["seen"], tables(site, GIVEN), spans(Period.YEAR, 2025, 2026)))
    Target.objects.create(code="seen-2030", indicator="seen", year=2030, value=300)
    Target.objects.create(code="seen-2027", indicator="seen", year=2027, value=200)
    row = frame("indicators:seen", TODAY).row(by_predicate=pl.col("district") == "", named=True)
    assert (row["value"], row["before"], row["target"], row["due"]) == (191.0, 353.0, 200.0, 2027)


def test_a_wrong_indicator_does_not_keep_the_others_from_their_values(site: Site) -> None:
    wrong = [text(name=f"wrong-{at}", sql=sql) for at, sql in enumerate(("select grad from air_days", "select 1 from nowhere", "selec"))]
    problems: list[Problem] = []
    known = catalogue(*wrong, text())
    found = compute(known, known.names, tables(site, GIVEN), spans(Period.YEAR, 2025, 2025), problems=problems)
    assert found["indicator"].unique().to_list() == ["fine"]
    assert {problem.code for problem in problems} == {"indicators.unknown_column", "indicators.unknown_table", "indicators.not_sql"}


def test_a_rule_about_an_indicator_finds_the_districts_that_miss_it(site: Site, tmp_path: Path) -> None:
    keep(compute(catalogue(text(name="watched")), ["watched"], tables(site, GIVEN), spans(Period.YEAR, 2025, 2026)))
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "own.yaml").write_text(RULE, encoding="utf-8")
    rules = {"few-days": load_rules(tmp_path)["few-days"]}
    found = evaluate(site.store, rules.values(), seconds(datetime(2026, 7, 11)), context=Context(frames=Frames().of(rules, TODAY)))
    assert not found.problems
    assert found.episodes["source"].to_list() == ["indicator|watched|"]
