"""Publishing by the city's schedule: what is cheap each hour, everything each night, and telling whoever looks after it when it fails."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError

from bilan.casework.notices import Words, tell
from bilan.lake import LakeTables, compact, record, remove_old
from bilan.lake.queries import REGISTERS
from bilan.lake.record import Fault, Record
from bilan.pack.city import City
from bilan.pack.publishing import Publishing
from bilan.pack.registers.words import Bilingual
from bilan.people.models import Person
from bilan.people.roles import Action
from bilan.people.visibility import visible_to
from bilan.plans.indicators.tables import Tables
from bilan.plans.publishing import LATE, publishable, write
from bilan.problems import BilanError
from bilan.telemetry import clock
from bilan.telemetry.store import Store

log = logging.getLogger(__name__)

FAILED, RECOVERED = "lake.failed", "lake.recovered"
PAGE = "/lake"


def publish_due(city: City, store: Store, stopping: threading.Event) -> Record:
    """Publish what the schedule asks for now: all tables when a night's publication is due, else those of each hour and those that failed.

    A table that fails keeps the version that stands and does not hold up the others; it is tried again in the next round. Whoever may
    administer the city is told when tables begin to fail and when they are well again.

    Args:
        city: the city.
        store: its store.
        stopping: ends the round between two tables; a night's publication that was cut short is due again.

    Returns:
        What the round came to.

    Raises:
        DatabaseError: the database cannot be reached; nothing is noted then.
    """
    rules, lake, tables = settings.PUBLISHING, LakeTables(city.lake), Tables.now(city, store)
    before, began = record.read(lake), time.monotonic()
    due = rules.last(clock.moment(clock.now(city.timezone)))
    nightly = before.late(due)
    faults = {name: fault for name, fault in before.faults.items() if name in publishable(tables)}
    for name in _wanted(tables, rules, before, nightly=nightly):
        if stopping.is_set():
            return before
        reason = _brought(tables, lake, name, rules, nightly=nightly)
        if reason is None:
            faults.pop(name, None)
        else:
            faults[name] = Fault(before.faults[name].since if name in before.faults else _now(), _now(), reason)
    after = replace(before, ended=_now(), faults=faults)
    if nightly and due:
        after = replace(after, nightly=due.isoformat(), seconds=time.monotonic() - began)
    record.write(lake, after)
    _tell(tables, before.faults, faults)
    return after


def pause(city: City, longest: float) -> float:
    """How long to rest: until the next night's publication, but no longer than `longest` [s]."""
    now = clock.moment(clock.now(city.timezone))
    due = settings.PUBLISHING.next(now)
    return min(longest, (due - now).total_seconds() + 1.0) if due else longest


def _wanted(tables: Tables, rules: Publishing, before: Record, *, nightly: bool) -> list[str]:
    known = publishable(tables)
    if nightly:
        return known
    return [
        name
        for name in known
        if name in rules.hourly or name in before.faults or (REGISTERS in rules.hourly and name.startswith(f"{REGISTERS}."))
    ]


def _brought(tables: Tables, lake: LakeTables, name: str, rules: Publishing, *, nightly: bool) -> Bilingual | None:
    """Bring one table up to date and its versions in order; gives why it could not be done, or None."""
    try:
        for _name, held in write(tables, lake, [name]):
            log.debug("%s: version %d of %d rows", name, held.version, held.rows)
        if nightly and rules.compact:
            compact(lake, name, (tables.today - timedelta(days=LATE)).year)
        remove_old(lake, name, rules.keep_versions, rules.keep_hours)
    except DatabaseError:
        raise
    except BilanError as error:
        log.error("%s was not published: %s", name, error.text("en"))
        return Bilingual(error.text("zh"), error.text("en"))
    except Exception as error:
        # Whatever is wrong with one table must neither hold up the others nor end the service.
        log.exception("%s was not published", name)
        return Bilingual(f"{type(error).__name__}: {error}", f"{type(error).__name__}: {error}")
    return None


def _tell(tables: Tables, before: Mapping[str, Fault], after: Mapping[str, Fault]) -> None:
    """Tell of tables that began to fail, and of those that are well again."""
    begun, over = after.keys() - before.keys(), before.keys() - after.keys()
    if begun:
        reasons = {name: after[name].reason for name in sorted(begun)}
        zh, en = (";\n".join(f"{name}: {reason.text(words)}" for name, reason in reasons.items()) for words in ("zh", "en"))
        words = Words(f"数据湖有 {len(begun)} 张表未能发布", f"{len(begun)} tables of the lake could not be published", zh, en)
        tell(_keepers(), FAILED, words, level=3, link=PAGE)
    if over:
        names = ", ".join(sorted(over))
        words = Words(f"数据湖 {len(over)} 张表恢复发布", f"{len(over)} tables of the lake are published again", names, names)
        tell(_keepers(), RECOVERED, words, link=PAGE)


def _keepers() -> Iterable[Person]:
    """Whoever may administer the city."""
    return [person for person in Person.objects.filter(is_active=True) if visible_to(person).can(Action.ADMINISTER)]


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")
