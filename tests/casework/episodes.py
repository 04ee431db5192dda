"""Rules, findings and dockets for tests of alerts."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from bilan.casework.docket import Docket
from bilan.pack.registers.words import Bilingual
from bilan.pack.rules import Escalation, RuleSpec, Subject, condition
from bilan.people.visibility import visible_to
from tests.web import tiny

CONDITION = condition("value > 1", None)
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
"""12:00 on the wall clock of the city."""
MOMENT = 20514 * 86400 + 11 * 3600
"""11:00 of that day, as the store counts [s]."""
HOUR = 3600
SCHEMA = {"rule": pl.String, "source": pl.String, "level": pl.Int64, "moment": pl.Int64}


def rule(name: str = "over", **values: Any) -> RuleSpec:
    """A rule."""
    said = {
        "title": Bilingual("超标", "Over the limit"),
        "about": Bilingual("说明", "About"),
        "says": Bilingual("{point}为 {value:.1f}", "{value:.1f} at {point}"),
    }
    return RuleSpec(**{"rule": name, "subject": Subject.SERIES, "condition": CONDITION, "role": "operator", **said, **values})


def rules(*specs: RuleSpec) -> dict[str, RuleSpec]:
    """Rules by name."""
    return {spec.rule: spec for spec in specs}


def finding(source: str = "GAS1|w01018", level: int = 2, *, rule: str = "over", moment: int = MOMENT, value: float = 2, **at: Any) -> Any:
    """One row of what an evaluation gives."""
    point = source.partition("|")[0]
    given = {"rule": rule, "source": source, "level": level, "moment": moment, "began": MOMENT}
    proof = {"values": json.dumps({"value": value}), "proof": json.dumps({"begin": MOMENT})}
    usual = {"parameter": "w01018", "network": "source_gas", "district": tiny.INSIDE, "organisation": ""}
    return {**given, **proof, "point": point, "name": point, **usual, **at}


def findings(*rows: dict[str, Any]) -> pl.DataFrame:
    """A frame of findings."""
    return pl.DataFrame(list(rows), infer_schema_length=None) if rows else pl.DataFrame(schema=SCHEMA)


def checked(*pairs: tuple[str, str]) -> pl.DataFrame:
    """A frame of what was looked at."""
    return pl.DataFrame(list(pairs), schema={"rule": pl.String, "source": pl.String}, orient="row")


def looked(sources: Iterable[str] = ("GAS1|w01018",), rule: str = "over") -> pl.DataFrame:
    """Sources that one rule looked at."""
    return checked(*((rule, source) for source in sources))


def later(minutes: float) -> datetime:
    """A moment after noon."""
    return NOON + timedelta(minutes=minutes)


def docket(person: Any) -> Docket:
    """What a person may see and do."""
    return Docket(visible_to(person), person)


def steps(*values: tuple[int, int, str]) -> tuple[Escalation, ...]:
    """Steps of an escalation: after [s], level, role."""
    return tuple(Escalation(*entry) for entry in values)
