"""What the demo city's registers lack for its indicators: permits of those who must have one, sea targets, results of safe use."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from bilan.demo.plans import sheets
from bilan.pack.scores import SHEET
from bilan.problems import BilanError
from bilan.registers.models import Entry
from bilan.registers.writing import Author, Draft, write

REASON = "演示数据 demo data"
DAYS_AGO = 535
"""Days before now under which the additions stand: after the first wave of sample entries, so that the end of last year knows them."""
WITHOUT = 90
"""Of so many who must hold a permit one has none."""
VALID_YEARS = 5
UNSAFE = 14
"""Of so many polluted plots one is not used safely."""
SEA_TARGETS = ("2", "2", "1", "3", "2", "4")
BEAUTIFUL = 1
"""Bays that are recognised already."""
GOOD_BAY = 91.5
"""Share of class I and II that a recognised bay has at least [%]."""


def fill_in(now: datetime) -> int:
    """Write what is missing; what is there already stays.

    Returns:
        How many entries were written.

    Raises:
        BilanError: the write service refuses all of a register.
    """
    at = now - timedelta(days=DAYS_AGO)
    parts: tuple[tuple[str, Callable[[], Iterator[Draft]], datetime], ...] = (
        ("discharge-permit", lambda: _permits(at.date()), at),
        ("monitoring-point", _sea_targets, now),
        ("farmland-class", _safe_use, now),
        ("bay", _bays, now),
        ("hazardous-waste-producer", _waste, now),
        (SHEET, lambda: sheets.drafts(now.date()), now),
    )
    written = 0
    for register, drafts, moment in parts:
        found = list(drafts())
        if not found:
            continue
        outcome = write(register, found, Author.platform(REASON, moment), accept="rows")
        if len(outcome.refused) == len(found):
            raise BilanError(*(problem for result in outcome.refused[:5] for problem in result.problems))
        written += len(found) - len(outcome.refused)
    return written


def _permits(first: date) -> Iterator[Draft]:
    """Permits of the enterprises that must hold one and do not, but for a few."""
    permits = Entry.objects.filter(register="discharge-permit", archived=False)
    held = {str(data.get("enterprise")) for data in permits.values_list("data", flat=True)}
    obliged = Entry.objects.filter(register="enterprise", archived=False, data__permit_category__in=["key", "simplified"])
    for entry in obliged.order_by("code"):
        drawn = zlib.crc32(entry.code.encode())
        code = str(entry.data.get("uscc", ""))
        if entry.code in held or not code or drawn % WITHOUT == 0:
            continue
        issued = first - timedelta(days=30 + drawn % 900)
        yield Draft(
            {
                "name": f"{entry.name}排污许可证"[:200],
                "district": entry.district,
                "status": "valid",
                "enterprise": entry.code,
                "category": entry.data["permit_category"],
                "issued": issued.isoformat(),
                "expires": date(issued.year + VALID_YEARS, issued.month, min(issued.day, 28)).isoformat(),
                "auto_required": False,
            },
            code=f"{code}001P",
            new=True,
        )


def _sea_targets() -> Iterator[Draft]:
    points = Entry.objects.filter(register="monitoring-point", archived=False, data__network="sea").order_by("code")
    for number, entry in enumerate(points):
        if not entry.data.get("sea_target"):
            yield Draft({"sea_target": SEA_TARGETS[number % len(SEA_TARGETS)]}, code=entry.code)


def _safe_use() -> Iterator[Draft]:
    plots = Entry.objects.filter(register="farmland-class", archived=False, data__class__in=["safe-use", "strict"]).order_by("code")
    for number, entry in enumerate(plots):
        safe = number % UNSAFE != UNSAFE - 1
        if entry.data.get("safe") is not safe:
            yield Draft({"safe": safe}, code=entry.code)


def _bays() -> Iterator[Draft]:
    bays = Entry.objects.filter(register="bay", archived=False, data__goal="building").order_by("code")
    if Entry.objects.filter(register="bay", archived=False, data__goal="beautiful").exists():
        return
    for entry in bays[:BEAUTIFUL]:
        good = max(float(entry.data.get("good_share") or 0.0), GOOD_BAY)
        yield Draft({"goal": "beautiful", "good_share": good}, code=entry.code)


def _waste() -> Iterator[Draft]:
    """Waste whose way was not entered is sent out, but for a few tonnes that are in store."""
    producers = Entry.objects.filter(register="hazardous-waste-producer", archived=False).order_by("code")
    for entry in producers:
        made = float(entry.data.get("annual") or 0.0)
        known = sum(float(entry.data.get(name) or 0.0) for name in ("transferred", "own_use", "stored"))
        if made and not entry.data.get("transferred") and known < made:
            yield Draft({"transferred": round(made - known, 3)}, code=entry.code)
