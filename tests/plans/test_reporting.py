"""Reports: periods, numbers in words, outlines and their mistakes, the texts, Word and PDF, and what changed between issues."""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pypdf
import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st

from bilan.casework.docket import Docket
from bilan.pack.reports import BlockKind, Outline, PeriodKind, Span, check_reports, load, number_keys, pieces
from bilan.pack.reports.keys import known_keys
from bilan.pack.reports.loading import current, faults
from bilan.people.monitoring import Monitoring
from bilan.people.visibility import NotAllowed, visible_to
from bilan.plans.models import Commitment, IndicatorValue, Odds, Plan, Report, Target
from bilan.plans.planbook import Planbook
from bilan.plans.reporting import Context, changes, file_of, latest, make, period, recent
from bilan.plans.reporting.composing import compose
from bilan.plans.reporting.drawing import pdf
from bilan.plans.reporting.model import Grid, Heading, Origin, Paragraph, Picture, Written
from bilan.plans.reporting.provider import Provider
from bilan.plans.reporting.sources.targets import due_in
from bilan.plans.reporting.word import word
from bilan.problems import BilanError
from bilan.registers.ledger import Ledger
from bilan.telemetry import clock
from bilan.web import site as served
from tests.web import tiny
from tests.web.running import Site

TODAY = date(2026, 11, 22)
CITY = "350500"
OUTLINES = load()


def link(origin: Origin) -> str:
    return f"/{origin.page}?" + "&".join(f"{name}={value}" for name, value in origin.query.items())


def context(site: Site, outline: Outline, at: str, language: str = "zh-hans", username: str = "administrator") -> Context:
    person = site.person(username)
    scope = visible_to(person)
    return Context(
        site.city,
        served.districts(),
        period(outline.period, at, TODAY),
        outline.span is Span.TO_DATE,
        language,
        TODAY,
        Monitoring(site.store, scope),
        Planbook(scope, person),
        Docket(scope, person),
        Ledger(scope),
    )


def air_day(area: str, day: date, pm25: float, aqi: int) -> dict[str, object]:
    detail = f'{{"so2": 5, "no2": 15, "co": 0.6, "pm10": 40, "pm25": {pm25}, "o3_8h": 100, "o3_1h": 120}}'
    level = next(level for level, top in enumerate((50, 100, 150, 200, 300, 500), 1) if aqi <= top)
    start = clock.seconds(datetime(day.year, day.month, day.day))
    row = {"method": "air.day", "point": area, "start": start, "seconds": 86400, "value": float(aqi), "grade": level, "main": "pm25"}
    return {**row, "standard": "HJ 633", "version": "2012", "detail": detail, "valid": True, "computed": start + 86400}


@pytest.fixture
def october(site: Site) -> Iterator[None]:
    """Four days of October 2025 and 2024 of the city and of two districts, with numbers that can be reckoned by hand."""
    rows = []
    for year, values in (
        (2025, ((20.0, 50), (30.0, 80), (25.0, 110), (25.0, 60))),
        (2024, ((30.0, 60), (20.0, 70), (25.0, 80), (25.0, 90))),
    ):
        for at, (pm25, aqi) in enumerate(values, 1):
            rows += [air_day(CITY, date(year, 10, at), pm25, aqi), air_day(tiny.INSIDE, date(year, 10, at), pm25 - 5, aqi)]
            rows.append(air_day(tiny.OUTSIDE, date(year, 10, at), pm25 + 5, aqi))
    site.store.verdicts.write(pl.DataFrame(rows))
    yield
    site.renew()


def texts(written: Written) -> str:
    return "\n".join(piece.text for piece in written.pieces if isinstance(piece, Paragraph))


class TestPeriods:
    @pytest.mark.parametrize(
        ("kind", "at", "begin", "end", "chinese"),
        [
            (PeriodKind.DAY, "2024-02-29", date(2024, 2, 29), date(2024, 3, 1), "2024年2月29日"),
            (PeriodKind.WEEK, "2026-W01", date(2025, 12, 29), date(2026, 1, 5), "2025年12月29日至1月4日"),
            (PeriodKind.MONTH, "2025-12", date(2025, 12, 1), date(2026, 1, 1), "2025年12月"),
            (PeriodKind.QUARTER, "2025-Q4", date(2025, 10, 1), date(2026, 1, 1), "2025年第四季度"),
            (PeriodKind.YEAR, "2025", date(2025, 1, 1), date(2026, 1, 1), "2025年"),
        ],
    )
    def test_what_an_address_names(self, kind: PeriodKind, at: str, begin: date, end: date, chinese: str) -> None:
        found = period(kind, at, TODAY)
        assert (found.begin, found.end, found.at, found.text("zh-hans")) == (begin, end, at, chinese)
        assert found.over

    @pytest.mark.parametrize(
        ("kind", "at"),
        [(PeriodKind.MONTH, "2026-13"), (PeriodKind.WEEK, "2025-W53"), (PeriodKind.QUARTER, "2026-Q5"), (PeriodKind.DAY, "x")],
    )
    def test_what_is_none_is_told_with_an_example(self, kind: PeriodKind, at: str) -> None:
        with pytest.raises(BilanError) as error:
            period(kind, at, TODAY)
        assert error.value.problems[0].code == "report.bad_period"

    def test_what_has_not_begun_cannot_be_written(self) -> None:
        with pytest.raises(BilanError, match="2026-12"):
            period(PeriodKind.MONTH, "2026-12", TODAY)

    def test_the_same_days_a_year_earlier(self) -> None:
        running = period(PeriodKind.MONTH, "2026-11", TODAY)
        assert not running.over
        assert running.span_before() == tuple(clock.seconds(datetime(2025, 11, day)) for day in (1, 22))
        assert running.span_before(to_date=True)[0] == clock.seconds(datetime(2025, 1, 1))

    @given(st.sampled_from(list(PeriodKind)), st.dates(date(2016, 1, 5), date(2040, 12, 31)))
    def test_periods_follow_each_other_without_a_gap(self, kind: PeriodKind, today: date) -> None:
        found = recent(kind, today, 6)
        assert all(later.begin == earlier.end for later, earlier in itertools.pairwise(found))
        assert found[0].begin < today
        assert all(period(kind, entry.at, today) == entry for entry in found)
        assert latest(kind, today) in (*found, latest(kind, today).before()) or kind is PeriodKind.YEAR


class TestOutlines:
    def test_all_of_the_base_pack_are_sound(self) -> None:
        assert [name for name, problems in check_reports() if problems] == []
        assert len(OUTLINES) >= 9

    @pytest.mark.parametrize("name", OUTLINES)
    def test_every_text_stands_in_both_languages_with_the_same_numbers(self, name: str) -> None:
        for block in OUTLINES[name].blocks():
            if block.kind is BlockKind.TEXT:
                places = [sorted(set(re.findall(r"\{([a-z0-9_.-]+)\}", text))) for text in (block.text.zh, block.text.en)]
                assert places[0] == places[1], block.line

    def test_mistakes_are_told_with_file_line_and_nearest(self, tmp_path: Path) -> None:
        folder = tmp_path / "reports"
        folder.mkdir()
        (folder / "own.yaml").write_text(
            "report: own\ntitle: 自有报告 · Own\nabout: 说明 · About\nperiod: month\nchapters:\n  - title: 一章 · One\n    blocks:\n"
            '      - zh: "{air.pm26}"\n        en: "{air.pm25}"\n      - table: air.district\n',
            encoding="utf-8",
        )
        ((_name, problems),) = check_reports(tmp_path)
        assert [(problem.code, problem.place and problem.place.row) for problem in problems] == [
            ("report.unknown_number", 8),
            ("value.unknown_choice", 10),
        ]
        assert "air.pm25" in problems[0].text("zh-hans")
        assert "own" not in current(tmp_path)
        assert len(faults(tmp_path)) == 2

    def test_a_citys_outline_replaces_the_base_packs(self, tmp_path: Path) -> None:
        folder = tmp_path / "reports"
        folder.mkdir()
        changed = OUTLINES["air-daily"].text.replace("空气质量日报 · Daily bulletin of the air", "本市日报 · Our daily")
        (folder / "air-daily.yaml").write_text(changed, encoding="utf-8")
        assert current(tmp_path)["air-daily"].title.zh == "本市日报"
        assert current(tmp_path).keys() == OUTLINES.keys()

    def test_every_declared_number_table_and_chart_is_given(self, site: Site) -> None:
        provider = Provider(context(site, OUTLINES["mid-term-evaluation"], "2025"), link)
        for key in known_keys():
            assert provider.number(key).title
        for kind, name in pieces():
            provider.table(name) if kind == "table" else provider.chart(name)
        with pytest.raises(BilanError, match=r"air\.pm25"):
            provider.number("air.pm26")


class TestNumbers:
    def test_the_air_of_a_month_by_hand(self, site: Site, october: None) -> None:
        provider = Provider(context(site, OUTLINES["air-monthly"], "2025-10"), link)
        said = {
            key: provider.number(key).text
            for key in ("air.days", "air.good", "air.ratio", "air.ratio.change", "air.pm25", "air.pm25.change")
        }
        assert said == {
            "air.days": "4天",
            "air.good": "3天",
            "air.ratio": "75.0%",
            "air.ratio.change": "下降25.0个百分点",
            "air.pm25": "25.0微克/立方米",
            "air.pm25.change": "持平",
        }
        assert provider.number("air.best").text == tiny.DISTRICTS[tiny.INSIDE][0]
        assert provider.number("air.worst").text == tiny.DISTRICTS[tiny.OUTSIDE][0]
        assert provider.number("air.pm25").link == "/ranking?of=districts&period=month&at=2025-10"
        assert provider.number("air.pm25.before").value == 25.0

    def test_the_ranking_lists_districts_by_their_index(self, site: Site, october: None) -> None:
        rows = Provider(context(site, OUTLINES["air-monthly"], "2025-10", "en"), link).table("air.districts")
        assert [row[:2] for row in rows.rows] == [("Demo City", "—"), ("First District", "1"), ("Second District", "2")]
        assert rows.names == (CITY, tiny.INSIDE, tiny.OUTSIDE)

    def test_nothing_is_said_of_what_nobody_measured(self, site: Site) -> None:
        provider = Provider(context(site, OUTLINES["air-monthly"], "2020-01"), link)
        assert (provider.number("air.pm25").text, provider.number("air.pm25.change").text) == ("—", "无可比数据")
        assert provider.chart("air.levels") is None

    def test_how_targets_stand(self, site: Site) -> None:
        plan = Plan.objects.create(code="t-plan", title="试验规划", begin=2021, end=2025)
        made = []
        for at, (indicator, comparator, wanted, value, nature) in enumerate(
            (
                ("good-days", ">=", 97.5, 98.0, "约束性"),
                ("pm25", "<=", 20.0, 21.9, "约束性"),
                ("green", ">=", 100.0, 50.0, ""),
                ("later", ">=", 5.0, None, ""),
            )
        ):
            commitment = Commitment.objects.create(plan=plan, number=at + 1, sentence="。", metric=indicator, kind="target", unit="")
            target = Target.objects.create(
                code=f"t-{indicator}",
                plan=plan,
                commitment=commitment,
                indicator=indicator,
                year=2025,
                comparator=comparator,
                value=wanted,
                baseline_year=2020,
                baseline=25.0 if indicator == "pm25" else 60.0,
                nature=nature,
                owner={"pm25": "大气科", "green": "生态科"}.get(indicator, ""),
            )
            made.append(target)
            if value is not None:
                IndicatorValue.objects.create(indicator=indicator, version="1", period="2023", value=value)
        Odds.objects.create(target=made[1], day=date(2023, 12, 1), probability=0.4)
        try:
            assert due_in(made[1], 2023) == 22.0  # 25 → 20 over five years, three of them gone
            provider = Provider(context(site, OUTLINES["mid-term-evaluation"], "2023"), link)
            said = {
                name: provider.number(f"targets.{name}").value
                for name in ("total", "known", "met", "on_path", "behind", "unknown", "binding_met", "risk")
            }
            assert said == {"total": 4, "known": 3, "met": 1, "on_path": 2, "behind": 1, "unknown": 1, "binding_met": 2, "risk": 1}
            assert provider.number("indicator.pm25.gap").value == pytest.approx(-0.1)
            assert provider.number("indicator.pm25.odds").text == "40%"
            assert {row[0] for row in provider.table("targets.risk").rows} == {"pm25", "green"}
            assert provider.table("targets.duties").rows == (
                ("大气科", "pm25", "22", "≤20", "2025"),
                ("生态科", "green", "84", "≥100", "2025"),
            )
        finally:
            plan.targets.all().delete()
            plan.delete()
            IndicatorValue.objects.all().delete()


class TestPaper:
    @pytest.fixture
    def written(self, site: Site, october: None) -> Written:
        return compose(OUTLINES["air-monthly"], context(site, OUTLINES["air-monthly"], "2025-10"), 1, link)

    def test_numbers_stand_in_the_text_and_are_kept(self, written: Written) -> None:
        assert "2025年10月，全市有效监测4天，其中优良天数3天，优良天数比例为75.0%，同比下降25.0个百分点" in texts(written)
        assert written.numbers["air.ratio"].as_dict()["value"] == 75.0
        assert written.issue == "2025年第10期"
        assert written.marks == ("演示数据",)

    def test_headings_are_numbered_and_captions_counted(self, written: Written) -> None:
        assert [piece.label for piece in written.pieces if isinstance(piece, Heading)] == ["一、", "二、", "三、", ""]
        assert [piece.label for piece in written.pieces if isinstance(piece, Picture)] == ["图1", "图2", "图3"]
        assert [piece.label for piece in written.pieces if isinstance(piece, Grid)] == ["表1", "表2", ""]

    def test_word_names_the_fonts_of_both_scripts_and_indents_two_characters(self, written: Written) -> None:
        document = Document(io.BytesIO(word(written)))
        body = document.styles["Body Text"].element
        fonts = body.rPr.find(qn("w:rFonts"))
        assert (fonts.get(qn("w:eastAsia")), fonts.get(qn("w:ascii"))) == ("仿宋", "Times New Roman")
        assert body.pPr.find(qn("w:ind")).get(qn("w:firstLineChars")) == "200"
        heading = document.styles["Heading 1"].element
        assert heading.rPr.find(qn("w:rFonts")).get(qn("w:eastAsia")) == "黑体"
        assert heading.pPr.find(qn("w:numPr")).find(qn("w:numId")).get(qn("w:val")) == "90"
        levels = [
            entry.get(qn("w:val"))
            for entry in document.part.numbering_part.element.xpath('w:abstractNum[@w:abstractNumId="90"]/w:lvl/w:lvlText')
        ]
        assert levels == ["%1、", "（%2）", "%3."]

    def test_word_says_what_was_written_and_shows_the_charts(self, written: Written) -> None:
        document = Document(io.BytesIO(word(written)))
        said = "\n".join(paragraph.text for paragraph in document.paragraphs)
        assert all(piece.text in said for piece in written.pieces if isinstance(piece, Paragraph))
        assert len(document.inline_shapes) == 3
        assert len(document.tables) == 3
        assert all(table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None for table in document.tables)

    def test_pdf_says_the_same(self, written: Written) -> None:
        said = re.sub(r"\s", "", "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf(written))).pages))
        assert "优良天数比例为75.0%" in said
        assert "表2各县（市、区）环境空气质量状况及排名" in said

    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    @pytest.mark.parametrize("name", OUTLINES)
    def test_every_outline_can_be_set_even_without_data(self, site: Site, name: str, language: str) -> None:
        outline = OUTLINES[name]
        written = compose(outline, context(site, outline, latest(outline.period, date(2026, 1, 5)).at, language), 1, link)
        Document(io.BytesIO(word(written)))
        assert pypdf.PdfReader(io.BytesIO(pdf(written))).pages
        if language == "en":
            known = {plan.title for plan in Plan.objects.all()}
            assert not re.search(r"[\u4e00-\u9fff]", "".join(part for part in (texts(written), written.heading) if part not in known))


class TestIssues:
    def test_issues_are_counted_and_never_changed(self, site: Site, october: None) -> None:
        outline = OUTLINES["air-monthly"]
        first = make(outline, context(site, outline, "2025-10"), link, site.person("administrator"))
        site.store.verdicts.write(pl.DataFrame([air_day(CITY, date(2025, 10, 5), 30.0, 90)]))
        second = make(outline, context(site, outline, "2025-10"), link)
        assert (first.number, second.number) == (1, 2)
        assert file_of(first, "docx").read_bytes()[:2] == b"PK"
        assert file_of(second, "pdf").read_bytes()[:4] == b"%PDF"
        assert file_of(first, "pdf") != file_of(second, "pdf")
        found = {entry.key: (entry.before, entry.after, entry.amount) for entry in changes(first.numbers, second.numbers)}
        assert found["air.days"] == ("4天", "5天", 1.0)
        assert found["air.pm25"] == ("25.0微克/立方米", "26.0微克/立方米", 1.0)
        Report.objects.all().delete()

    def test_who_may_not_take_plans_away_writes_none(self, site: Site) -> None:
        outline = OUTLINES["air-monthly"]
        with pytest.raises(NotAllowed):
            make(outline, context(site, outline, "2025-10", username="viewer"), link)
        assert not Report.objects.exists()

    def test_a_file_that_is_gone_is_said_to_be_gone(self, site: Site) -> None:
        with pytest.raises(BilanError) as error:
            file_of(Report(report="air-monthly", period="2025-10", number=3, word="nowhere.docx"), "docx")
        assert error.value.problems[0].code == "report.gone"

    @given(st.dictionaries(st.sampled_from("abc"), st.floats(0, 9)), st.dictionaries(st.sampled_from("abc"), st.floats(0, 9)))
    def test_what_differs_is_told_and_only_that(self, one: dict[str, float], other: dict[str, float]) -> None:
        first, second = ({key: {"text": str(value), "value": value} for key, value in numbers.items()} for numbers in (one, other))
        assert {entry.key for entry in changes(first, second)} == {
            key for key in one.keys() | other.keys() if one.get(key) != other.get(key)
        }


def test_measure_words_and_units_are_said_once() -> None:
    assert not [key for key, entry in number_keys().items() if entry.suffix.zh and not entry.suffix.en and entry.unit]
