"""Appraisals: points by rule reckoned by hand, totals and ranks, appeals, what would be if, and mistakes of a declaration."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilan.casework.docket import Docket
from bilan.pack.appraisals import Item, Measure, MeasureKind, Missing, Rule, RuleKind, check_appraisals, current, load
from bilan.pack.registers.words import Bilingual
from bilan.people.visibility import NotAllowed, visible_to
from bilan.plans import evidence
from bilan.plans.appraising import Book, Grant, Scored, answer, appeal, attach, final, provisional, reckon, score, settled, totals
from bilan.plans.models import Appeal, IndicatorValue, Scoring, Target
from bilan.plans.planbook import Planbook
from bilan.problems import BilanError
from bilan.registers.ledger import Ledger
from tests.web import tiny
from tests.web.running import Site

TODAY = date(2026, 11, 22)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d4944415478da63fcffff3f0300050201015e9b7bd30000000049454e44ae426082"
)
DISTRICTS = tuple(tiny.DISTRICTS)
DECLARED = replace(load()["three-in-one"], least=0.0)


def item(rule: Rule, weight: float = 10.0, missing: Missing = Missing.OUT, name: str = "one") -> Item:
    words = Bilingual("项", "item")
    return Item(name, words, words, weight, Measure(MeasureKind.INDICATOR, "pm25"), rule, missing)


LINE = Rule(RuleKind.LINEAR, floor=30.0, target=20.0, from_plan=True)
STEPS = Rule(RuleKind.STEPS, steps=((95.0, 100.0), (80.0, 60.0), (0.0, 0.0)), rising=True)


class TestRules:
    @pytest.mark.parametrize(("value", "points"), [(20.0, 10.0), (25.0, 5.0), (30.0, 0.0), (35.0, 0.0), (12.0, 10.0), (21.0, 9.0)])
    def test_a_line_between_floor_and_target(self, value: float, points: float) -> None:
        assert score(item(LINE), "a", value).score == pytest.approx(points)

    def test_the_districts_own_target_goes_first(self) -> None:
        assert score(item(LINE), "a", 25.0, target=25.0).score == 10.0

    @pytest.mark.parametrize(("value", "points"), [(96.0, 10.0), (95.0, 10.0), (94.9, 6.0), (80.0, 6.0), (79.0, 0.0)])
    def test_steps(self, value: float, points: float) -> None:
        assert score(item(STEPS), "a", value).score == points

    def test_falling_steps(self) -> None:
        rule = Rule(RuleKind.STEPS, steps=((0.0, 100.0), (3.0, 50.0)), rising=False)
        assert [score(item(rule), "a", value).score for value in (0.0, 1.0, 3.0, 4.0)] == [10.0, 5.0, 5.0, 0.0]

    @pytest.mark.parametrize(("count", "points"), [(0, 10.0), (3, 8.5), (20, 0.0), (50, 0.0)])
    def test_points_off_for_each(self, count: int, points: float) -> None:
        assert score(item(Rule(RuleKind.EACH, each=0.5)), "a", float(count)).score == points

    @pytest.mark.parametrize(("missing", "points"), [(Missing.OUT, None), (Missing.ZERO, 0.0), (Missing.FULL, 10.0)])
    def test_what_has_no_value(self, missing: Missing, points: float | None) -> None:
        assert score(item(LINE, missing=missing), "a", None).score == points

    def test_every_score_says_why_in_both_languages(self) -> None:
        said = score(item(LINE), "a", 25.0).why
        assert said.zh == "25，下限30得0分、目标20得满分，按直线得50.0%"
        assert "50.0 %" in said.en

    @given(st.floats(-1e6, 1e6), st.sampled_from([LINE, STEPS, Rule(RuleKind.EACH, each=0.5)]))
    def test_points_never_leave_their_bounds(self, value: float, rule: Rule) -> None:
        found = score(item(rule), "a", value)
        assert found.score is not None
        assert 0 <= found.score <= found.full


class TestTotals:
    def test_items_left_out_let_the_others_count_for_the_whole(self) -> None:
        one, two = item(LINE, 60.0), item(LINE, 40.0, name="two")
        found = totals([score(one, "a", 25.0), score(two, "a", None), score(one, "b", 25.0), score(two, "b", 20.0)], 100.0)
        assert found["a"]["total"] == 50.0  # 30 of the 60 points that could be had
        assert found["b"]["total"] == 70.0
        assert (found["a"]["rank"], found["b"]["rank"]) == (2, 1)

    def test_equal_totals_share_a_rank(self) -> None:
        found = totals([score(item(LINE), who, value) for who, value in (("a", 25.0), ("b", 25.0), ("c", 29.0))], 10.0)
        assert [found[who]["rank"] for who in "abc"] == [1, 1, 3]

    def test_a_veto_caps_the_total(self) -> None:
        veto = item(Rule(RuleKind.VETO, limit=2.0, cap=60.0), 0.0, name="veto")
        best = item(LINE, 100.0)
        found = totals([score(best, "a", 20.0), score(veto, "a", 3.0), score(best, "b", 20.0), score(veto, "b", 2.0)], 100.0)
        assert (found["a"]["total"], found["a"]["capped"]) == (60.0, "veto")
        assert (found["b"]["total"], found["b"]["capped"]) == (100.0, "")

    def test_who_has_too_little_measured_gets_no_total(self) -> None:
        given, one = item(LINE, 60.0, Missing.FULL, "given"), item(LINE, 40.0)
        scored = [score(given, "a", None), score(one, "a", 20.0), score(given, "b", 20.0), score(one, "b", 20.0)]
        found = totals(scored, 100.0, least=50.0)
        assert found["a"]["total"] is None  # 40 of 100 points rest on a value
        assert (found["b"]["total"], found["b"]["rank"]) == (100.0, 1)

    def test_who_has_nothing_has_no_rank(self) -> None:
        assert totals([score(item(LINE), "a", None)], 10.0)["a"] == {"total": None, "capped": "", "rank": None}


WEIGHTS = (5.0, 8.0, 10.0, 12.0)
Appealed = tuple[list[Scored], dict[str, Grant]]


@st.composite
def appealed(draw: st.DrawFn) -> Appealed:
    """Items of one district, some without a value, and grants that take no point away."""
    own, grants = [], {}
    for at in range(draw(st.integers(1, 8))):
        declared = item(LINE, draw(st.sampled_from(WEIGHTS)), draw(st.sampled_from(list(Missing))), f"item-{at}")
        found = score(declared, "a", draw(st.none() | st.floats(15, 35)))
        own.append(found)
        if draw(st.booleans()):
            grants[found.item] = Grant(draw(st.floats(found.score or 0.0, found.full)))
    return own, grants


def total(entries: list[Scored]) -> float | None:
    found: float | None = totals(entries, 100.0)["a"]["total"]
    return found


class TestAppeals:
    @given(appealed())
    def test_being_granted_something_never_lowers_the_total(self, known: Appealed) -> None:
        own, grants = known
        before, after = total(own), total(settled(own, grants))
        assert before is None or (after is not None and after >= before)

    @given(appealed(), st.data())
    def test_one_more_grant_never_lowers_what_the_others_gave(
        self, given: tuple[list[Scored], dict[str, Grant]], data: st.DataObject
    ) -> None:
        own, grants = given
        fewer = {name: grant for name, grant in grants.items() if data.draw(st.booleans())}
        less, more = total(settled(own, fewer)), total(settled(own, grants))
        assert less is None or (more is not None and more >= less)

    def test_what_had_no_value_counts_where_that_helps(self) -> None:
        own = [score(item(LINE, 60.0, name="air"), "a", 25.0), score(item(LINE, 40.0, name="noise"), "a", None)]
        assert total(own) == 50.0
        assert total(settled(own, {"noise": Grant(30.0)})) == 60.0  # 30 + 30 of 100
        low = settled(own, {"noise": Grant(10.0)})
        assert total(low) == 50.0  # not 40, as it would be if it counted
        assert (low[1].score, low[1].why.zh) == (None, "申诉给予10分，计入会拉低总分，故仍不计入，其余项目按比例折算。")

    def test_fewer_points_than_before_are_what_the_answer_says(self) -> None:
        own = [score(item(LINE, 10.0), "a", 20.0)]
        assert total(settled(own, {"one": Grant(6.0, "部分属实")})) == 60.0


class TestDeclarations:
    def test_those_of_the_base_pack_are_sound_and_add_up_to_a_hundred(self) -> None:
        assert [name for name, problems in check_appraisals() if problems] == []
        assert DECLARED.full == 100.0

    def test_mistakes_are_told(self, tmp_path: Path) -> None:
        folder = tmp_path / "appraisals"
        folder.mkdir()
        (folder / "own.yaml").write_text(
            'appraisal: own\ntitle: 自有 · Own\nabout: 说明 · About\nversion: "1"\nitems:\n'
            "  - item: a\n    title: 甲 · A\n    group: 组 · G\n    weight: 5\n    measure: {kind: tasks, of: shares}\n"
            "    rule: {kind: linear, floor: 3, target: 3}\n"
            "  - item: a\n    title: 乙 · B\n    group: 组 · G\n    weight: 5\n    measure: {kind: indicator, of: pm25}\n"
            "    rule: {kind: steps, steps: [[1, 20], [5, 100]]}\n",
            encoding="utf-8",
        )
        ((_name, problems),) = check_appraisals(tmp_path)
        codes = {problem.code for problem in problems}
        assert codes == {"value.unknown_choice", "appraisal.flat", "appraisal.bad_steps", "appraisal.twice"}
        assert current(tmp_path).keys() == current().keys()


class TestRuns:
    @pytest.fixture
    def book(self, site: Site) -> Iterator[Book]:
        IndicatorValue.objects.all().delete()
        Target.objects.all().delete()
        for district, pm25, good in zip(DISTRICTS, (20.0, 25.0, 30.0), (97.5, 91.25, 85.0), strict=True):
            for name, value in (("pm25", pm25), ("good-days", good)):
                IndicatorValue.objects.create(indicator=name, version="1", district=district, period="2026", value=value)
        yield book_of(site, "administrator")
        Scoring.objects.all().delete()

    def test_districts_are_ranked_by_what_was_measured(self, book: Book) -> None:
        made = provisional(DECLARED, book, 2026)
        own = {(entry["who"], entry["item"]): entry["score"] for entry in made.scores}
        assert [own[district, "pm25"] for district in DISTRICTS] == [12.0, 6.0, 0.0]
        assert [own[district, "good-days"] for district in DISTRICTS] == [12.0, 6.0, 0.0]
        assert own[DISTRICTS[0], "noise-night"] is None
        ranks = [made.totals[district]["rank"] for district in DISTRICTS]
        assert ranks == sorted(ranks)
        assert made.text == DECLARED.text

    def test_what_would_be_if(self, book: Book) -> None:
        last = DISTRICTS[2]
        now = reckon(DECLARED, book, 2026).totals[last]
        then = reckon(DECLARED, book, 2026, {f"pm25|{last}": 19.0})
        entry = next(entry for entry in then.scores if (entry["who"], entry["item"]) == (last, "pm25"))
        assert (entry["value"], entry["score"]) == (19.0, 12.0)
        assert then.totals[last]["total"] > now["total"]
        everywhere = reckon(DECLARED, book, 2026, {"pm25|": 19.0})
        assert {entry["score"] for entry in everywhere.scores if entry["item"] == "pm25"} == {12.0}
        assert not Scoring.objects.exists()

    def test_an_appeal_that_is_granted_stands_in_the_final_scores(self, book: Book, site: Site) -> None:
        first, last = DISTRICTS[0], DISTRICTS[2]
        run = provisional(DECLARED, book, 2026)
        made = appeal(run, book.planbook, last, "pm25", "沙尘日应剔除", 6.0, site.person("administrator"))
        with pytest.raises(BilanError) as waiting:
            final(run, book.planbook)
        assert waiting.value.problems[0].code == "appraisal.waiting"
        with pytest.raises(BilanError) as much:
            answer(made, book.planbook, "同意", 13.0)
        assert much.value.problems[0].code == "appraisal.bad_points"
        answer(made, book.planbook, "同意剔除", 6.0)
        ended = final(run, book.planbook)
        scores = {(entry["who"], entry["item"]): entry for entry in ended.scores}
        assert scores[last, "pm25"]["score"] == 6.0
        assert "由0改为6分" in scores[last, "pm25"]["why"]["zh"]
        assert ended.totals[last]["total"] > run.totals[last]["total"]
        assert ended.totals[first]["total"] == run.totals[first]["total"]
        assert (ended.stage, ended.number) == ("final", 2)
        assert Scoring.objects.get(pk=run.pk).scores == run.scores
        with pytest.raises(BilanError) as closed:
            appeal(ended, book.planbook, last, "pm25", "再议")
        assert closed.value.problems[0].code == "appraisal.closed"

    def test_an_appeal_on_what_was_not_measured_does_not_cost_points(self, book: Book) -> None:
        first = DISTRICTS[0]
        run = provisional(DECLARED, book, 2026)
        answer(appeal(run, book.planbook, first, "noise-night", "另有监测"), book.planbook, "数据不全", 0.0)
        ended = final(run, book.planbook)
        assert ended.totals[first]["total"] == run.totals[first]["total"]
        entry = next(entry for entry in ended.scores if (entry["who"], entry["item"]) == (first, "noise-night"))
        assert (entry["score"], "拉低总分" in entry["why"]["zh"]) == (None, True)

    def test_files_prove_an_appeal_until_it_is_answered(self, book: Book) -> None:
        run = provisional(DECLARED, book, 2026)
        photo = (io.BytesIO(PNG), "../断面/施工.png")
        made = appeal(run, book.planbook, DISTRICTS[0], "pm25", "断面施工", files=[photo, (io.BytesIO("说明".encode()), "说明.txt")])
        assert [(kept["name"], kept["mime"], kept["size"]) for kept in made.evidence] == [
            ("施工.png", "image/png", len(PNG)),
            ("说明.txt", "text/plain", 6),
        ]
        assert made.evidence[0]["digest"] == hashlib.sha256(PNG).hexdigest()
        path = evidence.path_of(made.evidence[0])
        assert path is not None
        assert path.read_bytes() == PNG
        again = attach(made, book.planbook, [(io.BytesIO(PNG), "同一张.png"), (io.BytesIO(b"%PDF-1.7\n"), "报告.pdf")])
        assert [kept["name"] for kept in again.evidence] == ["施工.png", "说明.txt", "报告.pdf"]
        for files, code in (
            ([(io.BytesIO(b"MZ"), "a.exe")], "attachment.type"),
            ([(io.BytesIO(PNG), "a.pdf")], "attachment.content"),
            ([(io.BytesIO(b""), "a.txt")], "attachment.empty"),
            ([(io.BytesIO(b"%d" % at), f"{at}.txt") for at in range(evidence.MOST_FILES)], "evidence.too_many_files"),
            ([], "appraisal.no_file"),
        ):
            with pytest.raises(BilanError) as refused:
                attach(made, book.planbook, files)
            assert refused.value.problems[0].code == code
        assert Appeal.objects.get(pk=made.pk).evidence == again.evidence
        answer(made, book.planbook, "属实", 12.0)
        with pytest.raises(BilanError) as late:
            attach(made, book.planbook, [photo])
        assert late.value.problems[0].code == "appraisal.answered"
        count = Appeal.objects.count()
        with pytest.raises(BilanError):
            appeal(run, book.planbook, DISTRICTS[1], "pm25", "理由", files=[(io.BytesIO(b"MZ"), "a.exe")])
        assert Appeal.objects.count() == count

    def test_only_who_signs_off_scores_and_nobody_speaks_for_another_district(self, book: Book, site: Site) -> None:
        with pytest.raises(NotAllowed):
            provisional(DECLARED, book_of(site, "viewer"), 2026)
        run = provisional(DECLARED, book, 2026)
        inside = book_of(site, "inside-clerk")
        with pytest.raises(NotAllowed):
            appeal(run, inside.planbook, tiny.OUTSIDE, "pm25", "理由")
        assert appeal(run, inside.planbook, tiny.INSIDE, "pm25", "理由").pk
        assert {entry["who"] for entry in inside.planbook.scores(run)} == {tiny.INSIDE}
        Appeal.objects.all().delete()


def book_of(site: Site, username: str) -> Book:
    person = site.person(username)
    scope = visible_to(person)
    return Book(Planbook(scope, person), Docket(scope, person), Ledger(scope), DISTRICTS, TODAY)
