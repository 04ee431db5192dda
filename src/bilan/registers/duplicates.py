"""Finding entries that may be one thing: by what a register declares as suspicious, for all of its entries at once."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from django.db import transaction
from django.utils import timezone
from pyproj import Geod

from bilan.pack.registers import COMMON, Register
from bilan.registers.models import Entry, Suspicion
from bilan.registers.stored import Stored

NEAR = 50.0
"""Distance within which two places count as the same [m]."""
LARGEST = 30
"""Entries sharing one value beyond which the value says nothing of their being the same."""
MOST = 20_000
"""Pairs that are kept of a register, those with most in common first."""
PORTION = 2000
_DEGREE = 111_320.0
_ELLIPSOID = Geod(ellps="GRS80")
_NOISE = re.compile(r"[\W_]+")
_FORMS = re.compile(r"(股份有限公司|有限责任公司|有限公司|总公司|分公司|公司)")

Reason = dict[str, Any]


@dataclass(slots=True)
class Pair:
    """Two entries, by their numbers, with what they share."""

    first: int
    second: int
    reasons: list[Reason] = field(default_factory=list)

    @property
    def weight(self) -> int:
        """How much they have in common: a shared credit code is worth more than a neighbouring place."""
        return sum({"uscc": 4, "name": 2}.get(str(reason["by"]), 1) for reason in self.reasons)


def plain(name: str) -> str:
    """A name as it is compared: without width, case, spaces, marks and the legal form of a firm.

    Examples:
        >>> plain("晋江（东石）纺织 有限公司") == plain("晋江(东石)纺织有限责任公司")
        True
    """
    text = unicodedata.normalize("NFKC", name).casefold()
    return _FORMS.sub("", _NOISE.sub("", text)) or text


def find(register: Register) -> list[Pair]:
    """Pairs of entries that share something declared as suspicious, those with most in common first."""
    found: dict[tuple[int, int], Pair] = {}
    rows = _rows(register)
    for by in register.duplicates:
        if by == "place":
            _by_place(rows, found)
        elif by == "uscc":
            for name in _credit_fields(register):
                _by_value(rows, name, "uscc", found)
        else:
            _by_value(rows, by, by, found)
    return sorted(found.values(), key=lambda pair: (-pair.weight, pair.first, pair.second))[:MOST]


def refresh(register: Register) -> int:
    """Look again: keep what people decided, take off pairs that are suspicious no more.

    Returns:
        How many pairs wait for a decision.
    """
    pairs = find(register)
    moment = timezone.now()
    with transaction.atomic():
        decided = set(Suspicion.objects.filter(register=register.name, different__isnull=False).values_list("first_id", "second_id"))
        Suspicion.objects.filter(register=register.name, different__isnull=True).delete()
        waiting = [pair for pair in pairs if (pair.first, pair.second) not in decided]
        rows = [
            Suspicion(
                register=register.name, first_id=pair.first, second_id=pair.second, reasons=pair.reasons, weight=pair.weight, found=moment
            )
            for pair in waiting
        ]
        Suspicion.objects.bulk_create(rows, batch_size=PORTION)
    return len(waiting)


def _credit_fields(register: Register) -> list[str]:
    return [entry.name for entry in register.fields.values() if entry.check == "uscc"]


def _rows(register: Register) -> list[dict[str, Any]]:
    """What is compared, of every entry that is not archived."""
    names = {*(name for name in register.duplicates if name in register.fields)}
    if "uscc" in register.duplicates:
        names |= set(_credit_fields(register))
    columns = [name for name in register.duplicates if name in COMMON and name not in {"name", "geometry"}]
    found = Entry.objects.filter(register=register.name, archived=False).order_by("pk")
    stored = {f"held_{name}": Stored(name) for name in names}
    rows = found.annotate(**stored).values("pk", "name", "lon", "lat", "cell", *columns, *stored)
    return [{key.removeprefix("held_"): value for key, value in row.items()} for row in rows.iterator(chunk_size=PORTION)]


def _by_value(rows: Sequence[Mapping[str, Any]], name: str, by: str, found: dict[tuple[int, int], Pair]) -> None:
    """Entries with the same value; names without what does not tell them apart."""
    groups: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        value = row.get(name)
        if value not in (None, "", [], "[]"):
            groups[plain(str(value)) if name == "name" else str(value).strip().casefold()].append(row["pk"])
    texts = {row["pk"]: str(row.get(name)) for row in rows} if found or groups else {}
    for members in groups.values():
        if 1 < len(members) <= LARGEST:
            for at, first in enumerate(members):
                for second in members[at + 1 :]:
                    _note(found, first, second, {"by": by, "text": texts[first]})


def _by_place(rows: Sequence[Mapping[str, Any]], found: dict[tuple[int, int], Pair]) -> None:
    """Points within `NEAR`: windows in a tree first, then the distance on the ellipsoid."""
    placed = [row for row in rows if row["cell"] is not None]
    if len(placed) < 2:
        return
    places = np.array([[row["lon"], row["lat"]] for row in placed])
    # Degrees of longitude are shorter towards the poles: the window is as wide as the northernmost place needs, the ellipsoid decides.
    shortest = float(np.cos(np.deg2rad(np.abs(places[:, 1]).max().clip(0, 80))))
    points = shapely.points(places)
    one, other = shapely.STRtree(points).query(points, predicate="dwithin", distance=1.02 * NEAR / _DEGREE / shortest)
    kept = one < other
    one, other = one[kept], other[kept]
    metres = _ELLIPSOID.inv(places[one, 0], places[one, 1], places[other, 0], places[other, 1])[2]
    close = np.flatnonzero(metres <= NEAR)
    for at in close[np.argsort(metres[close], kind="stable")][:MOST]:
        first, second = placed[int(one[at])]["pk"], placed[int(other[at])]["pk"]
        _note(found, first, second, {"by": "place", "metres": round(float(metres[at]), 1)})


def _note(found: dict[tuple[int, int], Pair], first: int, second: int, reason: Reason) -> None:
    key = (min(first, second), max(first, second))
    pair = found.setdefault(key, Pair(*key))
    if all(known["by"] != reason["by"] for known in pair.reasons):
        pair.reasons.append(reason)


def judged_different(pair: Suspicion, author: str, note: str) -> None:
    """Remember that two entries are not the same."""
    pair.different, pair.author, pair.note = timezone.now(), author, note
    pair.save(update_fields=["different", "author", "note"])


def settled(numbers: Iterable[int]) -> None:
    """Take off the pairs that hold entries which are merged away."""
    gone = list(numbers)
    Suspicion.objects.filter(first_id__in=gone).delete()
    Suspicion.objects.filter(second_id__in=gone).delete()
