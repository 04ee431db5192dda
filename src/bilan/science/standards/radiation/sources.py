"""Classes of radioactive sources by their activity over the dangerous quantity, alone and together; their twelve-character codes."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from bilan.problems import BilanError, Problem, nearest
from bilan.science.standards.explaining import Explanation, ItemVerdict, Limit, Words
from bilan.science.tables import rows_where, table

STANDARD = "放射源分类办法"
EXEMPT = 6
"""Class number of a source below the exemption activity."""
_LOWEST = 5
"""Class whose least activity is that of the exemption, not a ratio to D."""
_BOUNDS = ((1, 1000.0), (2, 10.0), (3, 1.0), (4, 0.01))
"""Class → least A/D (IAEA RS-G-1.9)."""
_CODE = re.compile(r"^([0-9]{2}|[A-Z]{2})([0-9]{2}|NN)([A-Z0-9]{2})([0-9A-Z]{5})([1-5N])$")


@dataclass(frozen=True, slots=True)
class Nuclide:
    """Least activity of each class of one nuclide [Bq]; the dangerous quantity D is that of class III."""

    name: str
    bounds: Mapping[int, float]
    code: str
    confidence: str
    class_5_confidence: str

    @property
    def dangerous(self) -> float:
        """Dangerous quantity D [Bq]."""
        return self.bounds[3]

    def confidence_of(self, number: int) -> str:
        """Confidence of a class: what is above the least activity of class IV needs no bound of class V."""
        return self.confidence if number < _LOWEST else self.class_5_confidence


@dataclass(frozen=True, slots=True)
class SourceCode:
    """What the twelve characters of a source say: maker, year, nuclide, serial, class when it left the factory."""

    maker: str
    year: str
    nuclide_code: str
    nuclide: str
    serial: str
    source_class: int | None


@cache
def nuclides() -> Mapping[str, Nuclide]:
    """Nuclides of the table by name.

    Examples:
        >>> nuclides()["Cs-137"].dangerous
        100000000000.0
    """
    return {
        row["nuclide"]: Nuclide(
            row["nuclide"],
            {number: float(row[f"class_{number}"]) for number in range(1, 6)},
            row["code"],
            row["confidence"],
            row["class_5_confidence"],
        )
        for row in table("radiation_nuclides")
    }


@cache
def class_words() -> Mapping[int, Words]:
    """Names of the classes, 1 (I) to 5 (V), and 6 for exempt."""
    known = {int(row["grade"]): Words(row["name_zh"], row["name_en"]) for row in rows_where("radiation_classes", kind="source_class")}
    return {**known, EXEMPT: Words("豁免", "exempt")}


def find(name: str) -> Nuclide:
    """Nuclide by its name, whatever its case and dash.

    Raises:
        BilanError: not in the table.

    Examples:
        >>> find("cs137").name, find("AM-241/BE").name
        ('Cs-137', 'Am-241/Be')
    """
    plain = {_plain(known): entry for known, entry in nuclides().items()}
    if _plain(name) not in plain:
        close = nearest(name, nuclides())
        raise BilanError(Problem("radiation.unknown_nuclide", {"value": name, "allowed": tuple(nuclides()), "nearest": close}))
    return plain[_plain(name)]


def ratio(nuclide: str, activity: float) -> float:
    """Activity over the dangerous quantity of the nuclide, A/D.

    Parameters:
        nuclide: name, such as ``Cs-137``.
        activity: activity [Bq].

    Raises:
        BilanError: unknown nuclide, or an activity that is no positive number.

    Examples:
        >>> ratio("Co-60", 6e10)
        2.0
    """
    if not (math.isfinite(activity) and activity > 0):
        raise BilanError(Problem("radiation.bad_activity", {"value": activity}))
    return activity / find(nuclide).dangerous


def source_class(nuclide: str, activity: float) -> int:
    """Class of one source: 1 (I) to 5 (V), 6 below the exemption activity.

    Parameters:
        nuclide: name, such as ``Cs-137``.
        activity: activity [Bq].

    Raises:
        BilanError: unknown nuclide, or an activity that is no positive number.

    Reference:
        放射源分类办法 2005 年第 62 号公告, table of nuclides.

    Examples:
        >>> source_class("Co-60", 3e13), source_class("Co-60", 2.9e13), source_class("Cs-137", 9e3)
        (1, 2, 6)
    """
    ratio(nuclide, activity)
    bounds = find(nuclide).bounds
    return next((number for number in range(1, 6) if activity >= bounds[number]), EXEMPT)


def aggregate(sources: Iterable[tuple[str, float]]) -> tuple[float, int]:
    """Sum of A/D of sources kept together and the class of all of them.

    Parameters:
        sources: nuclide and activity [Bq] of each.

    Returns:
        Sum of A/D, and its class: 1 to 5. Exemption is not summed.

    Raises:
        BilanError: unknown nuclide, or an activity that is no positive number.

    Reference:
        IAEA RS-G-1.9 (2005): aggregate A/D = Σ Aᵢ/Dᵢ.

    Examples:
        >>> aggregate([("Cs-137", 6e10), ("Co-60", 1.5e10)])
        (1.1, 3)
    """
    total = round(math.fsum(ratio(nuclide, activity) for nuclide, activity in sources), 12)
    return total, next((number for number, least in _BOUNDS if total >= least), 5)


def read_code(text: str) -> SourceCode:
    """Read the twelve characters of a source.

    Raises:
        BilanError: not a code of a source.

    Reference:
        放射源编码规则 (2004); codes of nuclides are not verified.

    Examples:
        >>> found = read_code("0118CS000014")
        >>> found.nuclide, found.year, found.source_class
        ('Cs-137', '18', 4)
    """
    matched = _CODE.match(text.strip().upper())
    if matched is None:
        raise BilanError(Problem("radiation.bad_code", {"value": text}))
    maker, year, code, serial, grade = matched.groups()
    named = next((entry.name for entry in nuclides().values() if entry.code == code), "")
    return SourceCode(maker, year, code, named, serial, None if grade == "N" else int(grade))


def explain(nuclide: str, activity: float) -> Explanation:
    """Explain the class of one source: activity, least activity of each class, A/D, confidence.

    Returns:
        The class and the activities it was compared with, with their confidence.

    Reference:
        放射源分类办法 2005 年第 62 号公告

    Examples:
        >>> print(explain("Am-241", 7e10).text("en").splitlines()[0])
        class III, A/D = 1.17: 放射源分类办法 2005-62
    """
    known, number = find(nuclide), source_class(nuclide, activity)
    name = class_words()[number]
    limits = tuple(Limit(Words(f"{class_words()[at].zh}下限", f"least of {class_words()[at].en}"), known.bounds[at]) for at in range(1, 6))
    confidence = known.confidence_of(number)
    said = f"A/D = {ratio(nuclide, activity):.3g}"
    item = ItemVerdict("activity", known.name, Words(known.name, known.name), "Bq", float(activity), limits, name, number, "", confidence)
    memory = (known.name,) if confidence == "memory_only" else ()
    return Explanation(
        number, Words(f"{name.zh}，{said}", f"{name.en}, {said}"), STANDARD, "2005-62", "", "2005-62", (item,), unverified=memory
    )


def _plain(name: str) -> str:
    return re.sub(r"[\s\-‐-―]", "", name).casefold()
