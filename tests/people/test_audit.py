"""The audit log: what is written down, and that nobody alters it unseen, by SQL or otherwise."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from bilan.people import audit
from bilan.people.audit import anchor
from bilan.people.audit.anchor import BEGINNING, Head
from bilan.people.audit.chain import anchor_file
from bilan.people.models import AuditEntry, Person
from tests.web.running import PASSWORD, Site


@pytest.fixture(autouse=True)
def _fresh(site: Site) -> Iterator[None]:
    """An empty log with six entries, and an empty one for whoever comes after."""
    clear()
    for number in range(1, 7):
        audit.record("test", f"thing {number}", who="tester", detail={"number": number, "text": "中文"})
    yield
    clear()


def clear() -> None:
    AuditEntry.objects.all().delete()
    anchor_file().unlink(missing_ok=True)


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_log_as_it_was_written_is_whole() -> None:
    assert audit.verify() is None
    assert list(AuditEntry.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6]
    assert AuditEntry.objects.get(number=1).previous == BEGINNING
    assert anchor.read(anchor_file()) == Head(6, AuditEntry.objects.get(number=6).hash)


@pytest.mark.parametrize("column", ["moment", "who", "action", "about", "detail", "address", "previous", "hash"])
@pytest.mark.parametrize("number", [1, 4, 6])
def test_a_changed_entry_is_found(column: str, number: int) -> None:
    sql(f"UPDATE people_auditentry SET {column} = 'x' WHERE number = {number}")
    assert audit.verify() == number


@pytest.mark.parametrize(
    ("statement", "broken", "reason"),
    [
        ("DELETE FROM people_auditentry WHERE number = 3", 3, "missing"),
        ("DELETE FROM people_auditentry WHERE number = 1", 1, "missing"),
        ("DELETE FROM people_auditentry WHERE number = 6", 6, "cut"),
        ("DELETE FROM people_auditentry WHERE number > 3", 4, "cut"),
        ("DELETE FROM people_auditentry", 1, "cut"),
        ("UPDATE people_auditentry SET number = 60 WHERE number = 6", 6, "missing"),
    ],
)
def test_a_removed_entry_is_found(statement: str, broken: int, reason: str) -> None:
    sql(statement)
    state = audit.state()
    assert (state.broken, state.reason) == (broken, reason)


def test_after_a_cut_the_gap_stays_for_ever() -> None:
    sql("DELETE FROM people_auditentry WHERE number > 4")
    for _ in range(5):
        audit.record("test", who="tester")
    assert audit.verify() == 5
    assert AuditEntry.objects.order_by("number").last().number == 11


def test_a_chain_computed_anew_is_found() -> None:
    rows = list(AuditEntry.objects.order_by("number").values("moment", "who", "action", "about", "detail", "address"))
    rows[2]["who"] = "somebody else"
    AuditEntry.objects.all().delete()
    kept = anchor_file().read_text()
    anchor_file().unlink()
    previous = BEGINNING
    from bilan.people.audit.chain import HASHED, digest  # noqa: PLC0415  # what a forger would use

    for number, row in enumerate(rows, 1):
        entry = {"number": number, **row, "previous": previous}
        previous = digest(entry[name] for name in HASHED)
        AuditEntry.objects.create(**entry, hash=previous)
    anchor_file().write_text(kept)
    assert (audit.state().broken, audit.state().reason) == (6, "changed")


def test_a_lost_anchor_is_told_and_written_down() -> None:
    anchor_file().unlink()
    assert (audit.state().broken, audit.state().reason) == (7, "anchor")
    audit.record("test", who="tester")
    assert AuditEntry.objects.get(number=7).action == "audit.anchor-lost"
    assert AuditEntry.objects.get(number=8).action == "test"


def test_what_is_rolled_back_was_not_done() -> None:
    class Undone(Exception):
        pass

    with pytest.raises(Undone), transaction.atomic():
        audit.record("test", who="tester")
        raise Undone
    assert audit.verify() is None
    assert AuditEntry.objects.count() == 6
    audit.record("test", who="tester")
    assert audit.verify() is None


def test_many_at_once_make_one_chain() -> None:
    def write() -> None:
        try:
            for _ in range(5):
                audit.record("test", who="thread")
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert AuditEntry.objects.count() == 26
    assert audit.verify() is None


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 50), max_size=8))
def test_the_anchor_never_goes_back(numbers: list[int]) -> None:
    path = anchor_file().with_name("tried.head")
    path.unlink(missing_ok=True)
    for number in numbers:
        anchor.move(path, Head(number, f"{number:064d}"))
    assert anchor.read(path) == (Head(max(numbers), f"{max(numbers):064d}") if numbers else None)


@pytest.mark.parametrize("content", ["", "six", "6", "6 7 8"])
def test_an_unreadable_anchor_counts_as_none(tmp_path: Path, content: str) -> None:
    path = tmp_path / "a.head"
    path.write_text(content)
    assert anchor.read(path) is None


def test_what_happens_on_the_site_is_written_down() -> None:
    Person.objects.create_user("written", PASSWORD)
    client = Client()
    client.post("/login", {"username": "written", "password": "wrong"}, REMOTE_ADDR="192.0.2.77")
    client.post("/login", {"username": "written", "password": PASSWORD}, REMOTE_ADDR="192.0.2.77")
    client.post("/account", {"do": "token", "label": "script"})
    client.get("/monitoring/air?export=csv")
    client.post("/logout")
    done = list(AuditEntry.objects.filter(number__gt=6).order_by("number").values_list("action", "address", "about"))
    assert [action for action, _address, _about in done] == ["login.failed", "login", "token.add", "export", "logout"]
    assert done[0][1:] == ("192.0.2.77", "written")
    assert PASSWORD not in "".join(AuditEntry.objects.values_list("detail", flat=True))


def test_what_every_process_notices_is_written_once() -> None:
    for _ in range(3):
        audit.record_once("declarations.reload", "signature")
    assert AuditEntry.objects.filter(action="declarations.reload").count() == 1
    audit.record_once("declarations.reload", "another")
    audit.record_once("declarations.reload", "signature")
    assert AuditEntry.objects.filter(action="declarations.reload").count() == 3


def test_the_page_shows_the_state_of_the_chain() -> None:
    Person.objects.create_user("log-reader", PASSWORD, roles=["audit-administrator"])
    client = Client()
    client.post("/login", {"username": "log-reader", "password": PASSWORD})
    english = {"Accept-Language": "en"}
    assert "The log is whole" in client.get("/people/audit?part=chain", headers=english).content.decode()
    page = client.get("/people/audit?q=thing", headers=english).content.decode()
    assert "thing 3" in page
    sql("UPDATE people_auditentry SET about = 'nothing' WHERE number = 3")
    chain = client.get("/people/audit?part=chain", headers=english).content.decode()
    assert "tampered" in chain
    assert "Entry 3" in chain
    sql("UPDATE people_auditentry SET moment = 'yesterday', detail = 'no json' WHERE number = 4")
    assert client.get("/people/audit", headers=english).status_code == 200
    assert client.post("/people/audit", {"number": 3}).status_code == 403
