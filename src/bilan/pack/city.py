"""A city is a folder: its description, its pack and its data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from bilan.problems import BilanError, Place, Problem, nearest

DESCRIPTION = "city.toml"
WEBHOOKS = "webhooks"


@dataclass(frozen=True, slots=True)
class City:
    """One city folder, opened and checked.

    Attributes:
        folder: where the city lives; `pack/` and `data/` are below it.
        name_zh, name_en: the city's name.
        adcode: six-digit administrative code of the city.
        timezone: IANA name of the zone whose wall time all readings carry.
        demo: whether every value shown must carry the demo-data mark.
        database: SQLAlchemy-style address of the platform's database; empty for SQLite inside the folder.
        telemetry: address of the telemetry database; empty for SQLite inside the folder.
        standards: version of a standard to hold to, by its name; absent ones follow the date of the data.
        attribution: where the boundaries come from, shown on every map.
        basemaps: maps that may be shown under the city's own; see `bilan.pack.basemaps`.
        security, sso: rules for logging in and single sign-on: see `bilan.pack.security`.
        notices: how people are told: see `bilan.pack.notices`.
        publishing: when the lake's tables are published: see `bilan.pack.publishing`.
    """

    folder: Path
    name_zh: str
    name_en: str
    adcode: str
    timezone: str = "Asia/Shanghai"
    demo: bool = False
    database: str = ""
    telemetry: str = ""
    gateway_host: str = "127.0.0.1"
    gateway_port: int = 9212
    admin_port: int = 9213
    web_host: str = "127.0.0.1"
    web_port: int = 8000
    attribution: str = ""
    standards: dict[str, str] = field(default_factory=dict)
    security: dict[str, Any] = field(default_factory=dict)
    sso: dict[str, Any] = field(default_factory=dict)
    notices: dict[str, Any] = field(default_factory=dict)
    publishing: dict[str, Any] = field(default_factory=dict)
    basemaps: list[dict[str, Any]] = field(default_factory=list)

    @property
    def data(self) -> Path:
        """Where the city's databases, lake and files are kept."""
        return self.folder / "data"

    @property
    def pack(self) -> Path:
        """What the city adds to the base pack or overrides in it."""
        return self.folder / "pack"

    @property
    def lake(self) -> Path:
        """Root of the Parquet lake."""
        return self.data / "lake"

    @property
    def journal(self) -> Path:
        """Folder of the gateway's append-only journal."""
        return self.data / "journal"

    @property
    def telemetry_url(self) -> str:
        """Address of the telemetry database: what `telemetry` says, or SQLite in the folder."""
        return self.telemetry or f"sqlite:///{self.data / 'telemetry.sqlite3'}"

    @property
    def database_url(self) -> str:
        """Address of the platform's own database: what `database` says, or SQLite in the folder."""
        return self.database or f"sqlite:///{self.data / 'bilan.sqlite3'}"

    @classmethod
    def open(cls, folder: Path | str) -> City:
        """Read `city.toml` in `folder`.

        Raises:
            BilanError: the folder is no city, or a key is unknown; the message names the nearest known one.
        """
        root = Path(folder).resolve()
        description = root / DESCRIPTION
        if not description.is_file():
            raise BilanError(Problem("city.not_found", {"value": str(folder)}))
        values: dict[str, Any] = tomllib.loads(description.read_text(encoding="utf-8"))
        known = [entry.name for entry in fields(cls) if entry.name != "folder"]
        unknown = [key for key in values if key not in known]
        if unknown:
            raise BilanError(
                *(Problem("city.unknown_key", {"value": key, "nearest": nearest(key, known)}, Place(str(description))) for key in unknown)
            )
        return cls(folder=root, **values)

    def write(self) -> None:
        """Write `city.toml` with every value that is not the default."""
        self.folder.mkdir(parents=True, exist_ok=True)
        tables = {name: getattr(self, name) for name in ("standards", "security", "sso", "notices", "publishing")}
        lines = [
            f"{entry.name} = {_toml(getattr(self, entry.name))}"
            for entry in fields(self)
            if entry.name not in {"folder", "basemaps", *tables}
        ]
        for table, values in tables.items():
            if values or table == "standards":
                plain = {name: value for name, value in values.items() if name != WEBHOOKS}
                lines += ["", f"[{table}]", *(f'"{name}" = {_toml(value)}' for name, value in plain.items())]
        for entry in self.notices.get(WEBHOOKS, ()):
            lines += ["", f"[[notices.{WEBHOOKS}]]", *(f"{name} = {_toml(value)}" for name, value in entry.items())]
        for entry in self.basemaps:
            lines += ["", "[[basemaps]]", *(f"{name} = {_toml(value)}" for name, value in entry.items())]
        (self.folder / DESCRIPTION).write_text("\n".join(lines) + "\n", encoding="utf-8")

    def settle(self, addresses: Mapping[str, str]) -> None:
        """Say in `city.toml` where the databases are, and leave every other line of it as it is.

        Parameters:
            addresses: `database` or `telemetry` → address.
        """
        if not addresses:
            return
        path = self.folder / DESCRIPTION
        lines = path.read_text(encoding="utf-8").splitlines()
        tables = next((at for at, line in enumerate(lines) if line.lstrip().startswith("[")), len(lines))
        plain = [line for line in lines[:tables] if line.partition("=")[0].strip() not in addresses]
        while plain and not plain[-1].strip():
            plain.pop()
        said = [f"{name} = {_toml(address)}" for name, address in addresses.items()]
        fresh = path.with_suffix(".new")
        fresh.write_text("\n".join([*plain, *said, "", *lines[tables:]]).rstrip("\n") + "\n", encoding="utf-8")
        fresh.replace(path)


def _toml(value: str | int | bool | list[str]) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_toml(entry) for entry in value)}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
