"""Risk of sudden environmental events of an enterprise by HJ 941-2018: Q, M and E of air and of water give its grade."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from bilan.problems import LANGUAGES
from bilan.science.standards.explaining import Words
from bilan.science.standards.risk.words import choice, matrix, number, q_band

STANDARD = "HJ 941-2018"
LEVELS = ("一般", "较大", "重大")
"""Levels as the matrix writes them, lowest first."""
WORDS = {"一般": Words("一般", "ordinary"), "较大": Words("较大", "larger"), "重大": Words("重大", "major")}
MEDIA = {"air": Words("大气", "air"), "water": Words("水", "water")}
UNVERIFIED = ("enterprise_risk_matrix_hj941", "m_grade_hj941")
_Q = {"Q<1": "Q0", "1<=Q<10": "Q1", "10<=Q<100": "Q2", "Q>=100": "Q3"}


@dataclass(frozen=True, slots=True)
class MediumRisk:
    """Risk of one medium: Q0 to Q3, M1 to M4, E1 to E3, and the level they give."""

    medium: str
    q: str
    m: str
    e: str
    level: str

    def text(self, language: str = LANGUAGES[0]) -> str:
        """Say the level with what it rests on.

        Examples:
            >>> judge_medium("air", 12.0, 50, "E2").text()
            '重大-大气(Q2-M3-E2)'
        """
        basis = self.q if self.q == "Q0" else f"{self.q}-{self.m}-{self.e}"
        return f"{WORDS[self.level].text(language)}-{MEDIA[self.medium].text(language)}({basis})"


@dataclass(frozen=True, slots=True)
class EnterpriseRisk:
    """Risk of an enterprise: the higher of its media, one level up after a serious illegal act within three years."""

    level: str
    media: tuple[MediumRisk, ...]
    raised: bool
    standard: str = STANDARD
    unverified: tuple[str, ...] = UNVERIFIED

    @property
    def grade(self) -> int:
        """1 ordinary, 2 larger, 3 major."""
        return LEVELS.index(self.level) + 1

    def text(self, language: str = LANGUAGES[0]) -> str:
        """Grade string of the enterprise, such as 较大[一般-大气(Q1-M1-E3)+较大-水(Q1-M2-E2)]."""
        return f"{WORDS[self.level].text(language)}[{'+'.join(entry.text(language) for entry in self.media)}]"

    def as_dict(self) -> dict[str, Any]:
        """Give the verdict as plain values for JSON."""
        return asdict(self)


def m_grade(m: float) -> str:
    """Grade of process and control: M1 below 25, M2 below 45, M3 below 65, M4.

    Examples:
        >>> [m_grade(points) for points in (24, 25, 45, 65)]
        ['M1', 'M2', 'M3', 'M4']
    """
    rows = matrix("m_grade_hj941").items()
    points = number(m, "M")
    return next(grade for grade, row in rows if not row["upper"] or points < float(row["upper"]))


def judge_medium(medium: str, q: float, m: float, e: str) -> MediumRisk:
    """Level of one medium.

    Parameters:
        medium: ``air`` or ``water``.
        q: stocks over thresholds, summed.
        m: points of process and control, 0 to 100.
        e: sensitivity around, ``E1`` (high) to ``E3``.

    Returns:
        Bands of Q and M, the sensitivity and the level.

    Raises:
        BilanError: an unknown medium or sensitivity, or a number below 0.

    Reference:
        HJ 941-2018, matrix of levels (from recollection: every verdict says so).

    Examples:
        >>> judge_medium("water", 0.4, 80, "E1").level, judge_medium("water", 120.0, 30, "E2").text("en")
        ('一般', 'major-water(Q3-M2-E2)')
    """
    choice(medium, tuple(MEDIA), "medium")
    choice(e, ("E1", "E2", "E3"), "E")
    band, process = _Q[q_band(q)], m_grade(m)
    key = "Q<1" if band == "Q0" else f"{e}|{band}|{process}"
    return MediumRisk(medium, band, process, e, matrix("enterprise_risk_matrix_hj941")[key]["value"])


def judge_enterprise(*media: MediumRisk, serious_act: bool = False) -> EnterpriseRisk:
    """Grade of an enterprise from its media.

    Parameters:
        media: from `judge_medium`, at least one.
        serious_act: a serious illegal act within three years raises the grade by one level.

    Returns:
        The level, with Q, M, E and level of each medium, and what is unverified.

    Raises:
        BilanError: no medium.

    Reference:
        HJ 941-2018, grade and its notation (from recollection).

    Examples:
        >>> air, water = judge_medium("air", 2.0, 20, "E3"), judge_medium("water", 2.0, 30, "E2")
        >>> judge_enterprise(air, water).text()
        '较大[一般-大气(Q1-M1-E3)+较大-水(Q1-M2-E2)]'
    """
    number(float(len(media)) - 1, "media")
    worst = max(LEVELS.index(entry.level) for entry in media)
    raised = serious_act and worst < len(LEVELS) - 1
    return EnterpriseRisk(LEVELS[worst + raised], media, raised)
