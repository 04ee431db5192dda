"""Conditions in the browser mean what they mean on the server: one table of cases, evaluated by both (here and in the journeys)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bilan.pack.expressions import Expression

CASES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("expressions.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["text"] for case in CASES])
def test_the_server_gives_what_the_table_says(case: dict[str, Any]) -> None:
    assert Expression(case["text"])(case["values"]) == case["gives"]
