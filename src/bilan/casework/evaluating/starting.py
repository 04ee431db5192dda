"""Starting to watch: not before the site has brought its database up to date."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from bilan.casework.notices.delivering import deliver
from bilan.casework.notices.planning import plan
from bilan.casework.notices.reminding import remind

if TYPE_CHECKING:
    from bilan.casework.evaluating.watching import Watch

log = logging.getLogger(__name__)

PAUSE = 1.0


def wait(stopping: threading.Event) -> None:
    """Wait until the database is as this version wants it; `bilan web` and `bilan manage migrate` bring it there."""
    told = False
    while not stopping.is_set() and not _ready():
        if not told:
            log.info("waiting for the database to be brought up to date")
            told = True
        stopping.wait(PAUSE)


def once(watching: Watch) -> None:
    """One round of everything."""
    now = timezone.now()
    watching.round(now)
    plan(now)
    remind(now)
    deliver(now)


def _ready() -> bool:
    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        connection.close()
        return False
