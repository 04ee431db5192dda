"""A register's list: found, sorted and paged in the database, with a fixed number of queries a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from bilan.pack.registers import Register
from bilan.people.monitoring import Monitoring
from bilan.registers import filtering
from bilan.registers.ledger import Ledger, Record
from bilan.web.areas.registers.columns import columns_of, filters_of
from bilan.web.components import numbers
from bilan.web.components.entries import Shown
from bilan.web.components.table import Row, Table
from bilan.web.registry import Request

SIZE = 50
FEW = 2000
"""Entries found by words up to which their numbers are kept while a page is made."""
PORTION = 2000
"""Entries read at a time when a whole list leaves as a file."""


@dataclass(frozen=True)
class Wanted:
    """What an address asks of a register's list.

    Attributes:
        arguments: filters as `bilan.registers.filtering` knows them.
        district: code chosen in the top bar.
    """

    ledger: Ledger
    register: Register
    arguments: Mapping[str, str]
    text: str
    sort: str
    district: str

    @classmethod
    def of(cls, ledger: Ledger, register: Register, query: QueryDict | Mapping[str, str], district: str) -> Wanted:
        """Read an address's query; what is no filter is left alone, and the district is that of the top bar."""
        known = [name for name in filtering.arguments_of(register) if name != "district"]
        arguments = {name: str(query[name]) for name in known if query.get(name)}
        return cls(ledger, register, arguments, str(query.get("q", "")).strip(), str(query.get("sort", "")), district)

    def entries(self) -> QuerySet[Any]:
        """The entries asked for."""
        return self.ledger.entries(self.register.name, self.arguments, text=self.text, sort=self.sort, district=self.district)


class Entries:
    """Rows of a register's list, kept in the database; a `bilan.web.components.table.Source`."""

    def __init__(self, wanted: Wanted, names: Sequence[str], monitoring: Monitoring) -> None:
        self._wanted, self._names, self._monitoring = wanted, names, monitoring

    @cached_property
    def _found(self) -> QuerySet[Any]:
        return self._wanted.entries()

    @cached_property
    def _few(self) -> list[int] | None:
        """Numbers of what words find, in order, when they are not many: looking for words is done once, not again for the count."""
        keys = list(self._found.values_list("pk", flat=True)[: FEW + 1]) if self._wanted.text else []
        return keys if 0 < len(keys) <= FEW else None

    def total(self) -> int:
        """How many entries there are."""
        return int(self._found.order_by().count()) if self._few is None else len(self._few)

    def rows(self, start: int, stop: int) -> Sequence[Row]:
        """Entries of one page, each with its values and with its cells under ``html``."""
        return self._shown(self._page(start, stop), self._names, html=True)

    def every(self) -> Iterator[Row]:
        """All entries, in portions, as a file takes them."""
        names = [column.name for column in columns_of(self._wanted.ledger, self._wanted.register, "")]
        start = 0
        while portion := self._page(start, start + PORTION):
            yield from self._shown(portion, names, html=False)
            start += PORTION

    def _page(self, start: int, stop: int) -> list[Record]:
        """Only the numbers are skipped over, which indexes hold; the entries of the page are then read by them."""
        few = self._few
        keys = list(self._found.values_list("pk", flat=True)[start:stop]) if few is None else few[start:stop]
        found = self._found.model.objects.in_bulk(keys)
        return [found[key] for key in keys]

    def _shown(self, records: Sequence[Record], names: Sequence[str], *, html: bool) -> list[Row]:
        shown = Shown(self._wanted.ledger, self._wanted.register, records, names, self._monitoring)
        rows: list[Row] = []
        for record in records:
            row: dict[str, Any] = {"code": record.code}
            if html:
                row["html"] = {name: shown.html(record, name) for name in names}
            else:
                row.update({name: shown.plain(record, name) for name in names})
            rows.append(row)
        return rows


def table_of(request: Request, register: Register, *, forms: Mapping[str, str], picked: str) -> Table:
    """The list of a register as its address asks for it."""
    ledger, query = request.ledger, request.GET
    as_of = str(query.get("as_of", ""))
    table = Table(
        register.name,
        columns_of(ledger, register, as_of),
        (),
        query,
        filters=filters_of(ledger, register, query),
        sort=register.sort,
        size=SIZE,
        caption=register.title.text(numbers.language()),
        empty=register.about.text(numbers.language()),
        searched=True,
        forms=forms,
        picked=picked,
    )
    names = [column.name for column in table.visible]
    table.source = Entries(Wanted.of(ledger, register, query, request.district), names, request.monitoring)
    return table
