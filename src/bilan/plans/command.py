"""`bilan plan`: read a plan document, and measure how well it was read."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import click

from bilan.cli import language
from bilan.plans.commitments import commitments
from bilan.plans.goldfile import load, ranges, rows, within, write
from bilan.plans.measuring import Measure, Scores, measure
from bilan.plans.odds_command import odds
from bilan.plans.reader import Document, read

FILE = click.Path(dir_okay=False, path_type=Path)


@click.group(help="Read plan documents · 读取规划文件")
def plan() -> None:
    pass


plan.add_command(odds)


@plan.command(name="read", help="Read the commitments of a plan (docx, PDF with text, txt, md) · 读出规划中的目标、任务与工程")
@click.argument("file", type=FILE)
@click.option("--csv", "out", type=FILE, help="write them as CSV · 写成 CSV")
@click.option("--blocks", is_flag=True, help="show the document's blocks instead · 只列出文档的段落与表格行")
def read_(file: Path, out: Path | None, blocks: bool) -> None:
    document = read(file)
    for problem in document.problems:
        click.echo(problem.text(language()), err=True)
    if blocks:
        _show(document)
        return
    found = commitments(document)
    if out is not None:
        write(out, found)
    else:
        for row in rows(found):
            click.echo(
                "\t".join(row[name] for name in ("line", "kind", "subject_zh", "metric_zh", "comparator", "value", "unit", "deadline"))
            )
    counted = Counter(row.kind for row in found)
    click.echo(f"{document.title}: {len(found)} ({', '.join(f'{kind} {count}' for kind, count in sorted(counted.items()))})", err=True)


def _show(document: Document) -> None:
    """Print blocks, one a line."""
    for block in document.blocks:
        click.echo(f"{block.line}\t{block.kind}\t{block.section}\t{block.text}")


@plan.command(help="Measure a reading against annotated commitments · 对照标注评定读取质量")
@click.argument("gold", type=FILE)
@click.argument("file", type=FILE)
@click.option("--lines", default="", help="annotated lines, such as 1-50,600-698 · 已标注的行")
@click.option("--misses", is_flag=True, help="list what was missed and what was read in vain · 列出漏读与误读")
@click.option("--least", type=float, help="fail when F1 of finding is below · F1 低于此值则失败")
def score(gold: Path, file: Path, lines: str, misses: bool, least: float | None) -> None:
    annotated = ranges(lines)
    found = load(file) if file.suffix.lower() == ".csv" else rows(commitments(read(file)))
    scores = measure(within(load(gold), annotated), within(found, annotated))
    click.echo(table(scores))
    if misses:
        _misses(scores)
    sys.exit(1 if least is not None and scores.finding.f1 < least else 0)


def table(scores: Scores) -> str:
    """Precision, recall and F1 of everything measured, one a line.

    Examples:
        >>> print(table(measure([], [])).splitlines()[0])
                             gold  read right  precision  recall     F1
    """
    head = f"{'':<20} {'gold':>4} {'read':>5} {'right':>5}  {'precision':>9} {'recall':>7} {'F1':>6}"
    return "\n".join([head, *(_line(name, found) for name, found in scores.lines())])


def _line(name: str, found: Measure) -> str:
    """One measure as a line of the table."""
    counts = f"{found.gold:>4} {found.read:>5} {found.right:>5}"
    return f"{name:<20} {counts}  {found.precision:>9.3f} {found.recall:>7.3f} {found.f1:>6.3f}"


def _misses(scores: Scores) -> None:
    """Print what was missed and what was read in vain."""
    for mark, listed in (("-", scores.missed), ("+", scores.vain)):
        for row in listed:
            words = (row[name] for name in ("line", "metric_zh", "comparator", "value", "unit", "deadline", "kind"))
            click.echo(f"{mark} {' '.join(words)}")
