"""Reading the fields of a register."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from bilan.pack.expressions import Expression
from bilan.pack.loader import Declared
from bilan.pack.registers.fields import COMMON, Field, FieldType, Sensitivity
from bilan.pack.registers.keys import COLUMN_KEYS, COLUMN_TYPES
from bilan.pack.registers.taking import NAME, Taker, is_date

_DEFAULTS: dict[FieldType, tuple[type, ...]] = {
    FieldType.TEXT: (str,),
    FieldType.LONG: (str,),
    FieldType.CHOICE: (str,),
    FieldType.DATE: (str,),
    FieldType.BOOLEAN: (bool,),
    FieldType.INTEGER: (int,),
    FieldType.DECIMAL: (int, float),
}
_NEEDS = {FieldType.CHOICE: "of", FieldType.LINK: "of", FieldType.COMPUTED: "formula", FieldType.TABLE: "columns"}


def names_of(takers: Collection[Taker]) -> list[str]:
    """Names of fields as far as they can be read."""
    return [name for taker in takers if isinstance(name := taker.declared.get("name"), str)]


def read_field(taker: Taker, names: Collection[str], *, column: bool = False) -> Field | None:
    """Read one field and note what is wrong with it.

    Args:
        taker: the field's mapping.
        names: names its expressions may use.
        column: whether it is a column of a table.

    Returns:
        The field; None when it has no usable name or type.
    """
    name, kind = taker.name("name", NAME), taker.word("type")
    title = taker.words("title")
    if name in COMMON and not column:
        taker.note("declaration.reserved_name", "name", {"value": name, "allowed": tuple(COMMON)})
    if not name or kind not in {entry.value for entry in FieldType}:
        return None
    type_ = FieldType(kind)
    _check_keys(taker, type_, column)
    return Field(
        name=name,
        type=type_,
        title=title,
        help=taker.words("help"),
        unit=taker.word("unit"),
        decimals=_whole(taker.within("decimals", None, 0, 9)),
        **_bounds(taker),
        of=taker.name("of"),
        many=taker.flag("many", False),
        reverse=taker.words("reverse"),
        required=_required(taker, names),
        visible=taker.expression("visible", names),
        default=_default(taker, type_),
        sensitivity=_sensitivity(taker),
        unique=taker.flag("unique", False),
        listed=taker.flag("list", False),
        filter=taker.flag("filter", False),
        search=_whole(taker.within("search", 0, 0, 10)) or 0,
        aliases=taker.texts("aliases"),
        formula=taker.expression("formula", names, outside=not column),
        columns=_columns(taker, names) if type_ is FieldType.TABLE and not column else (),
        pattern=taker.regex("pattern"),
        check=taker.word("check"),
        line=taker.line,
    )


def _check_keys(taker: Taker, kind: FieldType, column: bool) -> None:
    """Keys that the type needs, does not know, or that a column of a table cannot have."""
    need = _NEEDS.get(kind)
    if need and need not in taker.declared:
        taker.note("pack.missing_key", "type", {"value": need})
    for key in taker.declared:
        entry = taker.keys.get(key)
        if entry and entry.types and kind not in entry.types:
            taker.note("declaration.misplaced_key", key, {"key": key, "value": kind.value, "allowed": entry.types})
        elif entry and column and key not in COLUMN_KEYS:
            taker.note("declaration.column_key", key, {"value": key, "allowed": sorted(COLUMN_KEYS)})
    if column and kind not in COLUMN_TYPES:
        taker.note("declaration.column_type", "type", {"value": kind.value, "allowed": COLUMN_TYPES})


def _bounds(taker: Taker) -> dict[str, Any]:
    lower = taker.number("min") if "min" in taker.declared else None
    upper = taker.number("max") if "max" in taker.declared else None
    if lower is not None and upper is not None and lower > upper:
        taker.note("declaration.wrong_order", "min", {"key": "min / max", "value": lower, "allowed": upper})
    return {"lower": lower, "upper": upper}


def _required(taker: Taker, names: Collection[str]) -> bool | Expression:
    value = taker.declared.get("required", False)
    if isinstance(value, bool):
        return value
    return taker.expression("required", names) or False


def _default(taker: Taker, kind: FieldType) -> Any:
    if "default" not in taker.declared or kind not in _DEFAULTS:
        return None
    value = taker.declared["default"]
    fits = isinstance(value, _DEFAULTS[kind]) and (kind is FieldType.BOOLEAN or not isinstance(value, bool))
    if not fits or (kind is FieldType.DATE and not is_date(value)):
        taker.note("declaration.bad_default", "default", {"value": repr(value)[:80], "allowed": kind.value})
        return None
    return value


def _sensitivity(taker: Taker) -> Sensitivity | None:
    value = taker.word("sensitivity")
    return Sensitivity(value) if value in set(Sensitivity) else None


def _columns(taker: Taker, names: Collection[str]) -> tuple[Field, ...]:
    takers = taker.children("columns", "field")
    own = names_of(takers)
    noted_twice(takers, own)
    read = [read_field(entry, {*names, *own}, column=True) for entry in takers if isinstance(entry.declared, Declared)]
    return tuple(entry for entry in read if entry)


def noted_twice(takers: Collection[Taker], names: Collection[str]) -> None:
    """Note every name that is taken a second time."""
    first: dict[str, int] = {}
    for taker in takers:
        name = taker.declared.get("name")
        if isinstance(name, str) and name in first:
            taker.note("declaration.duplicate", "name", {"value": name, "allowed": f"{taker.source}:{first[name]}"})
        elif name in names:
            first[str(name)] = taker.where("name")


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)
