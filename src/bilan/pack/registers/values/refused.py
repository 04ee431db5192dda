"""A value that cannot be accepted."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """A value that cannot be accepted, before it is known which field of which row it stands in.

    Attributes:
        code: code of the sentence that says why.
        values: what the sentence names.
        inside: where inside a list or a table the value stands, such as ``[2].day``; empty for the whole.
    """

    def __init__(self, code: str, value: Any = "", inside: str = "", **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.values: dict[str, Any] = {"value": brief(value), **values}
        self.inside = inside


class Several(Exception):
    """More than one value of a list or a table that cannot be accepted."""

    def __init__(self, refused: list[Refused]) -> None:
        super().__init__(len(refused))
        self.refused = refused


def brief(value: Any) -> str:
    """A value as a sentence shows it: 80 characters at most, without what would break the line.

    Examples:
        >>> brief(" a\\nb ")
        'a b'
    """
    try:
        text = value if isinstance(value, str) else str(value)
    except Exception:  # noqa: BLE001 - a foreign object's own __str__ may raise anything
        text = type(value).__name__
    text = " ".join(text[:400].encode("utf-8", "replace").decode("utf-8").split())
    return text if len(text) <= 80 else text[:79] + "…"
