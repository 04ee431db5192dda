"""What a reader sees of values that are not for them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from bilan.pack.registers import FieldType, Register
from bilan.pack.registers.fields import Sensitivity
from bilan.people.masking import mask

HIDDEN = "＊＊＊"


def masked(register: Register, data: Mapping[str, Any], readable: Collection[Sensitivity]) -> dict[str, Any]:
    """Values of an entry as a reader sees them.

    Parameters:
        data: values of the declared fields.
        readable: sensitivities that the reader reads unmasked.

    Returns:
        The values; a person shows the family name and the end of the number, anything else that may not be read is hidden.
    """
    found: dict[str, Any] = {}
    for name, value in data.items():
        field = register.fields.get(name)
        if field is None:
            continue
        if value is None or register.sensitivity_of(name) in readable:
            found[name] = value
        elif field.type is FieldType.PERSON and isinstance(value, Mapping):
            found[name] = {part: mask(str(value.get(part) or ""), part) for part in ("name", "phone")}
        elif field.type in {FieldType.TABLE, FieldType.ATTACHMENT} or field.many:
            found[name] = []
        else:
            found[name] = HIDDEN if field.type in {FieldType.TEXT, FieldType.LONG} else None
    return found
