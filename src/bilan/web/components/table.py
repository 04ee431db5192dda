"""A table that a reader can filter, sort, page and export; all of it stands in the address, so a link shows the same table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.http import HttpRequest, HttpResponse, QueryDict

from bilan.problems import BilanError, Problem, nearest
from bilan.web.components import cells, export

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        name: key in the rows, and in the address.
        title: translated heading.
        kind: how a cell is shown: ``text``, ``number``, ``time``, ``age``, ``share``, a kind of level (see `cells.RENDERERS`).
        unit, decimals: of a number.
        href: address of what the row is about, made from the row; the cell becomes a link.
        render: makes the cell's HTML (safe) from the row, when no kind fits; sorting and export still use the plain value.
        live: key under which the cell is kept up to date, made from the row.
        shown: whether it is shown until the reader chooses.
        wide: whether it is dropped on narrow screens.
        sortable: whether the table can be sorted by it.
    """

    name: str
    title: str
    kind: str = "text"
    unit: str = ""
    decimals: int | None = None
    href: Callable[[Row], str] | None = None
    render: Callable[[Row], str] | None = None
    live: Callable[[Row], str] | None = None
    shown: bool = True
    wide: bool = False
    sortable: bool = True

    @property
    def numeric(self) -> bool:
        """Whether the cells stand at the right."""
        return self.kind in {"number", "share"}


@dataclass(frozen=True, slots=True)
class Filter:
    """A choice above the table that keeps the rows whose `name` equals what was chosen.

    Attributes:
        choices: what may be chosen, each with its text.
        kind: ``choice``; of a table with a `Source` also ``number`` and ``date`` (from … to, as ``NAME__from`` and ``NAME__to``) and
            ``lookup`` (found by typing).
        unit: of a number.
        lookup: address that gives what can be chosen for what was typed.
        more: whether it stands among the further filters, which open on demand.
    """

    name: str
    title: str
    choices: Sequence[tuple[str, str]] = ()
    kind: str = "choice"
    unit: str = ""
    lookup: str = ""
    more: bool = False

    @property
    def names(self) -> list[str]:
        """What it is called in the address."""
        return [f"{self.name}__from", f"{self.name}__to"] if self.kind in {"number", "date"} else [self.name]


class Source(Protocol):
    """Rows that are found, sorted and paged where they are kept; what is asked for stands in the address."""

    def total(self) -> int:
        """How many rows there are."""

    def rows(self, start: int, stop: int) -> Sequence[Row]:
        """The rows from `start` up to but without `stop`."""

    def every(self) -> Iterable[Row]:
        """All rows, for a file."""


@dataclass(slots=True)
class Table:
    """Rows with all that a reader may do to them.

    Attributes:
        id: unique on the page, and name of the exported file.
        rows: all rows the reader may see; cheap plain values. Empty when `source` gives them.
        query: the address's query.
        search: names of the columns that the filter box looks through.
        sort: column to sort by until the reader chooses; ``-`` before it for downwards.
        prefix: put before the names in the address when a page has several tables.
        caption: what the table shows, for those who do not see it.
        source: where the rows are kept, when they are too many to be handed over.
        searched: whether words can be looked for where `source` finds them.
        forms: kinds of file it can be taken away as, each with its title; None for those of `export.FORMS`.
        picked: address to which the rows that the reader ticks are sent, as ``codes``; empty when rows cannot be ticked.
    """

    id: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    query: QueryDict
    search: Sequence[str] = ()
    filters: Sequence[Filter] = ()
    sort: str = ""
    size: int = 50
    prefix: str = ""
    caption: str = ""
    empty: str = ""
    source: Source | None = None
    searched: bool = False
    forms: Mapping[str, str] | None = None
    picked: str = ""

    def argument(self, name: str) -> str:
        """What the address says for `name`."""
        return str(self.query.get(self.prefix + name, ""))

    @property
    def text(self) -> str:
        """What the reader looks for."""
        return self.argument("q").strip()

    @property
    def visible(self) -> list[Column]:
        """Columns that are shown: those of the address, else those shown by default."""
        chosen = self.argument("columns").split(",")
        return [column for column in self.columns if (column.name in chosen if chosen != [""] else column.shown)]

    @property
    def sorting(self) -> tuple[str, bool]:
        """Name of the column to sort by and whether downwards.

        Raises:
            BilanError: the address names a column that is not there.
        """
        wanted = self.argument("sort") or self.sort or self.columns[0].name
        name, down = wanted.removeprefix("-"), wanted.startswith("-")
        known = [column.name for column in self.columns if column.sortable]
        if name not in known:
            raise BilanError(Problem("web.unknown_sort", {"value": name, "allowed": known, "nearest": nearest(name, known)}))
        return name, down

    def chosen(self) -> list[Row]:
        """Rows that pass search and filters, sorted; rows without a value come last either way."""
        if self.source is not None:
            return list(self.source.every())
        rows: list[Row] = list(self.rows)
        words = self.text.lower().split()
        if words:
            rows = [row for row in rows if all(any(word in str(row.get(name, "")).lower() for name in self.search) for word in words)]
        for entry in self.filters:
            if wanted := self.argument(entry.name):
                rows = [row for row in rows if str(row.get(entry.name, "")) == wanted]
        name, down = self.sorting
        known = sorted((row for row in rows if row.get(name) is not None), key=lambda row: cells.sort_key(row[name]), reverse=down)
        return known + [row for row in rows if row.get(name) is None]

    def respond(self, request: HttpRequest) -> HttpResponse | None:
        """The table as a file when the address asks for one of this table, else None."""
        form = request.GET.get("export", "")
        if not form or request.GET.get("table", self.id) != self.id:
            return None
        return export.respond(form, self.id, [(column.name, column.title, column.unit) for column in self.columns], self.chosen())

    def with_query(self, **values: str | None) -> str:
        """The address's query with some values replaced; None removes one."""
        changed = self.query.copy()
        for name, value in values.items():
            if value is None:
                changed.pop(self.prefix + name, None)
            else:
                changed[self.prefix + name] = value
        return "?" + changed.urlencode()

    def view(self) -> TableView:
        """The page of rows that the address asks for, ready for the template."""
        rows = [] if self.source is not None else self.chosen()
        total = len(rows) if self.source is None else self.source.total()
        pages = max(1, -(-total // self.size))
        asked = self.argument("page")[:9]
        number = min(max(1, int(asked) if asked.isascii() and asked.isdigit() else 1), pages)
        start, stop = (number - 1) * self.size, number * self.size
        return TableView(self, rows[start:stop] if self.source is None else self.source.rows(start, stop), total, number, pages)


@dataclass(frozen=True, slots=True)
class TableView:
    """One page of a table."""

    table: Table
    shown: Sequence[Row]
    total: int
    number: int
    pages: int

    @property
    def heads(self) -> list[dict[str, Any]]:
        """Headings with their links for sorting."""
        name, down = self.table.sorting
        return [
            {
                "column": column,
                "sorted": ("descending" if down else "ascending") if column.name == name else "none",
                "href": self.table.with_query(sort=f"-{column.name}" if column.name == name and not down else column.name, page=None)
                if column.sortable
                else "",
            }
            for column in self.table.visible
        ]

    @property
    def lines(self) -> list[list[dict[str, Any]]]:
        """Rows of rendered cells, each with the code of its row."""
        visible = self.table.visible
        return [
            [
                {"column": column, "html": cells.render(column, row), "first": at == 0, "key": row.get("code", "")}
                for at, column in enumerate(visible)
            ]
            for row in self.shown
        ]

    @property
    def previous(self) -> str:
        """Link to the page before; empty on the first."""
        return self.table.with_query(page=str(self.number - 1)) if self.number > 1 else ""

    @property
    def following(self) -> str:
        """Link to the next page; empty on the last."""
        return self.table.with_query(page=str(self.number + 1)) if self.number < self.pages else ""

    @property
    def choices(self) -> list[dict[str, Any]]:
        """Columns with whether they are shown."""
        shown = {column.name for column in self.table.visible}
        return [{"column": column, "shown": column.name in shown} for column in self.table.columns]

    @property
    def filters(self) -> list[dict[str, Any]]:
        """Filters that stand above the table, with what is chosen in each."""
        return [self._filter(entry) for entry in self.table.filters if not entry.more]

    @property
    def further(self) -> list[dict[str, Any]]:
        """Filters that open on demand, with what is chosen in each."""
        return [self._filter(entry) for entry in self.table.filters if entry.more]

    @property
    def chips(self) -> list[dict[str, str]]:
        """What further filters keep now, each with the link that lifts it."""
        return [
            {
                "title": entry["filter"].title,
                "text": entry["text"],
                "href": self.table.with_query(page=None, **dict.fromkeys(entry["filter"].names)),
            }
            for entry in self.further
            if entry["text"]
        ]

    @property
    def narrowed(self) -> bool:
        """Whether rows are there that search or filters keep away."""
        if self.table.source is None:
            return bool(self.table.rows)
        return bool(self.table.text) or any(self.table.argument(name) for entry in self.table.filters for name in entry.names)

    def _filter(self, entry: Filter) -> dict[str, Any]:
        names = [self.table.prefix + name for name in entry.names]
        chosen = [self.table.argument(name) for name in entry.names]
        text = dict(entry.choices).get(chosen[0], chosen[0])
        if len(chosen) == 2 and any(chosen):
            text = f"{chosen[0] or '…'} – {chosen[1] or '…'}"
        return {"filter": entry, "name": names[0], "names": names, "chosen": chosen[0], "bounds": chosen, "text": text}

    @property
    def exports(self) -> list[dict[str, str]]:
        """Links to the table as a file."""
        base = {"table": self.table.id}
        links = []
        titles = {name: form.title for name, form in export.FORMS.items()} if self.table.forms is None else self.table.forms
        for form, title in titles.items():
            changed = self.table.query.copy()
            changed.update({**base, "export": form})
            links.append({"form": form, "title": title, "href": "?" + changed.urlencode()})
        return links

    @property
    def all(self) -> list[tuple[str, str]]:
        """What the address says of search and filters, with ``all``: the same rows wherever it is sent."""
        names = ["q", *(name for entry in self.table.filters for name in entry.names)]
        return [("all", "1"), *((name, text) for name in names if (text := self.table.argument(name)))]

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What the address says beside this table's own filters, to be kept when the form is sent."""
        names = [name for entry in self.table.filters for name in entry.names]
        own = {self.table.prefix + name for name in ("q", "page", *names)}
        return [(name, value) for name, value in self.table.query.items() if name not in own and name not in {"export", "table"}]
