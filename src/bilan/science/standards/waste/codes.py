"""Hazardous-waste codes: read as people write them, checked against the national list, with the nearest that exist."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from bilan.problems import BilanError, Problem
from bilan.science.standards.explaining import Words
from bilan.science.tables import rows_where, table

STANDARD = "国家危险废物名录"
_CODE = re.compile(r"^(\d{3})-?(\d{3})-?(\d{2})$")
_CATEGORY = re.compile(r"HW-?(\d{2})", re.IGNORECASE)
_DASHES = re.compile(r"[‐-―−－﹣—_\s.．]+")
_LIST_2025 = date(2025, 1, 1)
_TIN = ("321", "48")
"""Industry and category of the four codes of tin smelting that the list of 2025 added and that are not known here."""
_NAMED = 3


@dataclass(frozen=True, slots=True)
class WasteCode:
    """One code: industry of GB/T 4754 (three digits), serial, category; 900 is any industry."""

    industry: str
    serial: str
    category: str

    def __str__(self) -> str:
        return f"{self.industry}-{self.serial}-{self.category}"

    @property
    def identified(self) -> bool:
        """Whether it stands for a waste identified as hazardous that no code fits (900-000-NN)."""
        return (self.industry, self.serial) == ("900", "000")


@dataclass(frozen=True, slots=True)
class CodeCheck:
    """What the list says of one code.

    Attributes:
        code: as read; None when it cannot be read.
        valid: whether it may be used.
        category: its category, such as HW08; empty when unknown.
        hazards: letters of its hazards, such as ``T,I``.
        nearest: codes of the list that look most like it.
        problem: what is wrong; None when nothing is.
        unverified: what the verdict rests on that is not verified.
    """

    text: str
    code: WasteCode | None
    valid: bool
    category: str
    name: Words
    hazards: str
    nearest: tuple[str, ...]
    problem: Problem | None
    unverified: str
    confidence: str


def parse(text: str) -> WasteCode:
    """Read a code as people write it.

    Raises:
        BilanError: not eight digits.

    Examples:
        >>> str(parse("HW08 900－249－08")), str(parse("90024908")), parse("900-000-49").identified
        ('900-249-08', '900-249-08', True)
    """
    plain = unicodedata.normalize("NFKC", str(text))[:60]
    plain = _DASHES.sub("-", _CATEGORY.sub("", plain, count=1)).strip("-()（） ")
    found = _CODE.match(plain)
    if found is None:
        raise BilanError(Problem("waste.unreadable", {"value": text}))
    return WasteCode(*found.groups())


def check(text: str, day: date | None = None) -> CodeCheck:
    """Say whether a code is in the national list, and which come nearest when it is not.

    Parameters:
        text: the code, with or without its category and dashes.
        day: day of the record; today's list when not given. The codes of 2021 are known; of the list in force since 2025-01-01 the
            number of changes is, not the codes, and a verdict of that time says so.

    Reference:
        国家危险废物名录 (2021 年版; 2025 年版 第六条: 900-000-NN).

    Examples:
        >>> found = check("HW08 900-249-08")
        >>> found.valid, found.category, found.hazards, found.name.en
        (True, 'HW08', 'T,I', 'Waste mineral oil and oil-bearing waste')
        >>> wrong = check("900-294-08", date(2024, 6, 1))
        >>> wrong.valid, "900-249-08" in wrong.nearest
        (False, True)
    """
    newest = day is None or day >= _LIST_2025
    unverified = "waste_codes 2025" if newest else ""
    try:
        code = parse(text)
    except BilanError as error:
        return CodeCheck(text, None, False, "", Words("", ""), "", (), error.problems[0], "", "")
    row = _listed().get(str(code))
    category = f"HW{code.category}"
    name = categories().get(category, Words("", ""))
    stated = _CATEGORY.search(unicodedata.normalize("NFKC", str(text)))
    problem = _problem(text, code, row is not None, name, stated.group(1) if stated else code.category, newest)
    close = () if row is not None else _nearest(code)
    hazards, confidence = (row["hazards"], row["confidence"]) if row else ("", "verified_1" if problem is None else "")
    return CodeCheck(text, code, problem is None, category if name.zh else "", name, hazards, close, problem, unverified, confidence)


@cache
def categories() -> Mapping[str, Words]:
    """Categories of the list, HW01 to HW50.

    Examples:
        >>> len(categories()), categories()["HW49"].zh
        (46, '其他废物')
    """
    return {row["code"]: Words(row["name_zh"], row["name_en"]) for row in rows_where("waste_categories", scheme=STANDARD)}


@cache
def hazards() -> Mapping[str, Words]:
    """Letters of hazards: T, C, I, R, In."""
    return {row["code"]: Words(row["name_zh"], row["name_en"]) for row in rows_where("waste_categories", scheme="危险特性代码")}


def changes_of_2025() -> tuple[Mapping[str, str], ...]:
    """What is known of the list of 2025 against that of 2021.

    Examples:
        >>> len(changes_of_2025()) > 0
        True
    """
    return table("waste_codes_2025_changes")


@cache
def _listed() -> Mapping[str, Mapping[str, str]]:
    return {row["waste_code"]: row for row in table("waste_codes")}


def _nearest(code: WasteCode) -> tuple[str, ...]:
    same = [known for known in _listed() if known.endswith(f"-{code.category}")]
    close = difflib.get_close_matches(str(code), same, n=_NAMED, cutoff=0.7)
    return tuple(close or difflib.get_close_matches(str(code), list(_listed()), n=_NAMED, cutoff=0.7))


def _problem(text: str, code: WasteCode, listed: bool, name: Words, stated: str, newest: bool) -> Problem | None:
    close = _nearest(code) if not listed else ()
    if not name.zh:
        return Problem("waste.unknown_category", {"value": str(code), "category": code.category, "nearest": close})
    if stated != code.category:
        return Problem("waste.wrong_category", {"value": str(code), "category": f"HW{stated}", "expected": f"HW{code.category}"})
    if listed or code.identified:
        return None
    added = newest and (code.industry, code.category) == _TIN
    return Problem("waste.changed_2025" if added else "waste.unknown_code", {"value": str(code), "nearest": close})
