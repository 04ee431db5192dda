"""The messenger: plans notices, reminds, and hands over what is due; beside the watch, so that neither waits for the other."""

from __future__ import annotations

import logging
import threading

from django.db import DatabaseError, connection
from django.utils import timezone

from bilan.casework.notices.delivering import deliver
from bilan.casework.notices.planning import plan
from bilan.casework.notices.reminding import remind

log = logging.getLogger(__name__)

PAUSE = 5.0
"""Between two rounds [s]."""


def run(stopping: threading.Event) -> None:
    """Carry messages until told to stop."""
    while not stopping.is_set():
        try:
            now = timezone.now()
            plan(now)
            remind(now)
            deliver(now)
        except DatabaseError as error:
            log.warning("waiting for the database: %s", error)
            connection.close()
        stopping.wait(PAUSE)
    connection.close()
