"""How well plan documents are read: precision, recall and F1 by kind and by field, on two real plans and on passages of others.

    BILAN_SHARED=… python benchmarks/plan_reader.py [--misses]

Annotated are parts of both plans; the passages name their targets, and those of type `status` must yield none.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bilan.plans.command import table
from bilan.plans.commitments import commitments
from bilan.plans.goldfile import COLUMNS, Row, load, ranges, rows, within
from bilan.plans.measuring import FIELDS, Scores, measure
from bilan.plans.reader import read, read_text

SHARED = Path(os.environ.get("BILAN_SHARED", Path(__file__).resolve().parents[2] / "shared"))
PLANS = (
    ("xiamen_work_plan.txt", "gold_xiamen_part.csv", "1-50"),
    ("quanzhou_five_year_plan.txt", "gold_quanzhou_part.csv", "1-390,600-698"),
)
PASSAGES = Path("data", "plan_passages", "passages.jsonl")
PASSAGE_FIELDS = tuple(field for field in FIELDS if field != "kind")
"""The passages do not say what kind a target is."""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--misses", action="store_true", help="list what was missed and what was read in vain")
    given = parser.parse_args(arguments)
    for name, gold, lines in PLANS:
        document, annotated = SHARED / "plans" / name, SHARED / "plans" / gold
        if not (document.exists() and annotated.exists()):
            print(f"{name}: skipped, {document.parent} is not here (set BILAN_SHARED to the folder that holds plans/)")
            continue
        begun = time.perf_counter()
        found = rows(commitments(read(document)))
        seconds = time.perf_counter() - begun
        scores = measure(within(load(annotated), ranges(lines)), within(found, ranges(lines)))
        report(f"{name}, lines {lines}: {len(found)} read in {seconds:.2f} s", scores, given.misses)
    path = SHARED / PASSAGES
    if path.exists():
        passages = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        report(f"{len(passages)} passages of other plans", of_passages(passages), given.misses)
    else:
        print(f"passages: skipped, {path} is not here")
    return 0


def of_passages(passages: Sequence[dict[str, Any]]) -> Scores:
    """Measure all passages together; the line of a row is the number of its passage, so that rows of two passages never match.

    A passage stands below its title, as it does in its document; its indicators are named together with what they are about.
    """
    gold: list[Row] = []
    found: list[Row] = []
    for number, passage in enumerate(passages, start=1):
        mark = f"〔{number}〕"
        gold += [wanted(target, passage["text"], mark, number) for target in passage["targets"]]
        for row in rows(commitments(read_text(f"## {passage['title']}\n\n{passage['text']}"))):
            if row["kind"] != "baseline_fact":
                metric = row["subject_zh"] + row["metric_zh"]
                found.append({**row, "line": str(number), "sentence_zh": mark + passage["text"], "metric_zh": metric})
    return measure(gold, found, PASSAGE_FIELDS)


def wanted(target: dict[str, Any], text: str, mark: str, number: int) -> Row:
    """A target of a passage as a row."""
    known = {
        "sentence_zh": mark + text,
        "metric_zh": target["indicator"],
        "comparator": target["comparator"],
        "value": str(target["value"]),
        "unit": target["unit"],
        "deadline": target.get("deadline") or "",
        "line": str(number),
    }
    return {column: known.get(column, "") for column in COLUMNS}


def report(title: str, scores: Scores, misses: bool) -> None:
    """Print one table, and what was missed when asked to."""
    print(f"\n{title}\n{table(scores)}")
    for mark, listed in (("-", scores.missed), ("+", scores.vain)) if misses else ():
        for row in listed:
            print(mark, *(row[name] for name in ("line", "metric_zh", "comparator", "value", "unit", "deadline", "kind")))


if __name__ == "__main__":
    sys.exit(main())
