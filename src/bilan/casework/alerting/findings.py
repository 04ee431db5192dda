"""What an evaluation of rules found, as rows to work with."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

Key = tuple[str, str]
"""Rule and source."""
REQUIRED = ("rule", "source", "level", "moment")
TEXTS = {
    "source": 200,
    "point": 80,
    "parameter": 40,
    "network": 40,
    "register": 60,
    "code": 80,
    "name": 200,
    "name_en": 200,
    "district": 6,
    "town": 12,
    "organisation": 80,
}
"""Column → longest text that is kept."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that holds for one source now; see `bilan.casework.models.Alert` for what the fields mean."""

    rule: str
    source: str
    level: int
    moment: int
    began: int
    values: dict[str, Any] = field(default_factory=dict)
    proof: dict[str, Any] = field(default_factory=dict)
    place: Mapping[str, Any] = field(default_factory=dict)
    """Point, parameter, network, register, code, name, name_en, district, town, organisation, lon, lat: as far as it has them."""

    @property
    def key(self) -> Key:
        """What makes it the same episode."""
        return self.rule, self.source


def read(frame: pl.DataFrame) -> dict[Key, Finding]:
    """Findings by rule and source; of several for the same the heaviest, then the newest.

    Parameters:
        frame: columns ``rule, source, level, moment`` and, where there are any, ``began, values, proof`` (JSON) and what says where it is.
            Rows of level 0 do not hold.
    """
    return {finding.key: finding for finding in read_all(frame)}


def read_all(frame: pl.DataFrame) -> list[Finding]:
    """All findings, of the same rule and source the heaviest and newest last."""
    if frame.is_empty():
        return []
    return list(_rows(frame.filter(pl.col("level") > 0).sort("level", "moment", maintain_order=True)))


def keys(frame: pl.DataFrame) -> set[Key]:
    """Rules and sources of a frame with these columns."""
    if frame.is_empty():
        return set()
    return set(frame.select("rule", pl.col("source").str.slice(0, TEXTS["source"])).unique().iter_rows())


def _rows(frame: pl.DataFrame) -> Iterator[Finding]:
    texts = {name: longest for name, longest in TEXTS.items() if name in frame.columns}
    for row in frame.iter_rows(named=True):
        place: dict[str, Any] = {name: (row[name] or "")[:longest] for name, longest in texts.items()}
        source = place.pop("source")
        place |= {name: row[name] for name in ("lon", "lat") if row.get(name) is not None}
        began = row.get("began")
        moment = int(row["moment"] or 0)
        yield Finding(
            rule=row["rule"],
            source=source,
            level=min(int(row["level"]), 4),
            moment=moment,
            began=moment if began is None else int(began),
            values=_json(row.get("values")),
            proof=_json(row.get("proof")),
            place=place,
        )


def _json(text: str | None) -> dict[str, Any]:
    """An object of JSON; what is no number becomes absent, because databases take no NaN."""
    found = json.loads(text, parse_constant=lambda _: None) if text else {}
    return found if isinstance(found, dict) else {}
