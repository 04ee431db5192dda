"""The odds of targets from the city's tables: which rows an indicator's odds take, and one row a day that is kept."""

from __future__ import annotations

import math
from datetime import date, timedelta

import polars as pl
import pytest

from bilan.pack.indicators import current
from bilan.plans import standing
from bilan.plans.grounds import Grounds
from bilan.plans.indicators.tables import Tables
from bilan.plans.models import Odds, Target
from bilan.plans.odds import Aim, Why
from bilan.problems import BilanError
from tests.web.running import Site

TODAY = date(2026, 9, 1)
FIRST = date(2023, 1, 1)
NEAR, FAR = "350502", "350582"


def air() -> pl.DataFrame:
    """Days of the city and two districts: winters are worse, every tenth day is bad."""
    span = [FIRST + timedelta(days=at) for at in range((TODAY - FIRST).days)]
    parts = []
    for district, factor in (("", 1.0), (NEAR, 1.2), (FAR, 0.8)):
        for number, day in enumerate(span):
            index = (120 if number % 10 == 0 else 60) + 10 * math.cos(2 * math.pi * number / 365.25) + number % 7
            parts.append(
                {
                    "district": district,
                    "day": day,
                    "year": day.year,
                    "aqi": round(factor * index),
                    "grade": 3 if factor * index > 100 else 2,
                    "valid": True,
                    "primary_pollutant": "O3" if factor * index > 100 else "",
                    "pm25": factor * index / 3,
                    "sites": 2,
                }
            )
    return pl.DataFrame(parts)


def water() -> pl.DataFrame:
    """Nine sections of class II and one of class IV, two of them national."""
    months = [date(2023 + at // 12, at % 12 + 1, 1) for at in range(44)]
    return pl.DataFrame(
        [
            {
                "point": f"SW-{number:02}",
                "district": NEAR if number < 5 else FAR,
                "network": "surface_water",
                "control": "national" if number < 2 else "city",
                "day": day,
                "year": day.year,
                "grade": 4 if number == 9 else 2,
                "attained": number != 9,
                "valid": True,
            }
            for number in range(10)
            for day in months
        ]
    )


@pytest.fixture(scope="module")
def grounds(site: Site, _renewed: None) -> Grounds:
    stations = air().filter(pl.col("district") != "").with_columns(point=pl.lit("AQ-") + pl.col("district"), kind=pl.lit("city"))
    given = {"air_days": air(), "air_station_days": stations, "water_months": water()}
    return Grounds(current(site.city.pack), Tables(site.city, site.store, TODAY, given), TODAY)


def target(code: str, **more: object) -> Target:
    made = Target(code=code, **{"indicator": "good-days", "year": 2026, "comparator": ">=", "value": 88.0, **more})
    made.save()
    return made


def test_good_days_tell_what_decides(grounds: Grounds) -> None:
    said = grounds.stand("good-days", "", Aim(">=", 84.0), 2026)
    days = (TODAY - date(2026, 1, 1)).days
    assert said.left == 365 - days
    assert said.value == pytest.approx(100 * (1 - round(days / 10) / days), abs=0.5)
    assert said.probability is not None and said.probability > 0.6
    assert said.deciding["pollutants"] == [{"name": "O3", "days": pytest.approx(days / 10, abs=1), "share": 1.0}]
    assert [row["district"] for row in said.deciding["districts"]] == [FAR, NEAR]
    assert {row["point"] for row in said.deciding["stations"]} == {f"AQ-{NEAR}", f"AQ-{FAR}"}


def test_mean_says_what_one_district_must_do(grounds: Grounds) -> None:
    value = grounds.stand("pm25", "", Aim("<=", 99.0), 2026).value
    assert value is not None
    said = grounds.stand("pm25", "", Aim("<=", round(0.97 * value, 1)), 2026)
    assert said.probability is not None and said.probability < 0.2
    assert 0.0 < said.deciding["cut"] < 0.5
    alone = {row["district"]: row["alone"] for row in said.deciding["districts"]}
    # The dirtier district moves the city more, so it has to do less.
    assert alone[NEAR] is not None and alone[FAR] is not None and alone[NEAR] < alone[FAR]


def test_days_under_two_limits_are_counted(grounds: Grounds) -> None:
    said = grounds.stand("blue-sky-days", "", Aim(">=", 300.0), 2026)
    days = (TODAY - date(2026, 1, 1)).days
    assert said.value == pytest.approx(0.9 * days, abs=2)
    assert said.affordable is not None and said.affordable == pytest.approx(365 - 300 - 0.1 * days, abs=2)


def test_sections_are_those_the_indicator_is_about(grounds: Grounds) -> None:
    every = grounds.stand("water-target-share", "", Aim(">=", 90.0), 2026)
    assert (every.basis["sections"], every.value) == (10.0, pytest.approx(90.0))
    national = grounds.stand("water-national-share", "", Aim(">=", 90.0), 2026)
    assert national.basis["sections"] == 2.0
    assert national.probability is not None and national.probability > 0.9
    near = grounds.stand("water-target-share", NEAR, Aim(">=", 90.0), 2026)
    assert near.basis["sections"] == 5.0


def test_rank_among_districts(grounds: Grounds) -> None:
    assert grounds.rank("good-days", FAR, 2026) == {"place": 1, "of": 2}
    assert grounds.rank("good-days", NEAR, 2026) == {"place": 2, "of": 2}
    assert grounds.rank("good-days", "", 2026) is None


def test_a_later_year_has_this_years_path_beside(grounds: Grounds) -> None:
    told = standing.tell(grounds, target("later", year=2027, path={"2026": 89.0}))
    assert told.stand.value == pytest.approx(90.0, abs=0.6)
    assert told.stand.probability is not None
    assert told.detail["this_year"]["aim"] == 89.0
    assert told.detail["this_year"]["affordable"] is not None


def test_districts_stand_against_their_own_shares(grounds: Grounds) -> None:
    told = standing.tell(grounds, target("shares", shares={NEAR: 85.0, FAR: 95.0}))
    rows = {row["district"]: row for row in told.detail["districts"]}
    assert rows[FAR]["value"] > rows[NEAR]["value"]
    assert all(0.0 < row["probability"] < 1.0 and row["needed"] is not None for row in rows.values())


def test_odds_begin_when_the_province_hands_the_value_down(grounds: Grounds) -> None:
    made = target("handed", value=None, handed_down=True)
    assert standing.tell(grounds, made).stand.why == Why.NO_NUMBER
    made.value = 90.0
    made.save()
    told = standing.tell(grounds, made).stand
    assert (told.why, told.gap is not None) == ("", True)
    assert told.probability is not None and 0.0 < told.probability < 1.0


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"value": None}, Why.NO_NUMBER),
        ({"comparator": "qualitative"}, Why.NO_NUMBER),
        ({"year": 2028}, ""),
        ({"year": 2030}, Why.TOO_FAR),
        ({"year": 2040}, Why.TOO_FAR),
        ({"year": 2025}, Why.OVER),
        ({"indicator": "not-there"}, Why.NO_DATA),
    ],
)
def test_why_nothing_is_said(grounds: Grounds, more: dict[str, object], why: str) -> None:
    told = standing.tell(grounds, target(f"why-{len(Target.objects.all())}", **more))
    assert told.stand.why == why
    assert (told.stand.probability is None) == (why not in {"", Why.OVER})


def test_one_row_a_day_is_kept(site: Site, _renewed: None) -> None:
    target("kept")
    day = date(2026, 8, 31)
    for _ in range(2):
        assert [told.target.code for told in standing.keep([day, TODAY], ["kept"])] == ["kept", "kept"]
    assert sorted(Odds.objects.filter(target__code="kept").values_list("day", flat=True)) == [day, TODAY]
    with pytest.raises(BilanError) as refused:
        list(standing.keep([TODAY], ["nobody"]))
    assert refused.value.problems[0].code == "odds.no_target"
