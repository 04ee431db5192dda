"""Two plans side by side: what the newer one asks more of, what less, what it drops and what it adds."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

LEAST_ALIKE = 0.6
"""Share of pairs of signs that two commitments must have in common to speak of the same thing."""
FEWER = re.compile(r"浓度|超标|污染天数|劣[Ⅴ五V]|强度|消耗|能耗|用水量|黑臭|排放量|温室气体|噪声值|死亡")
"""What is better the less there is of it, where nothing else says so."""
REDUCED = re.compile(r"下降|降低|减少|削减|减排|消除|治理|整治|达标|控制率|处理率")
"""Makes more of it better again: a share by which something bad falls."""


class Outcome(StrEnum):
    """What the newer plan does to a commitment of the older one."""

    TIGHTER = "tighter"
    LOOSER = "looser"
    SAME = "same"
    DIFFERENT = "different"
    DROPPED = "dropped"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Pair:
    """One thing that one of two plans promises, or both.

    Attributes:
        before, after: the commitment in the older and in the newer plan; None where there is none.
        alike: how alike their words are, 0 to 1; 1 when both are linked to the same indicator.
        rising: whether more is better; None when nothing says so.
    """

    before: Any
    after: Any
    outcome: Outcome
    alike: float = 1.0
    rising: bool | None = None


def compare(older: Sequence[Any], newer: Sequence[Any], direction: Callable[[str], bool | None] = lambda _name: None) -> list[Pair]:
    """Put the commitments of two plans beside each other.

    Parameters:
        older, newer: commitments of the two plans, each with ``subject``, ``metric``, ``unit``, ``kind``, ``comparator``, ``value``,
            ``upper``, ``wording``, ``deadline`` and ``indicator``.
        direction: name of an indicator → whether more is better; None when it does not say.

    Returns:
        Pairs in the order of the newer plan, those that it drops last.
    """
    partner = _partners(older, newer)
    pairs = []
    for at, after in enumerate(newer):
        found = partner.get(at)
        if found is None:
            pairs.append(Pair(None, after, Outcome.ADDED))
            continue
        place, alike = found
        rising = rises(older[place], after, direction)
        pairs.append(Pair(older[place], after, outcome(older[place], after, rising), alike, rising))
    taken = {place for place, _alike in partner.values()}
    return pairs + [Pair(before, None, Outcome.DROPPED) for place, before in enumerate(older) if place not in taken]


def outcome(before: Any, after: Any, rising: bool | None) -> Outcome:
    """What became of one commitment."""
    if before.value is None or after.value is None:
        same = before.value is None and after.value is None and _plain(before.wording) == _plain(after.wording)
        return Outcome.SAME if same else Outcome.DIFFERENT
    if (before.unit or "") != (after.unit or ""):
        return Outcome.DIFFERENT
    if (before.value, before.upper) == (after.value, after.upper):
        return Outcome.SAME
    if rising is None or before.value == after.value:
        return Outcome.DIFFERENT
    return Outcome.TIGHTER if (after.value > before.value) == rising else Outcome.LOOSER


def rises(before: Any, after: Any, direction: Callable[[str], bool | None]) -> bool | None:
    """Whether more is better: by the indicator, else by the relation, else by the words."""
    for name in (after.indicator, before.indicator):
        if name and (said := direction(name)) is not None:
            return said
    for held in (after, before):
        if held.comparator in {">=", ">"}:
            return True
        if held.comparator in {"<=", "<"}:
            return False
    words = f"{after.subject}{after.metric}"
    if after.value is None:
        return None
    return not (FEWER.search(words) and not REDUCED.search(words))


def _partners(older: Sequence[Any], newer: Sequence[Any]) -> dict[int, tuple[int, float]]:
    """Place in the newer plan → place in the older one and how alike they are; each is taken once, the likest first."""
    found = sorted(_candidates(older, newer), key=lambda entry: (-entry[0], entry[1], entry[2]))
    partner: dict[int, tuple[int, float]] = {}
    taken: set[int] = set()
    for alike, place, at in found:
        if at not in partner and place not in taken:
            partner[at] = (place, alike)
            taken.add(place)
    return partner


def _candidates(older: Sequence[Any], newer: Sequence[Any]) -> Iterable[tuple[float, int, int]]:
    """Pairs that may speak of the same thing: those with the same indicator, and those of a kind with like words."""
    pieces = [_pieces(f"{held.subject}{held.metric}") for held in older]
    holding: defaultdict[str, list[int]] = defaultdict(list)
    linked: defaultdict[str, list[int]] = defaultdict(list)
    for place, held in enumerate(older):
        for piece in pieces[place]:
            holding[piece].append(place)
        if held.indicator:
            linked[held.indicator].append(place)
    for at, after in enumerate(newer):
        for place in linked.get(after.indicator, ()) if after.indicator else ():
            yield 1.0 + (after.unit == older[place].unit), place, at
        own = _pieces(f"{after.subject}{after.metric}")
        shared = Counter(place for piece in own for place in holding.get(piece, ()))
        for place, count in shared.items():
            alike = 2 * count / (len(own) + len(pieces[place]))
            if alike >= LEAST_ALIKE and older[place].kind == after.kind:
                same = after.unit == older[place].unit
                yield alike if same else alike * 0.9, place, at


def _pieces(text: str) -> frozenset[str]:
    """Pairs of neighbouring signs."""
    said = _plain(text)
    return frozenset(said[at : at + 2] for at in range(len(said) - 1)) or frozenset({said})


def _plain(text: str) -> str:
    return re.sub(r"[\s，。、（）()“”\"]|全市|市区|我市", "", text or "")
