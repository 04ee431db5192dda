"""Carries cases through on the database of a city's folder, races included; what was found is printed as JSON."""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parents[2]


def main(folder: str) -> None:
    os.environ |= {"BILAN_CITY": folder, "DJANGO_SETTINGS_MODULE": "bilan.web.settings"}
    for pack in (ROOT / "web" / "pack", ROOT / "casework" / "moving" / "pack"):
        shutil.copytree(pack, Path(folder) / "pack", dirs_exist_ok=True)
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - only after Django is set up

    call_command("migrate", verbosity=0)
    print(json.dumps(found()))  # noqa: T201 - it is read by the test


def found() -> dict[str, object]:
    """Open, move, race and verify."""
    from bilan.casework.models import Case, Step  # noqa: PLC0415 - only after Django is set up
    from bilan.casework.moving import Move, Opening, dispatch, move_many, open_many, overdue, verify  # noqa: PLC0415
    from bilan.people.models import Person  # noqa: PLC0415
    from bilan.registers.models import ChangeSet, Entry  # noqa: PLC0415
    from tests.casework.moving.crew import CREW, photo, who  # noqa: PLC0415
    from tests.registers.entries import outfall, point  # noqa: PLC0415

    for username, (role, districts) in CREW.items():
        Person.objects.create_user(username, role=role, districts=districts, name=username)
    entries = [outfall(f"O{number}", geometry=point(118.6, 24.9)) for number in range(100, 140)]
    cases = [done.case for done in dispatch("test-order", entries, who("chief"), like=Opening("普查")) if done.case]
    move_many([(case, "accept", Move(lon=118.6123456789, lat=24.9)) for case in cases], who("officer"))
    asks = [
        (case, "submit", Move({"found_kind": "rain", "measured": 1e20 if case is cases[0] else 5.5}, evidence=[photo(case)]))
        for case in cases
    ]
    submitted = move_many(asks, who("officer"), accept="rows")
    before = ChangeSet.objects.count()
    approved = move_many([(case, "approve", Move()) for case in cases[1:]], who("judge"))
    overdue()
    outcomes: list[str] = []
    raced = open_many("test-order", [Opening("竞", subject="task", district="350502")], None)[0].case
    gate = threading.Barrier(8)

    def race(number: int) -> None:
        gate.wait(30)
        done = move_many([(Case.objects.get(pk=raced.pk), "accept", Move(version=1, key=f"r{number}"))], who("officer"))[0]
        opened = open_many("test-order", [Opening("双", subject="task", seed="twin", key=f"twin-{number % 2}")], None)[0]
        outcomes.append("moved" if done.step else done.problems[0].code)
        outcomes.append(f"case {opened.case.pk if opened.case else 0}")

    threads = [threading.Thread(target=race, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return {
        "vendor": django.db.connection.vendor,
        "submitted": sum(done.step is not None for done in submitted),
        "approved": sum(done.step is not None for done in approved),
        "changes": ChangeSet.objects.count() - before,
        "written": Entry.objects.filter(register="test-outfall", data__flow=5.5).count(),
        "broken": [case.code for case in Case.objects.all() if verify(case) is not None],
        "moved": outcomes.count("moved"),
        "conflicts": outcomes.count("case.conflict"),
        "twins": len({outcome for outcome in outcomes if outcome.startswith("case ")}),
        "steps": Step.objects.filter(case=raced).count(),
    }


if __name__ == "__main__":
    main(sys.argv[1])
