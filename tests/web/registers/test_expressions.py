"""Conditions in the browser mean what they mean on the server: one table of cases, evaluated by both."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from bilan.pack.expressions import Expression

CASES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("expressions.json").read_text(encoding="utf-8"))
MODULE = Path(__file__).resolve().parents[3] / "src/bilan/web/static/bilan/registers/expressions.mjs"
SCRIPT = """
import { readFileSync } from "node:fs";
const { expression } = await import(process.argv[1]);
const cases = JSON.parse(readFileSync(0, "utf8"));
const run = ({ text, values }) => {
  try { return { gives: expression(text)(values) ?? null }; } catch (error) { return { wrong: String(error) }; }
};
process.stdout.write(JSON.stringify(cases.map(run)));
"""


@pytest.mark.parametrize("case", CASES, ids=[case["text"] for case in CASES])
def test_the_server_gives_what_the_table_says(case: dict[str, Any]) -> None:
    assert Expression(case["text"])(case["values"]) == case["gives"]


def in_browser(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    node = shutil.which("node")
    if node is None:
        pytest.skip("no Node.js on this machine: install it to test the scripts of the pages without a browser")
    command = [node, "--input-type=module", "-e", SCRIPT, str(MODULE)]
    done = subprocess.run(command, input=json.dumps(cases), capture_output=True, text=True, check=True, timeout=60)
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_the_browser_gives_the_same() -> None:
    found = in_browser(CASES)
    wrong = [(case, gives) for case, gives in zip(CASES, found, strict=True) if gives != {"gives": case["gives"]}]
    assert not wrong


def test_what_the_server_refuses_the_browser_does_not_read() -> None:
    refused = ["a.b", "__import__('os')", "a[0]", "lambda: 1", "1 +", "open('x')", "a = 1", "f'{a}'"]
    assert all("wrong" in entry for entry in in_browser([{"text": text, "values": {}} for text in refused]))
