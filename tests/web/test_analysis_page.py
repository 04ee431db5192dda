"""The analysis workbench: what is drawn comes from data whose answer is known by construction; who sees what; files, saved ones, jobs."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import polars as pl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bilan.pack.analyses import Needs, analyses, column_words
from bilan.pack.vocab import by_column
from bilan.telemetry import clock
from bilan.telemetry.model import SeriesKey
from bilan.web.areas.analysis import bench
from bilan.web.areas.analysis.running import RUNS
from tests.web.running import Site

ClientOf = Callable[[str], Client]
BEGIN = clock.seconds(clock.EPOCH.replace(year=2020, month=6, day=1))
DAYS = 60
PERIOD = "begin=2020-06-01&end=2020-07-30"
PATIENCE = 60


@pytest.fixture(scope="module")
def windy(site: Site) -> None:
    """Sixty days: SO2 is high only with wind from the east, NO2 is the hour of the day, AIR2 has three more of it."""
    starts = np.arange(BEGIN, BEGIN + DAYS * clock.DAY, clock.HOUR)
    hours = np.arange(len(starts))
    direction = 10.0 * (hours * 7 % 36)
    generator = np.random.default_rng(1)
    columns = {
        "wind_dir": direction,
        "wind_speed": np.where(hours % 10 == 0, 0.0, 1.0 + hours % 5),
        "so2": np.where((direction >= 70) & (direction <= 110), 80.0, 5.0 + hours % 3),
        "no2": (starts // clock.HOUR % 24).astype(float),
        "pm25": 10 + generator.gamma(2, 4, len(starts)),
        "pm10": 20 + generator.gamma(2, 6, len(starts)),
        "co": generator.gamma(2, 0.2, len(starts)),
    }
    _put(site, "AIR1", columns, starts)
    _put(site, "AIR2", {"no2": columns["no2"] + 3.0}, starts)


def _put(site: Site, point: str, columns: dict[str, Any], starts: Any) -> None:
    keys = [SeriesKey(point, by_column(name).code, "mean", "hour") for name in columns]
    ids = site.store.catalogue.series_ids(keys, [by_column(name).unit for name in columns])
    frames = [
        pl.DataFrame({"series": number, "start": starts, "seconds": clock.HOUR, "value": values.astype(float), "flag": "N", "quality": 0})
        for number, values in zip(ids, columns.values(), strict=True)
    ]
    site.store.lake.write("hour", pl.concat(frames))


def result(client: Client, query: str, status: int = 200) -> dict[str, Any]:
    response = client.get(f"/analysis/result.json?{query}&{PERIOD}")
    assert response.status_code == status, response.content.decode()
    found: dict[str, Any] = response.json()
    return found


def fact(found: dict[str, Any], name: str) -> str:
    return str(next(entry["value"] for entry in found["facts"] if entry["name"] == name))


def test_every_declared_analysis_can_be_done_and_is_said_in_both_languages() -> None:
    assert set(RUNS) == set(analyses())
    for entry in analyses().values():
        texts = [entry.title, entry.group, entry.about, *entry.caveats, *(setting.title for setting in entry.settings)]
        texts += [title for setting in entry.settings for _value, title in setting.choices]
        assert all(text.complete for text in texts), entry.name
        assert entry.reference, entry.name
        for setting in entry.settings:
            setting.taken("")


def test_the_sector_of_the_source_is_found(windy: None, client_of: ClientOf) -> None:
    found = result(client_of("viewer"), "of=cpf&points=AIR1&parameter=so2&sector=10&percentile=80")
    assert fact(found, "概率最高的来向") in {"70", "80", "90", "100", "110"}
    high = {row[0] for row in found["rows"] if row[1] == "1"}
    assert high == {"70", "80", "90", "100", "110"}


def test_hours_of_the_day_are_told(windy: None, client_of: ClientOf) -> None:
    found = result(client_of("viewer"), "of=time-variation&points=AIR1&parameter=no2")
    at = {head["title"]: place for place, head in enumerate(found["heads"])}
    hours = [row for row in found["rows"] if row[0] == "hour"]
    assert [(row[at["时"]], row[at["值"]]) for row in hours][:3] == [("0", "0"), ("1", "1"), ("2", "2")]


def test_calm_hours_are_told_apart(windy: None, client_of: ClientOf) -> None:
    # One hour in ten has no wind.
    assert fact(result(client_of("viewer"), "of=wind-rose&points=AIR1&calm=0"), "静风") == "10"


def test_a_model_that_is_three_too_high_has_a_bias_of_three(windy: None, client_of: ClientOf) -> None:
    found = result(client_of("viewer"), "of=model-evaluation&points=AIR1,AIR2&parameter=no2")
    at = {head["title"]: place for place, head in enumerate(found["heads"])}
    (row,) = found["rows"]
    assert (row[at["平均偏差"]], row[at["相关系数"]], row[at["均方根误差"]]) == ("3", "1", "3")
    assert len(found["figures"]) == 3


@pytest.mark.parametrize("name", [name for name, entry in analyses().items() if not entry.heavy and entry.needs is not Needs.PAIRS])
def test_each_is_drawn_in_both_languages_and_for_small_screens(name: str, windy: None, client_of: ClientOf) -> None:
    client = client_of("viewer")
    for query in ("", "&narrow=1"):
        # A trend needs more than two months: that is said, not drawn.
        status = 400 if "trend" in name else 200
        found = result(client, f"of={name}&points=AIR1&parameter=so2{query}", status)
        if status == 200:
            assert found["figures"][0]["option"]["series"]
            assert all(head["title"] not in column_words() or head["title"] == "r" for head in found["heads"])
    assert client.get(f"/analysis?of={name}&points=AIR1").status_code == 200


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("of=moon", "time-variation"),
        ("of=wind-rose&points=AIR2", "风向风速"),
        ("of=polar-plot&points=NOBODY", "没有选择站点"),
        ("of=calendar&points=AIR1&parameter=radon", "PM2.5"),
        ("of=wind-rose&points=AIR1&sector=400", "5.0 至 90.0"),
        ("of=time-variation&points=AIR1&statistic=mode", "mean"),
        ("of=model-evaluation&points=AIR1&parameter=no2", "两个以上"),
        ("of=time-variation&points=AIR1,AIR2,AIR3,A,B,C,D,E,F", "8"),
    ],
)
def test_what_cannot_be_analysed_is_said(query: str, words: str, windy: None, client_of: ClientOf) -> None:
    assert words in result(client_of("viewer"), query, 400)["message"]


def test_an_empty_period_is_said(windy: None, client_of: ClientOf) -> None:
    response = client_of("viewer").get("/analysis/result.json?of=calendar&points=AIR1&parameter=so2&begin=2001-01-01&end=2001-02-01")
    assert response.status_code == 400
    assert "2001年1月1日" in response.json()["message"]


def test_points_outside_the_districts_are_left_out(windy: None, client_of: ClientOf) -> None:
    client = client_of("inside-viewer")
    text = client.get("/analysis?of=time-variation&points=AIR1,AIR2&parameter=no2").content.decode()
    assert "甲区演示站" in text
    assert "乙区演示站" not in text
    assert result(client, "of=time-variation&points=AIR2&parameter=no2", 400)["message"]
    assert [item["code"] for item in client.get("/analysis/points.json?q=air").json()["items"]] == ["AIR1"]


def test_numbers_are_taken_away_as_files(windy: None, client_of: ClientOf) -> None:
    client = client_of("viewer")
    address = f"/analysis/numbers?of=cpf&points=AIR1&parameter=so2&sector=90&{PERIOD}&form="
    lines = list(csv.reader(io.StringIO(b"".join(client.get(address + "csv").streaming_content).decode("utf-8-sig"))))
    assert lines[0] == ["扇区（°）", "概率", "下限", "上限", "数据个数"]
    assert [line[0] for line in lines[1:]] == ["0.0", "90.0", "180.0", "270.0"]
    frame = pl.read_parquet(io.BytesIO(b"".join(client.get(address + "parquet").streaming_content)))
    assert frame.height == 4
    assert client.get(address + "xlsx").status_code == 200


def test_an_analysis_is_kept_and_shared(windy: None, client_of: ClientOf) -> None:
    query = "of=cpf&points=AIR2&parameter=so2"
    operator = client_of("operator")
    operator.post("/analysis/saved", {"name": "东风", "query": query, "shared": "1"})
    client_of("viewer").post("/analysis/saved", {"name": "只有我", "query": query, "shared": "1"})
    assert "东风" in client_of("viewer").get("/analysis").content.decode()
    assert "只有我" not in operator.get("/analysis").content.decode()
    # Its point lies outside the districts of this reader.
    assert "东风" not in client_of("inside-viewer").get("/analysis").content.decode()


def finished(client: Client, query: str) -> dict[str, Any]:
    """What a heavy analysis finds, after it was started."""
    job = client.post("/analysis/start.json", {name: values[0] for name, values in parse_qs(query).items()}).json()["job"]
    assert job["running"]
    deadline = time.monotonic() + PATIENCE
    while (now := bench.jobs().get(job["id"])) is not None and now.running and time.monotonic() < deadline:
        time.sleep(0.05)
    found: dict[str, Any] = client.get(f"/analysis/result.json?{query}").json()
    return found


def test_a_heavy_analysis_runs_as_a_job(windy: None, client_of: ClientOf) -> None:
    client = client_of("viewer")
    query = f"of=pmf&points=AIR1&family=all&factors=2&seeds=2&bootstrap=2&displacement=4&{PERIOD}"
    waiting = client.get(f"/analysis/result.json?{query}").json()
    assert waiting["job"] is None
    assert {entry["name"] for entry in waiting["species"]} == {"so2", "no2", "pm25", "pm10", "co"}
    found = finished(client, query)
    assert fact(found, "样品 × 组分") == "240 × 5"
    assert fact(found, "位移时因子互换").isdigit()
    assert len(found["figures"]) == 3
    assert b"".join(client.get(f"/analysis/numbers?{query}&form=csv").streaming_content).count(b"\n") == 11
    # Who may not see the station is shown nothing of what others computed.
    outside = client_of("inside-viewer").get(f"/analysis/result.json?{query.replace('AIR1', 'AIR2')}")
    assert outside.status_code == 400


def test_a_file_of_what_was_not_computed_leads_back(windy: None, client_of: ClientOf) -> None:
    response = client_of("viewer").get(f"/analysis/numbers?of=pmf&points=AIR1&family=all&factors=3&{PERIOD}")
    assert response.status_code == 302
    assert parse_qs(urlsplit(response["Location"]).query)["factors"] == ["3"]


def test_only_ones_own_job_is_cancelled(windy: None, client_of: ClientOf) -> None:
    job = bench.jobs().make(bench.FILE, "operator", {"query": {}})
    client_of("viewer").post("/analysis/cancel.json", {"job": job.id})
    bench.jobs().check(job.id)


@pytest.mark.parametrize(("name", "query", "panels"), [("wind-rose", "by=weekend", 2), ("polar-plot", "by=month&parameter=so2", 2)])
def test_panels_stand_on_one_board(name: str, query: str, panels: int, windy: None, client_of: ClientOf) -> None:
    found = result(client_of("viewer"), f"of={name}&points=AIR1&{query}")
    assert len(found["figures"][0]["option"]["title"]) == panels
    assert {row[0] for row in found["rows"]} <= {"工作日", "周末", "6月", "7月"}


def test_what_goes_together_and_what_follows_what(windy: None, client_of: ClientOf) -> None:
    found = result(client_of("viewer"), "of=relation&points=AIR1&parameter=no2&against=so2")
    assert float(fact(found, "数据对")) == DAYS * 24
    assert {head["title"] for head in found["heads"]} >= {"斜率", "截距", "r²"}
    table = result(client_of("viewer"), "of=coverage&points=AIR1")
    assert [entry["name"] for entry in table["tables"]] == ["periods"]
    address = f"/analysis/numbers?of=coverage&points=AIR1&{PERIOD}&table=periods&form=csv"
    assert b"2020-06" in b"".join(client_of("viewer").get(address).streaming_content)


def brought(client: Client, concentrations: str, uncertainties: str) -> str:
    """Upload two tables; the query they are analysed by."""
    files = {"concentrations": ("浓度.csv", concentrations), "uncertainties": ("unc.csv", uncertainties)}
    sent = {name: SimpleUploadedFile(file, text.encode()) for name, (file, text) in files.items()}
    response = client.post("/analysis/tables", sent)
    assert response.status_code == 302
    return urlsplit(response["Location"]).query


def samples(rows: int = 60) -> tuple[str, str]:
    """Two sources of four species with their uncertainties, as a laboratory writes them; zinc is mostly noise."""
    generator = np.random.default_rng(4)
    values = generator.gamma(1, 1, (rows, 2)) @ np.array([[4.0, 1.0, 0.5, 2.0], [0.5, 1.0, 3.0, 1.0]])
    heads = "采样日期,SO4,NO3,OC,Zn\n"
    lines = [f"2025-{1 + n // 28:02}-{1 + n % 28:02}," + ",".join(f"{value:.3f}" for value in row) for n, row in enumerate(values)]
    errors = [
        f"{line[:10]}," + ",".join(f"{0.05 * value + 0.01:.4f}" for value in row[:3]) + ",9"
        for line, row in zip(lines, values, strict=True)
    ]
    return heads + "\n".join(lines), heads + "\n".join(errors)


def test_own_tables_are_factorised_as_the_analyst_trusts_them(windy: None, client_of: ClientOf) -> None:
    client = client_of("viewer")
    query = brought(client, *samples())
    page = client.get(f"/analysis?{query}").content.decode()
    assert "浓度.csv + unc.csv" in page
    listed = client.get(f"/analysis/result.json?{query}").json()["species"]
    assert {entry["name"]: entry["usual"] for entry in listed} == {"SO4": "strong", "NO3": "strong", "OC": "strong", "Zn": "bad"}
    query += "&factors=2&seeds=2&categories=NO3:weak"
    found = finished(client, query)
    assert fact(found, "样品 × 组分") == "60 × 3"
    assert {entry["name"]: entry["chosen"] for entry in found["species"]}["NO3"] == "weak"
    rows = b"".join(client.get(f"/analysis/numbers?{query}&table=contributions&form=csv").streaming_content).decode("utf-8-sig")
    assert rows.splitlines()[1].startswith("2025-01-01")
    # Nobody else may see what a person brought.
    assert client_of("operator").get(f"/analysis/result.json?{query}").status_code == 400


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda one, other: (one.replace("2025-01-03,", "2025-01-03,x", 1), other), ("浓度.csv", "第 4 行", "SO4")),
        (lambda one, other: (one, other.replace(",9", ",0", 1)), ("unc.csv", "第 2 行", "Zn", "大于零")),
        (lambda one, other: (one, other.replace("OC", "EC", 1)), ("unc.csv", "OC", "EC")),
        (lambda one, other: (one, other.replace("2025-01-02", "2026-01-02", 1)), ("浓度.csv", "第 3 行", "2025-01-02")),
        (lambda one, other: ("没有,表头", other), ("浓度.csv", "表头")),
    ],
)
def test_what_is_wrong_with_tables_is_told_with_its_place(
    change: Callable[[str, str], tuple[str, str]], words: tuple[str, ...], windy: None, client_of: ClientOf
) -> None:
    client = client_of("viewer")
    page = client.get(f"/analysis?{brought(client, *change(*samples()))}").content.decode()
    told = page[page.index('class="table-problems"') :].partition("</ul>")[0]
    assert all(word in told for word in words), told
