"""A watch in a hurry: takes changing findings and carries the messages, round after round, until it is killed."""

from __future__ import annotations

import os
import sys
from datetime import timedelta

import django


def main(folder: str) -> None:
    """Work on the city in `folder`; a line is printed after each round."""
    os.environ |= {"BILAN_CITY": folder, "DJANGO_SETTINGS_MODULE": "bilan.web.settings"}
    django.setup()
    # Models can only be imported once Django is set up.
    from django.utils import timezone  # noqa: PLC0415

    from bilan.casework import alerting, notices  # noqa: PLC0415
    from bilan.casework.models import Alert  # noqa: PLC0415
    from tests.casework.episodes import HOUR, MOMENT, finding, findings, looked, rule, rules, steps  # noqa: PLC0415

    known = rules(rule(cause="none", escalate=steps((1, 4, "administrator"))))
    turn = Alert.objects.count()
    while True:
        turn += 1
        sources = [f"P{number}|w01018" for number in range(12)]
        rows = [finding(source, 2, moment=MOMENT + turn * HOUR) for at, source in enumerate(sources) if (at + turn) % 3]
        now = timezone.now()
        alerting.take(findings(*rows), looked(sources), now, known)
        alerting.escalate(now + timedelta(seconds=1 if turn % 2 else 0), known)
        notices.plan(now, known)
        notices.deliver(now)
        sys.stdout.write(f"{turn}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
