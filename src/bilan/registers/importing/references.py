"""Names in the file as codes of what they mean: linked entries, organisations."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from bilan.pack.registers import Field, FieldType, Register
from bilan.problems import Place, Problem, nearest
from bilan.registers.ledger import Ledger
from bilan.registers.portions import portions

_PARTS = re.compile(r"\s*[;|\n；、，,]\s*")
_CANDIDATES = 5
_NEAR = 500


class References:
    """What the texts of one column mean, looked up for all rows at once.

    Args:
        ledger: whose entries the reader may see; names of others are not known to them.
        field: the link or organisation field; None for the organisation every entry has.
        texts: every text of the column.
        own: codes that the same file brings, when the field points to its own register.
    """

    def __init__(self, ledger: Ledger, field: Field | None, texts: Iterable[str], own: frozenset[str] = frozenset()) -> None:
        self._many = bool(field and field.many)
        self._own = own
        self._linked = field is not None and field.type is FieldType.LINK
        self._of = field.of if field and self._linked else "enterprise"
        whole = {text.strip() for text in texts}
        wanted = sorted(whole | {part for text in whole for part in _PARTS.split(text) if part}) if self._many else sorted(whole)
        self._codes: set[str] = set()
        self._names: dict[str, list[str]] = defaultdict(list)
        self._ledger = ledger
        target = ledger.declared.registers.get(self._of)
        if target is not None and wanted:
            self._look_up(ledger, target, wanted)

    def _look_up(self, ledger: Ledger, target: Register, wanted: list[str]) -> None:
        base = ledger.visible([target]).filter(archived=False)
        for part in portions(wanted):
            self._codes.update(base.filter(code__in=part).values_list("code", flat=True))
            for code, name in base.filter(name__in=part).values_list("code", "name"):
                self._names[name].append(code)

    def resolve(self, text: str, place: Place) -> str | list[str] | Problem:
        """Code or codes for a cell; the problem when a name is not known or means several.

        Organisations that are not among the entries stay as they are: they may be of another kind.
        """
        if not self._many:
            return self._one(text.strip(), place)
        if text.strip() in self._names or text.strip() in self._codes:
            found = [self._one(text.strip(), place)]
        else:
            found = [self._one(part, place) for part in _PARTS.split(text.strip()) if part]
        wrong = next((entry for entry in found if isinstance(entry, Problem)), None)
        return wrong or [entry for entry in found if isinstance(entry, str)]

    def _one(self, text: str, place: Place) -> str | Problem:
        if text in self._codes or text in self._own:
            return text
        codes = self._names.get(text, [])
        if len(codes) == 1:
            return codes[0]
        if codes:
            return Problem("import.ambiguous", {"value": text, "count": len(codes), "nearest": sorted(codes)[:_CANDIDATES]}, place)
        if not self._linked:
            return text
        return Problem("import.unknown_target", {"value": text, "register": self._title(), "nearest": self._nearest(text)}, place)

    def _title(self) -> str:
        target = self._ledger.declared.registers.get(self._of)
        return target.title.zh if target else self._of

    def _nearest(self, text: str) -> str:
        target = self._ledger.declared.registers.get(self._of)
        if target is None or not text:
            return ""
        base = self._ledger.visible([target]).filter(archived=False)
        names: Sequence[str] = list(base.filter(name__startswith=text[:1]).values_list("name", flat=True)[:_NEAR])
        return nearest(text, names)
