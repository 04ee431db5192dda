"""Reading the declared analyses."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

from bilan.pack.analyses.model import Analysis, Needs, Setting, SettingKind
from bilan.pack.loader import base, read_csv, read_yaml
from bilan.pack.registers.words import Bilingual
from bilan.pack.schema import Reader, settle
from bilan.problems import Problem

FILE = "analyses.yaml"
KEYS = ("analysis", "title", "group", "about", "needs", "days", "heavy", "settings", "reference", "caveats")


@cache
def analyses() -> dict[str, Analysis]:
    """The analyses by name, in the order they are shown.

    Raises:
        BilanError: with everything that is wrong in the file.

    Examples:
        >>> analyses()["wind-rose"].title.en
        'Wind rose'
    """
    problems: list[Problem] = []
    declared = read_yaml(base("analyses", FILE))
    found = [_analysis(Reader(FILE, entry, problems)) for entry in declared["analyses"]]
    settle(problems)
    return {entry.name: entry for entry in found}


def _analysis(reader: Reader) -> Analysis:
    reader.only(KEYS)
    needs = reader.text("needs", allowed=[entry.value for entry in Needs])
    return Analysis(
        name=reader.text("analysis"),
        title=_words(reader, "title"),
        group=_words(reader, "group"),
        about=_words(reader, "about"),
        needs=Needs(needs) if needs in set(Needs) else Needs.ONE,
        days=int(reader.number("days", 365.0, 1.0)),
        heavy=reader.flag("heavy", False),
        settings=tuple(
            _setting(Reader(reader.source, entry, reader.problems, reader.where("settings"))) for entry in reader.items("settings")
        ),
        reference=reader.text("reference", ""),
        caveats=tuple(Bilingual.parse(str(entry)) for entry in reader.items("caveats")),
    )


def _setting(reader: Reader) -> Setting:
    reader.only(("setting", "title", "usual", "choices", "lower", "upper", "step", "unit"))
    choices = reader.inner("choices").declared
    return Setting(
        name=reader.text("setting"),
        title=_words(reader, "title"),
        kind=SettingKind.CHOICE if choices else SettingKind.NUMBER,
        usual=_usual(reader),
        choices=tuple((str(value), Bilingual.parse(str(title))) for value, title in choices.items()),
        lower=reader.number("lower", -math.inf) if "lower" in reader.declared else -math.inf,
        upper=reader.number("upper", math.inf) if "upper" in reader.declared else math.inf,
        step=reader.number("step", 1.0),
        unit=reader.text("unit", ""),
    )


def _usual(reader: Reader) -> str:
    value: Any = reader.declared.get("usual")
    if value is None:
        reader.note("pack.missing_key", "", {"value": "usual"})
    return f"{value:g}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


def _words(reader: Reader, key: str) -> Bilingual:
    words = Bilingual.parse(reader.text(key))
    if not words.complete:
        reader.note("report.one_language", key, {"value": words.zh[:40]})
    return words


@cache
def column_words() -> dict[str, Bilingual]:
    """What the columns of the results are called.

    Examples:
        >>> column_words()["share"].en
        'Share (%)'
    """
    return {row["column"]: Bilingual(row["zh"], row["en"]) for row in read_csv(base("analyses", "columns.csv"), ("column", "zh", "en"))}
