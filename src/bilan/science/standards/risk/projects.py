"""Environmental risk of a project by HJ 169-2018: Q, M, P and E give its potential and the grade of the assessment."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from bilan.problems import LANGUAGES
from bilan.science.standards.explaining import Words
from bilan.science.standards.risk.words import Substance, choice, find, matrix, number, q_band

STANDARD = "HJ 169-2018"
MEDIA: Mapping[str, Words] = {
    "air": Words("大气", "air"),
    "water": Words("地表水", "surface water"),
    "groundwater": Words("地下水", "groundwater"),
}
POTENTIALS = ("I", "II", "III", "IV", "IV+")
_NUMERALS = {"I": "Ⅰ", "II": "Ⅱ", "III": "Ⅲ", "IV": "Ⅳ", "IV+": "Ⅳ+"}
_SENSITIVE = ("E1", "E2", "E3")
_GRADES = {"I": "AG4", "II": "AG3", "III": "AG2", "IV": "AG1", "IV+": "AG1"}
_REACTION, _ACID, _OTHER_UNIT, _TRANSPORT, _OIL, _USE = (
    float(matrix("m_score_hj169")[rule]["value"].split()[0]) for rule in ("MS1", "MS2", "MS3", "MS4", "MS5", "MS6")
)


@dataclass(frozen=True, slots=True)
class ProjectRisk:
    """Risk of a project: Q, M and P, and for each medium its sensitivity E and its potential.

    Attributes:
        q_parts: substance → share of Q.
        potentials: medium → potential I to IV+.
        potential: the largest of them.
        grade: 1 to 3, or 4 for a simple analysis.
        p: empty when Q is below 1.
    """

    q: float
    q_parts: Mapping[str, float]
    band: str
    m: float
    m_grade: str
    p: str
    sensitivities: Mapping[str, str]
    potentials: Mapping[str, str]
    potential: str
    grade: int
    grade_name: Words
    standard: str
    unverified: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Give the verdict as plain values for JSON."""
        return asdict(self)

    def text(self, language: str = LANGUAGES[0]) -> str:
        """Say the whole reason, one step a line."""
        english = language == "en"
        colon = ": " if english else "："
        shown = "; ".join(f"{name} {share:.3g}" for name, share in self.q_parts.items())
        lines = [
            f"{self.grade_name.text(language)}{colon}{STANDARD}, {'potential' if english else '环境风险潜势'} {_NUMERALS[self.potential]}"
        ]
        lines.append(f"Q = {self.q:.3g} ({shown}), {'Annex C' if english else '附录 C'}")
        lines.append(f"M = {self.m:g}, {self.m_grade}, {'Table C.1' if english else '表 C.1'}")
        if self.p:
            lines.append(f"P = {self.p} ({self.band}, {self.m_grade}), {'Table C.2' if english else '表 C.2'}")
        table = "Table 2" if english else "表 2"
        for medium, potential in self.potentials.items():
            lines.append(f"{MEDIA[medium].text(language)}{colon}{self.sensitivities[medium]} → {_NUMERALS[potential]}, {table}")
        return "\n".join(lines)


def q_ratio(stocks: Iterable[tuple[str | Substance, float]]) -> tuple[float, dict[str, float]]:
    """Q: stocks over thresholds, summed.

    Parameters:
        stocks: substance (CAS number, name, or one with its threshold) and largest stock on the site [t].

    Returns:
        Q, and the share of each substance.

    Raises:
        BilanError: a substance that is not in the list, or a stock that is no number.

    Reference:
        HJ 169-2018 Annex C: Q = Σ qᵢ/Qᵢ.

    Examples:
        >>> q_ratio([("氨气", 10.0), ("7782-50-5", 0.5)])
        (2.5, {'氨气': 2.0, '氯(氯气)': 0.5})
    """
    parts: dict[str, float] = {}
    for said, stock in stocks:
        entry = said if isinstance(said, Substance) else find(said)
        parts[entry.name_zh] = parts.get(entry.name_zh, 0.0) + number(stock, entry.name_zh) / entry.threshold
    return math.fsum(parts.values()), parts


def m_score(
    *, reactions: int = 0, acid_or_coking: int = 0, hot_or_pressed: int = 0, pipelines_or_ports: bool = False, oil_or_gas: bool = False,
    other_use: bool = False,
) -> float:  # fmt: skip
    """M: points of industry and process.

    Parameters:
        reactions: sets of hazardous reactions (nitration, chlorination, cracking …), 10 points each.
        acid_or_coking: sets of inorganic acid making or coking, 5 each.
        hot_or_pressed: other sets of 300 °C or 10 MPa and above, and tank farms, 5 each.
        pipelines_or_ports, oil_or_gas: 10 each.
        other_use: other use or storage of hazardous substances, 5.

    Reference:
        HJ 169-2018 Table C.1.

    Examples:
        >>> m_score(reactions=1, hot_or_pressed=1)
        15.0
    """
    sets = reactions * _REACTION + acid_or_coking * _ACID + hot_or_pressed * _OTHER_UNIT
    return number(sets + pipelines_or_ports * _TRANSPORT + oil_or_gas * _OIL + other_use * _USE, "M")


def m_grade(m: float) -> str:
    """Grade of M: M1 above 20, M2 above 10, M3 above 5, M4.

    Examples:
        >>> [m_grade(points) for points in (25, 20, 10, 5)]
        ['M1', 'M2', 'M3', 'M4']
    """
    return "M1" if number(m, "M") > 20 else "M2" if m > 10 else "M3" if m > 5 else "M4"


def air_sensitivity(within_5_km: float, within_500_m: float, *, along_pipeline: float = 0.0, special_protection: bool = False) -> str:
    """Sensitivity of the air around: E1 (high) to E3.

    Parameters:
        within_5_km, within_500_m: people.
        along_pipeline: people within 200 m of a pipeline [1/km].
        special_protection: another place that needs special protection lies within.

    Reference:
        HJ 169-2018 Table D.1.

    Examples:
        >>> air_sensitivity(50001, 0), air_sensitivity(12000, 300), air_sensitivity(9000, 400)
        ('E1', 'E2', 'E3')
    """
    counts = [(number(within_5_km, "5 km"), 50000, 10000), (number(within_500_m, "500 m"), 1000, 500), (along_pipeline, 200, 100)]
    if special_protection or any(people > high for people, high, _ in counts):
        return "E1"
    return "E2" if any(people > low or (people == low and low) for people, _, low in counts) else "E3"


def water_sensitivity(target: str, function: str) -> str:
    """Sensitivity of surface water from targets S1 to S3 downstream and function F1 to F3 (HJ 169-2018 Table D.2).

    Examples:
        >>> water_sensitivity("S3", "F2")
        'E2'
    """
    return _sensitivity("water", S=target, F=function)


def groundwater_sensitivity(vadose: str, function: str) -> str:
    """Sensitivity of groundwater from protection by the vadose zone D1 to D3 and function G1 to G3 (HJ 169-2018 Table D.5).

    Examples:
        >>> groundwater_sensitivity("D1", "G3")
        'E2'
    """
    return _sensitivity("groundwater", D=vadose, G=function)


def _sensitivity(medium: str, **grades: str) -> str:
    """Sensitivity of a medium from the grades of its two letters, each 1 to 3."""
    key = "|".join(choice(said, tuple(f"{letter}{number}" for number in (1, 2, 3)), letter) for letter, said in grades.items())
    return matrix(f"{medium}_sensitivity_hj169")[key]["value"]


def judge_project(stocks: Iterable[tuple[str | Substance, float]], m: float, sensitivities: Mapping[str, str]) -> ProjectRisk:
    """Grade the risk of a project.

    Parameters:
        stocks: as for `q_ratio`.
        m: points of `m_score`.
        sensitivities: medium (``air``, ``water``, ``groundwater``) → E1, E2 or E3.

    Returns:
        Q with its parts, M, P, the potential of each medium and of the project, and the grade of the assessment (1 to 3).

    Raises:
        BilanError: an unknown substance, medium or sensitivity, or a number below 0.

    Reference:
        HJ 169-2018 Tables 1 and 2, Annexes C and D.

    Examples:
        >>> risk = judge_project([("氨气", 60.0)], 15, {"air": "E1", "water": "E3"})
        >>> risk.p, dict(risk.potentials), risk.potential, risk.grade
        ('P2', {'air': 'IV', 'water': 'III'}, 'IV', 1)
    """
    stocks = [(said if isinstance(said, Substance) else find(said), stock) for said, stock in stocks]
    q, parts = q_ratio(stocks)
    band, process = q_band(q), m_grade(m)
    p = "" if band == "Q<1" else matrix("p_matrix_hj169")[f"{band}|{process}"]["value"]
    potentials = {}
    for medium, sensitivity in sensitivities.items():
        choice(medium, tuple(MEDIA), "medium")
        choice(sensitivity, _SENSITIVE, "E")
        potentials[medium] = matrix("potential_matrix_hj169")[f"{sensitivity}|{p}"]["value"] if p else "I"
    worst = max(potentials.values(), key=POTENTIALS.index, default="I")
    row = matrix("assessment_grade_hj169")[_GRADES[worst]]
    memory = tuple(entry.name_zh for entry, _ in stocks if isinstance(entry, Substance) and entry.confidence == "memory_only")
    return ProjectRisk(
        q, parts, band, float(m), process, p, dict(sensitivities), potentials, worst, int(row["seq"]),
        Words(row["name_zh"], row["name_en"]), STANDARD, memory,
    )  # fmt: skip
