"""Entries of one register as a feature provider of pygeoapi: what it serves is what the ledger of the request gives."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q
from pygeoapi.provider.base import BaseProvider, ProviderInvalidQueryError, ProviderItemNotFoundError

from bilan.pack.registers import FieldType, Register
from bilan.people.visibility import NotVisible
from bilan.problems import BilanError
from bilan.registers.models import Content
from bilan.web.ogc.bounds import crossing
from bilan.web.ogc.offered import COMMON, LEDGER, served

SCHEMAS: dict[FieldType, dict[str, str]] = {
    FieldType.INTEGER: {"type": "integer"},
    FieldType.DECIMAL: {"type": "number"},
    FieldType.BOOLEAN: {"type": "boolean"},
    FieldType.DATE: {"type": "string", "format": "date"},
}
"""Type of a field → JSON Schema; everything else is text."""


class RegisterProvider(BaseProvider):
    """Serves the register that the definition names as its data."""

    def __init__(self, definition: dict[str, Any]) -> None:
        super().__init__(definition)
        self._ledger = LEDGER.get()
        self._register: Register = self._ledger.register(self.data)
        self.get_fields()

    def get_fields(self) -> dict[str, dict[str, str]]:
        """Properties of the features with their types."""
        plain = [field for field in self._register.fields.values() if served(field)]
        self._fields = {**COMMON, **{field.name: SCHEMAS.get(field.type, {"type": "string"}) for field in plain}}
        return self._fields

    def query(
        self,
        offset: int = 0,
        limit: int = 10,
        resulttype: str = "results",
        bbox: list[float] | None = None,
        datetime_: str | None = None,
        properties: list[tuple[str, str]] | None = None,
        sortby: list[dict[str, str]] | None = None,
        select_properties: list[str] | None = None,
        skip_geometry: bool = False,
        q: str | None = None,
        **_more: Any,
    ) -> dict[str, Any]:
        """Features that pass the standard's filters.

        Raises:
            ProviderInvalidQueryError: a filter is none that the register declares.
        """
        sort = "".join(f"{'-' if entry['order'] == '-' else ''}{entry['property']}" for entry in (sortby or [])[:1])
        try:
            found = self._ledger.entries(self._register.name, dict(properties or []), text=q or "", sort=sort)
        except BilanError as error:
            raise ProviderInvalidQueryError(user_msg=error.text("en")) from error
        found = found.filter(lon__isnull=False)
        found = crossing(found, bbox) if bbox else found
        found = found.filter(_in_being(datetime_)) if datetime_ else found
        total = found.count()
        records = [] if resulttype == "hits" else list(found[offset : offset + limit])
        features = [self._feature(record, select_properties or [], skip_geometry) for record in records]
        return {"type": "FeatureCollection", "features": features, "numberMatched": total, "numberReturned": len(features)}

    def get(self, identifier: str, **_more: Any) -> dict[str, Any]:
        """One feature by its code.

        Raises:
            ProviderItemNotFoundError: there is none that the reader may see.
        """
        try:
            record = self._ledger.entry(self._register.name, identifier)
        except NotVisible as error:
            raise ProviderItemNotFoundError(f"{identifier} not found") from error
        return self._feature(record, [], False)

    def _feature(self, record: Content, wanted: list[str], bare: bool) -> dict[str, Any]:
        values = self._ledger.values(record)
        properties = {name: _plain(getattr(record, name) if name in COMMON else values.get(name)) for name in self._fields}
        return {
            "type": "Feature",
            "id": record.code,
            "geometry": None if bare else record.geometry,
            "properties": {name: value for name, value in properties.items() if not wanted or name in wanted},
        }


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return ", ".join(str(part) for part in value if part is not None) if isinstance(value, list) else value


def _in_being(text: str) -> Q:
    """Entries that were in being at a moment or during an interval (RFC 3339, ``..`` for open)."""
    begin, _, end = text.partition("/") if "/" in text else (text, "", text)
    wanted = Q()
    if end not in {"", ".."}:
        wanted &= Q(valid_from__isnull=True) | Q(valid_from__lte=_day(end))
    if begin not in {"", ".."}:
        wanted &= Q(valid_to__isnull=True) | Q(valid_to__gte=_day(begin))
    return wanted


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text[:10])
    except ValueError as error:
        raise ProviderInvalidQueryError(user_msg=f"datetime: {text}") from error
