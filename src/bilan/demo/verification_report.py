"""The page that says what the main job on real input came to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from bilan.demo.comparison import SHOWN, Compared
from bilan.telemetry import clock

if TYPE_CHECKING:
    from bilan.demo.verification import Verified

NETWORKS = {"air": "Ambient air 环境空气", "surface_water": "Surface water 地表水"}
RESULTS = {"air": "hourly AQI, level and primary pollutants", "surface_water": "class by GB 3838"}


def write(path: Path, verified: Verified) -> None:
    """Write the report as Markdown.

    Args:
        path: the file.
        verified: what the run came to.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(_lines(verified)) + "\n", encoding="utf-8")


def _lines(verified: Verified) -> Iterator[str]:
    outcome = verified.outcome
    yield "# Verification on real input · 实测数据核对"
    yield ""
    yield "Recorded hours of the national stations of Quanzhou and Xiamen and of the Fujian river sections arrive as HJ 212 telegrams over"
    yield "TCP at the real gateway, are journaled, acknowledged, stored, judged, and set beside the officially published results."
    yield "Which sections are judged by the limits of lakes is learnt from the first fourteen days of the recording."
    yield ""
    yield f"Made on {date.today().isoformat()} by one command, with the folder of the recordings:"
    yield ""
    yield "```sh"
    yield "bilan demo --replay FOLDER --report docs/explanation/verification.md"
    yield "```"
    yield ""
    yield "| step | count |"
    yield "|---|---:|"
    yield f"| devices | {outcome.devices:,} |"
    yield f"| telegrams to be sent | {outcome.telegrams:,} |"
    yield f"| telegrams acknowledged | {outcome.acknowledged:,} |"
    yield f"| telegrams repeated before they were acknowledged | {outcome.repeated:,} |"
    yield f"| readings sent | {outcome.readings:,} |"
    yield f"| readings stored | {verified.stored:,} |"
    yield ""
    yield "| network | hours recorded | officially judged | judged by us | equal | different |"
    yield "|---|---:|---:|---:|---:|---:|"
    for entry in verified.compared:
        counts = (entry.hours, entry.published, entry.judged, entry.equal, entry.published - entry.equal)
        yield f"| {NETWORKS[entry.network]} | " + " | ".join(f"{count:,}" for count in counts) + " |"
    yield ""
    for entry in verified.compared:
        yield from _differences(entry)
    yield "Time taken: " + ", ".join(f"{name} {seconds:.1f} s" for name, seconds in verified.seconds.items()) + "."


def _differences(entry: Compared) -> Iterator[str]:
    result = RESULTS[entry.network]
    if not entry.differences:
        yield f"{NETWORKS[entry.network]}: {result} equal the official ones in every hour."
        yield ""
        return
    yield f"{NETWORKS[entry.network]}: hours whose {result} differ ({len(entry.differences)}, the first {SHOWN} listed):"
    yield ""
    for row in entry.differences[:SHOWN]:
        said = ", ".join(f"{name} {value}" for name, value in row.items() if name not in ("point", "start", "city"))
        start = row["start"]
        yield f"- {row['point']} {clock.moment(start).isoformat(' ') if isinstance(start, int) else start}: {said}"
    yield ""
