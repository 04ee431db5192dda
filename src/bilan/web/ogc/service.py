"""pygeoapi, told for each reader which collections there are."""

from __future__ import annotations

import copy
import json
import logging
from functools import lru_cache
from typing import Any

from pygeoapi.api import API, APIRequest, describe_collections, landing_page
from pygeoapi.api.itemtypes import get_collection_item, get_collection_items
from pygeoapi.openapi import get_oas

from bilan.pack.registers import Register
from bilan.registers.ledger import Ledger
from bilan.web.ogc.offered import LEDGER

CONFORMANCE = (
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
)
"""Classes of OGC 17-069r4 that are claimed: what pygeoapi adds beyond them has pages that load files from elsewhere."""
PROVIDER = "bilan.web.ogc.provider.RegisterProvider"
WORLD = [-180.0, -90.0, 180.0, 90.0]
FUNCTIONS = {
    "landing_page": landing_page,
    "describe_collections": describe_collections,
    "get_collection_items": get_collection_items,
    "get_collection_item": get_collection_item,
}
"""What views may ask of pygeoapi."""
LIMITS = {"default_items": 100, "max_items": 5000, "on_exceed": "throttle"}


def configuration(registers: list[Register], root: str, title: str, language: str) -> dict[str, Any]:
    """Configuration of pygeoapi with one collection a register that has places."""
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": 0},
            "url": root,
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "languages": ["en-US"],
            "limits": LIMITS,
            "map": {"url": "", "attribution": ""},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {
                "title": title,
                "description": title,
                "keywords": ["environment"],
                "keywords_type": "theme",
                "terms_of_service": "",
                "url": root,
            },
            "license": {"name": "", "url": ""},
            "provider": {"name": title, "url": root},
            "contact": {"name": "", "email": ""},
        },
        "resources": {register.name: _collection(register, language) for register in registers if register.mapped},
    }


def _collection(register: Register, language: str) -> dict[str, Any]:
    return {
        "type": "collection",
        "title": register.title.text(language),
        "description": register.about.text(language) or register.title.text(language),
        "keywords": [register.group],
        "links": [],
        "extents": {"spatial": {"bbox": WORLD, "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}},
        "providers": [
            {
                "type": "feature",
                "name": "bilan.web.ogc.provider.RegisterProvider",
                "data": register.name,
                "id_field": "code",
                "title_field": "name",
            }
        ],
    }


def answer(
    function: str, request: Any, ledger: Ledger, root: str, title: str, language: str, *arguments: str
) -> tuple[dict[str, str], int, str]:
    """Let pygeoapi answer a request within what the reader may see.

    Parameters:
        function: a name of `FUNCTIONS`.
        root: address of the service.
        arguments: name of the collection, code of the item.

    Returns:
        Headers, status and JSON text.
    """
    held = LEDGER.set(ledger)
    try:
        setting = configuration(ledger.registers(), root, title, language)
        api = API(setting, {})
        asked = APIRequest.from_django(request, api.locales)
        headers, status, content = FUNCTIONS[function](api, asked, *arguments)
    finally:
        LEDGER.reset(held)
    return headers, status, _own(content)


def openapi(ledger: Ledger, root: str, title: str, language: str) -> dict[str, Any]:
    """The OpenAPI document of the service as the reader may use it."""
    held = LEDGER.set(ledger)
    try:
        names = tuple(register.name for register in ledger.registers())
        return _openapi(names, ledger.declared.signature, root, title, language)
    finally:
        LEDGER.reset(held)


@lru_cache(maxsize=16)
def _openapi(names: tuple[str, ...], _signature: str, root: str, title: str, language: str) -> dict[str, Any]:
    ledger = LEDGER.get()
    document: dict[str, Any] = get_oas(configuration([ledger.declared.registers[name] for name in names], root, title, language))
    document["paths"] = {path: _reading(operations) for path, operations in document["paths"].items() if _served(path)}
    return copy.deepcopy(document)


def _served(path: str) -> bool:
    return path in {"/", "/openapi", "/conformance", "/collections"} or (
        path.startswith("/collections/") and not path.endswith(("/schema", "/queryables"))
    )


def _reading(operations: dict[str, Any]) -> dict[str, Any]:
    return {method: operation for method, operation in operations.items() if method == "get"}


def _own(content: Any) -> str:
    """The answer without links to pages that this site does not serve."""
    text = content.decode() if isinstance(content, bytes) else str(content)
    try:
        return json.dumps(_without_foreign(json.loads(text)), ensure_ascii=False)
    except ValueError:
        return text


def _without_foreign(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_foreign(part) for part in value if not _foreign(part)]
    if isinstance(value, dict):
        return {key: _without_foreign(part) for key, part in value.items()}
    return value


def _foreign(part: Any) -> bool:
    if not (isinstance(part, dict) and "href" in part):
        return False
    ending = str(part["href"]).split("?")[0].rsplit("/", 1)[-1]
    unserved = {"schema", "queryables", "tileMatrixSets", "TileMatrixSets", "processes", "jobs", "sortables"}
    return part.get("type") in {"text/html", "application/ld+json"} or ending in unserved


logging.getLogger("pygeoapi").setLevel(logging.CRITICAL)
