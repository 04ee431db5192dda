"""Taking values out of the declarations of indicators and templates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from bilan.pack.indicators.model import Parameter
from bilan.pack.loader import Declared, yaml_of
from bilan.pack.registers.taking import NAME, Taker
from bilan.pack.schema import Reader
from bilan.problems import BilanError, Place, Problem, nearest

LONGEST = 40_000
"""Most characters of a file."""
_FRONT = re.compile(r"\s*/\*(.*?)\*/", re.DOTALL)
_PLAIN = "number / text / list"


class IndicatorTaker(Taker):
    """A reader of indicators' declarations."""

    folder: ClassVar[str] = "indicators"

    def date_of(self, key: str) -> date | None:
        """A date; None when absent."""
        found = self.day(key)
        return date.fromisoformat(found) if found else None

    def chosen(self, key: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
        """A list of words, each one of those allowed."""
        found = self.texts(key)
        for value in found:
            if value not in allowed:
                self.note("value.unknown_choice", key, {"value": value, "allowed": list(allowed), "nearest": nearest(value, allowed)})
        if self.keys[key].needed and not found:
            self.note("declaration.empty" if key in self.declared else "pack.missing_key", key, {"key": key, "value": key})
        return tuple(value for value in found if value in allowed)

    def parameters(self, table: str) -> Mapping[str, Parameter]:
        """The parameters that a query takes, by name.

        Args:
            table: which keys hold for each, ``parameter`` or ``slot``.
        """
        found: dict[str, Parameter] = {}
        declared = self.inner("parameters").declared
        for name, entry in declared.items():
            if not NAME.fullmatch(name):
                self.note("declaration.bad_name", "parameters", {"value": name, "allowed": "_"})
            inner = type(self)(self.source, entry, self.problems, table, declared.lines[name])
            allowed = inner.texts("allowed") if "allowed" in inner.keys else ()
            parameter = Parameter(name, None, inner.word("unit"), inner.words("title"), allowed)
            value = inner.plain(inner, "value", parameter) if inner.keys["value"].needed or "value" in inner.declared else None
            found[name] = parameter.with_value(value)
        return found

    def plain(self, reader: Reader, key: str, parameter: Parameter) -> Any:
        """A value for a parameter: a number, a text or a list of these; that of the parameter when `reader` has none under `key`."""
        value = reader.declared.get(key, parameter.value)
        if value is None:
            reader.note("pack.missing_key", "", {"value": key})
        elif not _plain(value):
            reader.note("pack.wrong_type", key, {"key": key, "value": repr(value)[:80], "allowed": _PLAIN})
        elif parameter.allowed and value not in parameter.allowed:
            told = {"value": value, "allowed": list(parameter.allowed), "nearest": nearest(str(value), parameter.allowed)}
            reader.note("value.unknown_choice", key, told)
        return value


@dataclass(frozen=True, slots=True)
class Text:
    """A file taken apart: what its first comment declares, the query, and the line that the query begins on."""

    declared: Any
    sql: str
    line: int


def apart(text: str, file: str) -> Text:
    """Take a file apart.

    Raises:
        BilanError: it is too long, does not begin with a comment, or the comment is no YAML.
    """
    if len(text) > LONGEST:
        raise BilanError(Problem("indicators.too_long", {"value": len(text), "allowed": LONGEST}, Place(file)))
    front = _FRONT.match(text)
    if not front:
        raise BilanError(Problem("indicators.no_front", {}, Place(file, 1)))
    before = text[: front.start(1)].count("\n")
    rest = text[front.end() :]
    lead = len(rest) - len(rest.lstrip())
    declared = yaml_of("\n" * before + front.group(1), file)
    return Text(declared, rest.strip().rstrip(";").rstrip(), 1 + text[: front.end() + lead].count("\n"))


def merged(common: Mapping[str, Any], own: Declared, key: str) -> Declared:
    """What a file declares over what it has in common with others; common keys stand on the line of `key`."""
    found = Declared({**common, **own})
    found.line = own.line
    found.lines = {**dict.fromkeys(common, own.lines.get(key, own.line)), **own.lines}
    return found


def _plain(value: Any) -> bool:
    return isinstance(value, str | int | float) or (isinstance(value, list) and all(isinstance(item, str | int | float) for item in value))
