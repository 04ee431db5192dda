"""Names of the demo city: made up, both languages, each marked as a demonstration."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

MARK_ZH = "演示·"
MARK_EN = "Demo "

FIRST = (
    ("青", "Qing"), ("云", "Yun"), ("碧", "Bi"), ("松", "Song"), ("霜", "Shuang"), ("霁", "Ji"), ("岚", "Lan"), ("沐", "Mu"),
    ("朝", "Zhao"), ("川", "Chuan"), ("翠", "Cui"), ("素", "Su"), ("棠", "Tang"), ("竹", "Zhu"), ("鹭", "Lu"), ("汀", "Ting"),
    ("荻", "Di"), ("芷", "Zhi"), ("澄", "Cheng"), ("漱", "Shu"), ("榕", "Rong"), ("梧", "Wu"), ("桐", "Tong"), ("槿", "Jin"),
)  # fmt: skip
SECOND = (
    ("穗", "sui"), ("岫", "xiu"), ("渚", "zhu"), ("野", "ye"), ("石", "shi"), ("林", "lin"), ("舟", "zhou"), ("帆", "fan"),
    ("砚", "yan"), ("圃", "pu"), ("墨", "mo"), ("屿", "yu"), ("坞", "wu"), ("禾", "he"), ("苑", "yuan"), ("亭", "ting"),
    ("畦", "qi"), ("笙", "sheng"), ("桥", "qiao"), ("泉", "quan"), ("岸", "an"), ("田", "tian"), ("径", "jing"), ("湾", "wan"),
)  # fmt: skip


class Name(NamedTuple):
    """A name in both languages."""

    zh: str
    en: str


def brands(random: np.random.Generator) -> Iterator[Name]:
    """Two-syllable names in a random order, none twice; after all combinations they carry a number.

    Examples:
        >>> names = brands(np.random.default_rng(1))
        >>> len({next(names) for _ in range(1200)})
        1200
    """
    pairs = [(first, second) for first in FIRST for second in SECOND]
    number = 1
    while True:
        suffix = "" if number == 1 else str(number)
        for place in random.permutation(len(pairs)):
            first, second = pairs[int(place)]
            yield Name(first[0] + second[0] + suffix, first[1] + second[1] + (f" {suffix}" if suffix else ""))
        number += 1


def marked(zh: str, en: str) -> Name:
    """A name that says it is a demonstration.

    Examples:
        >>> marked("青穗印染厂", "Qingsui Dyeing Mill")
        Name(zh='演示·青穗印染厂', en='Demo Qingsui Dyeing Mill')
    """
    return Name(MARK_ZH + zh, MARK_EN + en)
