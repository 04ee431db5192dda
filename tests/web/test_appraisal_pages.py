"""Pages of appraisals: scores by rule, from provisional over an appeal to final, what would be if, and who may do what."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from importlib import resources
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from bilan.people.models import AuditEntry
from bilan.plans.models import Appeal, IndicatorValue, Scoring, Target
from tests.web import tiny
from tests.web.running import Site

ClientOf = Callable[[str], Client]
YEAR = timezone.localdate().year
PAGE = f"/appraisals/three-in-one/{YEAR}"
NAMES = {code: names[0] for code, names in tiny.DISTRICTS.items()}


def text(response: Any) -> str:
    return str(response.content.decode())


@pytest.fixture(scope="module", autouse=True)
def _own_rules(site: Site) -> Iterator[None]:
    """The city's own version of the appraisal, which is content with fewer measured items."""
    folder = site.city.pack / "appraisals"
    folder.mkdir(exist_ok=True)
    text = resources.files("bilan.pack").joinpath("appraisals", "three-in-one.yaml").read_text()
    (folder / "three-in-one.yaml").write_text(text.replace("least: 50", "least: 30"))
    yield
    shutil.rmtree(folder)


@pytest.fixture(autouse=True)
def measured(client_of: ClientOf) -> Iterator[None]:
    """Each district with a PM2.5 that earns all, half and none of twelve points; enough is measured for a total."""
    Target.objects.filter(indicator="pm25").delete()
    IndicatorValue.objects.all().delete()
    for district, pm25, good in zip(tiny.DISTRICTS, (20.0, 25.0, 30.0), (97.5, 91.25, 85.0), strict=True):
        for name, value in (("pm25", pm25), ("good-days", good), ("water-good-share", 95.0), ("noise-night-share", 90.0)):
            IndicatorValue.objects.create(indicator=name, version="1", district=district, period=str(YEAR), value=value)
    yield
    Scoring.objects.all().delete()


def scored(client_of: ClientOf) -> Scoring:
    assert client_of("administrator").post(PAGE, {"do": "score"}).status_code == 302
    return Scoring.objects.order_by("-number")[0]


def test_a_scoring_is_made_by_rule_and_every_point_says_why(client_of: ClientOf) -> None:
    assert "本年度还没有评分" in text(client_of("administrator").get(PAGE))
    run = scored(client_of)
    assert run.stage == "provisional"
    own = text(client_of("administrator").get(f"{PAGE}?run={run.number}&who={tiny.OUTSIDE}"))
    assert "25，下限30得0分、目标20得满分，按直线得50.0%" in own
    assert f"/indicators/pm25/rows?place={tiny.OUTSIDE}&amp;period={YEAR}" in own
    assert "初评" in own
    listed = text(client_of("administrator").get("/appraisals"))
    assert PAGE in listed


def test_an_appeal_is_answered_before_a_scoring_is_final(client_of: ClientOf) -> None:
    run = scored(client_of)
    before = run.totals[tiny.INSIDE]["total"]
    objection = {"do": "appeal", "run": run.number, "who": tiny.INSIDE, "item": "water-good", "asked": "11", "reason": "断面施工"}
    assert client_of("inside-clerk").post(PAGE, objection).status_code == 302
    made = Appeal.objects.get(scoring=run)
    assert (made.who, made.asked, made.person.username) == (tiny.INSIDE, 11.0, "inside-clerk")
    assert "断面施工" in text(client_of("administrator").get(f"{PAGE}?run={run.number}"))

    assert Scoring.objects.filter(stage="final").count() == 0
    refused = client_of("administrator").post(PAGE, {"do": "final", "run": run.number})
    assert refused.status_code != 302
    assert Scoring.objects.filter(stage="final").count() == 0

    answer = {"do": "answer", "appeal": made.pk, "granted": "6", "answer": "部分属实"}
    assert client_of("administrator").post(PAGE, answer).status_code == 302
    assert client_of("administrator").post(PAGE, {"do": "final", "run": run.number}).status_code == 302
    ended = Scoring.objects.get(stage="final")
    assert ended.totals[tiny.INSIDE]["total"] < before
    page = text(client_of("administrator").get(f"{PAGE}?who={tiny.INSIDE}"))
    assert "申诉采纳：由12改为6分。部分属实" in page
    assert client_of("inside-clerk").post(PAGE, {**objection, "run": ended.number}).status_code != 302


def test_files_of_an_appeal_are_shown_and_handed_over_to_who_may_see_it(client_of: ClientOf) -> None:
    run = scored(client_of)
    content = "断面施工期间的说明".encode()
    objection = {"do": "appeal", "run": run.number, "who": tiny.OUTSIDE, "item": "pm25", "asked": "9", "reason": "施工扬尘"}
    sent = client_of("administrator").post(PAGE, {**objection, "file": SimpleUploadedFile("说明.txt", content)})
    assert sent.status_code == 302
    made = Appeal.objects.get(scoring=run)
    where = f"/appraisals/appeals/{made.pk}/0"
    page = text(client_of("viewer").get(PAGE))
    assert all(part in page for part in (where, "说明.txt", made.evidence[0]["digest"]))
    answer = client_of("viewer").get(where)
    assert b"".join(answer.streaming_content) == content
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert AuditEntry.objects.filter(action="appraisal.evidence", about=where, who="viewer").exists()
    assert client_of("inside-viewer").get(where).status_code == 404
    assert "说明.txt" not in text(client_of("inside-viewer").get(PAGE))
    assert client_of("viewer").get(f"/appraisals/appeals/{made.pk}/1").status_code == 404
    more = {"do": "attach", "run": run.number, "appeal": made.pk, "file": SimpleUploadedFile("照片.exe", b"MZ")}
    refused = client_of("administrator").post(PAGE, more)
    assert (refused.status_code, ".exe" in text(refused)) == (400, True)
    assert client_of("viewer").post(PAGE, {**more, "file": SimpleUploadedFile("a.txt", b"a")}).status_code == 403
    assert client_of("administrator").post(PAGE, {**more, "file": SimpleUploadedFile("a.txt", b"a")}).status_code == 302
    assert len(Appeal.objects.get(pk=made.pk).evidence) == 2


def test_a_refused_appeal_keeps_what_was_typed(client_of: ClientOf) -> None:
    run = scored(client_of)
    objection = {"do": "appeal", "run": run.number, "who": tiny.INSIDE, "item": "water-good", "asked": "99", "reason": "断面施工"}
    refused = client_of("inside-clerk").post(PAGE, objection)
    page = text(refused)
    assert refused.status_code == 400
    assert "断面施工</textarea>" in page
    assert '<option value="water-good" selected>' in page
    assert "分值应在 0 到 12" in page


def test_the_simulator_shows_what_would_be_and_keeps_nothing(client_of: ClientOf) -> None:
    run = scored(client_of)
    last = list(tiny.DISTRICTS)[-1]
    page = text(client_of("administrator").get(f"{PAGE}?if=pm25&of={last}&ends=20"))
    assert "what-if" in page
    part = page[page.index('id="what-if"') :]
    assert NAMES[last] in part
    assert "+" in part
    assert list(Scoring.objects.values_list("pk", flat=True)) == [run.pk]


@pytest.mark.parametrize("username", ["viewer", "inside-viewer", "inside-clerk", "clerk"])
def test_only_who_signs_off_scores(username: str, client_of: ClientOf) -> None:
    assert client_of(username).post(PAGE, {"do": "score"}).status_code == 403
    assert not Scoring.objects.exists()


def test_a_district_sees_and_speaks_for_itself_only(client_of: ClientOf) -> None:
    run = scored(client_of)
    page = text(client_of("inside-viewer").get(PAGE))
    assert NAMES[tiny.INSIDE] in page
    assert f"who={tiny.OUTSIDE}" not in page
    assert client_of("inside-viewer").get(f"{PAGE}?who={tiny.OUTSIDE}").status_code == 404
    objection = {"do": "appeal", "run": run.number, "item": "pm25", "reason": "理由"}
    assert client_of("inside-clerk").post(PAGE, {**objection, "who": tiny.OUTSIDE}).status_code == 403
    assert client_of("inside-viewer").post(PAGE, {**objection, "who": tiny.INSIDE}).status_code == 403
    assert not Appeal.objects.exists()


def test_what_is_written_wrongly_is_told(client_of: ClientOf) -> None:
    run = scored(client_of)
    administrator = client_of("administrator")
    objection = {"do": "appeal", "run": run.number, "who": tiny.INSIDE, "item": "pm25", "reason": "理由"}
    for sent in ({**objection, "asked": "13"}, {**objection, "asked": "many"}, {**objection, "item": "none"}, {**objection, "reason": " "}):
        assert 400 <= administrator.post(PAGE, sent).status_code < 500, sent
    assert administrator.get(f"/appraisals/three-in-one/{YEAR + 1}").status_code == 404
    assert administrator.get(f"{PAGE}?ends=many&if=pm25").status_code in {200, 400}
    assert not Appeal.objects.exists()
