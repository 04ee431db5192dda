"""Every register that is declared, on every surface, for those who may and those who may not, in their own district and in another's."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

import polars as pl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bilan.pack.registers import FieldType, Register
from bilan.pack.registers.fields import Sensitivity
from bilan.people.visibility import visible_to
from bilan.registers import filtering
from bilan.registers.declared import declared
from bilan.registers.ledger import Ledger
from bilan.registers.models import Entry
from bilan.tabular.places import tiles
from tests.contract import sample
from tests.web import tiny
from tests.web.running import Site, site_of_process

site_of_process()
REGISTERS = declared()
NAMES = sorted(REGISTERS.registers)
OWN, FOREIGN = "本区之物", "外区之物"
FILES = ("csv", "xlsx", "parquet", "geojson", "kml", "shapefile", "gpkg")


@dataclass(frozen=True, slots=True)
class Pair:
    """An entry of the reader's district and one of another."""

    register: Register
    own: str
    foreign: str


@pytest.fixture(scope="module", params=NAMES)
def pair(request: pytest.FixtureRequest, site: Site) -> Iterator[Pair]:
    register = REGISTERS.registers[request.param]
    codes = []
    for number, (name, district) in enumerate(((OWN, tiny.INSIDE), (FOREIGN, tiny.OUTSIDE))):
        _zh, _en, lon, lat = tiny.DISTRICTS[district]
        codes.append(sample.make(REGISTERS, register, name, district, number, (lon, lat)))
    yield Pair(register, *codes)


def surfaces(pair: Pair, code: str) -> dict[str, str]:
    """Address of every surface that shows entries of a register, or the entry with this code."""
    name = pair.register.name
    listed = reverse("register-list", args=[name])
    api = f"/api/registers/{name}/entries"
    found = {
        "list": listed,
        "search": f"{reverse('search')}?q={quote(code)}",
        "api": api,
        "api entry": f"{api}/{quote(code)}",
        "api history": f"{api}/{quote(code)}/history",
        "dossier": reverse("dossier", args=[name, code]),
        "history": reverse("register-history", args=[name, code]),
        **{f"export {form}": f"{listed}?export={form}" for form in forms(pair.register)},
    }
    if pair.register.mapped:
        found["api geojson"] = f"{api}.geojson"
        found["features"] = f"/ogc/collections/{name}/items"
        found["feature"] = f"/ogc/collections/{name}/items/{quote(code)}"
        found["tile"] = reverse(
            "tiles", args=[name, 9, *tiles.tile_of(tiny.DISTRICTS[tiny.OUTSIDE][2], tiny.DISTRICTS[tiny.OUTSIDE][3], 9)]
        )
    return found


def forms(register: Register) -> tuple[str, ...]:
    """Forms of file that a register is asked for: CSV and one other in turn, and of every tenth register all."""
    allowed = FILES if register.mapped else FILES[:3]
    turn = NAMES.index(register.name)
    return allowed if register.name.startswith("test-") or turn % 10 == 0 else (allowed[0], allowed[1 + turn % (len(allowed) - 1)])


def readers(register: Register) -> tuple[str, str]:
    """Who reads a register in one district, and who in the whole city, without reading persons in it."""
    return ("inside-officer", "analyst") if register.sensitivity is Sensitivity.RESTRICTED else ("inside-clerk", "viewer")


def about_one(surface: str) -> bool:
    return surface in {"api entry", "api history", "dossier", "history", "feature"}


def test_everybody_sees_what_is_theirs_and_nothing_else(pair: Pair, client_of: Callable[[str], Client]) -> None:
    insider, whole = (client_of(name) for name in readers(pair.register))
    for surface, address in surfaces(pair, pair.own).items():
        response = insider.get(address)
        assert response.status_code == 200, surface
        assert OWN in text_of(response), surface
    for surface, address in surfaces(pair, pair.foreign).items():
        response = insider.get(address)
        assert response.status_code == (404 if about_one(surface) else 200), surface
        assert FOREIGN not in text_of(response), surface
        seen = text_of(whole.get(address))
        assert FOREIGN in seen, surface
        assert sample.PHONE not in seen, surface


def test_who_may_see_no_register_sees_none_of_it(pair: Pair, client_of: Callable[[str], Client]) -> None:
    auditor, nobody = client_of("auditor"), client_of("")
    strangers = [auditor, client_of("inside-clerk")] if pair.register.sensitivity is Sensitivity.RESTRICTED else [auditor]
    for surface, address in surfaces(pair, pair.own).items():
        for stranger in strangers:
            # Other registers' entries of the same name are found by whoever may search.
            assert stranger.get(address).status_code in {401, 403, 404} or (surface == "search" and stranger is not auditor), surface
        assert nobody.get(address).status_code in {302, 401}, surface


def test_writing_ends_at_the_districts_border(pair: Pair, client_of: Callable[[str], Client]) -> None:
    if pair.register.sensitivity is Sensitivity.RESTRICTED:
        assert client_of("inside-clerk").get(f"/api/registers/{pair.register.name}/entries").status_code == 404
        return
    clerk, viewer = client_of("inside-clerk"), client_of("viewer")
    address = f"/api/registers/{pair.register.name}/entries/"
    body = {"values": {"name": OWN}, "reason": "contract"}
    assert clerk.patch(address + quote(pair.own), body, content_type="application/json").status_code == 200
    assert clerk.patch(address + quote(pair.foreign), body, content_type="application/json").status_code == 404
    assert viewer.patch(address + quote(pair.own), body, content_type="application/json").status_code == 403
    assert Entry.objects.get(register=pair.register.name, code=pair.foreign).name == FOREIGN


def test_each_declared_filter_keeps_the_entry_that_has_the_value(pair: Pair, site: Site) -> None:
    ledger = Ledger(visible_to(site.person("administrator")))
    entry = Entry.objects.get(register=pair.register.name, code=pair.own)
    for field in filtering.filters_of(pair.register):
        value = entry.data.get(field.name)
        if value is None:
            continue
        if field.type is FieldType.PERIOD:
            arguments = {field.name: "2025-06-01"}
        elif filtering.ranged(field):
            arguments = {f"{field.name}__from": str(value), f"{field.name}__to": str(value)}
        else:
            held = value[0] if isinstance(value, list) else value
            arguments = {field.name: str(held).lower() if isinstance(held, bool) else str(held)}
        kept = ledger.entries(pair.register.name, arguments).values_list("code", flat=True)
        assert pair.own in set(kept), (field.name, arguments)


def test_a_page_asks_the_database_as_often_for_many_entries_as_for_few(pair: Pair, client_of: Callable[[str], Client]) -> None:
    client, listed = client_of(readers(pair.register)[1]), reverse("register-list", args=[pair.register.name])

    def grown(first: int, last: int) -> int:
        for number in range(first, last):
            sample.make(REGISTERS, pair.register, f"{OWN}{number}", tiny.INSIDE, number, (118.5, 24.85))
        client.get(listed)
        return _queries(client, listed)

    few = grown(2, 4)
    assert grown(4, 7) <= few


@pytest.mark.parametrize("name", NAMES)
def test_every_name_stands_in_both_languages(name: str) -> None:
    register = REGISTERS.registers[name]
    fields = [*register.fields.values(), *(column for field in register.fields.values() for column in field.columns)]
    named = [*register.sections, *register.states, *fields]
    titles = [register.title, register.singular, *(entry.title for entry in named)]
    assert all(title.complete for title in titles)


def _queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def text_of(response: object) -> str:
    """All text in a response, unpacked where it is an archive or a Parquet file; tiles hold UTF-8 as it is."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b"".join(archive.read(name) for name in archive.namelist())
    if content.startswith(b"PAR1"):
        content = str(pl.read_parquet(io.BytesIO(content)).to_dicts()).encode()
    if "json" in response.headers.get("Content-Type", ""):
        content = content.decode().encode().decode("unicode_escape", "replace").encode("utf-8", "replace") if b"\\u" in content else content
    return content.decode("utf-8", "replace")
