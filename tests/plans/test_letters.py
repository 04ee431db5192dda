"""Letters of responsibility: one for each department and district with what it alone answers for, all or none, in an archive."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn

from bilan.casework.docket import Docket
from bilan.pack.reports import Each, check_reports, load
from bilan.people.monitoring import Monitoring
from bilan.people.visibility import visible_to
from bilan.plans.models import Commitment, Plan, Report, Target
from bilan.plans.planbook import Planbook
from bilan.plans.reporting import Context, Origin, changes, file_of, make, paper, papers, period
from bilan.plans.reporting.sources import duty
from bilan.problems import BilanError
from bilan.registers.ledger import Ledger
from bilan.registers.models import Entry
from bilan.web import site as served
from tests.web import tiny
from tests.web.running import Site

TODAY = date(2026, 11, 22)
OUTLINE = load()["responsibility-letter"]
AIR, SEA = "大气环境科", "海洋科/二"
FIRST = tiny.DISTRICTS[tiny.INSIDE][0]


class Stopped(Exception):
    """Somebody wants it to stop."""


def link(origin: Origin) -> str:
    return origin.page


def context(site: Site, language: str = "zh-hans") -> Context:
    person = site.person("administrator")
    scope = visible_to(person)
    planbook, monitoring = Planbook(scope, person), Monitoring(site.store, scope)
    of = period(OUTLINE.period, "2026", TODAY)
    return Context(site.city, served.districts(), of, False, language, TODAY, monitoring, planbook, Docket(scope, person), Ledger(scope))


@pytest.fixture(autouse=True)
def promised(site: Site) -> Iterator[None]:
    """Two departments with a target and commitments, a district with its own share of a target and a task."""
    Target.objects.all().delete()
    plan = Plan.objects.create(code="letters", title="试验规划", begin=2024, end=2028)
    plan.commitments.bulk_create(Commitment(plan=plan, number=9 + at, sentence="。", kind="target", owner="") for at in range(40))
    made = [
        Commitment.objects.create(plan=plan, number=number, sentence="。", kind="target", deadline="2028", **values)
        for number, values in enumerate(
            (
                {"metric": "细颗粒物", "comparator": "<=", "value": 20.0, "unit": "微克/立方米", "owner": AIR},
                {"metric": "优良天数比例", "comparator": ">=", "value": 97.5, "unit": "%", "owner": AIR},
                {"metric": "美丽海湾", "comparator": "=", "value": 5.0, "upper": 8.0, "unit": "个", "owner": SEA},
                {"metric": "弃用的", "comparator": "=", "value": 1.0, "owner": SEA, "check_state": "rejected"},
            ),
            1,
        )
    ]
    values = {"plan": plan, "indicator": "pm25", "year": 2028, "comparator": "<=", "baseline_year": 2024, "baseline": 24.0}
    Target.objects.create(code="l-pm25", commitment=made[0], value=20.0, nature="约束性", owner=AIR, shares={tiny.INSIDE: 19.0}, **values)
    entry = _task(FIRST, commitment=3, leader="甲副区长", plan=plan.title)
    yield
    entry.delete()
    plan.targets.all().delete()
    plan.delete()
    Report.objects.filter(report=OUTLINE.name).delete()


def _task(name: str, **data: Any) -> Entry:
    said = {"kind": "task", "year": 2026, "owner": "区住建局", "due": "2026-12-20", "quantity": 1234.5, "quantity_unit": "米", **data}
    return Entry.objects.create(
        register="plan-task", code="GT-2026-0001", name=f"{name}管网改造", district=tiny.INSIDE, status="running", data=said
    )


def said(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_each_letter_says_what_its_recipient_alone_answers_for(site: Site) -> None:
    made = make(OUTLINE, context(site), link, site.person("administrator"))
    assert papers(made) == [f"01 {AIR}.docx", "02 海洋科_二.docx", f"03 {FIRST}.docx"]
    air, sea, district = (said(paper(made, at)[1]) for at in range(3))
    assert all(part in air for part in (f"责任单位：{AIR}", "承担目标1项，其中约束性1项", "细颗粒物（微克/立方米）", "≤20", "≥97.5%"))
    assert "美丽海湾" not in air
    assert "主要责任人：＿＿＿＿＿" in air
    assert all(part in sea for part in ("5～8个", "管网改造", f"{SEA}（盖章）"))
    assert "弃用的" not in sea
    assert "细颗粒物" not in sea
    assert all(part in district for part in ("主要责任人：甲副区长", "≤19", "区住建局", "1234.5米", "美丽海湾"))
    assert "优良天数比例" not in district
    assert made.numbers[f"{AIR}/duty.commitments"]["value"] == 2
    assert made.numbers[f"{tiny.INSIDE}/duty.tasks"]["link"] == "tasks"


def test_the_paper_is_set_as_official_documents_are(site: Site) -> None:
    made = make(OUTLINE, context(site), link)
    document = Document(io.BytesIO(paper(made, 0)[1]))
    for run in (run for paragraph in document.paragraphs for run in paragraph.runs if run._element.rPr is not None):
        fonts = run._element.rPr.find(qn("w:rFonts"))
        assert fonts is None or fonts.get(qn("w:eastAsia")), run.text
    signing = document.tables[-1]
    assert [cell.paragraphs[0].text.endswith("（盖章）") for cell in signing.rows[0].cells] == [True, True]
    assert signing.rows[0]._tr.trPr.find(qn("w:cantSplit")) is not None
    headings = [paragraph.text for paragraph in document.paragraphs if paragraph.style.name.startswith("Heading")]
    assert headings == ["责任单位与责任人", "目标责任", "承诺事项", "考核与追责"], "a chapter with nothing to say is left out"


def test_it_can_be_stopped_between_two_letters_and_nothing_is_kept(site: Site) -> None:
    folder = site.city.data / "files" / "reports"
    before = set(folder.glob("responsibility-letter*")) if folder.is_dir() else set()
    steps: list[tuple[int, int]] = []

    def tell(done: int, total: int) -> None:
        steps.append((done, total))
        if done == 2:
            raise Stopped

    with pytest.raises(Stopped):
        make(OUTLINE, context(site), link, tell=tell)
    assert steps == [(0, 4), (1, 4), (2, 4)]
    assert not Report.objects.filter(report=OUTLINE.name).exists()
    assert set(folder.glob("responsibility-letter*")) == before


def test_two_issues_of_the_same_data_are_the_same_and_a_change_shows_by_department(site: Site) -> None:
    first, second = make(OUTLINE, context(site), link), make(OUTLINE, context(site), link)
    with zipfile.ZipFile(file_of(first, "zip")) as archive:
        assert archive.testzip() is None
    assert (second.number, changes(first.numbers, second.numbers)) == (2, [])
    Commitment.objects.filter(plan__code="letters", metric="优良天数比例").update(owner=SEA)
    third = make(OUTLINE, context(site, "en"), link)
    assert third.numbers[f"{SEA}/duty.commitments"]["value"] == 2
    assert (third.title, third.pdf) == ("Letter of responsibility, 2026", "")


def test_nobody_to_write_to_is_told(site: Site) -> None:
    Target.objects.all().delete()
    Commitment.objects.update(owner="")
    Entry.objects.filter(register="plan-task").delete()
    assert duty.recipients(context(site), tuple(Each)) == []
    with pytest.raises(BilanError) as error:
        make(OUTLINE, context(site), link)
    assert error.value.problems[0].code == "report.nobody"


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        (lambda text: text.replace("each: [departments, districts]\n", ""), {"value.unknown_choice", "report.unknown_number"}),
        (lambda text: text.replace("[departments, districts]", "[department]"), {"value.unknown_choice", "report.unknown_number"}),
        (lambda text: text.replace("签字： · Signed:", "签字："), {"report.one_language"}),
        (lambda text: text.replace("{recipient}（盖章）", "{recipent}（盖章）"), {"value.unknown_choice"}),
    ],
)
def test_mistakes_of_an_outline_are_told(tmp_path: Path, change: Callable[[str], str], codes: set[str]) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "responsibility-letter.yaml").write_text(change(OUTLINE.text), encoding="utf-8")
    ((_name, problems),) = check_reports(tmp_path)
    assert {problem.code for problem in problems} == codes
