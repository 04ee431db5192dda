"""Fill the plans of the demo city that ``BILAN_CITY`` names, telling how far it is: one line a step, share and what is done.

The first argument is the seed.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module

import django

from bilan.demo.telling import told


def main() -> None:
    """Set up the site and fill the plans."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bilan.web.settings")
    django.setup()
    fill = import_module("bilan.demo.plans.build").fill  # its models can be imported only now
    city = import_module("bilan.pack.city").City.open(os.environ["BILAN_CITY"])

    store = import_module("bilan.telemetry.store").Store.open(city)
    try:
        told(1.0, str(fill(city, store, told, int((sys.argv[1:] or ["0"])[0]))))
    finally:
        store.close()


if __name__ == "__main__":
    main()
