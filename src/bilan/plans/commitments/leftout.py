"""What looks like a number but is left out on purpose: names, labels, peers one is ranked among, numerals that count nothing."""

from __future__ import annotations

import re

from bilan.plans.commitments.dates import day_spans
from bilan.plans.commitments.quantities import Quantity
from bilan.plans.commitments.text import BRACKETS

MEASURED = re.compile(r"\d+(?:\.\d+)?(?:%|％|公里|千米|米|亩|公顷|吨|微克)")
PEERS = re.compile(r"^[^，；。]{0,14}?(?:(?:中|里)(?:保持|位居|排名|处于|位列|名列|居|走在|排)|(?<!点)(?:位居|排名|排第|位列|名列))")
GREAT = 100
"""A spelled number from which it counts even beside digits: 建立一百处保护小区、500处生态小区."""

RADIUS = re.compile(r"^(?:服务|等时|影响)?半径(?!内)")
POINTED = re.compile(r"(?:(?:包括|涵盖|包含)[^，；。]*|当前|上述|这|那|该|其他|其它|各|以|第|前|后|每|任|某|另|分别为?|有关)$")
NAMED_AFTER = re.compile(r"^(?:重要|基本|根本|更大|维护|自信|意识|坚持)|^[^，；。]{0,14}?均")


def titles(plain: str) -> list[tuple[int, int]]:
    """Titles, document numbers and labels, which hold no promised number; labels with a measured length or share do."""
    found = []
    for match in BRACKETS.finditer(plain):
        if match.group()[0] in "《〔【" or (match.group()[0] in "“‘" and not MEASURED.search(match.group())):
            found.append(match.span())
    return found + day_spans(plain)


def kept(plain: str, found: list[Quantity], span: tuple[int, int]) -> list[Quantity]:
    """Those numbers of a clause that say something.

    Args:
        plain: even text; `found`: the numbers of the clause; `span`: the clause.
    """
    digits = any(not quantity.spelled for quantity in found)
    return [
        quantity
        for quantity in found
        if not _peers(plain, quantity)
        and not (quantity.spelled and _idle(plain, quantity, digits, span))
        and not (quantity.dimension == "length" and RADIUS.match(plain[quantity.end :]))
    ]


def _peers(plain: str, quantity: Quantity) -> bool:
    return quantity.counted and bool(PEERS.match(plain[quantity.end :]))


def _idle(plain: str, quantity: Quantity, digits: bool, span: tuple[int, int]) -> bool:
    if quantity.unit == "%":
        return False
    compared = bool(quantity.before or quantity.after) or any(note.startswith("comparing:") for note in quantity.notes)
    if quantity.dimension != "count":
        return False
    if (quantity.value < 2 or (digits and quantity.value < GREAT)) and not compared:
        return True
    if compared and quantity.after and not quantity.before and plain[quantity.end : quantity.end + 1] not in ("", "，", "。"):
        return True
    return bool(POINTED.search(plain[span[0] : quantity.begin]) or NAMED_AFTER.match(plain[quantity.end : span[1]]))
