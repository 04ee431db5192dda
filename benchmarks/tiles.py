"""Tiles of a register of 100,000 points: `python benchmarks/tiles.py [--postgres postgresql://user@host/empty_database]`.

Tiles that touch the city are asked for at zooms 8, 10 and 13, by a reader of the whole city and by one of a district, now, filtered and
as of a past day, through the whole site in one process. The floor is the answer that nothing has changed.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from bilan.pack.city import City

POINTS = 100_000
BOX = (117.6, 24.5, 119.1, 25.7)
DISTRICTS = ("350502", "350503", "350504", "350505", "350521", "350524", "350525", "350526", "350581", "350582", "350583")
ZOOMS = (8, 10, 13)
REGISTER = """
register: bench
title: 测速 · Benchmark
singular: 测速 · Benchmark
group: water
geometry: point
code: {matches: "B[0-9]+"}
style: {by: kind}
sections:
  - title: 基本 · Basics
    fields:
      - {name: kind, type: choice, of: bench-kind, title: 类型 · Kind, filter: true}
"""
KINDS = "code,zh,en,colour\na,甲,A,#b45309\nb,乙,B,#0f766e\nc,丙,C,\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgres", default="", help="address of an empty database to measure as well")
    parser.add_argument("--points", type=int, default=POINTS)
    parser.add_argument("--database", default="", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.database:
        measure("" if given.database == "sqlite" else given.database, given.points)
        return
    for database in ("sqlite", *([given.postgres] if given.postgres else [])):
        command = [sys.executable, __file__, "--database", database, "--points", str(given.points)]
        subprocess.run(command, check=True)


def measure(database: str, points: int) -> None:
    """Fill a city and time its tiles."""
    with tempfile.TemporaryDirectory() as folder:
        city = City(Path(folder) / "city", "测速", "Benchmark", "350500", database=database)
        city.write()
        (city.pack / "registers").mkdir(parents=True)
        (city.pack / "vocab" / "choices").mkdir(parents=True)
        (city.pack / "registers" / "bench.yaml").write_text(REGISTER, "utf-8")
        (city.pack / "vocab" / "choices" / "bench-kind.csv").write_text(KINDS, "utf-8")
        os.environ |= {"BILAN_CITY": str(city.folder), "DJANGO_SETTINGS_MODULE": "bilan.web.settings"}
        fill(points)
        print(f"{'postgresql' if database else 'sqlite'}, {points:,} points [ms]")
        for line in timings():
            print(line)


def fill(points: int) -> None:
    """Entries with their first revisions, written straight into the tables."""
    import django  # noqa: PLC0415 - a city must be named first

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from bilan.people.models import Person  # noqa: PLC0415
    from bilan.registers.models import ChangeSet, Entry, Revision, content_of  # noqa: PLC0415
    from bilan.tabular.places.tiles import cells  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    Person.objects.create_user("city", "a long password", role="viewer")
    Person.objects.create_user("district", "a long password", role="viewer", districts=[DISTRICTS[0]])
    random = np.random.default_rng(1)
    middles = random.uniform(BOX[:2], BOX[2:], size=(40, 2))
    places = middles[random.integers(0, 40, points)] + random.normal(0, 0.08, size=(points, 2))
    change = ChangeSet.objects.create(source="system", made=timezone.now() - timezone.timedelta(days=400))
    entries = [
        Entry(
            register="bench",
            code=f"B{number}",
            name=f"测速入河排污口{number}号",
            status="active",
            district=DISTRICTS[number % len(DISTRICTS)],
            geometry={"type": "Point", "coordinates": [lon, lat]},
            lon=lon,
            lat=lat,
            west=lon,
            east=lon,
            south=lat,
            north=lat,
            cell=cell,
            data={"kind": "abc"[number % 3]},
        )
        for number, ((lon, lat), cell) in enumerate(zip(places.tolist(), cells(places).tolist(), strict=True))
    ]
    Entry.objects.bulk_create(entries, batch_size=5000)
    revisions = (
        Revision(entry=entry, change=change, version=1, since=change.made, action="create", **content_of(entry)) for entry in entries
    )
    Revision.objects.bulk_create(revisions, batch_size=5000)
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def timings() -> list[str]:
    """Percentiles of each question."""
    from django.test import Client  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from bilan.people.models import Person  # noqa: PLC0415
    from bilan.tabular.places.tiles import tile_of  # noqa: PLC0415

    past = (timezone.now() - timezone.timedelta(days=30)).date().isoformat()
    lines = []
    for person in ("city", "district"):
        client = Client(HTTP_HOST="localhost")
        client.force_login(Person.objects.get(username=person))
        for zoom in ZOOMS:
            (x1, y2), (x2, y1) = tile_of(*BOX[:2], zoom), tile_of(*BOX[2:], zoom)
            tiles = [(x, y) for x in range(x1, x2 + 1) for y in range(y1, y2 + 1)]
            random = np.random.default_rng(2)
            tiles = [tiles[index] for index in random.permutation(len(tiles))[:40]]
            for query in ("", "?kind=a", f"?as_of={past}"):
                times, sizes = [], []
                for x, y in tiles * (1 if len(tiles) > 20 else 3):
                    begin = time.perf_counter()
                    response = client.get(f"/tiles/bench/{zoom}/{x}/{y}.mvt{query}", HTTP_ACCEPT_ENCODING="gzip")
                    times.append((time.perf_counter() - begin) * 1000)
                    assert response.status_code == 200, response.content[:500]
                    sizes.append(len(response.content) / 1000)
                lines.append(_line(f"{person} z{zoom} {query or 'now'}", times, sizes))
    tag = client.get("/tiles/bench/10/849/438.mvt").headers["ETag"]
    times = []
    for _ in range(50):
        begin = time.perf_counter()
        assert client.get("/tiles/bench/10/849/438.mvt", HTTP_IF_NONE_MATCH=tag).status_code == 304
        times.append((time.perf_counter() - begin) * 1000)
    return [*lines, _line("unchanged (floor)", times, [0])]


def _line(name: str, times: list[float], sizes: list[float]) -> str:
    ranked = sorted(times)
    p95 = ranked[min(len(ranked) - 1, int(len(ranked) * 0.95))]
    return f"  {name:32} p50 {statistics.median(times):6.1f}  p95 {p95:6.1f}  worst {ranked[-1]:6.1f}  largest {max(sizes):6.1f} kB"


if __name__ == "__main__":
    main()
