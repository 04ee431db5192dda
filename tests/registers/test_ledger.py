"""The one door to read entries: who sees which, with what masked, found how."""

from __future__ import annotations

import pytest

from bilan.people.visibility import NotVisible, visible_to
from bilan.problems import BilanError
from bilan.registers.ledger import Ledger
from bilan.registers.writing import Draft, write_one
from tests.registers.entries import PLATFORM, outfall, plant
from tests.web.running import Site


@pytest.fixture
def whole(site: Site) -> Ledger:
    return Ledger(visible_to(site.person("viewer")))


@pytest.fixture
def inside(site: Site) -> Ledger:
    return Ledger(visible_to(site.person("inside-viewer")))


def test_a_person_of_a_district_finds_its_entries_and_no_others(whole: Ledger, inside: Ledger) -> None:
    mine, theirs = plant(name="本区厂"), plant(district="350503", name="外区厂")
    assert inside.entry("test-plant", mine.code).name == "本区厂"
    assert whole.entry("test-plant", theirs.code).name == "外区厂"
    with pytest.raises(NotVisible):
        inside.entry("test-plant", theirs.code)
    assert theirs.code not in {record.code for record in inside.entries("test-plant")}
    assert inside.search("外区厂") == []
    assert inside.titles("test-plant", [mine.code, theirs.code]) == {mine.code: "本区厂"}
    pipe = outfall("O11", plant=theirs.code)
    assert inside.links(inside.entry("test-outfall", pipe.code)) == []
    assert [record.code for _, record in whole.links(whole.entry("test-outfall", pipe.code))] == [theirs.code]


def test_what_is_the_whole_citys_is_read_by_all_where_the_register_is_public(inside: Ledger) -> None:
    write_one("test-stream", Draft({"name": "全市河"}, code="S20"), PLATFORM)
    write_one("test-plant", Draft({"name": "全市厂", "trade": "D"}), PLATFORM)
    assert inside.entry("test-stream", "S20").name == "全市河"
    assert "全市厂" not in {record.name for record in inside.entries("test-plant")}


def test_persons_and_notes_are_masked_for_who_may_not_read_them(whole: Ledger) -> None:
    entry = plant(contact={"name": "张三丰", "phone": "13812345678"}, secret="机密")
    values = whole.values(whole.entry("test-plant", entry.code))
    assert values["contact"] == {"name": "张**", "phone": "138****5678"}
    assert values["secret"] == "＊＊＊"


def test_sensitive_fields_can_be_neither_filtered_nor_sorted_by(whole: Ledger) -> None:
    for arguments, sort in (({"secret": "x"}, ""), ({}, "secret")):
        with pytest.raises(BilanError):
            list(whole.entries("test-plant", arguments, sort=sort))


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ({"trade": "C26"}, {"a", "b"}),
        ({"trade": "C"}, {"a", "b", "c"}),
        ({"staff__from": "10", "staff__to": "20"}, {"a", "c"}),
        ({"key": "true"}, {"b"}),
        ({"topics": "rain"}, {"b", "c"}),
        ({"opened__from": "2020-01-01"}, {"c"}),
        ({"status": "closed"}, {"d"}),
        ({"trade": "C17,D"}, {"c", "d"}),
    ],
)
def test_each_kind_of_filter_keeps_what_it_says(whole: Ledger, arguments: dict[str, str], found: set[str]) -> None:
    if not whole.entries("test-plant", {"water__from": "777", "water__to": "777"}).exists():
        plant(name="a", trade="C26", staff=10, water=777, opened="2019-12-31")
        plant(name="b", trade="C26", staff=30, water=777, key=True, topics=["rain", "industrial"])
        plant(name="c", trade="C17", staff=20, water=777, topics=["rain"], opened="2020-01-01")
        plant(name="d", trade="D", staff=40, water=777, status="已关闭")
    some = whole.entries("test-plant", {"water__from": "777", "water__to": "777", **arguments})
    assert {record.name for record in some} == found


def test_an_unknown_filter_is_told_with_the_nearest(whole: Ledger) -> None:
    with pytest.raises(BilanError) as error:
        whole.entries("test-plant", {"trad": "C"})
    assert "trade" in error.value.text("en")


def test_words_are_found_in_chinese_pinyin_initials_codes_and_former_names(whole: Ledger) -> None:
    entry = plant(name="蓝湾印染厂", aliases=["旧名染坊"], uscc="91350100M000100Y43")
    for words in ("蓝湾", "蓝湾印染厂", "lwyrc", "lanwan", "旧名染坊", "印染", "M000100", entry.code, "蓝湾 印染"):
        assert entry.code in {record.code for record in whole.search(words)}, words
    for words in ("蓝湾%", "蓝湾 没有", "", "' OR 1=1"):
        assert entry.code not in {record.code for record in whole.search(words)}, words


def test_a_former_code_leads_to_the_entry(whole: Ledger) -> None:
    entry = plant(aliases=["OLD-77"])
    assert whole.entry("test-plant", "OLD-77").code == entry.code
