"""The 57 species of the photochemical monitoring stations as data: molar mass, ozone reactivity, rate with OH."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from bilan.problems import BilanError, Problem
from bilan.science.tables import table

TOGETHER = "mp_xylene"
"""Column of m- and p-xylene where an analyser reports them together."""
_PARTS = ("1_3_dimethylbenzene", "1_4_dimethylbenzene")


@dataclass(frozen=True, slots=True)
class Species:
    """One species.

    Attributes:
        item: science column; `code`: HJ 212 code; `cas`: registry number.
        kind: ``alkane``, ``alkene``, ``alkyne`` or ``aromatic``.
        molar_mass: [g/mol].
        mir: maximum incremental reactivity [g O₃/g].
        koh: rate constant with OH at 298 K [10⁻¹² cm³/(molecule·s)].
    """

    item: str
    code: str
    cas: str
    name_zh: str
    name_en: str
    kind: str
    carbon: int
    molar_mass: float
    mir: float
    koh: float
    mir_scale: str
    koh_source: str
    confidence_mir: str
    confidence_koh: str

    def name(self, language: str = "zh-hans") -> str:
        """Name in `language`."""
        return self.name_en if language == "en" else self.name_zh


@cache
def species() -> dict[str, Species]:
    """The species by column, in the order of the list; behind them m- and p-xylene together, with the mean of both.

    Examples:
        >>> len(species()), species()["toluene"].mir, round(species()["mp_xylene"].mir, 3)
        (58, 4.0, 7.795)
    """
    known = {}
    for row in table("voc_species"):
        known[row["item"]] = Species(
            item=row["item"],
            code=row["code"],
            cas=row["cas"],
            name_zh=row["name_zh"],
            name_en=row["name_en"],
            kind=row["voc_class"],
            carbon=int(row["carbon_number"]),
            molar_mass=float(row["molar_mass"]),
            mir=float(row["mir"]),
            koh=float(row["koh"]),
            mir_scale=row["mir_scale"],
            koh_source=row["koh_source"],
            confidence_mir=row["confidence_mir"],
            confidence_koh=row["confidence_koh"],
        )
    known[TOGETHER] = _together(*(known[part] for part in _PARTS))
    return known


def present(names: Iterable[str]) -> list[Species]:
    """Species that a frame has, m- and p-xylene once: apart where both are there, else together.

    Raises:
        BilanError: none is there.
    """
    columns = set(names)
    apart = columns.issuperset(_PARTS)
    left_out = {TOGETHER} if apart or TOGETHER not in columns else set(_PARTS)
    found = [entry for item, entry in species().items() if item in columns and item not in left_out]
    if not found:
        raise BilanError(Problem("voc.no_species", {"allowed": tuple(species())}))
    return found


def _together(one: Species, other: Species) -> Species:
    return Species(
        item=TOGETHER,
        code="",
        cas="",
        name_zh="间/对-二甲苯",
        name_en="m,p-Xylene",
        kind=one.kind,
        carbon=one.carbon,
        molar_mass=one.molar_mass,
        mir=(one.mir + other.mir) / 2,
        koh=(one.koh + other.koh) / 2,
        mir_scale=one.mir_scale,
        koh_source=one.koh_source,
        confidence_mir="derived",
        confidence_koh="derived",
    )
