"""Yearly lists: who must be on them, since when, who entered and left, and that a published list stays as it is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.management import call_command

from bilan.people.visibility import NotAllowed, visible_to
from bilan.problems import BilanError
from bilan.registers import lists
from bilan.registers.models import Entry, ListVersion
from bilan.registers.writing import Draft, write_one
from tests.registers.entries import PLATFORM, plant
from tests.web.running import Site

RULE = "test-key-plants"


@pytest.fixture
def plants() -> Iterator[dict[str, Entry]]:
    """One that is named a key unit, one that uses much water, one that does neither."""
    Entry.objects.filter(register="test-plant").update(archived=True)
    ListVersion.objects.all().delete()
    yield {
        "key": plant("", name="重点厂", key=True, staff=20),
        "wet": plant("", name="用水厂", water=1500.0, staff=20),
        "small": plant("", name="小厂", water=5.0, staff=20),
    }


def on(version: ListVersion) -> dict[str, tuple[str, int]]:
    return {member.entry.name: (member.movement, member.since) for member in version.members.select_related("entry")}


def test_who_meets_a_criterion_must_be_on_it_and_why(plants: dict[str, Entry]) -> None:
    version = lists.draw_up(RULE, 2025, "甲")
    assert on(version) == {"重点厂": ("entered", 2025), "用水厂": ("entered", 2025)}
    reasons = version.members.get(entry=plants["wet"]).reasons
    assert [(reason["en"], reason["clause"]) for reason in reasons] == [("Uses more than 1000 t a day", "第五条（二） · Article 5 (2)")]


def test_movements_against_the_published_year_before(plants: dict[str, Entry]) -> None:
    lists.publish(lists.draw_up(RULE, 2024, "甲"), "甲", "环办〔2024〕1 号")
    write_one("test-plant", Draft({"water": 900}, code=plants["wet"].code), PLATFORM)
    write_one("test-plant", Draft({"water": 2000}, code=plants["small"].code), PLATFORM)
    version = lists.draw_up(RULE, 2025, "甲")
    assert on(version) == {"重点厂": ("kept", 2024), "用水厂": ("left", 2024), "小厂": ("entered", 2025)}
    assert version.members.get(entry=plants["wet"]).reasons == [lists.NO_LONGER]
    came, went = lists.compared(ListVersion.objects.get(year=2024), version)
    assert (came, went) == ({plants["small"].pk}, {plants["wet"].pk})


def test_what_is_archived_or_closed_leaves(plants: dict[str, Entry]) -> None:
    lists.publish(lists.draw_up(RULE, 2024, "甲"), "甲")
    write_one("test-plant", Draft({"status": "closed"}, code=plants["key"].code), PLATFORM)
    write_one("test-plant", Draft(code=plants["wet"].code, archived=True), PLATFORM)
    version = lists.draw_up(RULE, 2025, "甲")
    assert {name: movement for name, (movement, _since) in on(version).items()} == {"重点厂": "left", "用水厂": "left"}
    assert version.members.get(entry=plants["wet"]).reasons == [lists.GONE]


def test_decisions_by_hand_outlive_drawing_up_again(plants: dict[str, Entry]) -> None:
    version = lists.draw_up(RULE, 2025, "甲")
    lists.put_on(version, plants["small"], "群众反映强烈")
    lists.take_off(version, plants["key"], "搬迁中")
    again = lists.draw_up(RULE, 2025, "乙")
    assert on(again) == {"小厂": ("entered", 2025), "重点厂": ("excluded", 2025), "用水厂": ("entered", 2025)}
    assert again.members.get(entry=plants["small"]).note == "群众反映强烈"
    with pytest.raises(BilanError):
        lists.put_on(again, plants["small"], " ")


def test_a_published_list_is_locked(plants: dict[str, Entry]) -> None:
    version = lists.publish(lists.draw_up(RULE, 2025, "甲"), "甲")
    for change in (
        lambda: lists.draw_up(RULE, 2025, "甲"),
        lambda: lists.put_on(version, plants["small"], "为何"),
        lambda: lists.publish(version, "甲"),
    ):
        with pytest.raises(BilanError) as error:
            change()
        assert error.value.problems[0].code == "registers.list_published"


def test_only_who_reaches_the_whole_register_draws_up(site: Site, plants: dict[str, Entry]) -> None:
    for username in ("viewer", "operator", "inside-operator"):
        with pytest.raises(NotAllowed):
            lists.draw_up(RULE, 2025, "甲", visible_to(site.person(username)))
    lists.draw_up(RULE, 2025, "甲", visible_to(site.person("administrator")))


def test_the_command_draws_up_and_publishes(plants: dict[str, Entry]) -> None:
    call_command("registers_lists", RULE, "--year", "2025", "--publish")
    assert ListVersion.objects.get(rule=RULE, year=2025).published is not None
    call_command("registers_lists", RULE, "--year", "2025")
