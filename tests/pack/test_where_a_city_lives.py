from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from bilan.cli import bilan
from bilan.pack.city import City

URL = 'postgresql://bilan:a"b@db.example/bilan'


@pytest.mark.parametrize("before", ["", 'database = ""\ntelemetry = "sqlite:////elsewhere"\n'])
def test_a_city_is_told_where_it_lives_and_keeps_every_other_line(tmp_path: Path, before: str) -> None:
    kept = ['name_zh = "某市"', 'name_en = "Some City"  # as on the seal', 'adcode = "350500"', "[standards]", '"air" = "2026"  # agreed']
    text = "\n".join([*kept[:3], before, *kept[3:]])
    (tmp_path / "city.toml").write_text(text, encoding="utf-8")
    City.open(tmp_path).settle({"database": URL, "telemetry": URL})
    city = City.open(tmp_path)
    assert city.database_url == city.telemetry_url == URL
    assert city.standards == {"air": "2026"}
    assert [line for line in (tmp_path / "city.toml").read_text(encoding="utf-8").splitlines() if line in kept] == kept


def test_nothing_is_written_where_nothing_changes(tmp_path: Path) -> None:
    City(tmp_path, "某市", "Some City", "350500").write()
    before = (tmp_path / "city.toml").read_bytes()
    City.open(tmp_path).settle({})
    assert (tmp_path / "city.toml").read_bytes() == before


def test_a_city_is_founded_on_postgresql(tmp_path: Path) -> None:
    done = CliRunner().invoke(bilan, ["init", str(tmp_path / "city"), "--city", "350500", "--database", URL])
    assert done.exit_code == 0, done.output
    assert City.open(tmp_path / "city").database_url == City.open(tmp_path / "city").telemetry_url == URL
