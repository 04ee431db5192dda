"""Pages of an entry: dossier, history, its change sets, suspicious pairs, yearly lists; for whom they open and what they do."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pypdf
import pytest
from django.test import Client

from bilan.registers import duplicates
from bilan.registers.declared import declared
from bilan.registers.models import ChangeSet, Entry, ListVersion, Suspicion
from bilan.registers.writing import Draft, merge, write_one
from tests.registers.entries import PLATFORM, outfall, plant, point
from tests.web.running import Site

ClientOf = Callable[[str], Client]
ENGLISH = {"headers": {"accept-language": "en"}}


@pytest.fixture(scope="module")
def firm(site: Site) -> Iterator[Entry]:
    """A firm of the first district with an outfall, a personal contact and a change."""
    made = plant(name="演示甲厂", staff=600, geometry=point(118.5, 24.85), contact={"name": "张三丰", "phone": "13812345678"})
    outfall("O7", plant=made.code, geometry=point(118.5004, 24.85))
    yield write_one("test-plant", Draft({"staff": 650}, code=made.code), PLATFORM)


def page(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address, headers={"accept-language": "en"})
    assert response.status_code == status, address
    return response.content.decode()


@pytest.mark.parametrize("tail", ["", "/history", "?export=pdf", "?export=docx", "?part=drawer"])
def test_an_entry_of_another_district_is_not_found(tail: str, firm: Entry, client_of: ClientOf) -> None:
    other = plant(district="350503", name="乙区演示厂")
    for username in ("inside-viewer", "inside-operator"):
        assert "乙区演示厂" not in page(client_of(username), f"/registers/test-plant/entries/{other.code}{tail}", 404)
    assert client_of("viewer").get(f"/registers/test-plant/entries/{other.code}{tail}").status_code == 200


def test_the_dossier_shows_and_masks(firm: Entry, client_of: ClientOf) -> None:
    address = f"/registers/test-plant/entries/{firm.code}"
    text = page(client_of("inside-viewer"), address)
    assert "演示甲厂" in text
    assert "138****5678" in text
    assert "13812345678" not in text
    assert f"/registers/test-outfall?plant={firm.code}" in text
    assert "13812345678" in page(client_of("administrator"), address)


def test_what_is_wrong_with_the_address_is_told(firm: Entry, client_of: ClientOf) -> None:
    client = client_of("viewer")
    page(client, f"/registers/test-plant/entries/{firm.code}?export=exe", 400)
    page(client, f"/registers/test-plant/entries/{firm.code}?as_of=yesterday", 400)
    page(client, "/registers/no-such-register/entries/X1", 404)


def test_the_past_is_shown_as_it_was(firm: Entry, client_of: ClientOf) -> None:
    page(client_of("viewer"), f"/registers/test-plant/entries/{firm.code}?as_of=2020-01-01", 404)


def test_the_paper_says_who_printed_it(firm: Entry, site: Site, client_of: ClientOf) -> None:
    response = client_of("inside-viewer").get(f"/registers/test-plant/entries/{firm.code}?export=pdf", **ENGLISH)
    assert response["Content-Type"] == "application/pdf"
    text = "\n".join(found.extract_text() for found in pypdf.PdfReader(io.BytesIO(response.content)).pages)
    assert str(site.person("inside-viewer")) in text
    assert "Demo data" in text
    assert "13812345678" not in text


def test_a_former_code_leads_to_the_entry_it_is_now(firm: Entry, client_of: ClientOf) -> None:
    gone = plant(name="并入厂")
    merge(firm, [gone], PLATFORM)
    response = client_of("viewer").get(f"/registers/test-plant/entries/{gone.code}?as_of=")
    assert (response.status_code, response["Location"]) == (302, f"/registers/test-plant/entries/{firm.code}?as_of=")


def test_the_history_compares_two_versions(firm: Entry, client_of: ClientOf) -> None:
    text = page(client_of("viewer"), f"/registers/test-plant/entries/{firm.code}/history?older=1&newer=2")
    assert "Compare two versions" in text
    assert text.count("650") >= 2
    assert "张三丰" not in text


def test_changes_are_listed_within_reach(firm: Entry, client_of: ClientOf) -> None:
    outside = plant(district="350503", name="外区厂")
    change = ChangeSet.objects.get(revisions__entry=outside)
    own = ChangeSet.objects.filter(revisions__entry=firm).order_by("pk").first()
    listed = page(client_of("inside-viewer"), "/registers/changes?register=test-plant")
    assert f'href="/registers/changes/{own.pk}"' in listed
    assert f'href="/registers/changes/{change.pk}"' not in listed
    page(client_of("inside-viewer"), f"/registers/changes/{change.pk}", 404)
    assert "外区厂" in page(client_of("viewer"), f"/registers/changes/{change.pk}")
    page(client_of("viewer"), "/registers/changes?from=31.12.2025", 400)
    assert client_of("viewer").get("/registers/changes?export=xlsx").status_code == 200


def test_a_change_is_taken_back_with_a_reason_by_who_may(client_of: ClientOf) -> None:
    entry = plant(name="改错厂", staff=10)
    write_one("test-plant", Draft({"staff": 99}, code=entry.code), PLATFORM)
    change = ChangeSet.objects.filter(revisions__entry=entry).order_by("-pk").first()
    address = f"/registers/changes/{change.pk}"
    assert client_of("viewer").post(address, {"reason": "错"}).status_code == 403
    assert client_of("operator").post(address, {"reason": "错"}).status_code == 403
    client = client_of("administrator")
    client.post(address, {"reason": ""})
    assert Entry.objects.get(pk=entry.pk).data["staff"] == 99
    client.post(address, {"reason": "录入错误"})
    assert Entry.objects.get(pk=entry.pk).data["staff"] == 10
    assert ChangeSet.objects.get(undoes=change).reason == "录入错误"
    assert "录入错误" in page(client, address)


def test_lists_show_what_is_computed_when_read(site: Site, client_of: ClientOf) -> None:
    write_one("test-gauge", Draft({"name": "演示断面", "district": "350502"}, code="RIVER1"), PLATFORM)
    client = client_of("inside-viewer")
    text = page(client, "/registers/test-gauge?columns=code,phosphorus,permits")
    newest = site.store.latest(points=["RIVER1"], parameters=["w21011"]).filter(interval="hour")["value"][0]
    assert f"{newest:.3f}" in text
    assert "sort=phosphorus" not in text
    page(client, "/registers/test-gauge?sort=phosphorus", 400)


def test_pairs_are_shown_where_both_are_seen_and_decided_by_who_may(client_of: ClientOf) -> None:
    first, second = plant(name="孪生厂"), plant(name="孪生厂")
    foreign = plant(name="孪生厂", district="350503")
    duplicates.refresh(declared().registers["test-plant"])
    address = "/registers/test-plant/duplicates"
    seen = page(client_of("inside-viewer"), address)
    assert first.code in seen
    assert foreign.code not in seen
    pair = Suspicion.objects.get(first=first, second=second)
    assert client_of("viewer").post(address, {"action": "first", "pair": pair.pk}).status_code == 403
    client = client_of("administrator")
    client.post(address, {"action": "different", "pair": Suspicion.objects.get(first=first, second=foreign).pk, "reason": "两处"})
    assert "两处" in page(client, f"{address}?decided=1")
    client.post(address, {"action": "first", "pair": pair.pk, "reason": "同一处"})
    assert Entry.objects.get(pk=second.pk).merged_id == first.pk
    assert second.code in Entry.objects.get(pk=first.pk).aliases
    assert not Suspicion.objects.filter(pk=pair.pk).exists()


def test_a_list_is_drawn_up_corrected_and_published(client_of: ClientOf) -> None:
    inside = plant(name="名录内厂", water=5000.0)
    outside = plant(name="名录外区厂", water=5000.0, district="350503")
    hand = plant(name="手工列入厂")
    address = "/registers/lists/test-key-plants"
    assert client_of("operator").post(address, {"action": "draw", "year": 2026}).status_code == 403
    client = client_of("administrator")
    client.post(address, {"action": "draw", "year": 2026})
    client.post(address, {"action": "on", "year": 2026, "code": hand.code, "note": "信访集中"})
    text = page(client, address)
    assert "Uses more than 1000 t a day" in text
    assert "信访集中" in text
    seen = page(client_of("inside-viewer"), address)
    assert inside.name in seen
    assert outside.name not in seen
    client.post(address, {"action": "publish", "year": 2026, "note": "环办 1 号"})
    assert ListVersion.objects.get(rule="test-key-plants", year=2026).published is not None
    assert client.get(f"{address}?export=xlsx").status_code == 200
    assert "环办 1 号" in page(client_of("viewer"), address)
    assert "Entered a yearly list" in page(client, f"/registers/test-plant/entries/{inside.code}")
    page(client, f"{address}?year=1999", 400)
    page(client, "/registers/lists/no-such-list", 404)
    assert "Test list of key plants" in page(client_of("viewer"), "/registers/lists")
