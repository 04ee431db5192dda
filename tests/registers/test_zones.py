"""What applies here: geometry, dates, priorities, exceptions, an entry's own clauses, and zones the reader may not see."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bilan.people.visibility import visible_to
from bilan.problems import BilanError
from bilan.registers.ledger import Ledger
from bilan.registers.models import Entry
from bilan.registers.writing import Draft, write_one
from bilan.registers.zones import Answer, what_applies
from bilan.registers.zones.overlaying import overlap
from tests.registers.entries import PLATFORM, point
from tests.web.running import Site

TODAY = date(2026, 11, 21)
BEFORE_THE_CODE = date(2026, 8, 14)
WEST, SOUTH = 118.50, 24.90
STEP = 0.01


def square(column: float = 0, row: float = 0, size: float = 1) -> dict[str, Any]:
    """A square of the test grid as a GeoJSON polygon; a step is about a kilometre."""
    west, south, side = WEST + column * STEP, SOUTH + row * STEP, size * STEP
    ring = [[west, south], [west + side, south], [west + side, south + side], [west, south + side], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def at(column: float, row: float) -> dict[str, Any]:
    """A point of the test grid."""
    return point(WEST + column * STEP, SOUTH + row * STEP)


def line(*corners: tuple[float, float]) -> dict[str, Any]:
    """A line of the test grid."""
    return {"type": "LineString", "coordinates": [[WEST + column * STEP, SOUTH + row * STEP] for column, row in corners]}


def zone(register: str, geometry: dict[str, Any], district: str = "350502", **values: Any) -> Entry:
    """A zone of the base pack."""
    code = values.pop("code", "")
    return write_one(
        register, Draft({"name": f"演示{register}", "district": district, "geometry": geometry, **values}, code=code), PLATFORM
    )


def source_zone(level: str, geometry: dict[str, Any], **values: Any) -> Entry:
    """A protection zone of a drinking-water source."""
    if not Entry.objects.filter(register="water-source", code="WS-1").exists():
        register = Ledger(visible_to(None)).declared.registers["water-source"]
        Entry.objects.create(register=register.name, code="WS-1", name="演示水源", district="350502", status=register.states[0].code)
    return zone("water-source-protection-zone", geometry, level=level, water_source="WS-1", **values)


@pytest.fixture(autouse=True)
def _empty(site: Site) -> None:
    site.renew()


@pytest.fixture
def ask(site: Site) -> Any:
    """Asks as somebody; the administrator sees the whole city."""

    def run(geometry: dict[str, Any], *, who: str = "administrator", on: date = TODAY, **asked: Any) -> Answer:
        return what_applies(Ledger(visible_to(site.person(who))), geometry, on=on, **asked)

    return run


def clauses(answer: Answer) -> list[tuple[str, str]]:
    return [(finding.verdict, finding.rule.clause) for finding in answer.findings if finding.applies]


def test_where_no_zone_lies_no_zone_speaks(ask: Any) -> None:
    zone("no-burn-zone", square(), fuel_class="III", effective="2020-01-01")
    answer = ask(at(5, 5), activities=["fuel-facility"])
    assert (answer.touched, answer.findings, answer.verdict, answer.hidden) == ((), (), "", False)


def test_a_touched_zone_that_says_nothing_of_the_activity_is_still_named(ask: Any) -> None:
    zone("no-burn-zone", square(), fuel_class="III", effective="2020-01-01")
    answer = ask(at(0.5, 0.5), activities=["fireworks"], description="春节燃放烟花")
    assert [touch.register.name for touch in answer.touched] == ["no-burn-zone"]
    assert answer.verdict == "" and not answer.findings


def test_the_law_of_the_day_is_cited_never_the_one_before_it(ask: Any) -> None:
    zone("no-burn-zone", square(), fuel_class="III", effective="2020-01-01")
    before, after = (ask(at(0.5, 0.5), on=day, activities=["fuel-facility"]) for day in (BEFORE_THE_CODE, TODAY))
    assert clauses(before) == [("forbidden", "大气污染防治法 第三十八条")]
    assert before.findings[0].rule.confidence == "verified_1"
    assert [clause for _verdict, clause in clauses(after)] == ["生态环境法典 高污染燃料禁燃区（条号待核）"]
    assert after.findings[0].rule.confidence == "memory_only"


def test_each_level_of_a_source_zone_has_its_own_rules(ask: Any) -> None:
    for column, level in enumerate(("first", "second", "quasi")):
        source_zone(level, square(column))
    asked = {"activities": ["polluting-project"], "industry": "C2614"}
    assert [ask(at(column + 0.5, 0.5), **asked).verdict for column in range(3)] == ["forbidden"] * 3
    assert ask(at(2.5, 0.5), activities=["polluting-project"], industry="C34").verdict == ""
    assert ask(at(1.5, 0.5), activities=["tourism"]).verdict == "limited"
    assert ask(at(0.5, 0.5), activities=["tourism"]).verdict == "forbidden"
    assert {ask(at(column + 0.5, 0.5), activities=["outfall-siting"]).verdict for column in range(3)} == {"forbidden"}


def test_an_exception_in_the_words_lifts_the_ban(ask: Any) -> None:
    source_zone("first", square())
    assert ask(at(0.5, 0.5), activities=["new-project"], description="印染车间").verdict == "forbidden"
    assert ask(at(0.5, 0.5), activities=["supply-works"], description="取水工程泵房").verdict == "allowed"


def test_a_ban_of_named_industries_knows_what_it_leaves_out(ask: Any) -> None:
    zone("basin-industry-ban", square(size=4), kind="basin")
    assert ask(at(1, 1), industry="C2614").verdict == "forbidden"
    assert ask(at(1, 1), industry="C2614", description="涂料单纯混合分装").verdict == ""
    assert ask(at(1, 1), industry="C1711", description="棉纺").verdict == "forbidden"
    assert ask(at(1, 1), industry="C13", description="食品加工").verdict == ""
    assert ask(at(1, 1), industry="C34", description="电镀车间").verdict == "forbidden"


def test_what_was_not_asked_is_shown_as_open_and_decides_nothing(ask: Any) -> None:
    zone("basin-industry-ban", square(), kind="basin")
    zone("no-burn-zone", square(), fuel_class="III", effective="2020-01-01")
    answer = ask(at(0.5, 0.5))
    assert answer.verdict == ""
    assert {depends for finding in answer.unsure for depends in finding.depends} == {"activity", "industry", "description"}
    broader = ask(at(0.5, 0.5), industry="C", activities=["burning-high-pollution-fuel"])
    assert broader.verdict == "forbidden"
    assert ("industry",) in {finding.depends for finding in broader.unsure}


def test_an_activity_is_covered_by_the_broader_one_a_rule_names(ask: Any) -> None:
    zone("firework-ban-zone", square(), kind="both")
    assert ask(at(0.5, 0.5), activities=["barbecue"]).verdict == "forbidden"
    zone("mariculture-zone", square(2), kind="ban")
    assert ask(at(2.5, 0.5), activities=["cage-culture"]).verdict == "forbidden"
    assert ask(at(2.5, 0.5), activities=["fishing"]).verdict == ""


def test_the_highest_priority_decides_and_a_stricter_lower_one_is_not_overlooked(ask: Any) -> None:
    zone("ecological-red-line", square(), function_of="water", core=False)
    unit = zone(
        "control-unit",
        square(),
        code="ZH35050210001",
        kind="priority",
        access=[{"verdict": "forbidden", "industries": "", "words": "", "text": "禁止任何线性工程", "clause": "布局-1"}],
    )
    answer = ask(at(0.5, 0.5), activities=["infrastructure"])
    assert answer.verdict == "limited"
    assert {finding.touch.register.name for finding in answer.deciding} == {"ecological-red-line"}
    assert [finding.touch.entry.code for finding in answer.stricter if finding.own] == [unit.code]
    assert [touch.priority for touch in answer.touched] == [10, 30]


def test_within_one_priority_the_strictest_word_counts(ask: Any) -> None:
    source_zone("second", square())
    zone("nature-reserve-zone", square(), reserve=_reserve(), part="buffer")
    answer = ask(at(0.5, 0.5), activities=["tourism"])
    assert {finding.verdict for finding in answer.findings if finding.applies} == {"limited", "forbidden"}
    assert answer.verdict == "forbidden"
    assert answer.findings[0].verdict == "forbidden"


def _reserve() -> str:
    return zone("nature-reserve", square(), level="provincial", kind="reserve", area=100).code


def test_a_unit_carries_clauses_of_its_own(ask: Any) -> None:
    rows = [
        {"dimension": "layout", "verdict": "forbidden", "industries": "C26、C17", "words": "", "text": "禁止新建化工", "clause": "1.2"},
        {"dimension": "emission", "verdict": "limited", "industries": "", "words": "锅炉", "text": "新建锅炉须超低排放", "clause": "2.1"},
    ]
    zone("control-unit", square(), code="ZH35050220001", kind="general", access=rows)
    answer = ask(at(0.5, 0.5), industry="C2614", activities=["rebuilding"], description="建设燃气锅炉")
    assert [(finding.verdict, finding.rule.clause) for finding in answer.findings if finding.own] == [
        ("forbidden", "1.2"),
        ("limited", "2.1"),
    ]
    assert ask(at(0.5, 0.5), industry="C34", activities=["rebuilding"], description="机械加工").verdict == "allowed"


def test_zones_and_their_ends_are_dated(ask: Any) -> None:
    zone("no-burn-zone", square(), fuel_class="III", effective="2020-01-01", valid_from="2020-01-01", valid_to="2025-12-31")
    found = {
        day: ask(at(0.5, 0.5), on=date.fromisoformat(day), activities=["fuel-facility"]).verdict
        for day in ("2019-12-31", "2020-01-01", "2025-12-31", "2026-01-01")
    }
    assert found == {"2019-12-31": "", "2020-01-01": "forbidden", "2025-12-31": "forbidden", "2026-01-01": ""}


def test_a_zone_closed_without_an_end_counts_for_no_day(ask: Any) -> None:
    entry = zone("no-burn-zone", square(), fuel_class="III", effective="2020-01-01")
    write_one("no-burn-zone", Draft({"status": "closed"}, code=entry.code), PLATFORM)
    assert ask(at(0.5, 0.5), activities=["fuel-facility"]).touched == ()


def test_a_point_on_the_edge_lies_inside(ask: Any) -> None:
    zone("no-burn-zone", square(), fuel_class="III", effective="2020-01-01")
    assert ask(at(1, 0.5), activities=["fuel-facility"]).verdict == "forbidden"
    assert ask(at(1.0001, 0.5), activities=["fuel-facility"]).verdict == ""


def test_an_area_tells_how_much_of_it_lies_in_the_zone_and_a_neighbour_only_touches(ask: Any) -> None:
    zone("no-burn-zone", square(), fuel_class="III", effective="2020-01-01")
    half = ask(square(0.5), activities=["fuel-facility"]).touched[0]
    assert half.share == pytest.approx(0.5, abs=0.001)
    assert half.amount == pytest.approx(1110 * 1009 / 2, rel=0.02)
    assert ask(square(1), activities=["fuel-facility"]).touched == ()


def test_a_line_tells_its_length_inside(ask: Any) -> None:
    zone("no-burn-zone", square(), fuel_class="III", effective="2020-01-01")
    crossing = ask(line((-1, 0.5), (2, 0.5)), activities=["infrastructure"]).touched[0]
    assert crossing.share == pytest.approx(1 / 3, abs=0.001)
    assert crossing.amount == pytest.approx(1010, rel=0.01)


def test_a_hole_is_outside_and_several_parts_are_one_zone(ask: Any) -> None:
    with_hole = {"type": "Polygon", "coordinates": [square(size=3)["coordinates"][0], square(1, 1)["coordinates"][0]]}
    zone("no-burn-zone", with_hole, fuel_class="III", effective="2020-01-01")
    assert ask(at(1.5, 1.5), activities=["fuel-facility"]).verdict == ""
    assert ask(at(0.5, 0.5), activities=["fuel-facility"]).verdict == "forbidden"
    parts = {"type": "MultiPolygon", "coordinates": [square(6)["coordinates"], square(8)["coordinates"]]}
    zone("firework-ban-zone", parts, kind="ban")
    assert [ask(at(column, 0.5), activities=["fireworks"]).verdict for column in (6.5, 7.5, 8.5)] == ["forbidden", "", "forbidden"]


def test_a_river_line_has_a_belt_in_metres_around_it(ask: Any) -> None:
    zone("buffer-belt", line((0, 0), (0, 3)), kind="range")
    metres = 1 / 1009.5
    assert ask(at(49 * metres, 1.5), activities=["waste-dumping"]).verdict == "forbidden"
    assert ask(at(51 * metres, 1.5), activities=["waste-dumping"]).verdict == ""


def test_noise_limits_stand_with_the_zone(ask: Any) -> None:
    zone("noise-function-zone", square(), **{"class": "2", "sensitive": True})
    answer = ask(at(0.5, 0.5), activities=["construction-noise"], description="夜间浇筑")
    entry = answer.touched[0].entry
    assert (entry.data["limit_day"], entry.data["limit_night"]) == (60, 50)
    assert answer.verdict == "forbidden"
    assert ask(at(0.5, 0.5), activities=["construction-noise"], description="自来水管抢修").verdict == "limited"


def test_a_listed_plot_is_held_back(ask: Any) -> None:
    zone("plot-under-control", square(), kind="contaminated", status="listed", listed_on="2026-01-05", planned_use="class-1")
    assert ask(at(0.5, 0.5), activities=["housing"]).verdict == "forbidden"
    assert ask(at(0.5, 0.5), activities=["land-supply"]).verdict == "forbidden"


def test_zones_of_others_are_not_shown_but_the_answer_says_that_there_are_some(ask: Any) -> None:
    source_zone("first", square(), district="350503")
    mine = source_zone("second", square(), district="350502")
    seen = ask(at(0.5, 0.5), who="inside-clerk", activities=["tourism"])
    assert [touch.entry.code for touch in seen.touched] == [mine.code]
    assert (seen.verdict, seen.hidden) == ("limited", True)
    whole = ask(at(0.5, 0.5), who="clerk", activities=["tourism"])
    assert (whole.verdict, whole.hidden) == ("forbidden", False)
    assert not ask(at(5, 5), who="inside-clerk", activities=["tourism"]).hidden


def test_a_wished_outfall_is_judged_by_the_water_it_goes_to(ask: Any) -> None:
    zone("outfall-siting-zone", line((0, 0), (0, 2)), kind="forbidden", reason="fishery", sea=False)
    zone("outfall-siting-zone", square(4), kind="limited", reason="exceeding", sea=False, capacity_cod=100, used_cod=80)
    zone("outfall-siting-zone", square(8), kind="forbidden", reason="beach", sea=True)
    verdicts = [ask(at(column, 0.5), activities=["sewage-outfall"]).verdict for column in (0, 4.5, 8.5, 12)]
    assert verdicts == ["forbidden", "limited", "forbidden", ""]
    assert ask(at(4.5, 0.5)).touched[0].entry.data["capacity_left"] == 20
    assert ask(at(8.5, 0.5), activities=["outfall-siting"]).verdict == "limited"


def test_a_catch_is_judged_by_place_and_season(ask: Any) -> None:
    zone("fishing-ban-zone", square(), kind="season", valid_from="2026-05-01", valid_to="2026-08-16")
    zone("fishing-ban-zone", square(2), kind="always")
    days = (date(2026, 4, 30), date(2026, 5, 1), date(2026, 8, 16), date(2026, 8, 17))
    assert [ask(at(0.5, 0.5), on=day, activities=["fishing"]).verdict for day in days] == ["", "forbidden", "forbidden", ""]
    assert ask(at(2.5, 0.5), activities=["angling"]).verdict == "forbidden"
    with pytest.raises(BilanError):
        zone("fishing-ban-zone", square(4), kind="season", valid_from="2026-05-01")


def test_building_seaward_of_a_setback_line_is_judged_by_the_shore(ask: Any) -> None:
    zone("coastal-setback", square(), shore="sand")
    zone("coastal-setback", square(2), shore="artificial")
    assert [ask(at(column, 0.5), activities=["housing"]).verdict for column in (0.5, 2.5)] == ["forbidden", "limited"]


def test_negative_lists_of_a_function_county_and_of_farmland_judge_an_industry(ask: Any) -> None:
    row = {"verdict": "forbidden", "industries": "C22", "words": "", "text": "禁止新建造纸", "clause": "12"}
    zone("eco-function-zone", square(), function_of="water", access=[row])
    zone("basic-farmland-zone", square(2), around=True, access=[{**row, "industries": "C32", "text": "周边禁止有色金属冶炼"}])
    assert ask(at(0.5, 0.5), industry="C2211").verdict == "forbidden"
    assert ask(at(0.5, 0.5), industry="C13").verdict == ""
    assert ask(at(2.5, 0.5), industry="C3216").verdict == "forbidden"
    zone("basic-farmland-zone", square(4), around=False)
    assert ask(at(4.5, 0.5), activities=["polluting-project"]).verdict == "forbidden"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"geometry": {"type": "Point", "coordinates": [999, 0]}}, "shape.out_of_range"),
        ({"geometry": {"type": "Polygon", "coordinates": [[[100, 20], [110, 20], [110, 30], [100, 20]]]}}, "zones.too_large"),
        ({"activities": ["new-projekt"]}, "zones.unknown_term"),
        ({"industry": "26"}, "zones.bad_industry"),
    ],
)
def test_what_cannot_be_answered_is_told(ask: Any, asked: dict[str, Any], code: str) -> None:
    with pytest.raises(BilanError) as error:
        ask(asked.pop("geometry", at(0, 0)), **asked)
    assert error.value.problems[0].code == code
    assert error.value.text("en") and error.value.text()


def test_a_line_zone_without_a_belt_is_met_by_an_area_that_crosses_it() -> None:
    assert overlap(square(), line((-1, 0.5), (2, 0.5))) == (0.0, 0.0)
    assert overlap(at(0.5, 0.5), line((-1, 0.5), (2, 0.5))) == (1.0, 0.0)
