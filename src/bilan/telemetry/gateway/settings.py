"""Limits and pauses of gateway and ingest, from the base pack and the city's `pack/gateway.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from importlib import resources
from typing import Any

from bilan.pack.city import City
from bilan.problems import BilanError, Place, Problem, nearest

FILE = "gateway.toml"
STREAM = "ingest"
"""Name under which the store keeps how far the journal has been brought into it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Every limit and pause; `bilan/pack/gateway.toml` says what each one means and its unit."""

    max_connections: int
    connections_per_device: int
    connections_per_address: int
    first_frame_seconds: float
    frame_seconds: float
    idle_seconds: float
    superseded_seconds: float
    frames_per_second: float
    frame_burst: float
    garbage_bytes: int
    quarantine_per_second: float
    quarantine_burst: float
    unknown_per_minute: float
    unknown_burst: float
    pending_bytes: int
    unread_bytes: int
    future_seconds: int
    ancient_days: int
    probe_seconds: float
    grace_seconds: float
    free_bytes: int
    heartbeat_answer: str
    answer_seconds: float
    answer_repeats: int
    execution_seconds: float
    command_seconds: int
    set_clock: bool
    poll_seconds: float
    segment_bytes: int
    allocate_bytes: int
    archive_keep: int
    batch_records: int
    ingest_seconds: float
    gap_seconds: float
    gap_days: int
    gap_minute_grace: int
    gap_hour_grace: int
    gap_asks: int
    gap_pause: int
    gap_span_hours: int
    gap_open_commands: int
    gap_automatic: bool
    late_periods: float
    late_seconds: int
    silent_periods: float
    silent_seconds: int

    @classmethod
    def of(cls, city: City | None = None) -> Settings:
        """Read the base pack, then what the city overrides.

        Raises:
            BilanError: a key is unknown or its value of another kind; the message names the nearest key.

        Examples:
            >>> Settings.of().answer_repeats
            3
        """
        values: dict[str, Any] = tomllib.loads(resources.files("bilan.pack").joinpath(FILE).read_text(encoding="utf-8"))
        own = city.pack / FILE if city else None
        if own and own.is_file():
            overrides = tomllib.loads(own.read_text(encoding="utf-8"))
            problems = [problem for key, value in overrides.items() if (problem := _check(key, value, values, str(own)))]
            if problems:
                raise BilanError(*problems)
            values |= overrides
        return cls(**{entry.name: values[entry.name] for entry in fields(cls)})


def _check(key: str, value: Any, base: dict[str, Any], file: str) -> Problem | None:
    if key not in base:
        return Problem("gateway.unknown_setting", {"value": key, "nearest": nearest(key, base)}, Place(file))
    number = isinstance(base[key], int | float) and not isinstance(base[key], bool)
    fits = isinstance(value, int | float) and not isinstance(value, bool) if number else isinstance(value, type(base[key]))
    if not fits:
        return Problem("gateway.bad_setting", {"key": key, "value": value, "default": base[key]}, Place(file))
    return None
