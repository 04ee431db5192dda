"""How messages of a broker become telegrams, declared in `mqtt/*.yaml`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable
from pathlib import Path

from bilan.pack.loader import base, files, read_yaml
from bilan.pack.schema import Reader, settle
from bilan.pack.vocab import vocabulary
from bilan.problems import Problem, nearest

FORMATS = ("hj212", "json")
INTERVALS = ("instant", "minute", "hour", "day")
_KEYS = ("name", "topics", "format", "device", "password", "system", "time", "interval", "values", "parameters")
_SOURCE = re.compile(r"^(topic\.\d+|payload(\.[^.]+)+|fixed\..+)$")


@dataclass(frozen=True, slots=True)
class MessageMapping:
    """How the messages of some topics are read.

    Attributes:
        name: for people and logs.
        topics: subscription filters.
        format: `hj212` for whole telegrams, `json` for objects.
        device: where the MN stands: `topic.2` (level of the topic, from 0), `payload.a.b` (path in the object) or `fixed.MN`.
        password: the same for the password; empty when the device has none.
        system: system code ST of the telegrams made from objects.
        time: where the time stands; empty for the time of arrival.
        interval: what the values cover.
        values: path in the object below which names and numbers stand.
        parameters: name in the object → factor code; other names are looked up by alias.
    """

    name: str
    topics: tuple[str, ...]
    format: str
    device: str = ""
    password: str = ""
    system: str = "22"
    time: str = ""
    interval: str = "hour"
    values: str = "payload"
    parameters: dict[str, str] = field(default_factory=dict)


def read_mapping(source: Traversable | Path) -> MessageMapping:
    """Read one declaration.

    Raises:
        BilanError: everything that is wrong in it, with file and line.
    """
    problems: list[Problem] = []
    reader = Reader(str(source), read_yaml(source), problems)
    reader.only(_KEYS)
    topics = tuple(topic for topic in reader.items("topics") if isinstance(topic, str) and topic)
    if not topics:
        reader.note("pack.wrong_value", "topics", {"key": "topics", "value": reader.declared.get("topics"), "allowed": "list of topics"})
    kind = reader.text("format", allowed=FORMATS)
    mapping = MessageMapping(
        reader.text("name"),
        topics,
        kind,
        _path(reader, "device", needed=kind == "json"),
        _path(reader, "password"),
        reader.text("system", "22"),
        _path(reader, "time"),
        reader.text("interval", "hour", allowed=INTERVALS),
        reader.text("values", "payload"),
        _parameters(reader.inner("parameters")),
    )
    settle(problems)
    return mapping


def mappings(city_pack: Path | None = None) -> list[MessageMapping]:
    """Declarations of the base pack and of a city; a city's file takes the place of one with the same name.

    Raises:
        BilanError: a declaration is wrong.
    """
    folders = [base("mqtt"), *([city_pack / "mqtt"] if city_pack else [])]
    found = {entry.name: entry for folder in folders for entry in files(folder, ".yaml")}
    return [read_mapping(entry) for _, entry in sorted(found.items())]


def _path(reader: Reader, key: str, *, needed: bool = False) -> str:
    text = reader.text(key, None if needed else "")
    if text and not _SOURCE.match(text):
        reader.note("pack.wrong_value", key, {"key": key, "value": text, "allowed": "topic.N / payload.a.b / fixed.X"})
    return text


def _parameters(reader: Reader) -> dict[str, str]:
    known = vocabulary().by_code
    chosen = {}
    for name in reader.declared:
        code = reader.text(name)
        if code not in known:
            reader.note("parameter.unknown", name, {"value": code, "nearest": nearest(code, known)})
        chosen[name] = code
    return chosen
