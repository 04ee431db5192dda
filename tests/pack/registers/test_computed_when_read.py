"""Computed fields that ask for linked entries, readings and the day."""

from __future__ import annotations

from pathlib import Path

import pytest

from bilan.pack.expressions import OUTSIDE_KEY, Expression
from bilan.pack.registers.loading import load
from bilan.problems import BilanError

SHOP = """
register: shop
title: 商店 · Shops
group: sources
sections:
  - title: 基本 · Basics
    fields:
      - {name: boss, type: link, of: shop, title: 总店 · Head shop}
      - {name: area, type: decimal, title: 面积 · Area}
"""
COUNTED = "{name: asked, type: computed, formula: \"count_linked('boss')\", title: 问 · Asked}"


def declared(folder: Path, more: str, rest: str = "") -> dict[str, str]:
    """What is wrong with a register that has one more field: code of each problem → its sentence."""
    (folder / "registers").mkdir(exist_ok=True)
    (folder / "registers" / "shop.yaml").write_text(f"{SHOP}      - {more}\n{rest}", encoding="utf-8")
    try:
        load(folder)
    except BilanError as error:
        return {problem.code: problem.text("en") for problem in error.problems}
    return {}


@pytest.mark.parametrize(
    "formula",
    [
        "count_linked('boss')",
        "sum(linked('boss', 'area'))",
        "max(linked('shop.boss', 'area'))",
        "latest('w01018')",
        "latest('tp')",
        "verdict('air.day')",
    ],
)
def test_formulas_may_ask_outside(formula: str, tmp_path: Path) -> None:
    assert declared(tmp_path, f'{{name: asked, type: computed, formula: "{formula}", title: 问 · Asked}}') == {}
    register = load(tmp_path).registers["shop"]
    assert register.volatile == register.asking == {"asked"}


@pytest.mark.parametrize(
    ("formula", "code", "said"),
    [
        ("count_linked('bos')", "declaration.unknown_field", "nearest: boss"),
        ("linked('boss', 'aria')", "declaration.unknown_field", "nearest: area"),
        ("count_linked('shops.boss')", "declaration.unknown_register", "shop"),
        ("latest('w0101x')", "declaration.unknown_parameter", "w0101"),
        ("latest(name)", "expression.plain_arguments", "quotes"),
        ("linked('boss')", "expression.plain_arguments", "2"),
    ],
)
def test_what_is_asked_must_be_there(formula: str, code: str, said: str, tmp_path: Path) -> None:
    found = declared(tmp_path, f'{{name: asked, type: computed, formula: "{formula}", title: 问 · Asked}}')
    assert said in found[code]


@pytest.mark.parametrize(
    ("more", "rest"),
    [
        ("{name: asked, type: computed, filter: true, formula: \"count_linked('boss')\", title: 问 · Asked}", ""),
        ("{name: asked, type: computed, formula: \"count_linked('boss')\", title: 问 · Asked}", "list: {sort: -asked}\n"),
        (
            "{name: asked, type: computed, formula: \"count_linked('boss')\", title: 问 · Asked}",
            "rules: [{holds: asked > 1, says: 一 · One}]\n",
        ),
    ],
)
def test_lists_are_not_filtered_or_sorted_by_what_is_computed_when_read(more: str, rest: str, tmp_path: Path) -> None:
    assert "declaration.computed_when_read" in declared(tmp_path, more, rest)


def test_lists_are_not_filtered_by_what_depends_on_the_day(tmp_path: Path) -> None:
    due = "{name: left, type: computed, filter: true, formula: \"days(today(), '2030-01-01')\", title: 剩余 · Left}"
    assert "declaration.computed_when_read" in declared(tmp_path, due)


def test_conditions_ask_nothing_outside() -> None:
    with pytest.raises(BilanError, match=r"count_linked"):
        Expression("count_linked('boss') > 1")


def test_what_uses_the_day_or_another_such_field_changes_without_a_write(tmp_path: Path) -> None:
    more = "{name: due, type: date, title: 到期 · Due}"
    more += '\n      - {name: left, type: computed, formula: "days(today(), due)", title: 剩余 · Left}'
    more += '\n      - {name: late, type: computed, formula: "left < 0", title: 超期 · Late}'
    assert declared(tmp_path, more) == {}
    register = load(tmp_path).registers["shop"]
    assert register.volatile == {"left", "late"}
    assert register.asking == set()


def test_answers_stand_for_questions() -> None:
    formula = Expression("round(sum(linked('shop.boss', 'area')) / count_linked('shop.boss'), 1)", outside=True)
    assert formula.questions == {("linked", "shop.boss", "area"), ("count_linked", "shop.boss")}
    assert formula({OUTSIDE_KEY: {("linked", "shop.boss", "area"): [10, None, 5], ("count_linked", "shop.boss"): 3}}) == 5.0
    assert formula({}) is None
