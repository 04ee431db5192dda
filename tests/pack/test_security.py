"""The tables [security] and [sso] of a city."""

from __future__ import annotations

from pathlib import Path

import pytest

from bilan.pack.city import City
from bilan.pack.security import Sso, security, sso
from bilan.problems import BilanError


def test_what_is_not_said_is_usual() -> None:
    assert security({}).attempts == 5
    assert sso({}).issuer == ""
    assert security({"second_factor": ["audit-administrator"]}).second_factor == ("audit-administrator",)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"password_day": 90}, "nearest: password_days"),
        ({"password_days": "90"}, "≥ 0"),
        ({"attempts": -1}, "≥ 0"),
        ({"attempts": True}, "≥ 0"),
        ({"second_factor": "viewer"}, "list"),
    ],
)
def test_mistakes_are_told(table: dict[str, object], said: str) -> None:
    with pytest.raises(BilanError) as caught:
        security(table, "city.toml")
    assert said in caught.value.text("en")
    assert "city.toml" in caught.value.text("en")


def test_a_city_keeps_its_tables(tmp_path: Path) -> None:
    City(tmp_path, "某市", "Some City", "350500", security={"password_days": 90, "second_factor": ["viewer"]}, sso={"create": True}).write()
    kept = City.open(tmp_path)
    assert security(kept.security).second_factor == ("viewer",)
    assert sso(kept.sso).create


def test_the_secret_comes_from_outside_the_description(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BILAN_SSO_SECRET", raising=False)
    assert Sso().client_secret(tmp_path) == ""
    (tmp_path / "sso.secret").write_text("from a file\n", encoding="utf-8")
    assert Sso().client_secret(tmp_path) == "from a file"
    monkeypatch.setenv("BILAN_SSO_SECRET", "from outside")
    assert Sso().client_secret(tmp_path) == "from outside"
    with pytest.raises(BilanError):
        sso({"client_secret": "in the wrong place"})
