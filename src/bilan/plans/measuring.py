"""How well commitments were read, held against annotated ones: precision, recall and F1, by kind and by field.

A commitment with a number counts as found when a read one has the same number and unit in overlapping text; each is matched once,
first those with most fields right. One without a number counts as found when the text overlaps and the metric is alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from bilan.plans.goldfile import Row, line_of

FIELDS = ("comparator", "value", "unit", "deadline", "kind", "metric_zh")
KINDS = ("target", "task", "project", "baseline_fact")
SPACE = re.compile(r"[\s|*]+")
MICROGRAMS = frozenset({"μg/m3", "µg/m3", "ug/m3", "μg/m³", "µg/m³", "微克/立方米", "微克每立方米"})
SHARED_TEXT = 0.6
"""Share of the shorter text that must stand in the longer one as a whole."""
ALIKE = 0.5
"""Likeness from which two names of a metric are taken for the same."""


@dataclass(frozen=True, slots=True)
class Measure:
    """How many there are, how many were read, and how many of both agree.

    Examples:
        >>> Measure(10, 8, 6).precision, Measure(10, 8, 6).recall, round(Measure(10, 8, 6).f1, 3)
        (0.75, 0.6, 0.667)
    """

    gold: int
    read: int
    right: int

    @property
    def precision(self) -> float:
        """Share of what was read that is right."""
        return self.right / self.read if self.read else float(not self.gold)

    @property
    def recall(self) -> float:
        """Share of what is there that was read right."""
        return self.right / self.gold if self.gold else float(not self.read)

    @property
    def f1(self) -> float:
        """Harmonic mean of the two."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Scores:
    """Everything measured on one document.

    Attributes:
        finding: of commitments with a number; `kinds`: the same for one kind at a time.
        fields: found and the field right; `whole`: found and every field right; `worded`: commitments without a number.
        missed, vain: what was not found, and what was read without being there.
    """

    finding: Measure
    kinds: dict[str, Measure]
    fields: dict[str, Measure]
    whole: Measure
    worded: Measure
    missed: tuple[Row, ...]
    vain: tuple[Row, ...]

    def lines(self) -> list[tuple[str, Measure]]:
        """All measures with their names, for a table."""
        kinds = [(f"kind {name}", measure) for name, measure in self.kinds.items()]
        fields = [(f"field {name}", measure) for name, measure in self.fields.items()]
        return [("finding", self.finding), *kinds, *fields, ("all fields", self.whole), ("worded", self.worded)]


def measure(gold: Sequence[Row], read: Sequence[Row], fields: Sequence[str] = FIELDS) -> Scores:
    """Hold read commitments against annotated ones."""
    gold_numbers, read_numbers = [row for row in gold if _has_number(row)], [row for row in read if _has_number(row)]
    gold_words, read_words = [row for row in gold if not _has_number(row)], [row for row in read if not _has_number(row)]
    pairs = _match(gold_numbers, read_numbers, _same_quantity, fields)

    def counted(right: Callable[[Row, Row], bool]) -> Measure:
        return Measure(len(gold_numbers), len(read_numbers), sum(right(gold_numbers[a], read_numbers[b]) for a, b in pairs))

    def of_kind(kind: str) -> Measure:
        own, other = [row for row in gold_numbers if row["kind"] == kind], [row for row in read_numbers if row["kind"] == kind]
        return Measure(len(own), len(other), len(_match(own, other, _same_quantity, fields)))

    found, used = {a for a, _ in pairs}, {b for _, b in pairs}
    worded = _match(gold_words, read_words, _same_words, fields)
    return Scores(
        finding=Measure(len(gold_numbers), len(read_numbers), len(pairs)),
        kinds={kind: of_kind(kind) for kind in KINDS if "kind" in fields},
        fields={field: counted(lambda a, b, field=field: same(field, a, b)) for field in fields},  # type: ignore[misc]
        whole=counted(lambda a, b: all(same(field, a, b) for field in fields)),
        worded=Measure(len(gold_words), len(read_words), len(worded)),
        missed=tuple(row for index, row in enumerate(gold_numbers) if index not in found),
        vain=tuple(row for index, row in enumerate(read_numbers) if index not in used),
    )


def _match(gold: Sequence[Row], read: Sequence[Row], fits: Callable[[Row, Row], bool], fields: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of annotated and read rows, each in one pair at most, those with most fields right first."""
    candidates = []
    for at, own in enumerate(gold):
        for place, other in enumerate(read):
            if fits(own, other):
                right = sum(same(field, own, other) for field in fields)
                candidates.append((right, -abs(line_of(own) - line_of(other)), at, place))
    pairs: list[tuple[int, int]] = []
    taken: set[int] = set()
    given: set[int] = set()
    for _, _, at, place in sorted(candidates, reverse=True):
        if at not in taken and place not in given:
            taken.add(at)
            given.add(place)
            pairs.append((at, place))
    return pairs


def _has_number(row: Row) -> bool:
    return number(row["value"]) is not None


def _same_quantity(gold: Row, read: Row) -> bool:
    """Whether both name the same number and unit in overlapping text."""
    same_number = number(gold["value"]) == number(read["value"]) and unit(gold["unit"]) == unit(read["unit"])
    return same_number and overlap(bare(gold["sentence_zh"]), bare(read["sentence_zh"]))


def _same_words(gold: Row, read: Row) -> bool:
    """Whether both name a like metric in overlapping text."""
    return same("metric_zh", gold, read) and overlap(bare(gold["sentence_zh"]), bare(read["sentence_zh"]))


def bare(text: str) -> str:
    """Text without white space and marks of emphasis."""
    return SPACE.sub("", text)


def number(text: str) -> float | None:
    """Value of a plain number, nothing for words."""
    try:
        return float(text.replace(",", "").replace("，", "").strip())
    except ValueError:
        return None


def unit(text: str) -> str:
    """A unit in one spelling.

    Examples:
        >>> unit("μg/m3") == unit("微克/立方米"), unit("％")
        (True, '%')
    """
    text = bare(text)
    return "%" if text == "％" else "微克每立方米" if text in MICROGRAMS else text


@lru_cache(maxsize=200_000)
def overlap(first: str, second: str) -> bool:
    """Whether one text stands in the other, as a whole or for the most part."""
    if not first or not second:
        return False
    if first in second or second in first:
        return True
    block = SequenceMatcher(None, first, second, autojunk=False).find_longest_match(0, len(first), 0, len(second))
    return block.size >= SHARED_TEXT * min(len(first), len(second))


def same(field: str, gold: Row, read: Row) -> bool:
    """Whether a field of two rows says the same."""
    own, other = gold.get(field, ""), read.get(field, "")
    if field == "value":
        return number(own) == number(other) if number(own) is not None else bare(own) == bare(other)
    if field == "unit":
        return unit(own) == unit(other)
    own, other = bare(own), bare(other)
    if field != "metric_zh":
        return own == other
    return bool(own and other) and (own in other or other in own or SequenceMatcher(None, own, other, autojunk=False).ratio() >= ALIKE)
