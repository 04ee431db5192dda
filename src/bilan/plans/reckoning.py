"""Keeping the answers of the plans current: values of indicators each hour, the odds of targets once a day, then the lake's tables."""

from __future__ import annotations

import logging
import threading
import time
from datetime import date

from django.db import DatabaseError, connection

from bilan.casework.evaluating import starting
from bilan.pack.city import City
from bilan.pack.indicators import Period
from bilan.pack.indicators.loading import current
from bilan.plans import standing
from bilan.plans.indicators.computing import compute
from bilan.plans.indicators.keeping import keep
from bilan.plans.indicators.spans import spans
from bilan.plans.indicators.tables import Tables
from bilan.plans.models import IndicatorValue, Odds
from bilan.plans.publishing_rounds import pause, publish_due
from bilan.problems import BilanError
from bilan.telemetry.store import Store
from bilan.telemetry.store.errors import StoreUnavailable

log = logging.getLogger(__name__)

ROUND = 3600.0
"""From the beginning of one round to the next [s]."""
YEARS = 5
"""Years that are computed when there are no values yet; later only this year and the last, which late data may change."""
WEEKS = 26
"""Weeks of odds that are told at the first time, so that a line can be drawn; today's come first."""


def reckon(city: City, store: Store) -> tuple[int, int]:
    """Compute what may have changed.

    Args:
        city: the city.
        store: its store.

    Returns:
        How many values of indicators were kept, and of how many targets the odds were told.
    """
    known = Tables.now(city, store)
    today: date = known.today
    first = today.year - (1 if IndicatorValue.objects.exists() else YEARS - 1)
    wanted = [span for kind in Period for span in spans(kind, first, today.year)]
    catalogue = current(city.pack)
    kept = keep(compute(catalogue, catalogue.names, known, wanted))
    if Odds.objects.filter(day=today).exists() and not kept:
        return kept, 0
    days = [today] if Odds.objects.exists() else standing.history(today, WEEKS)[::-1]
    return kept, sum(1 for _ in standing.keep(days))


def run(city: City, stopping: threading.Event, *, once: bool = False) -> None:
    """Reckon, then publish what is due, until `stopping` is set; what cannot be reached is tried again."""
    starting.wait(stopping)
    store = Store.open(city)
    while not stopping.is_set():
        begun = time.monotonic()
        try:
            kept, told = reckon(city, store)
            log.info("kept %d values and told the odds of %d targets in %.1f s", kept, told, time.monotonic() - begun)
            done = publish_due(city, store, stopping)
            log.info("published until %s, %d tables failed, after %.1f s", done.nightly, len(done.faults), time.monotonic() - begun)
        except BilanError as error:
            log.error("%s", error.text("en"))
        except (StoreUnavailable, DatabaseError) as error:
            log.warning("waiting for the databases: %s", error)
            connection.close()
        if once:
            break
        stopping.wait(max(1.0, pause(city, ROUND - (time.monotonic() - begun))))
    store.close()
