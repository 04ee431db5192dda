"""Small safe expressions over an entry's values: conditions, cross-field rules and computed fields.

The notation is Python's for comparisons, ``and``/``or``/``not``, ``in``, arithmetic, ``a if b else c`` and calls of the functions in
`FUNCTIONS`; nothing else is understood, so an expression can neither reach objects nor run for long. An absent value makes arithmetic
absent and comparisons false.

Formulas of computed fields may also ask what lies outside the entry, by the functions of `OUTSIDE`; who evaluates them puts an answer for
each question under `OUTSIDE_KEY` among the values.
"""

from __future__ import annotations

import ast
import keyword
import operator
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from typing import Any

from bilan.problems import BilanError, Problem, nearest

LONGEST = 500
"""Characters an expression may have."""
DEEPEST = 20
"""Levels of nesting it may have."""
WIDEST = 1e15
"""Largest number arithmetic may give; beyond it the value is absent."""

_OPERATORS = {"and", "or", "not", "in", "if", "else", "True", "False", "None"}
SHIELD = "field__"
"""What stands before every name of a parsed expression that Python keeps for itself."""
_TODAY = re.compile(r"\btoday\s*\(")
_KEYWORD = re.compile(rf"""'[^']*'|"[^"]*"|\b(?:{"|".join(sorted(set(keyword.kwlist) - _OPERATORS))})\b""")

_past_day: ContextVar[date | None] = ContextVar("bilan_today", default=None)
"""The day that ``today()`` gives while history is brought in; None for today."""

Values = Mapping[str, Any]
Evaluate = Callable[[Values], Any]
Question = tuple[str, ...]
"""A function of `OUTSIDE` with its arguments, such as ``("latest", "w01018")``."""

Asks = Mapping[str, tuple[int, int]]
"""Functions about what lies outside → fewest and most arguments."""

OUTSIDE: dict[str, tuple[int, int]] = {"linked": (2, 2), "count_linked": (1, 1), "latest": (1, 1), "verdict": (1, 1)}
"""Functions about what lies outside the entry → fewest and most arguments, all of them texts:

- ``linked('outlets', 'flow')``: values of a field of the entries that a link field points to; with ``'outlet.enterprise'`` instead of a
  link field, of the entries of the register ``outlet`` whose link ``enterprise`` points here;
- ``count_linked('outlet.enterprise')``: how many they are;
- ``latest('w01018')``: newest value of a parameter at the entry's own monitoring points;
- ``verdict('water.hour')``: grade of the newest verdict there.
"""
OUTSIDE_KEY = "@outside"
"""Where among the values the answers stand: question → answer."""


@contextmanager
def on_day(day: date) -> Iterator[None]:
    """Let ``today()`` give a past day: while records of that day are taken over.

    Examples:
        >>> with on_day(date(2026, 3, 1)):
        ...     Expression("today()")({})
        '2026-03-01'
    """
    token = _past_day.set(day)
    try:
        yield
    finally:
        _past_day.reset(token)


class Expression:
    """A checked expression.

    Args:
        text: what was written.
        names: names it may use; None for any.
        outside: whether it may ask by the functions of `OUTSIDE`; or functions of its own, with fewest and most arguments.

    Attributes:
        text: what was written.
        names: names it uses.
        weighed: those of them whose value counts, not only whether there is one (``filled``, ``count``).
        questions: what it asks of things outside the entry.
        today: whether its result changes from day to day.

    Raises:
        BilanError: it is no expression, uses what is not allowed, or names what is not there (the nearest name is told).

    Examples:
        >>> rule = Expression("kind == 'industrial' and flow > 100", ["kind", "flow"])
        >>> rule({"kind": "industrial", "flow": 120}), rule({"kind": "industrial", "flow": None})
        (True, False)
        >>> Expression("round(load / area, 1)")({"load": 10, "area": 3})
        3.3
        >>> Expression("class == 'class'")({"class": "class"})
        True
        >>> total = Expression("sum(linked('outlets', 'flow'))", outside=True)
        >>> total({OUTSIDE_KEY: {("linked", "outlets", "flow"): [1, 2.5]}})
        3.5
    """

    __slots__ = ("_run", "names", "questions", "text", "today", "weighed")

    def __init__(self, text: str, names: Collection[str] | None = None, *, outside: bool | Asks = False) -> None:
        self.text = text
        used: set[str] = set()
        asked: set[Question] = set()
        tree = parsed(text)
        asks = outside if isinstance(outside, Mapping) else OUTSIDE
        self._run = _compiled(tree, names, used, text, 0, asked, asks)
        if asked and not outside:
            raise BilanError(Problem("expression.outside", {"value": sorted(asked)[0][0], "allowed": "type: computed"}))
        self.names = frozenset(used)
        self.weighed = frozenset(_weighed(tree)) & self.names
        self.questions = frozenset(asked)
        self.today = bool(_TODAY.search(text))

    def __call__(self, values: Values) -> Any:
        """Evaluate over `values`; names without a value are absent."""
        return self._run(values)

    def holds(self, values: Values) -> bool:
        """Whether a condition is met."""
        return bool(self._run(values))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Expression) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"


def parsed(text: str) -> ast.expr:
    """The syntax tree of an expression; names that Python keeps for itself stand behind `SHIELD`.

    Raises:
        BilanError: it is too long, or no expression.
    """
    if len(text) > LONGEST:
        raise BilanError(Problem("expression.too_long", {"value": len(text), "allowed": LONGEST}))
    try:
        return ast.parse(_KEYWORD.sub(_shielded, text.strip()), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise BilanError(Problem("expression.unreadable", {"value": text})) from error


def compared(text: str) -> set[tuple[str, str]]:
    """Names of an expression with the texts they are compared with, each of which should be a value the name can have.

    Examples:
        >>> sorted(compared("kind == 'a' or 'b' in kinds or kind in ['c', 'd']"))
        [('kind', 'a'), ('kind', 'c'), ('kind', 'd'), ('kinds', 'b')]
    """
    found: set[tuple[str, str]] = set()
    for node in ast.walk(parsed(text)):
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq | ast.NotEq | ast.In | ast.NotIn):
            sides = [node.left, node.comparators[0]]
            names = [side.id.removeprefix(SHIELD) for side in sides if isinstance(side, ast.Name)]
            parts = [part for side in sides for part in (side.elts if isinstance(side, ast.List | ast.Tuple) else [side])]
            texts = [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]
            found |= {(name, value) for name in names for value in texts}
    return found


def _weighed(tree: ast.expr) -> set[str]:
    if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) and tree.func.id in {"filled", "count"}:
        return set()
    if isinstance(tree, ast.Name):
        return {tree.id.removeprefix(SHIELD)}
    parts = (part for part in ast.iter_child_nodes(tree) if isinstance(part, ast.expr))
    return {name for part in parts for name in _weighed(part)}


def _shielded(found: re.Match[str]) -> str:
    """Fields may be called ``class`` or ``from``, which Python keeps for itself."""
    word = found.group()
    return word if word[0] in "'\"" else SHIELD + word


def _number(value: Any) -> float | int | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _arithmetic(work: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def run(left: Any, right: Any) -> Any:
        a, b = _number(left), _number(right)
        if a is None or b is None:
            return None
        try:
            found = work(a, b)
        except (ZeroDivisionError, OverflowError):
            return None
        return found if abs(found) <= WIDEST else None

    return run


def _compared(work: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def run(left: Any, right: Any) -> bool:
        if left is None or right is None:
            return False
        try:
            return work(left, right)
        except TypeError:
            return False

    return run


def _within(left: Any, right: Any) -> bool:
    return left in right if isinstance(right, list | tuple | str | set) and (not isinstance(right, str) or isinstance(left, str)) else False


_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: _arithmetic(operator.add),
    ast.Sub: _arithmetic(operator.sub),
    ast.Mult: _arithmetic(operator.mul),
    ast.Div: _arithmetic(operator.truediv),
}
_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: _compared(operator.lt),
    ast.LtE: _compared(operator.le),
    ast.Gt: _compared(operator.gt),
    ast.GtE: _compared(operator.ge),
    ast.In: _within,
    ast.NotIn: lambda left, right: not _within(left, right),
}


def _filled(value: Any) -> bool:
    return value not in (None, "", [], {})


def _numbers(values: tuple[Any, ...]) -> list[float]:
    flat = values[0] if len(values) == 1 and isinstance(values[0], list | tuple) else values
    return [found for found in (_number(value) for value in flat) if found is not None]


def _day(value: Any) -> date | None:
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def _days(first: Any, last: Any) -> int | None:
    begin, end = _day(first), _day(last)
    return (end - begin).days if begin and end else None


def _today() -> str:
    return (_past_day.get() or date.today()).isoformat()


def _column(rows: Any, name: Any) -> list[Any]:
    return [row.get(str(name)) for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "filled": _filled,
    "count": lambda value: len(value) if isinstance(value, list | tuple | dict) else int(_filled(value)),
    "sum": lambda *values: sum(_numbers(values)),
    "min": lambda *values: min(_numbers(values), default=None),
    "max": lambda *values: max(_numbers(values), default=None),
    "round": lambda value, digits=0: None if _number(value) is None else round(value, max(-9, min(9, int(digits)))),
    "abs": lambda value: None if _number(value) is None else abs(value),
    "today": _today,
    "year": lambda value: found.year if (found := _day(value)) else None,
    "days": _days,
    "column": _column,
    "text": lambda *values: "".join("" if value is None else str(value) for value in values)[:LONGEST],
    "starts": lambda value, *beginnings: isinstance(value, str) and value.startswith(tuple(str(entry) for entry in beginnings)),
    "length": lambda value: len(value) if isinstance(value, str) else None,
}
"""Name → function an expression may call."""


def _compiled(
    node: ast.expr, names: Collection[str] | None, used: set[str], text: str, depth: int, asked: set[Question], asks: Asks = OUTSIDE
) -> Evaluate:
    if depth > DEEPEST:
        raise BilanError(Problem("expression.too_deep", {"value": text, "allowed": DEEPEST}))

    def inner(part: ast.expr) -> Evaluate:
        return _compiled(part, names, used, text, depth + 1, asked, asks)

    match node:
        case ast.Constant(value=None | bool() | int() | float() | str() as constant):
            return lambda _values: constant
        case ast.Name(id=written):
            name = written.removeprefix(SHIELD)
            if names is not None and name not in names:
                values = {"value": name, "allowed": sorted(names), "nearest": nearest(name, names)}
                raise BilanError(Problem("expression.unknown_name", values))
            used.add(name)
            return lambda values: values.get(name)
        case ast.List(elts=parts) | ast.Tuple(elts=parts):
            items = [inner(part) for part in parts]
            return lambda values: [item(values) for item in items]
        case ast.UnaryOp(op=ast.Not(), operand=part):
            run = inner(part)
            return lambda values: not run(values)
        case ast.UnaryOp(op=ast.USub(), operand=part):
            run = inner(part)
            return lambda values: None if _number(found := run(values)) is None else -found
        case ast.BoolOp(op=op, values=parts):
            items = [inner(part) for part in parts]
            gather = all if isinstance(op, ast.And) else any
            return lambda values: gather(bool(item(values)) for item in items)
        case ast.BinOp(left=first, op=op, right=second) if type(op) in _BINARY:
            left, right, work = inner(first), inner(second), _BINARY[type(op)]
            return lambda values: work(left(values), right(values))
        case ast.Compare(left=first, ops=[op], comparators=[second]) if type(op) in _COMPARE:
            left, right, compare = inner(first), inner(second), _COMPARE[type(op)]
            return lambda values: compare(left(values), right(values))
        case ast.IfExp(test=test, body=body, orelse=orelse):
            condition, yes, no = inner(test), inner(body), inner(orelse)
            return lambda values: yes(values) if condition(values) else no(values)
        case ast.Call(func=ast.Name(id=name), args=parts, keywords=[]) if name in asks:
            return _question(name, parts, asked, asks)
        case ast.Call(func=ast.Name(id=name), args=parts, keywords=[]):
            return _call(name, [inner(part) for part in parts], asks)
    raise BilanError(Problem("expression.not_allowed", {"value": ast.unparse(node)[:80], "allowed": sorted(FUNCTIONS)}))


def _question(name: str, parts: list[ast.expr], asked: set[Question], asks: Asks) -> Evaluate:
    """What is asked is told beforehand, so that it can be answered for many entries at once: the arguments are texts, not computed."""
    plain = (str,) if asks is OUTSIDE else (str, int)
    texts = [str(part.value) for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, plain)]
    fewest, most = asks[name]
    if len(texts) != len(parts) or not fewest <= len(parts) <= most:
        raise BilanError(Problem("expression.plain_arguments", {"value": name, "allowed": most}))
    question = (name, *texts)
    asked.add(question)
    return lambda values: (values.get(OUTSIDE_KEY) or {}).get(question)


def _call(name: str, arguments: list[Evaluate], asks: Asks) -> Evaluate:
    if name not in FUNCTIONS:
        known = [*FUNCTIONS, *asks]
        values = {"value": name, "allowed": sorted(known), "nearest": nearest(name, known)}
        raise BilanError(Problem("expression.unknown_function", values))
    work = FUNCTIONS[name]

    def run(values: Values) -> Any:
        try:
            return work(*(argument(values) for argument in arguments))
        except (TypeError, ValueError, OverflowError):
            return None

    return run
