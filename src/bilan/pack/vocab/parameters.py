"""What is measured: one row a parameter, found by code, science column, or any name that real files use."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from bilan.problems import BilanError, Place, Problem, nearest

_IGNORED = re.compile(r"[\s_\-‐-―·,，、.()（）\[\]【】:：]+")
_PARENTHESES = re.compile(r"[（(][^（）()]*[）)]$")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing that is measured.

    Attributes:
        code: factor code of HJ 212-2017; codes that begin with `x` are our own, for what the tables at hand have no code.
        column: name of its column in science frames.
        symbol: short sign for charts; empty when it has none.
        medium: air, meteorology, flue, water, soil or noise.
        unit: unit of stored ambient values.
        emission_unit: unit of stored values of pollution sources.
        decimals, emission_decimals: digits shown after the point.
        old_code: factor code of HJ/T 212-2005; empty when there is none.
        lower, upper: what is physically plausible in ambient values [`unit`].
        aliases: further names in files.
        confidence: how well code and names are verified; `local` for our own codes.
        wire_unit: unit that the factor code implies in telegrams.
        total_unit: unit of period totals (Cou); empty when a total has no meaning.
        group: set it belongs to, such as `pams57`.
    """

    code: str
    column: str
    symbol: str
    name_zh: str
    name_en: str
    medium: str
    unit: str
    emission_unit: str
    decimals: int
    emission_decimals: int
    old_code: str
    lower: float | None
    upper: float | None
    aliases: tuple[str, ...]
    confidence: str
    wire_unit: str
    total_unit: str
    group: str

    @property
    def label_zh(self) -> str:
        """Symbol when it has one, else the Chinese name."""
        return self.symbol or self.name_zh

    @property
    def label_en(self) -> str:
        """Symbol when it has one, else the English name."""
        return self.symbol or self.name_en

    def names(self) -> Iterable[str]:
        """Every name it answers to, the strictest first."""
        yield from (self.code, self.column, self.name_zh, self.name_en, *self.aliases)
        if len(self.symbol) > 1:
            yield self.symbol
        for name in (self.name_zh, self.name_en):
            short = _PARENTHESES.sub("", name).strip()
            if short and short != name:
                yield short


def canonical(text: str) -> str:
    """Bring a name to the form in which names are compared: width, case, sub- and superscripts, blanks and dashes do not count.

    Examples:
        >>> canonical("ＮＨ₃－Ｎ")
        'nh3n'
        >>> canonical("PM2.5") == canonical("pm₂.₅")
        True
    """
    return _IGNORED.sub("", unicodedata.normalize("NFKC", text)).casefold().replace("α", "a").replace("μ", "u")


class Vocabulary:
    """Parameters with their look-ups."""

    COLUMNS: ClassVar[tuple[str, ...]] = tuple(Parameter.__dataclass_fields__)

    def __init__(self, rows: Iterable[Mapping[str, str]], source: str = "") -> None:
        self.by_code: dict[str, Parameter] = {}
        self._columns: dict[str, Parameter] = {}
        self._old: dict[str, list[Parameter]] = {}
        self._names: dict[str, list[Parameter]] = {}
        for line, row in enumerate(rows, start=2):
            self._add(_parameter(row, Place(source, line)), Place(source, line))

    def by_column(self, name: str) -> Parameter:
        """Find by column name; `BilanError` with the nearest name when there is none."""
        if name not in self._columns:
            raise BilanError(Problem("parameter.unknown_column", {"value": name, "nearest": nearest(name, self._columns)}))
        return self._columns[name]

    def by_alias(self, text: str, media: tuple[str, ...] = ()) -> Parameter | None:
        """Find by any name; the first medium of `media` that knows the name wins, else the first parameter in the table."""
        found = self._names.get(canonical(text), [])
        return min(found, key=lambda entry: media.index(entry.medium) if entry.medium in media else len(media), default=None)

    def by_old_code(self, code: str, media: tuple[str, ...] = ()) -> Parameter | None:
        """Find by the factor code of HJ/T 212-2005."""
        found = self._old.get(code, [])
        return min(found, key=lambda entry: media.index(entry.medium) if entry.medium in media else len(media), default=None)

    def nearest(self, text: str) -> str:
        """The known name that looks most like `text`; empty when none is close."""
        close = difflib.get_close_matches(canonical(text), self._names, n=1, cutoff=0.75)
        if not close:
            return ""
        key = close[0]
        return next(name for name in self._names[key][0].names() if canonical(name) == key)

    def _add(self, parameter: Parameter, place: Place) -> None:
        if parameter.code in self.by_code or parameter.column in self._columns:
            raise BilanError(Problem("pack.duplicate", {"value": f"{parameter.code} / {parameter.column}"}, place))
        self.by_code[parameter.code] = parameter
        self._columns[parameter.column] = parameter
        if parameter.old_code:
            self._old.setdefault(parameter.old_code, []).append(parameter)
        for name in parameter.names():
            known = self._names.setdefault(canonical(name), [])
            if parameter not in known:
                known.append(parameter)
        # A code or column is exact: it goes before others that carry the same word as an alias.
        for exact in (parameter.code, parameter.column):
            self._names[canonical(exact)].sort(key=lambda entry: entry is not parameter)


def _parameter(row: Mapping[str, str], place: Place) -> Parameter:
    return Parameter(
        code=row["code"],
        column=row["column"],
        symbol=row["symbol"],
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        medium=row["medium"],
        unit=row["unit"],
        emission_unit=row["emission_unit"],
        decimals=int(_number(row["decimals"], place, "decimals") or 0),
        emission_decimals=int(_number(row["emission_decimals"], place, "emission_decimals") or 0),
        old_code=row["old_code"],
        lower=_number(row["lower"], place, "lower"),
        upper=_number(row["upper"], place, "upper"),
        aliases=tuple(alias for alias in row["aliases"].split("|") if alias),
        confidence=row["confidence"],
        wire_unit=row["wire_unit"],
        total_unit=row["total_unit"],
        group=row["group"],
    )


def _number(text: str, place: Place, column: str) -> float | None:
    try:
        return float(text) if text else None
    except ValueError as error:
        raise BilanError(Problem("value.not_a_number", {"value": text}, Place(place.file, place.row, column))) from error
