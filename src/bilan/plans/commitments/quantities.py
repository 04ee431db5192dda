"""Numbers with their units and comparators in an even text."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from bilan.plans.commitments.numerals import NUMERALS, arabic, chinese
from bilan.plans.commitments.vocabulary import lookup, table, words

SCALE = "(?:百万|千万|万亿|十万|百|千|万|亿)"
PER = (
    "(?:/(?:每)?(?:百|千|万|亿)??(?:年|日|天|月|小时|人|{units})(?:[·.]?(?:年|月|日|天|平方公里))?"
    "|每(?:立方米|平方米|平方公里|公顷|升|人|年|日|天|小时))"
)
COUNTED_IN_NUMERALS = "(?:个|家|项|座|台|套|条|处|件|起|轮|类|种|部门|层级|个层级|所|艘|辆|名)"
LABELS = (
    "重点",
    "主要",
    "传统",
    "支柱",
    "关键",
    "工程",
    "行动",
    "计划",
    "板块",
    "战略",
    "工作",
    "攻坚",
    "体系",
    "优势",
    "理念",
    "经验",
    "机制",
    "会议",
    "原则",
    "专项",
    "革命",
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, and the words beside it that compare.

    Attributes:
        begin, end: where it stands with its comparing words; `first`, `last`: where the number and unit alone stand.
        number: end of the number's own glyphs.
        value, upper: the number and the upper end of a range; `unit`: as written; `dimension`: what the unit measures.
        comparator: by the words; `comparing`: the words it was taken from, as written.
        spelled: written in Chinese numerals; `notes`: such as ``approx``.
    """

    begin: int
    end: int
    first: int
    last: int
    number: int
    value: float
    unit: str
    dimension: str
    upper: float | None = None
    comparator: str = "="
    before: str = ""
    after: str = ""
    spelled: bool = False
    notes: tuple[str, ...] = ()

    @property
    def counted(self) -> bool:
        """Whether the unit counts things."""
        return self.dimension == "count"

    def moved(self, by: int) -> Quantity:
        """The same number in a longer text that has `by` characters more before it."""
        return replace(self, begin=self.begin + by, end=self.end + by, first=self.first + by, last=self.last + by, number=self.number + by)


@cache
def _pattern() -> re.Pattern[str]:
    units = "|".join(re.escape(unit) for unit in words("units"))
    unit = rf"(?:余|多)?(?P<unit>{SCALE}?(?:{units}){PER.format(units=units)}?|万|亿)"
    number = r"(?P<low>\d{1,12}(?:,\d{3})*(?:\.\d{1,9})?)"
    upper = r"(?:[%％]?(?:~|-|—|至)(?P<high>\d{1,12}(?:\.\d{1,9})?))?"
    return re.compile(rf"(?<![\w.:〔])(?<!第){number}{upper}{unit}", re.ASCII)


@cache
def _spelled() -> re.Pattern[str]:
    sizes = "|".join((*words("units", "dimension", "length"), *words("units", "dimension", "area")))
    return re.compile(
        rf"(?<![第\d{NUMERALS}])(?P<low>[{NUMERALS}]+)(?:(?P<unit>成)|(?P<count>{COUNTED_IN_NUMERALS}))|百分之(?P<share>[{NUMERALS}]+)"
        rf"|(?<![第\d{NUMERALS}])(?P<great>[{NUMERALS}]+[百千])(?P<measure>{SCALE}?(?:{sizes}))"
    )


GROUPED = re.compile(
    rf"(?<=等)(?P<low>\d+|[{NUMERALS}]+)(?P<unit>大(?!类)[\u4e00-\u9fff]{{2}})|(?<=[等共])(?P<few>[{NUMERALS}]+)(?P<body>部门|县|市|区)"
)
RANK = re.compile(
    rf"(?:居|列|名列|排名|排|均为|为|获)(?P<where>[^，；。]{{0,16}}?)(?P<core>(?:第(?P<place>\d+|[{NUMERALS}]+)|(?P<top>前(?P<best>\d+|[{NUMERALS}]+)))(?:名|位)?)(?![\d个大轮批次届期条章])"
)
NEXT_RANK = re.compile(rf"(?:、|和)(?P<core>第(?P<place>\d+|[{NUMERALS}]+)(?:名|位)?)")
INDEX = re.compile(
    r"(?:(?:指数|系数|比值)(?:为|达到|达|降至|降到|提高到|提高至|提升至|提升到|控制在|不低于|不高于|约)?|(?<=[\u4e00-\u9fff])比(?:达到|降至|降到|控制在|不低于|不高于))(?P<low>\d+\.\d+|\d+)(?![\d.%]|[\u4e00-\u9fff](?<![以左上。，]))"
)
ZERO = re.compile(r"(?:比例|比率|占比|率)(?:为|降至|降到|保持)(?P<low>0)(?![\d.%])")
YEARS_ON = re.compile(rf"连续(?P<low>\d+|[{NUMERALS}]+)(?P<unit>年)")
DISTANT = re.compile(r"(?P<word>至少|最少|最多|至多|不少于|不低于)[\u4e00-\u9fffA-Z ]{1,8}$")
RATIO = re.compile(r"(?<!\d)(?P<parts>\d{1,4}(?:\.\d{1,4})?(?:[:：]\d{1,4}(?:\.\d{1,4})?){1,4})")


def _dimension(unit: str) -> str:
    known = lookup("units", "dimension")
    if unit in known:
        return known[unit]
    bare = re.sub(rf"^{SCALE}", "", unit)
    if bare in known:
        return known[bare]
    if "/" in bare or "每" in bare:
        head = known.get(re.split(r"/|每", bare)[0], "")
        if head in ("mass", "volume"):
            return "concentration" if bare.endswith(("立方米", "升")) else "capacity"
        return head or "share"
    return known.get(bare, "count")


def _number(match: re.Match[str]) -> Quantity:
    begin, end = match.span()
    upper = arabic(match["high"]) if match["high"] else None
    last = match.end("high") if match["high"] else match.end("low")
    notes = ("range",) if upper is not None else ()
    return Quantity(begin, end, begin, end, last, arabic(match["low"]), match["unit"], _dimension(match["unit"]), upper, notes=notes)


def _word(match: re.Match[str]) -> Quantity | None:
    value = chinese(match["share"] or match["great"] or match["low"])
    if value is None:
        return None
    begin, end = match.span()
    notes = (f"spelled:{match.group()}",)
    if match["share"]:
        return Quantity(begin, end, begin, end, end, value, "%", "share", spelled=True, notes=notes)
    if match["great"]:
        unit = match["measure"]
        return Quantity(begin, end, begin, end, match.end("great"), value, unit, _dimension(unit), spelled=True, notes=notes)
    if match["unit"]:
        return Quantity(begin, end, begin, end, end, value * 10, "%", "share", spelled=True, notes=notes)
    return Quantity(begin, end, begin, end, match.end("low"), value, match["count"], "count", spelled=True, notes=notes)


def _grouped(match: re.Match[str]) -> Quantity | None:
    numeral, unit = match["low"] or match["few"], match["unit"] or match["body"]
    if unit.endswith(LABELS):
        return None
    value = arabic(numeral) if numeral.isdigit() else chinese(numeral)
    notes = () if numeral.isdigit() else (f"spelled:{match.group()}",)
    return (
        None if value is None else Quantity(*match.span(), *match.span(), match.start() + len(numeral), value, unit, "count", notes=notes)
    )


def _rank(match: re.Match[str]) -> Quantity | None:
    groups = match.groupdict()
    numeral = groups.get("place") or groups.get("best") or ""
    value = arabic(numeral) if numeral.isdigit() else chinese(numeral)
    if value is None:
        return None
    begin, end = match.span("core")
    top = bool(groups.get("top"))
    return Quantity(begin, end, begin, end, end, value, "名", "rank", comparator="<=" if top else "=", notes=(f"ordinal:{match['core']}",))


def _compared(quantity: Quantity, blotted: str) -> Quantity:
    """The quantity with the comparing words beside it taken in."""
    rows = {(row["place"], row["words"]): row for row in _comparators()}
    notes, comparator, begin, end = list(quantity.notes), quantity.comparator, quantity.begin, quantity.end
    before = after = ""
    for word in words("comparators", "place", "before"):
        if blotted.endswith(word, max(0, begin - 8), begin) and rows["before", word]["note"] != "rank":
            before, comparator = word, rows["before", word]["comparator"]
            begin -= len(word)
            if rows["before", word]["note"]:
                notes.append(f"{rows['before', word]['note']}:{word}")
            break
    distant = DISTANT.search(blotted, max(0, quantity.begin - 12), quantity.begin) if not before else None
    if distant:
        comparator = rows["before", distant["word"]]["comparator"]
        notes.append(f"comparing:{distant['word']}")
    for word in words("comparators", "place", "after"):
        if blotted.startswith(word, end):
            after = word
            comparator = rows["after", word]["comparator"] if comparator == "=" else comparator
            end += len(word)
            if rows["after", word]["note"]:
                notes.append(f"{rows['after', word]['note']}:{word}")
            break
    return replace(quantity, begin=begin, end=end, comparator=comparator, before=before, after=after, notes=tuple(notes))


@cache
def _comparators() -> tuple[dict[str, str], ...]:
    return table("comparators")


def _ratio(match: re.Match[str]) -> list[Quantity]:
    begin, end = match.span()
    parts = [float(part) for part in re.split("[:：]", match["parts"])]
    if abs(sum(parts) - 100) > 1:
        return []
    return [
        Quantity(begin, end, begin, end, end, part, "%", "share", notes=(f"ratio {match['parts']}", f"part:{place}"))
        for place, part in enumerate(parts, 1)
    ]


def quantities(blotted: str) -> list[Quantity]:
    """All numbers with a unit, in the order of the text; of several readings of one stretch the first kind below holds.

    Args:
        blotted: even text in which names, titles and dates are blotted out.

    Examples:
        >>> [(q.comparator, q.value, q.unit) for q in quantities("不低于41%，治理7.39万亩左右，超九成企业")]
        [('>=', 41.0, '%'), ('=', 7.39, '万亩'), ('>', 90.0, '%')]
    """
    found: list[Quantity] = []
    taken = bytearray(len(blotted))
    for reading in (_ratios, _groups, _digits, _years_on, _indices, _zeros, _numerals, _ranks):
        fresh = [one for one in reading(blotted) if not any(taken[one.first : one.last])]
        for one in fresh:
            taken[one.first : one.last] = b"\1" * (one.last - one.first)
        found += fresh
    return sorted(found, key=lambda quantity: quantity.begin)


def _ratios(blotted: str) -> list[Quantity]:
    return [part for match in RATIO.finditer(blotted) for part in _ratio(match)]


def _groups(blotted: str) -> list[Quantity]:
    return [one for match in GROUPED.finditer(blotted) if (one := _grouped(match)) is not None]


def _digits(blotted: str) -> list[Quantity]:
    return [_compared(_number(match), blotted) for match in _pattern().finditer(blotted)]


def _years_on(blotted: str) -> list[Quantity]:
    spans = [(match, (match.start("low"), match.end())) for match in YEARS_ON.finditer(blotted)]
    return [
        Quantity(*span, *span, match.end("low"), value, match["unit"], "time")
        for match, span in spans
        if (value := arabic(match["low"]) if match["low"].isdigit() else chinese(match["low"])) is not None
    ]


def _indices(blotted: str) -> list[Quantity]:
    spans = [(match, match.span("low")) for match in INDEX.finditer(blotted)]
    return [_compared(Quantity(*span, *span, span[1], arabic(match["low"]), "", "index"), blotted) for match, span in spans]


def _zeros(blotted: str) -> list[Quantity]:
    spans = [match.span("low") for match in ZERO.finditer(blotted)]
    return [Quantity(*span, *span, span[1], 0.0, "%", "share") for span in spans]


def _numerals(blotted: str) -> list[Quantity]:
    return [_compared(one, blotted) for match in _spelled().finditer(blotted) if (one := _word(match)) is not None]


def _ranks(blotted: str) -> list[Quantity]:
    found: list[Quantity] = []
    for match in RANK.finditer(blotted):
        rank = _rank(match)
        while rank is not None:
            found.append(rank)
            following = NEXT_RANK.match(blotted, rank.end)
            rank = _rank(following) if following else None
    return found
