"""The list of a register: found, sorted and paged in the database, masked, linkable, with a fixed number of queries."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bilan.registers.models import Entry, Revision, SavedView
from bilan.registers.writing import Author, Draft, write
from tests.web.running import Site

pytestmark = pytest.mark.usefixtures("filled")
Clients = Callable[[str], Client]


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return str(response.content.decode())


def rows(text: str) -> list[str]:
    """Text of the first cell of every row."""
    return [re.sub(r"<[^>]*>", "", cell) for cell in re.findall(r'<th scope="row">(.*?)</th>', text)]


def total(text: str) -> int:
    found = re.search(r'class="quiet count" role="status">(\d+)', text)
    assert found
    return int(found.group(1))


def test_the_tree_counts_what_the_reader_sees(client_of: Clients) -> None:
    everything, inside = page(client_of("viewer"), "/registers"), page(client_of("inside-viewer"), "/registers")
    assert re.search(r"测试企业.*?<b>130</b>", everything, re.DOTALL)
    assert re.search(r"测试企业.*?<b>44</b>", inside, re.DOTALL)


def test_the_tree_asks_one_query_for_all_counts(client_of: Clients) -> None:
    client = client_of("viewer")
    client.get("/registers")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get("/registers")
    assert sum("COUNT(" in query["sql"].upper() and "registers_entry" in query["sql"] for query in queries) == 1


def test_a_page_has_fifty_entries_in_the_declared_order(client_of: Clients) -> None:
    client = client_of("viewer")
    first, third = page(client, "/registers/test-plant"), page(client, "/registers/test-plant?page=3")
    assert (total(first), len(rows(first)), len(rows(third))) == (130, 50, 30)
    codes = rows(first)
    assert codes == sorted(codes)
    assert not set(codes) & set(rows(third))
    assert page(client, "/registers/test-plant?page=99").count('<th scope="row">') == 30


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("trade=C", 109),
        ("trade=D", 21),
        ("topics=industrial", 33),
        ("staff__from=100&staff__to=109", 10),
        ("key=true", 26),
        ("opened__to=2010-12-31", 10),
        ("q=须复查", 1),
        ("q=jqys", 44),
        ("district=350502", 44),
        ("archived=yes", 0),
        ("completeness__to=1", 0),
        ("status=active", 130),
        ("status=closed", 0),
    ],
)
def test_filters_keep_what_they_say(query: str, expected: int, client_of: Clients) -> None:
    client = client_of("viewer")
    assert total(page(client, f"/registers/test-plant?{query}")) == expected
    client.get("/registers/test-plant?district=")


def test_sorting_goes_both_ways_and_columns_are_chosen(client_of: Clients) -> None:
    client = client_of("viewer")
    up = rows(page(client, "/registers/test-plant?sort=staff&columns=staff,name"))
    down = rows(page(client, "/registers/test-plant?sort=-staff&columns=staff,name"))
    assert down[0].endswith("演示企业129") and up[0].endswith("演示企业0")


def test_an_unknown_column_to_sort_by_is_told(client_of: Clients) -> None:
    response = client_of("viewer").get("/registers/test-plant?sort=staf")
    assert response.status_code == 400
    assert "staff" in response.content.decode()


def test_a_page_takes_the_same_number_of_queries_whatever_it_shows(client_of: Clients) -> None:
    client = client_of("viewer")
    address = "/registers/test-outfall?columns=code,name,plant,stream,organisation,district"
    counts = []
    for query in ("&kind=rain&sort=-name", "&page=1", "&page=2"):
        client.get(address + query)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address + query).status_code == 200
        counts.append(len(queries))
    assert len(set(counts)) == 1
    assert counts[0] <= 10


def test_links_show_names_not_codes(client_of: Clients) -> None:
    text = page(client_of("viewer"), "/registers/test-outfall")
    assert "区演示企业" in text and "演示溪" in text
    assert "TP-350502" not in text


def test_names_of_entries_out_of_reach_are_not_told(client_of: Clients) -> None:
    text = page(client_of("inside-operator"), "/registers/test-outfall")
    assert "乙区演示企业" not in text


def test_what_is_sensitive_is_masked_and_cannot_be_sorted_by(client_of: Clients) -> None:
    viewer, administrator = client_of("viewer"), client_of("administrator")
    address = "/registers/test-plant?columns=code,contact,secret"
    assert "13812345678" not in page(viewer, address) and "138****5678" in page(viewer, address)
    assert "密-1" not in page(viewer, address)
    assert "13812345678" in page(administrator, address) and "密-1" in page(administrator, address)
    assert viewer.get("/registers/test-plant?sort=secret").status_code == 400
    assert administrator.get("/registers/test-plant?sort=secret").status_code == 200


def test_a_file_has_all_rows_that_were_found(client_of: Clients) -> None:
    response = client_of("viewer").get("/registers/test-plant?trade=D&export=csv")
    lines = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    assert len(lines) == 22
    assert "职工人数" in " ".join(lines[0])


def test_looking_back_shows_what_was_said_then(client_of: Clients) -> None:
    client = client_of("operator")
    entry = Entry.objects.filter(register="test-stream").first()
    assert entry is not None
    long_ago = timezone.now() - timedelta(days=400)
    Revision.objects.filter(entry=entry).update(since=long_ago)
    Entry.objects.filter(pk=entry.pk).update(created=long_ago)
    write("test-stream", [Draft(code=entry.code, values={"name": "新名称"})], Author.platform("renamed"))
    day = (timezone.localdate() - timedelta(days=30)).isoformat()
    then = page(client, f"/registers/test-stream?as_of={day}")
    assert (rows(then), total(then)) == (["S1"], 1)
    assert "演示溪1" in then and "新名称" not in then and day in then
    assert "新名称" in page(client, "/registers/test-stream")


def test_a_view_is_kept_shared_and_forgotten(client_of: Clients) -> None:
    operator, viewer = client_of("operator"), client_of("viewer")
    sent = {"name": "化工企业", "query": "?trade=C26&page=2&sort=-staff", "shared": "1"}
    response = operator.post("/registers/test-plant/views", sent)
    assert parse_qs(urlsplit(response.headers["Location"]).query) == {"trade": ["C26"], "sort": ["-staff"]}
    view = SavedView.objects.get(name="化工企业")
    assert "化工企业" in page(viewer, "/registers/test-plant")
    viewer.post("/registers/test-plant/views", {"forget": str(view.pk)})
    assert SavedView.objects.filter(pk=view.pk).exists()
    viewer.post("/registers/test-plant/views", {**sent, "name": "我的"})
    assert not SavedView.objects.get(name="我的").shared
    operator.post("/registers/test-plant/views", {"forget": str(view.pk)})
    assert not SavedView.objects.filter(pk=view.pk).exists()


def test_buttons_are_those_the_reader_may_press(client_of: Clients, site: Site) -> None:
    assert "data-pick" not in page(client_of("viewer"), "/registers/test-plant")
    past = (timezone.localdate() - timedelta(days=1)).isoformat()
    assert "data-pick" not in page(client_of("administrator"), f"/registers/test-plant?as_of={past}")


def test_looking_up_finds_by_name_code_and_pinyin(client_of: Clients) -> None:
    client = client_of("inside-viewer")
    found = client.get("/registers/test-plant/lookup?q=jqysqy12").json()["items"]
    assert found and all("甲区" in item["text"] for item in found)
    assert client.get("/registers/test-plant/lookup?q=乙区").json()["items"] == []
    assert client.get("/registers/terms/test-trade?q=化学").json()["items"][0]["code"] == "C26"
    assert client.get("/registers/parameters?q=氨氮").json()["items"][0]["code"] == "w21003"
    assert client.get("/registers/terms/nothing").status_code == 404


def test_search_groups_what_it_finds_by_register(client_of: Clients) -> None:
    text = page(client_of("viewer"), "/search?q=演示")
    assert "found-test-plant" in text and "found-test-stream" in text and "found-points" in text
    inside = page(client_of("inside-viewer"), "/search?q=演示")
    assert "乙区演示企业" not in inside and "甲区演示企业" in inside
    assert "found-points" not in page(client_of("viewer"), "/search?q=演示&group=water")


def test_the_search_box_offers_points_and_entries(client_of: Clients) -> None:
    text = page(client_of("viewer"), "/search?q=演示&part=1")
    assert "/points/AIR1" in text and "演示企业" in text
