"""Roles as they are declared: what is wrong is told with its line, a city's own replace and add, a broken file changes nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bilan.pack.check import check_pack
from bilan.pack.roles import FILE, Capability, Extent, current, load
from bilan.problems import BilanError

GUARD = """roles:
  - role: guard
    title: 保安 · Guard
    second_factor: true
    grants:
      - {may: [see], on: [registers/camera], scope: town}
"""


def write(folder: Path, text: str) -> Path:
    (folder / FILE).write_text(text, encoding="utf-8")
    return folder


def test_every_role_of_the_base_pack_speaks_both_languages() -> None:
    for role in load().values():
        assert role.title.complete, role.code
        assert role.about.complete, role.code


def test_a_city_adds_and_replaces(tmp_path: Path) -> None:
    roles = load(write(tmp_path, GUARD + "  - {role: viewer, title: 看 · Look, grants: []}\n"))
    assert roles["guard"].second_factor
    assert roles["guard"].grants[0].extent is Extent.TOWN
    assert roles["viewer"].grants == ()
    assert any(Capability.OPERATE in grant.may for grant in roles["operator"].grants)


@pytest.mark.parametrize(
    ("wrong", "line", "said"),
    [
        ("may: [se]", 6, "nearest: see"),
        ("on: [kernel/telemetri]", 6, "nearest: kernel/telemetry"),
        ("on: [registers/]", 6, "registers/"),
        ("scope: distrikt", 6, "nearest: district"),
        ("sensitivity: [intern]", 6, "nearest: internal"),
        ("sensitivities: [internal]", 6, "nearest: sensitivity"),
        ("title: 保安", 3, "中文 · English"),
        ("role: Guard", 2, "a-z"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, wrong: str, line: int, said: str) -> None:
    key = wrong.split(":", maxsplit=1)[0]
    fresh = {"role": "guard", "title": "保安 · Guard", "may": "[see]", "on": "[registers/camera]", "scope": "town"}
    text = GUARD.replace(f"{key}: {fresh[key]}", wrong) if key in fresh else GUARD.replace("scope: town", f"scope: town, {wrong}")
    with pytest.raises(BilanError) as caught:
        load(write(tmp_path, text))
    (problem,) = caught.value.problems
    assert problem.place is not None
    assert problem.place.row == line
    assert said in problem.text("en")
    assert any(name == FILE and problems for name, problems in check_pack(tmp_path))


def test_a_role_is_declared_once_in_a_file(tmp_path: Path) -> None:
    with pytest.raises(BilanError, match="twice"):
        load(write(tmp_path, GUARD + GUARD.removeprefix("roles:\n")))


def test_a_changed_file_counts_at_once_and_a_broken_one_not_at_all(tmp_path: Path) -> None:
    assert "guard" not in current(tmp_path)
    write(tmp_path, GUARD)
    assert "guard" in current(tmp_path)
    write(tmp_path, "roles: [")
    assert "guard" in current(tmp_path)
    (tmp_path / FILE).unlink()
    assert "guard" not in current(tmp_path)


def test_a_broken_file_at_the_start_leaves_the_roles_of_the_base_pack(tmp_path: Path) -> None:
    write(tmp_path, "roles: [")
    assert "viewer" in current(tmp_path)
    os.utime(tmp_path / FILE, ns=(1, 1))
    assert "viewer" in current(tmp_path)
