"""The column language of rules: what may be written, checked when a rule is loaded and kept as a small tree of parts.

The notation is that of `bilan.pack.expressions` (Python's comparisons, ``and``/``or``/``not``, ``in``, arithmetic, ``a if b else c``), its
names are columns, and its functions are those of `functions.csv`. Nothing else is understood. `bilan.evaluation.rules` turns the tree into
operations on whole columns.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bilan.pack.expressions import SHIELD, parsed
from bilan.pack.rules.functions import COLUMNS, Argument, Function, Kind, functions
from bilan.pack.vocab import vocabulary
from bilan.problems import BilanError, Problem, nearest

DEEPEST = 20
"""Levels of nesting."""
LARGEST = 300
"""Parts of an expression when its names are put in."""
STATISTICS = ("mean", "converted", "minimum", "maximum", "total", "hours", "state")
"""Statistics of a parameter that `reading` may ask for."""
COMPARISONS = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.In: "in", ast.NotIn: "not in"}
ARITHMETIC = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_WORDS = frozenset({"word", "parameter", "statistic"})

Scalar = float | str | bool | None


@dataclass(frozen=True, slots=True)
class Literal:
    """What is written out."""

    value: Scalar


@dataclass(frozen=True, slots=True)
class Name:
    """A column."""

    name: str


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator with its parts: ``and or not == != < <= > >= in + - * / negative if list``."""

    operator: str
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A function with the columns it works on and what is written out beside them, in the order of its declaration."""

    function: str
    parts: tuple[Node, ...]
    settings: tuple[Scalar, ...]

    @property
    def lookback(self) -> float:
        """How far it looks back by itself over its own columns [h]; patterns see to their history themselves."""
        declared = functions()[self.function]
        if declared.lookback != "n":
            return 0.0
        names = [entry.name for entry in declared.arguments if entry.kind not in COLUMNS]
        value = self.settings[names.index("n")]
        return float(value) if isinstance(value, int | float) else 0.0


Node = Literal | Name | Operation | Call
Names = Mapping[str, Kind]


@dataclass(frozen=True, slots=True)
class Formula:
    """A checked expression.

    Attributes:
        text: what was written.
        node: its tree, with the names of `let` put in.
        kind: what it gives.
    """

    text: str
    node: Node
    kind: Kind

    @property
    def names(self) -> frozenset[str]:
        """Columns it uses."""
        return frozenset(part.name for part in walk(self.node) if isinstance(part, Name))

    @property
    def calls(self) -> frozenset[Call]:
        """Calls in it, those inside of others too."""
        return frozenset(part for part in walk(self.node) if isinstance(part, Call))

    @property
    def lookback(self) -> float:
        """How far it looks back [h]."""
        return lookback(self.node)


def walk(node: Node) -> Iterator[Node]:
    """A part and everything within it, the inner before the outer."""
    if isinstance(node, Operation | Call):
        for part in node.parts:
            yield from walk(part)
    yield node


def lookback(node: Node) -> float:
    """How far a part looks back, windows within windows added up [h].

    Examples:
        >>> lookback(parse("mean(diff(value, 1), 24) > 3", {"value": Kind.NUMBER}).node)
        25.0
    """
    if isinstance(node, Operation | Call):
        own = node.lookback if isinstance(node, Call) else 0.0
        return own + max((lookback(part) for part in node.parts), default=0.0)
    return 0.0


def parse(text: str, names: Names | None, lets: Mapping[str, Formula] | None = None) -> Formula:
    """Read and check an expression.

    Args:
        text: what was written.
        names: columns it may use with their kinds; None for any.
        lets: names for expressions that it may use as well.

    Raises:
        BilanError: it is no expression, uses what is not allowed, or puts together what does not fit; the nearest name is told.

    Examples:
        >>> parse("value > 2 * limit and valid", {"value": Kind.NUMBER, "limit": Kind.NUMBER, "valid": Kind.BOOL}).kind
        <Kind.BOOL: 'bool'>
    """
    node, kind = _Checker(text, names, lets or {}).check(parsed(text), 0)
    return Formula(text, node, kind)


def condition(text: str, names: Names | None, lets: Mapping[str, Formula] | None = None) -> Formula:
    """Read an expression that must hold or not hold.

    Raises:
        BilanError: as `parse`, or it gives something else.
    """
    found = parse(text, names, lets)
    if found.kind not in {Kind.BOOL, Kind.ANY}:
        raise BilanError(Problem("rules.not_yes_or_no", {"value": text}))
    return found


def column(name: str) -> str:
    """Science column of a parameter named by column or code; what is no parameter stays as it is.

    Examples:
        >>> column("a34004"), column("value")
        ('pm25', 'value')
    """
    known = vocabulary().by_code.get(name)
    return known.column if known else name


class _Checker:
    def __init__(self, text: str, names: Names | None, lets: Mapping[str, Formula]) -> None:
        self.text = text
        self.names = names
        self.lets = lets
        self.size = 0

    def check(self, tree: ast.expr, depth: int) -> tuple[Node, Kind]:
        if depth > DEEPEST:
            raise BilanError(Problem("expression.too_deep", {"value": self.text, "allowed": DEEPEST}))
        self._grow(1)

        def inner(part: ast.expr) -> tuple[Node, Kind]:
            return self.check(part, depth + 1)

        match tree:
            case ast.Constant(value=None | bool() | int() | float() | str() as value):
                return _literal(value, tree)
            case ast.Name(id=written):
                return self._name(written.removeprefix(SHIELD))
            case ast.UnaryOp(op=ast.Not(), operand=part):
                return Operation("not", (self._of(inner(part), Kind.BOOL, part),)), Kind.BOOL
            case ast.UnaryOp(op=ast.USub(), operand=part):
                return self._negative(self._of(inner(part), Kind.NUMBER, part))
            case ast.BoolOp(op=op, values=parts):
                nodes = tuple(self._of(inner(part), Kind.BOOL, part) for part in parts)
                return Operation("and" if isinstance(op, ast.And) else "or", nodes), Kind.BOOL
            case ast.BinOp(left=left, op=op, right=right) if type(op) in ARITHMETIC:
                nodes = (self._of(inner(left), Kind.NUMBER, left), self._of(inner(right), Kind.NUMBER, right))
                return Operation(ARITHMETIC[type(op)], nodes), Kind.NUMBER
            case ast.Compare(left=left, ops=ops, comparators=rights) if all(type(op) in COMPARISONS for op in ops):
                return self._comparison([left, *rights], [COMPARISONS[type(op)] for op in ops], depth)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                condition, yes, no = self._of(inner(test), Kind.BOOL, test), inner(body), inner(orelse)
                return Operation("if", (condition, yes[0], no[0])), self._same(yes[1], no[1], tree)
            case ast.Call(func=ast.Name(id=name), args=parts, keywords=named):
                return self._call(name.removeprefix(SHIELD), parts, named, depth)
        raise BilanError(Problem("expression.not_allowed", {"value": ast.unparse(tree)[:80], "allowed": sorted(functions())}))

    def _grow(self, more: int) -> None:
        self.size += more
        if self.size > LARGEST:
            raise BilanError(Problem("rules.too_large", {"value": self.text[:80], "allowed": LARGEST}))

    def _name(self, written: str) -> tuple[Node, Kind]:
        if written in self.lets:
            known = self.lets[written]
            self._grow(sum(1 for _ in walk(known.node)))
            return known.node, known.kind
        if self.names is None:
            return Name(written), Kind.ANY
        name = written if written in self.names else column(written)
        if name not in self.names:
            known_names = [*self.names, *self.lets]
            values = {"value": written, "allowed": _few(known_names), "nearest": nearest(written, known_names)}
            raise BilanError(Problem("expression.unknown_name", values))
        return Name(name), self.names[name]

    def _negative(self, node: Node) -> tuple[Node, Kind]:
        if isinstance(node, Literal) and isinstance(node.value, int | float):
            return Literal(-node.value), Kind.NUMBER
        return Operation("negative", (node,)), Kind.NUMBER

    def _of(self, found: tuple[Node, Kind], kind: Kind, tree: ast.expr) -> Node:
        node, given = found
        if given not in {kind, Kind.ANY}:
            code = "rules.not_yes_or_no" if kind is Kind.BOOL else "rules.wrong_kind"
            raise BilanError(Problem(code, {"value": ast.unparse(tree).replace(SHIELD, "")[:80], "allowed": kind.value}))
        return node

    def _same(self, left: Kind, right: Kind, tree: ast.expr) -> Kind:
        kinds = {left, right} - {Kind.ANY}
        if len(kinds) > 1 and kinds != {Kind.DATE, Kind.TEXT}:
            values = {"value": ast.unparse(tree).replace(SHIELD, "")[:80], "left": left.value, "right": right.value}
            raise BilanError(Problem("rules.kinds_differ", values))
        return Kind.DATE if Kind.DATE in kinds else next(iter(kinds), Kind.ANY)

    def _comparison(self, trees: list[ast.expr], operators: list[str], depth: int) -> tuple[Node, Kind]:
        nodes = [self._side(tree, depth) for tree in trees]
        made: list[Node] = []
        for at, operator in enumerate(operators):
            (left, first), (right, second) = nodes[at], nodes[at + 1]
            tree = trees[at]
            if operator in {"in", "not in"}:
                if second not in {Kind.LIST, Kind.TEXT, Kind.ANY} or first not in {Kind.NUMBER, Kind.TEXT, Kind.ANY}:
                    self._same(first, second if second is not first else Kind.LIST, tree)
                inside = Operation("in", (left, right))
                made.append(inside if operator == "in" else Operation("not", (inside,)))
                continue
            if Literal(None) in (left, right):
                if operator not in {"==", "!="}:
                    raise BilanError(Problem("rules.wrong_kind", {"value": "None", "allowed": "== / !="}))
            else:
                self._same(first, second, tree)
            made.append(Operation(operator, (left, right)))
        return (made[0] if len(made) == 1 else Operation("and", tuple(made))), Kind.BOOL

    def _side(self, tree: ast.expr, depth: int) -> tuple[Node, Kind]:
        if not isinstance(tree, ast.List | ast.Tuple):
            return self.check(tree, depth + 1)
        items = tuple(self.check(part, depth + 1)[0] for part in tree.elts)
        if not items or not all(isinstance(item, Literal) and item.value is not None for item in items):
            raise BilanError(Problem("rules.wrong_kind", {"value": ast.unparse(tree)[:80], "allowed": "['a', 'b'] / [1, 2]"}))
        if len({isinstance(item.value, str) for item in items if isinstance(item, Literal)}) > 1:
            raise BilanError(Problem("rules.kinds_differ", {"value": ast.unparse(tree)[:80], "left": "text", "right": "number"}))
        return Operation("list", items), Kind.LIST

    def _call(self, name: str, trees: list[ast.expr], named: list[ast.keyword], depth: int) -> tuple[Node, Kind]:
        known = functions()
        if name not in known:
            values = {"value": name, "allowed": _few(known), "nearest": nearest(name, known)}
            raise BilanError(Problem("expression.unknown_function", values))
        function = known[name]
        given = _arguments(function, trees, named)
        parts: list[Node] = []
        kinds, settings = [], []
        for argument in function.arguments:
            if argument.kind not in COLUMNS:
                settings.append(_setting(function, argument, given.get(argument.name)))
            elif argument.name not in given:
                parts.append(Literal(None))
            else:
                node, kind = self._part(function, argument, given[argument.name], depth)
                parts.append(node)
                kinds.append(kind)
        gives = kinds[0] if function.gives == "same" else Kind(function.gives)
        return Call(name, tuple(parts), tuple(settings)), gives

    def _part(self, function: Function, argument: Argument, tree: ast.expr, depth: int) -> tuple[Node, Kind]:
        node, kind = self.check(tree, depth + 1)
        if argument.kind == "column":
            if not isinstance(node, Name) or kind not in {Kind.NUMBER, Kind.ANY}:
                raise BilanError(Problem("rules.wrong_kind", {"value": f"{function.name}(…)", "allowed": "value / so2 / flow …"}))
        elif argument.kind != "any":
            wanted = Kind(argument.kind)
            if not (wanted is Kind.DATE and kind is Kind.TEXT):
                self._of((node, kind), wanted, tree)
        return node, kind


def _arguments(function: Function, trees: list[ast.expr], named: list[ast.keyword]) -> dict[str, ast.expr]:
    """What is given for each argument, by its place or by its name."""
    names = [entry.name for entry in function.arguments]
    given = dict(zip(names, trees, strict=False))
    wrong = len(trees) > len(names)
    for keyword in named:
        wrong = wrong or keyword.arg not in names or keyword.arg in given
        given[keyword.arg or ""] = keyword.value
    if wrong or any(entry.needed and entry.name not in given for entry in function.arguments):
        raise BilanError(Problem("rules.arguments", {"value": function.name, "allowed": function.signature}))
    return given


def _literal(value: Scalar | int, tree: ast.expr) -> tuple[Node, Kind]:
    if isinstance(value, bool):
        return Literal(value), Kind.BOOL
    if isinstance(value, int | float):
        if abs(value) > 1e15:
            raise BilanError(Problem("rules.wrong_kind", {"value": ast.unparse(tree)[:40], "allowed": "± 1e15"}))
        return Literal(float(value)), Kind.NUMBER
    return Literal(value), Kind.TEXT if isinstance(value, str) else Kind.ANY


def _setting(function: Function, argument: Argument, tree: ast.expr | None) -> Scalar:
    if tree is None:
        return argument.default
    value = _written(tree)
    allowed = _unsuitable(argument, value)
    if allowed:
        shown = ast.unparse(tree)[:40]
        raise BilanError(Problem("rules.wrong_kind", {"value": f"{function.name}(… {argument.name}={shown})", "allowed": allowed}))
    if argument.kind == "parameter":
        found = vocabulary().by_code.get(str(value)) or vocabulary().by_column(str(value))
        return found.column
    return value


def _written(tree: ast.expr) -> Scalar:
    if isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.USub):
        inner = _written(tree.operand)
        return -inner if isinstance(inner, float) else None
    if isinstance(tree, ast.Constant) and isinstance(tree.value, str):
        return tree.value
    if isinstance(tree, ast.Constant) and isinstance(tree.value, int | float) and not isinstance(tree.value, bool):
        try:
            return float(tree.value)
        except OverflowError:
            return None
    return None


def _unsuitable(argument: Argument, value: Scalar) -> str:
    """What is allowed, when a value does not fit an argument; empty when it does."""
    if argument.kind in _WORDS:
        if not isinstance(value, str):
            return "'…'"
        return "" if argument.kind != "statistic" or value in STATISTICS else " / ".join(STATISTICS)
    if isinstance(value, str) or value is None or not math.isfinite(value):
        return "1, 2, 3 …"
    bounds = {"length": (0.01, 10_000), "distance": (0.1, 500), "fraction": (0, 1), "integer": (-9, 9)}.get(argument.kind, (-1e15, 1e15))
    if not bounds[0] <= value <= bounds[1] or (argument.kind == "integer" and value != int(value)):
        return f"{bounds[0]:g} … {bounds[1]:g}"
    return ""


def _few(names: Mapping[str, object] | list[str]) -> list[str]:
    found = sorted(names)
    return found if len(found) <= 60 else [*found[:60], "…"]
