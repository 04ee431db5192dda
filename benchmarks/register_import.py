"""Import of 100,000 rows from Excel, read, tried and written: `python -m benchmarks.register_import [--rows N] [--database URL]`.

Beside it the bare reading of the same file. SQLite in a folder of its own, unless the address of a PostgreSQL database is given.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import django
import fastexcel
import xlsxwriter
from django.core.management import call_command

from bilan.cli import collect_seldom
from bilan.pack.city import City
from bilan.tabular.places.parsing import Box
from bilan.tabular.sheets import read_sheet

DECLARED = """register: bench-outfall
title: 基准排口 · Benchmark outfalls
singular: 基准排口 · Benchmark outfall
group: water
geometry: point
code: {matches: "B[0-9]{6}"}
sections:
  - title: 基本信息 · Basics
    fields:
      - {name: kind, type: choice, of: bench-kind, title: 类别 · Kind, required: true, filter: true}
      - {name: flow, type: decimal, unit: m3/d, min: 0, max: 1000000, decimals: 1, title: 日排放量 · Daily flow}
      - {name: cod, type: decimal, unit: kg/a, min: 0, title: 化学需氧量 · COD}
      - {name: width, type: integer, unit: mm, min: 0, title: 管径 · Pipe width}
      - {name: found, type: date, title: 排查日期 · Surveyed, filter: true}
      - {name: treated, type: date, title: 整治日期 · Treated}
      - {name: dry, type: boolean, title: 旱天有流量 · Flows in dry weather}
      - {name: owner, type: text, title: 责任主体 · Owner, search: 1}
      - {name: address, type: text, title: 地址 · Address}
      - {name: contact, type: person, title: 联系人 · Contact}
      - {name: remark, type: long, title: 备注 · Remark}
      - {name: load, type: computed, formula: "round(flow * cod / 1000, 2)", unit: kg/d, title: 负荷 · Load}
rules:
  - {holds: "days(found, treated) >= 0", says: 整治不能早于排查 · Treated before it was found}
"""
HEADS = [
    "编号",
    "排口名称",
    "所在县区",
    "经度",
    "纬度",
    "类别",
    "日排放量（吨/日）",
    "化学需氧量（t/a）",
    "管径",
    "排查日期",
    "整治日期",
    "旱天有流量",
    "责任主体",
    "地址",
    "联系人",
    "联系人电话",
    "备注",
    "曾用名",
    "启用日期",
    "序号",
]


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, default=100_000)
    arguments.add_argument("--database", default="", help="address of a PostgreSQL database; SQLite without it")
    given = arguments.parse_args()
    collect_seldom()
    with tempfile.TemporaryDirectory(prefix="bilan-bench-") as name:
        folder = Path(name)
        path = workbook(folder / "rows.xlsx", given.rows)
        setup(folder, given.database)
        measure(path, given.rows)


def workbook(path: Path, rows: int) -> Path:
    """An Excel file of `rows` rows and 20 columns, with one row in a thousand that must be refused."""
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADS)
    for at in range(1, rows + 1):
        flow: Any = "很多" if at % 1000 == 0 else round(at % 977 * 1.7, 1)
        place = (118.4 + at % 400 / 1000 + 0.0001, 24.7 + at // 400 / 1000 + 0.0001)
        found = ["2024年3月1日", "2025/6/30", "是" if at % 3 else "否", f"责任主体{at % 500}", f"某路{at}号"]
        rest = ["某某", "13800000000", "示例", f"旧名{at}", "2020-01-01", at]
        kind = "雨水" if at % 2 else "污水"
        cells = [f"B{at:06}", f"基准排口{at}号", "甲区", *place, kind, flow, at % 31 / 10, at % 9 * 100, *found, *rest]
        sheet.write_row(at, 0, cells)
    book.close()
    return path


def setup(folder: Path, database: str) -> None:
    """A city of its own with the register, and its database brought up to date."""
    city = City(
        folder=folder / "city", name_zh="演示市", name_en="Demo City", adcode="350500", demo=True, attribution="invented", database=database
    )
    (city.folder / "pack" / "registers").mkdir(parents=True)
    (city.folder / "pack" / "registers" / "bench-outfall.yaml").write_text(DECLARED, encoding="utf-8")
    choices = city.folder / "pack" / "vocab" / "choices"
    choices.mkdir(parents=True)
    (choices / "bench-kind.csv").write_text("code,zh,en\nrain,雨水,Rain\nsewage,污水,Sewage\n", encoding="utf-8")
    city.write()
    city.data.mkdir(exist_ok=True)
    district = {"type": "Feature", "properties": {"adcode": "350502", "name_zh": "甲区", "name_en": "First"}, "geometry": None}
    collection = {"type": "FeatureCollection", "features": [district]}
    (city.folder / "boundaries.geojson").write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")
    os.environ |= {"BILAN_CITY": str(city.folder), "DJANGO_SETTINGS_MODULE": "bilan.web.settings"}
    django.setup()
    call_command("migrate", verbosity=0)


@contextmanager
def timed(what: str, took: dict[str, float]) -> Iterator[None]:
    """Time a step and print it."""
    begin, cpu = time.perf_counter(), time.process_time()
    yield
    took[what] = time.perf_counter() - begin
    print(f"{what:<44}{took[what]:8.1f} s   CPU {time.process_time() - cpu:6.1f} s")


def measure(path: Path, rows: int) -> None:
    """Read, try, write and write again, each timed."""
    # The models can only be imported once Django knows its city.
    importing, writing = import_module("bilan.registers.importing"), import_module("bilan.registers.writing")
    ledgers, models = import_module("bilan.registers.ledger"), import_module("bilan.registers.models")
    took: dict[str, float] = {}
    scope = import_module("bilan.people.visibility").scope_of(["administrator"])
    ledger = ledgers.Ledger(scope)
    register = ledger.register("bench-outfall")
    author = writing.Author(None, scope, "benchmark", "import", path.name)
    box = Box(118.0, 24.0, 119.0, 26.0)
    with timed("bare reading (fastexcel)", took):
        fastexcel.read_excel(path.read_bytes()).load_sheet(0, header_row=None, skip_rows=0, dtypes="string").to_polars()
    with timed("reading as a ledger", took):
        read_sheet(path)
    with timed("trying (dry run)", took):
        planned = importing.plan(importing.prepare(path, register, ledger, box=box), author)
    with timed("writing", took):
        applied = importing.apply(planned, author)
    with timed("trying the same file again", took):
        again = importing.plan(importing.prepare(path, register, ledger, box=box), author)
    print("first:", dict(applied.counts), " again:", dict(again.counts), " entries:", models.Entry.objects.count())
    print(f"validated and written: {took['trying (dry run)'] + took['writing']:.1f} s for {rows:,} rows; "
          f"reading is {took['reading as a ledger'] / took['bare reading (fastexcel)']:.1f} times the bare reading")  # fmt: skip


if __name__ == "__main__":
    main()
