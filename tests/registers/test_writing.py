"""The one door to change entries: what is accepted, what is refused and why, and that nothing is half-written."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from bilan.people.visibility import visible_to
from bilan.problems import BilanError
from bilan.registers.ledger import Ledger
from bilan.registers.models import ChangeSet, Entry, Link, Revision
from bilan.registers.writing import Author, Draft, merge, undo, write, write_one
from tests.registers.entries import PLATFORM, outfall, plant, point
from tests.web.running import Site

USCC = "91350100M000100Y43"
"""The example of GB 32100-2015."""


def codes(error: pytest.ExceptionInfo[BilanError]) -> list[str]:
    return [problem.code for problem in error.value.problems]


def test_a_new_entry_gets_the_code_of_the_rule_and_its_first_revision() -> None:
    first, second = plant(), plant()
    assert first.code.startswith("TP-350502-0001")
    assert second.code.startswith("TP-350502-0002")
    assert len(first.code) == len("TP-350502-0001") + 1
    revision = Revision.objects.get(entry=first)
    assert (revision.version, revision.action, revision.until) == (1, "create", None)
    assert revision.change.counts == {"new": 1}


def test_only_what_is_named_changes() -> None:
    entry = plant(staff=20, water=100.0)
    changed = write_one("test-plant", Draft({"staff": "1,250"}, code=entry.code), PLATFORM)
    assert changed.data["staff"] == 1250
    assert changed.data["water"] == 100.0
    assert changed.data["intensity"] == 0.08
    assert changed.version == 2


def test_writing_the_same_again_changes_nothing() -> None:
    entry = plant(staff=20)
    outcome = write("test-plant", [Draft({"staff": 20, "trade": "化学原料和化学制品制造业"}, code=entry.code)], PLATFORM)
    assert outcome.counts == {"unchanged": 1}
    assert outcome.change is None
    assert Revision.objects.filter(entry=entry).count() == 1


def test_everything_wrong_is_told_at_once_with_its_column() -> None:
    draft = Draft({"name": "", "district": "99", "staff": "many", "trade": "C27", "site": 5, "colour": 1}, row=7)
    result = write("test-plant", [draft], PLATFORM).results[0]
    columns = {problem.place.column for problem in result.problems if problem.place}
    assert result.outcome == "refused"
    assert {"district", "staff", "trade"} <= columns
    assert "registers.unknown_field" in [problem.code for problem in result.problems]
    assert all(problem.place is not None and problem.place.row == 7 for problem in result.problems)
    assert all(problem.text("en") and problem.text() for problem in result.problems)


def test_one_refused_row_keeps_the_whole_batch_back_unless_rows_are_accepted_singly() -> None:
    before = Entry.objects.count(), ChangeSet.objects.count()
    drafts = [Draft({"name": "好", "district": "350502", "trade": "D"}), Draft({"name": "坏", "trade": "nothing"})]
    assert write("test-plant", drafts, PLATFORM).change is None
    assert (Entry.objects.count(), ChangeSet.objects.count()) == before
    outcome = write("test-plant", drafts, PLATFORM, accept="rows")
    assert outcome.counts == {"new": 1, "refused": 1}
    assert Entry.objects.count() == before[0] + 1


def test_a_dry_run_tells_the_same_and_writes_nothing() -> None:
    entry = plant(staff=3)
    before = Entry.objects.count(), Revision.objects.count(), ChangeSet.objects.count()
    drafts = [Draft({"staff": 4}, code=entry.code), Draft({"name": "新", "trade": "D", "district": "350503"})]
    outcome = write("test-plant", drafts, PLATFORM, dry_run=True)
    assert [result.outcome for result in outcome.results] == ["changed", "new"]
    assert outcome.results[0].differences["staff"] == (3, 4)
    assert (Entry.objects.count(), Revision.objects.count(), ChangeSet.objects.count()) == before


def test_who_looked_at_an_older_version_is_told() -> None:
    entry = plant(staff=3)
    write_one("test-plant", Draft({"staff": 4}, code=entry.code, version=1), PLATFORM)
    with pytest.raises(BilanError) as error:
        write_one("test-plant", Draft({"staff": 5}, code=entry.code, version=1), PLATFORM)
    assert codes(error) == ["registers.conflict"]


def test_a_code_is_taken_once_and_must_fit() -> None:
    outfall("O1")
    for code, wanted in (("O1", "registers.code_taken"), ("X1", "registers.code_form"), ("", "registers.code_missing")):
        with pytest.raises(BilanError) as error:
            write_one("test-outfall", Draft({"name": "排口", "kind": "rain"}, code=code, new=True), PLATFORM)
        assert codes(error) == [wanted]
    twice = write(
        "test-outfall", [Draft({"name": "甲", "kind": "rain"}, code="O8"), Draft({"name": "乙", "kind": "rain"}, code="O8")], PLATFORM
    )
    assert [problem.code for problem in twice.refused[0].problems] == ["registers.code_twice"]


def test_a_unique_value_belongs_to_one_entry_even_within_a_batch() -> None:
    owner = plant(uscc=USCC)
    with pytest.raises(BilanError) as error:
        plant(uscc=USCC)
    assert codes(error) == ["registers.not_unique"]
    assert owner.code in error.value.text("en")


def test_links_lead_to_entries_and_follow_their_history() -> None:
    one, two = plant(), plant()
    pipe = outfall("O2", plant=one.code)
    assert [link.target_id for link in Link.objects.filter(source=pipe, until__isnull=True)] == [one.pk]
    write_one("test-outfall", Draft({"plant": two.code}, code="O2"), PLATFORM)
    assert [(link.target_id, link.until is None) for link in Link.objects.filter(source=pipe).order_by("pk")] == [
        (one.pk, False),
        (two.pk, True),
    ]
    with pytest.raises(BilanError) as error:
        write_one("test-outfall", Draft({"plant": "TP-nowhere"}, code="O2"), PLATFORM)
    assert codes(error) == ["registers.unknown_target"]


def test_links_may_point_within_the_same_batch() -> None:
    drafts = [Draft({"name": "支流", "into": "S2"}, code="S1"), Draft({"name": "干流"}, code="S2")]
    assert write("test-stream", drafts, PLATFORM).counts == {"new": 2}
    assert Link.objects.get(source__code="S1", source__register="test-stream").target.code == "S2"


def test_past_dates_are_read_like_today(site: Site) -> None:
    now = timezone.now()
    old, recent = now - timedelta(days=60), now - timedelta(days=10)
    write_one("test-stream", Draft({"name": "旧名", "length": 5}, code="S7"), Author.platform("first", old))
    write_one("test-stream", Draft({"name": "新名", "length": 6}, code="S7"), Author.platform("later", recent))
    scope = visible_to(site.person("viewer"))
    assert Ledger(scope).entry("test-stream", "S7").name == "新名"
    then = Ledger(scope, as_of=now - timedelta(days=30))
    assert then.entry("test-stream", "S7").name == "旧名"
    assert [record.data["length"] for record in then.entries("test-stream", {"length__from": "5"})] == [5]
    assert not Ledger(scope, as_of=now - timedelta(days=90)).entries("test-stream").filter(code="S7").exists()


def test_an_undone_change_set_leaves_what_was_before_and_can_be_undone_itself() -> None:
    entry = plant(staff=3)
    outcome = write("test-plant", [Draft({"staff": 9}, code=entry.code), Draft({"name": "新厂", "trade": "D"})], PLATFORM)
    assert outcome.change is not None
    made = outcome.results[1].code
    back = undo(outcome.change, PLATFORM)
    entry.refresh_from_db()
    assert entry.data["staff"] == 3
    assert Entry.objects.get(code=made).archived
    undo(back, PLATFORM)
    entry.refresh_from_db()
    assert entry.data["staff"] == 9
    assert not Entry.objects.get(code=made).archived
    with pytest.raises(BilanError) as error:
        undo(outcome.change, PLATFORM)
    assert codes(error) == ["registers.undone_already"]


def test_what_was_changed_since_cannot_be_undone() -> None:
    outcome = write("test-plant", [Draft({"name": "厂", "trade": "D"})], PLATFORM)
    write_one("test-plant", Draft({"staff": 9}, code=outcome.results[0].code), PLATFORM)
    assert outcome.change is not None
    with pytest.raises(BilanError) as error:
        undo(outcome.change, PLATFORM)
    assert codes(error) == ["registers.changed_since"]


def test_merging_carries_links_along_and_keeps_the_other_names() -> None:
    keep, other = plant(name="甲厂", staff=5), plant(name="甲厂有限公司", water=7.5)
    pipe = outfall("O3", plant=other.code)
    change = merge(keep, [other], PLATFORM)
    keep.refresh_from_db(), other.refresh_from_db(), pipe.refresh_from_db()
    assert pipe.data["plant"] == keep.code
    assert Link.objects.get(source=pipe, until__isnull=True).target_id == keep.pk
    assert {"甲厂有限公司", other.code} <= set(keep.aliases)
    assert (keep.data["staff"], keep.data["water"]) == (5, 7.5)
    assert other.archived
    assert other.merged_id == keep.pk
    undo(change, PLATFORM)
    pipe.refresh_from_db(), other.refresh_from_db()
    assert pipe.data["plant"] == other.code
    assert not other.archived
    assert other.merged_id is None


def test_a_place_is_kept_with_its_bounds() -> None:
    entry = outfall("O4", geometry=point(118.5, 24.8))
    assert (entry.lon, entry.lat, entry.west, entry.north) == (118.5, 24.8, 118.5, 24.8)
    assert entry.cell is not None
    with pytest.raises(BilanError):
        outfall("O5", geometry={"type": "Polygon", "coordinates": []})


def test_a_writer_reaches_an_entry_where_it_is_and_where_it_would_be(site: Site) -> None:
    operator = Author.of(site.person("inside-clerk"), "test", "form")
    mine, theirs = plant(), plant(district="350503")
    write_one("test-plant", Draft({"staff": 1}, code=mine.code), operator)
    for code, values in (
        (theirs.code, {"staff": 1}),
        (mine.code, {"district": "350503"}),
        ("", {"name": "厂", "trade": "D", "district": "350503"}),
    ):
        with pytest.raises(BilanError) as error:
            write_one("test-plant", Draft(values, code=code), operator)
        assert codes(error) == ["registers.out_of_reach"]
