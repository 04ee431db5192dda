"""The figures that departments report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bilan.pack.indicators.model import Period
from bilan.pack.indicators.reading import BY
from bilan.pack.indicators.taking import IndicatorTaker
from bilan.pack.loader import base, read_yaml
from bilan.pack.registers.folders import Source
from bilan.pack.registers.taking import SLUG
from bilan.pack.registers.words import Bilingual
from bilan.pack.schema import Reader
from bilan.problems import BilanError, Problem

FOLDER, FILE = "indicators", "reported.yaml"


@dataclass(frozen=True, slots=True)
class Series:
    """A figure that is reported period by period.

    Attributes:
        organisation: who reports it; `city`, `districts`: for whom.
        least, most: bounds of what is accepted; None for open.
        evidence: whether evidence must come with it.
    """

    name: str
    title: Bilingual
    about: Bilingual
    unit: str
    decimals: int
    organisation: str
    period: Period
    city: bool
    districts: bool
    least: float | None
    most: float | None
    evidence: bool


def reported(city_pack: Path | None = None) -> Mapping[str, Series]:
    """The reported figures of the base pack and of a city's pack, which adds to them or replaces some.

    Args:
        city_pack: pack folder of the city; only the base pack without it.

    Raises:
        BilanError: with every mistake and its line.
    """
    problems: list[Problem] = []
    found: dict[str, Series] = {}
    for source in sources(city_pack):
        found |= read_reported(source, problems)
    if problems:
        raise BilanError(*problems)
    return found


def sources(city_pack: Path | None) -> list[Source]:
    """The files of reported figures, the base pack's first."""
    places: list[Source] = [base(FOLDER, FILE)]
    if city_pack:
        places.append(city_pack / FOLDER / FILE)
    return [place for place in places if place.is_file()]


def read_reported(source: Source, problems: list[Problem]) -> dict[str, Series]:
    """Read one file: name of the series → what it declares."""
    declared = read_yaml(source)
    outer = Reader(str(source), declared, problems)
    return {
        name: _series(name, IndicatorTaker(str(source), entry, problems, "series", outer.where(name)))
        for name, entry in outer.declared.items()
    }


def _series(name: str, taker: IndicatorTaker) -> Series:
    if not SLUG.fullmatch(name):
        taker.note("declaration.bad_name", "", {"value": name, "allowed": "- _"})
    by = taker.chosen("by", BY)
    period = taker.word("period")
    return Series(
        name=name,
        title=taker.words("title"),
        about=taker.words("about"),
        unit=taker.word("unit"),
        decimals=int(taker.within("decimals", 2, 0, 6) or 0),
        organisation=taker.word("organisation"),
        period=Period(period) if period in set(Period) else Period.YEAR,
        city="city" in by,
        districts="district" in by,
        least=taker.number("least") if "least" in taker.declared else None,
        most=taker.number("most") if "most" in taker.declared else None,
        evidence=taker.flag("evidence", False),
    )
