"""Reading a file of rules."""

from __future__ import annotations

import hashlib
import json
import re
import string
from collections.abc import Mapping
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import ClassVar

from bilan.pack.loader import Declared, read_yaml
from bilan.pack.registers.model import Register
from bilan.pack.registers.taking import NAME, Taker
from bilan.pack.roles import Role
from bilan.pack.rules.columns import PLACEHOLDERS, names_of
from bilan.pack.rules.functions import Kind, functions
from bilan.pack.rules.language import Formula, Names, condition, parse
from bilan.pack.rules.model import LEVELS, LONGEST, Escalation, Level, RuleSpec, Subject, Where
from bilan.pack.vocab import networks, vocabulary
from bilan.problems import BilanError, Place, Problem, nearest

METHOD = re.compile(r"[a-z_]+\.(hour|day|month|year)")
TIME = re.compile(r"(\d{1,4})(m|h|d)")
QUIET = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")
CAUSES = ("point", "enterprise", "district", "none")
RULE = "rule:"
_SECONDS = {"m": 60, "h": 3600, "d": 86400}
_WHERE = {
    Subject.SERIES: {"networks", "parameters", "points"},
    Subject.VERDICTS: {"networks", "points", "method"},
    Subject.DEVICES: {"networks", "points"},
    Subject.ENTRIES: {"register", "registers", "when"},
    Subject.TERMS: {"register", "registers", "when"},
    Subject.INDICATORS: {"name"},
    Subject.FORECASTS: {"name", "networks", "parameters", "points"},
}
_NEEDED = {Subject.VERDICTS: ("method",), Subject.ENTRIES: ("register", "registers"), Subject.INDICATORS: ("name",)}
_TIMED = ("interval", "window", "for", "clear_for")
_FORM = re.compile(r"(?:[+ ]?,?\d{0,2}(?:\.\d)?[dfge%]?)")


class RuleTaker(Taker):
    """A reader of rules' declarations."""

    folder: ClassVar[str] = "rules"

    def formula(self, key: str, names: Names | None, lets: Mapping[str, Formula], *, holds: bool = True) -> Formula | None:
        """An expression of the column language; None when absent or wrong."""
        value = self.word(key)
        if not value:
            return None
        try:
            return condition(value, names, lets) if holds else parse(value, names, lets)
        except BilanError as error:
            self.problems += [Problem(problem.code, problem.values, Place(self.source, self.where(key), key)) for problem in error.problems]
            return None

    def time(self, key: str) -> int:
        """A length of time [s]; 0 when wrong."""
        value = self.word(key)
        found = TIME.fullmatch(value)
        if value and not found:
            self.note("rules.bad_time", key, {"value": value, "allowed": "30m, 4h, 2d"})
        return int(found[1]) * _SECONDS[found[2]] if found else 0

    def whole(self, key: str, default: int, highest: int) -> int:
        """A whole number from 1."""
        value = self.within(key, float(default), 1, highest) or default
        if value != int(value):
            self.note("pack.wrong_value", key, {"key": key, "value": value, "allowed": f"1, 2 … {highest}"})
        return int(value)


def read_file(
    source: Traversable | Path, registers: Mapping[str, Register], roles: Mapping[str, Role]
) -> tuple[list[RuleSpec], list[Problem]]:
    """Read one file.

    Args:
        source: the file.
        registers: registers of the city by name.
        roles: roles of the city by code.

    Returns:
        Its rules, to be used only when nothing is wrong; every problem.
    """
    problems: list[Problem] = []
    try:
        file = RuleTaker(str(source), read_yaml(source), problems, "file")
    except BilanError as error:
        return [], list(error.problems)
    found: list[RuleSpec] = []
    for taker in file.children("rules", "rule"):
        if isinstance(taker.declared, Declared):
            before = len(problems)
            rule = _rule(taker, registers, roles)
            if len(problems) == before and rule:
                found.append(rule)
    return found, problems


def _rule(taker: RuleTaker, registers: Mapping[str, Register], roles: Mapping[str, Role]) -> RuleSpec | None:
    kind = taker.word("subject")
    if kind not in set(Subject):
        return None
    subject = Subject(kind)
    where, known = _where(taker, subject, registers)
    names = names_of(subject, known)
    lets = _lets(taker, names)
    found = taker.formula("condition", names, lets)
    rule = RuleSpec(
        rule=taker.name("rule"),
        title=taker.words("title"),
        about=taker.words("about"),
        subject=subject,
        condition=found or parse("True", {}),
        says=taker.words("says"),
        where=where,
        interval=_interval(taker, where),
        window=taker.within("window", 0.0, 0.1, 10_000) or 0.0,
        let=lets,
        times=taker.whole("for", 1, 1000),
        clear=taker.formula("clear", names, lets) if "clear" in taker.declared else None,
        clear_times=taker.whole("clear_for", 1, 1000),
        levels=_levels(taker, names, lets),
        explained_by=_among(taker, "explained_by"),
        quiet=_quiet(taker),
        cause=_cause(taker),
        role=_role(taker, roles, "enforcement-officer"),
        escalate=tuple(_escalation(entry, roles) for entry in taker.children("escalate", "escalation")),
        flow=taker.name("flow") if "flow" in taker.declared else "",
        opens=taker.word("open", "person"),
        laws=taker.texts("laws"),
        confidence=taker.word("confidence", "local"),
        serves=taker.texts("serves"),
        active=taker.flag("active", True),
        source=taker.source,
        line=taker.where("rule"),
        digest=hashlib.sha256(json.dumps(taker.declared, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()[:16],
    )
    _check_subject(taker, rule)
    _check_lookback(taker, rule)
    _check_says(taker, rule.says.zh, names, lets)
    _check_says(taker, rule.says.en, names, lets)
    return rule


def _where(taker: RuleTaker, subject: Subject, registers: Mapping[str, Register]) -> tuple[Where, tuple[Register, ...]]:
    where = taker.child("where", "where")
    for key in where.declared:
        if key in where.keys and key not in _WHERE[subject]:
            where.note("rules.misplaced", key, {"value": subject.value, "key": key})
    needed = _NEEDED.get(subject, ())
    if needed and not any(key in where.declared for key in needed):
        where.note("rules.missing", "", {"value": subject.value, "key": " / ".join(needed)})
    codes = where.texts("networks")
    where.known("networks", codes, networks(), "value.unknown_choice")
    names = where.texts("registers") or ((where.name("register"),) if "register" in where.declared else ())
    where.known("registers" if "registers" in where.declared else "register", names, registers, "declaration.unknown_register")
    known = tuple(registers[name] for name in names if name in registers)
    method = where.word("method")
    if method and not METHOD.fullmatch(method):
        where.note("pack.wrong_value", "method", {"key": "method", "value": method, "allowed": "air.hour, air.day, water.month …"})
    found = Where(
        networks=codes,
        parameters=_parameters(where),
        points=where.expression("points", None),
        registers=names,
        when=where.formula("when", names_of(subject, known), {}) if "when" in where.declared else None,
        method=method,
        names=where.texts("name"),
    )
    return found, known


def _parameters(where: RuleTaker) -> tuple[str, ...]:
    known = vocabulary()
    columns = {parameter.column: code for code, parameter in known.by_code.items()}
    found = []
    for value in where.texts("parameters"):
        code = value if value in known.by_code else columns.get(value)
        if code is None:
            where.note("declaration.unknown_parameter", "parameters", {"value": value, "nearest": known.nearest(value)})
        else:
            found.append(code)
    return tuple(found)


def _lets(taker: RuleTaker, names: Names | None) -> dict[str, Formula]:
    declared = taker.declared.get("let")
    if declared is None:
        return {}
    if not isinstance(declared, Declared):
        taker.note("pack.wrong_type", "let", {"key": "let", "value": repr(declared)[:80], "allowed": "mapping"})
        return {}
    found: dict[str, Formula] = {}
    for name, text in declared.items():
        place = Place(taker.source, declared.lines.get(name, declared.line), name)
        if not NAME.fullmatch(name):
            taker.problems.append(Problem("declaration.bad_name", {"value": name, "allowed": "_"}, place))
        elif name in (names or ()) or name in PLACEHOLDERS or name in functions():
            taker.problems.append(Problem("rules.name_taken", {"value": name}, place))
        else:
            try:
                found[name] = parse(str(text), names, found)
            except BilanError as error:
                taker.problems += [Problem(problem.code, problem.values, place) for problem in error.problems]
                found[name] = Formula(str(text), parse("None", {}).node, Kind.ANY)
    return found


def _interval(taker: RuleTaker, where: Where) -> str:
    if where.method:
        return where.method.rpartition(".")[2]
    found = taker.word("interval", "hour")
    return found if found in taker.keys["interval"].allowed else "hour"


def _levels(taker: RuleTaker, names: Names | None, lets: Mapping[str, Formula]) -> tuple[Level, ...]:
    found: list[Level] = []
    for entry in taker.children("levels", "level"):
        when = entry.formula("when", names, lets) if "when" in entry.declared else None
        found.append(Level(LEVELS.get(entry.word("level"), 2), when))
    return tuple(sorted(found, key=lambda level: level.level))


def _among(taker: RuleTaker, key: str) -> tuple[str, ...]:
    values = taker.texts(key)
    taker.known(key, values, taker.keys[key].allowed, "value.unknown_choice")
    return values


def _quiet(taker: RuleTaker) -> tuple[int, int] | None:
    value = taker.word("quiet")
    found = QUIET.fullmatch(value)
    if value and not found:
        taker.note("rules.bad_time", "quiet", {"value": value, "allowed": '"22:00-06:00"'})
    return (int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])) if found else None


def _cause(taker: RuleTaker) -> str:
    value = taker.word("cause", "point")
    if value not in CAUSES and not value.startswith(RULE):
        allowed = [*CAUSES, f"{RULE}…"]
        taker.note("value.unknown_choice", "cause", {"value": value, "allowed": allowed, "nearest": nearest(value, allowed)})
    return value


def _role(taker: RuleTaker, roles: Mapping[str, Role], default: str) -> str:
    if "role" not in taker.declared:
        return default
    value = taker.name("role")
    taker.known("role", [value], roles, "value.unknown_choice")
    return value


def _escalation(taker: RuleTaker, roles: Mapping[str, Role]) -> Escalation:
    return Escalation(taker.time("after"), LEVELS.get(taker.word("level"), 0), _role(taker, roles, ""))


def _check_subject(taker: RuleTaker, rule: RuleSpec) -> None:
    """Keys and functions that make no sense for what the rule looks at."""
    timed = rule.subject.timed
    for key in _TIMED if not timed else ("interval",) if rule.where.method else ():
        if key in taker.declared and not (key in {"for", "clear_for"} and rule.subject is Subject.FORECASTS):
            taker.note("rules.misplaced", key, {"value": rule.subject.value, "key": key})
    groups = {"window", "outside", "pattern"} if not timed else {"outside", "pattern"} if rule.subject is not Subject.SERIES else set()
    usable = {"attribute", "label"} if rule.subject in {Subject.VERDICTS, Subject.DEVICES} else set()
    for key, formula in (
        ("condition", rule.condition),
        ("clear", rule.clear),
        *((f"let: {name}", entry) for name, entry in rule.let.items()),
    ):
        for call in formula.calls if formula else ():
            if functions()[call.function].group in groups and call.function not in usable:
                taker.note("rules.needs_series", key, {"value": call.function})


def _check_lookback(taker: RuleTaker, rule: RuleSpec) -> None:
    longest = LONGEST[rule.interval]
    if rule.lookback > longest:
        taker.note("rules.looks_too_far", "window" if rule.window > longest else "condition", {"value": rule.lookback, "allowed": longest})
    needed = max((entry.lookback for entry in rule.formulas), default=0.0)
    if rule.window and rule.window < needed:
        taker.note("rules.window_short", "window", {"value": rule.window, "allowed": needed})


def _check_says(taker: RuleTaker, text: str, names: Names | None, lets: Mapping[str, Formula]) -> None:
    """A sentence may name columns and what is known of the source, plainly or with a form for numbers."""
    try:
        parts = [part for part in string.Formatter().parse(text) if part[1] is not None]
    except ValueError:
        taker.note("rules.bad_format", "says", {"value": text[:80]})
        return
    for _, name, form, conversion in parts:
        allowed = [*PLACEHOLDERS, *lets, *(names or ())]
        if (names is not None and name not in allowed) or (names is None and not NAME.fullmatch(name or "")):
            shown = sorted({*PLACEHOLDERS, *lets})
            taker.note("rules.bad_placeholder", "says", {"value": name, "allowed": shown, "nearest": nearest(name or "", allowed)})
        if conversion or not _FORM.fullmatch(form or ""):
            taker.note("rules.bad_format", "says", {"value": form or f"!{conversion}"})
