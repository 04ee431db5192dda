"""What is declared, locked and explained is the same."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXPLAINED = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
LOCKS = ("demo.txt", "node.txt", "test.txt")


def names(requirements: list[str]) -> set[str]:
    """Names of requirements, without our own extras."""
    return {re.split(r"[^\w.-]", line.strip())[0].lower() for line in requirements} - {"bilan"}


def declared() -> set[str]:
    extras = [line for lines in PROJECT["optional-dependencies"].values() for line in lines]
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    return names(PROJECT["dependencies"] + extras) | set(package["dependencies"]) | set(package["devDependencies"])


def explained() -> set[str]:
    """Names in the first column of the tables."""
    return set(re.findall(r"^\| (?!package |-)(\S+) \|", EXPLAINED, re.MULTILINE))


def locked(file: str) -> dict[str, str]:
    """Package → version that a lock names."""
    return dict(re.findall(r"^([\w.-]+)==([^\s;\\]+)", (ROOT / "requirements" / file).read_text(encoding="utf-8"), re.MULTILINE))


def test_every_direct_dependency_is_explained_and_no_other():
    assert explained() == declared()


@pytest.mark.parametrize("file", LOCKS)
def test_a_lock_pins_everything_by_hash_and_names_no_index(file):
    text = (ROOT / "requirements" / file).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*-", text.replace("    --hash=", ""), re.MULTILINE)
    entries = re.split(r"\n(?=[\w])", text)
    assert all("--hash=sha256:" in entry for entry in entries if "==" in entry)


@pytest.mark.parametrize(
    ("file", "extras"),
    [("demo.txt", ("demo", "gateway", "platform", "boundaries", "assets")), ("test.txt", tuple(PROJECT["optional-dependencies"]))],
)
def test_a_lock_holds_what_its_set_declares(file, extras):
    wanted = names(
        [*PROJECT["dependencies"], *(line for extra in extras if extra != "node" for line in PROJECT["optional-dependencies"][extra])]
    )
    assert wanted <= set(locked(file))


def test_what_the_demo_runs_is_what_was_tested():
    tested = locked("test.txt")
    assert {name: version for name, version in locked("demo.txt").items() if tested.get(name) != version} == {}


def test_front_end_versions_are_pinned_and_their_lock_names_no_registry():
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    pinned = package["dependencies"] | package["devDependencies"]
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert {name: lock[f"node_modules/{name}"]["version"] for name in pinned} == pinned
    assert all("integrity" in entry and "resolved" not in entry for name, entry in lock.items() if name)
