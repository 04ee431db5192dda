"""Fill the registers of the demo city that ``BILAN_CITY`` names, telling how far it is: one line a step, share and what is done.

The first argument is the seed; further ones such as ``river=12`` say which registers get how many entries instead of the plan's.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module

import django

from bilan.demo.telling import told
from bilan.pack.city import City


def main() -> None:
    """Set up the site and fill the registers."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bilan.web.settings")
    django.setup()
    fill = import_module("bilan.demo.entries.build").fill  # its models can be imported only now

    city = City.open(os.environ["BILAN_CITY"])
    seed, *wanted = sys.argv[1:] or ["0"]
    counts = {name: int(count) for name, _, count in (entry.partition("=") for entry in wanted)}
    told(1.0, str(fill(city, told, int(seed), counts)))


if __name__ == "__main__":
    main()
