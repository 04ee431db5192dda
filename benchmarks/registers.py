"""Lists of a register of 100,000 entries beside plain SQL: `python benchmarks/registers.py [--postgres postgresql://user@host/empty_database]`.

The register is filled through the write service. Pages are asked for through the whole site in one process, by a reader of the whole
city and by one of a district; the peer is the plain statement a programmer would write for the same rows, on the same connection.
`busy` is the processor's own time, which a machine that does other things too does not lengthen; for PostgreSQL it is this process
alone. The ratio of the busy times tells what the page costs on top: rights, names of linked entries, masking, HTML.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bilan.pack.city import City
from bilan.telemetry.store import Store

ENTRIES = 100_000
ROUNDS = 20
DISTRICTS = ("350502", "350503", "350504", "350505", "350521", "350524", "350525", "350526", "350581", "350582", "350583")
RIVERS = 400
REGISTER = """
register: bench
title: 测速排口 · Benchmark
singular: 测速排口 · Benchmark
group: water
geometry: point
code: {matches: "B[0-9]+"}
list: {columns: [code, name, kind, river, flow, district, status], sort: code}
sections:
  - title: 基本 · Basics
    fields:
      - {name: kind, type: choice, of: bench-kind, title: 类型 · Kind, required: true, filter: true, search: 1}
      - {name: river, type: link, of: bench-river, title: 受纳水体 · River, filter: true}
      - {name: flow, type: decimal, unit: m3/d, min: 0, max: 100000, decimals: 1, title: 流量 · Flow, filter: true}
      - {name: seen, type: date, title: 排查日期 · Seen, filter: true}
      - {name: contact, type: person, title: 联系人 · Contact, sensitivity: personal}
      - {name: remark, type: long, title: 备注 · Remark, search: 1}
"""
RIVER = """
register: bench-river
title: 测速河流 · Rivers
singular: 测速河流 · River
group: water
geometry: none
sensitivity: public
code: {matches: "R[0-9]+"}
sections: [{title: 基本 · Basics, fields: [{name: length, type: decimal, unit: km, title: 长度 · Length}]}]
"""
KINDS = "code,zh,en\n" + "".join(f"k{number},类型{number},Kind {number}\n" for number in range(8))
FIRST, SECOND = "恒安达盛华泰源兴茂晋江南石丰泽洛", "环保食品纺织化工电力材料陶瓷机械"
CHEAP = "SELECT id, code, name, status, district, data FROM registers_entry WHERE register = 'bench' AND NOT archived"
COUNT = "SELECT count(*) FROM registers_entry WHERE register = 'bench' AND NOT archived"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgres", default="", help="address of an empty database to measure as well")
    parser.add_argument("--entries", type=int, default=ENTRIES)
    parser.add_argument("--keep", default="", help="folder to keep the filled city on SQLite in, and to take it from the next time")
    parser.add_argument("--database", default="", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.database:
        measure("" if given.database == "sqlite" else given.database, given.entries, given.keep)
        return
    for database in ("sqlite", *([given.postgres] if given.postgres else [])):
        keep = ["--keep", given.keep] if given.keep and database == "sqlite" else []
        subprocess.run([sys.executable, __file__, "--database", database, "--entries", str(given.entries), *keep], check=True)


def measure(database: str, entries: int, keep: str = "") -> None:
    """Fill a city and time its lists."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = keep or temporary
        filled = (Path(folder) / "city" / "filled").exists()
        city = City(Path(folder) / "city", "测速", "Benchmark", "350500", database=database)
        city.write()
        for name, text in (
            ("registers/bench.yaml", REGISTER),
            ("registers/bench-river.yaml", RIVER),
            ("vocab/choices/bench-kind.csv", KINDS),
        ):
            path = city.pack / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        os.environ |= {"BILAN_CITY": str(city.folder), "DJANGO_SETTINGS_MODULE": "bilan.web.settings"}
        store = Store.open(city)
        store.migrate()
        store.close()
        began = time.perf_counter()
        if filled:
            import django  # noqa: PLC0415 - a city must be named first

            django.setup()
            from django.core.management import call_command  # noqa: PLC0415

            call_command("migrate", verbosity=0)
        else:
            fill(entries)
            (city.folder / "filled").touch()
        told = "kept from before" if filled else f"written in {time.perf_counter() - began:.0f} s"
        print(f"\n{'PostgreSQL' if database else 'SQLite'}: {entries:,} entries {told}")
        print(f"{'[ms]':34}{'page p50':>10}{'p95':>8}{'busy':>7}{'SQL p50':>10}{'p95':>8}{'busy':>7}{'ratio':>8}")
        for line in timings():
            print(line, flush=True)


def fill(entries: int) -> None:
    """Rivers and entries, through the write service; a tenth changed once, so that the past differs from today."""
    import django  # noqa: PLC0415 - a city must be named first

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from bilan.people.models import Person  # noqa: PLC0415
    from bilan.registers.writing import Author, Draft, write  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    Person.objects.create_user("city", "a long password", role="viewer")
    Person.objects.create_user("district", "a long password", role="viewer", districts=[DISTRICTS[0]])
    rng = random.Random(1)
    before = Author.platform("first", at=timezone.now() - timezone.timedelta(days=400))
    write("bench-river", [Draft({"name": f"测速溪{number}号", "length": number}, code=f"R{number}") for number in range(RIVERS)], before)
    drafts = [Draft(values(number, rng), code=f"B{number:06}") for number in range(entries)]
    outcome = write("bench", drafts, before)
    if outcome.change is None:
        raise SystemExit(outcome.refused[:1])
    write("bench", [Draft({"flow": 1.5}, code=f"B{number:06}") for number in range(0, entries, 10)], Author.platform("second"))
    call_command("registers_index", verbosity=0)


def values(number: int, rng: random.Random) -> dict[str, Any]:
    """One invented entry."""
    name = "".join(rng.choices(FIRST, k=2)) + "".join(rng.choices(SECOND, k=2))
    return {
        "name": f"{name}有限公司{number}号排口",
        "district": DISTRICTS[number % len(DISTRICTS)],
        "kind": f"k{rng.randrange(8)}",
        "river": f"R{rng.randrange(RIVERS)}",
        "flow": round(rng.uniform(0, 10_000), 1),
        "seen": f"20{rng.randrange(10, 26)}-0{rng.randrange(1, 10)}-{rng.randrange(10, 29)}",
        "contact": {"name": "某人", "phone": "13800000000"},
        "geometry": {"type": "Point", "coordinates": [117.6 + rng.random(), 24.5 + rng.random()]},
    }


def timings() -> Iterator[str]:
    """Each page beside its statement."""
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from bilan.people.models import Person  # noqa: PLC0415

    sqlite = connection.vendor == "sqlite"
    flow = "json_extract(data, '$.flow')" if sqlite else "((data ->> 'flow')::double precision)"
    kind = "json_extract(data, '$.kind')" if sqlite else "(data ->> 'kind')"
    day = (timezone.localdate() - timezone.timedelta(days=100)).isoformat()
    then = f"register = 'bench' AND NOT archived AND since <= '{day}' AND (until IS NULL OR until > '{day}')"
    past = f"SELECT id, code, name, status, district, data FROM registers_revision WHERE {then} ORDER BY code LIMIT 50"
    found = "id IN (SELECT entry_id FROM registers_searchtext WHERE text LIKE '%{}%')"
    cases: dict[str, tuple[str, list[str]]] = {
        "list": ("", [f"{CHEAP} ORDER BY code LIMIT 50", COUNT]),
        "page 1,000": ("page=1000", [f"{CHEAP} ORDER BY code LIMIT 50 OFFSET 49950", COUNT]),
        "by name": ("sort=name", [f"{CHEAP} ORDER BY name, code LIMIT 50", COUNT]),
        "filter: choice": ("kind=k3", [f"{CHEAP} AND {kind} = 'k3' ORDER BY code LIMIT 50", f"{COUNT} AND {kind} = 'k3'"]),
        "filter: range, sorted": (
            "flow__from=4000&flow__to=4500&sort=-flow",
            [
                f"{CHEAP} AND {flow} BETWEEN 4000 AND 4500 ORDER BY {flow} DESC, code LIMIT 50",
                f"{COUNT} AND {flow} BETWEEN 4000 AND 4500",
            ],
        ),
        "search, 2 characters": (
            "q=恒达",
            [f"{CHEAP} AND {found.format('恒达')} ORDER BY code LIMIT 50", f"{COUNT} AND {found.format('恒达')}"],
        ),
        "search, 4 characters": (
            "q=恒达食品",
            [f"{CHEAP} AND {found.format('恒达食品')} ORDER BY code LIMIT 50", f"{COUNT} AND {found.format('恒达食品')}"],
        ),
        "as of a past day": (f"as_of={day}", [past, f"SELECT count(*) FROM registers_revision WHERE {then}"]),
    }
    for reader in ("city", "district"):
        client = Client(SERVER_NAME="localhost")
        client.force_login(Person.objects.get(username=reader))
        for title, (query, statements) in cases.items():
            yield _line(f"{reader}: {title}", _asking(client, f"/registers/bench?{query}"), _plain(statements))
        for title, text in (("search page, 2 characters", "恒达"), ("search page, 4 characters", "恒达食品")):
            yield _line(f"{reader}: {title}", _asking(client, f"/search?q={text}"), _plain(cases[title.replace(" page", "")][1]))
        yield _line(f"{reader}: tree of registers", _asking(client, "/registers"), _plain([COUNT]))
        yield _line(f"{reader}: type-ahead", _asking(client, "/registers/bench/lookup?q=恒达食"), _plain([COUNT]))


def _asking(client: Any, address: str) -> Callable[[], None]:
    def run() -> None:
        response = client.get(address)
        if response.status_code != 200:
            raise SystemExit(f"{address}: {response.status_code}")

    return run


def _plain(statements: list[str]) -> Callable[[], None]:
    from django.db import connection  # noqa: PLC0415

    def run() -> None:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
                cursor.fetchall()

    return run


def _line(title: str, page: Callable[[], None], plain: Callable[[], None]) -> str:
    page_50, page_95, page_busy = _timed(page)
    plain_50, plain_95, plain_busy = _timed(plain)
    told = f"{title:34}{page_50:10.1f}{page_95:8.1f}{page_busy:7.1f}{plain_50:10.2f}{plain_95:8.2f}{plain_busy:7.2f}"
    return f"{told}{page_busy / plain_busy:8.1f}"


def _timed(work: Callable[[], None]) -> tuple[float, float, float]:
    """Median and 95th percentile of the time that passes, and median of the processor's own time, after a warm-up [ms]."""
    work()
    passed, busy = [], []
    for _round in range(ROUNDS):
        began, used = time.perf_counter(), time.process_time()
        work()
        passed.append(1000 * (time.perf_counter() - began))
        busy.append(1000 * (time.process_time() - used))
    return statistics.median(passed), statistics.quantiles(passed, n=20)[-1], statistics.median(busy)


if __name__ == "__main__":
    main()
